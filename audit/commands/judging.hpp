// The last step of a night: verdicts, changes of tools and what follows from them, from the stored cells alone.
//
// It may be run again at any time, after any order of merges: the same cells leave the same bytes in the store.
#pragma once

#include "data/config/config.hpp"
#include "data/store/ledger.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rollcall::audit::commands {

// What judging a round came to.
struct judged {
    std::map<data::state, std::size_t> states;
    std::size_t drifted = 0;  // changes of tools that the round confirms
    std::string incidents{};  // "3 incidents opened, 1 closed, 1 notice absorbs 97", or empty
    std::vector<std::string> notes{};  // of regions that are not believed tonight, a line each

    // One line for the log: "judged 2026-11-20: 1650 up, 30 degraded, ...".
    std::string line(const data::round_facts& round) const;
};

// Judges the round and stores the result in place of what an earlier judging left. Throws store_error.
judged judge_round(data::ledger& ledger, const data::configuration& config, const data::round_facts& round);

}  // namespace rollcall::audit::commands
