// Probes what is pending of a round from one region, and stores a cell for each endpoint.
#pragma once

#include "audit/round/owner_visit.hpp"
#include "audit/round/progress.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"

#include <functional>
#include <map>
#include <string>

namespace rollcall::audit {

struct round_options {
    bool allow_private = false;
    bool quiet = false;
    std::function<void(const std::string&)> say;  // progress, to stderr
    std::map<std::int64_t, registered> owners{};  // by endpoint
};

struct round_result {
    std::size_t probed = 0, good = 0, over_budget = 0, most_in_flight = 0;
    bool interrupted = false;  // SIGINT or SIGTERM: what was done is stored, the rest stays pending
    std::chrono::milliseconds worst_lag{0};
    std::chrono::milliseconds longest{0};  // of all probes, whatever became of them
    std::size_t left_open = 0;             // descriptors that were not there before: a leak
};

round_result probe_round(data::ledger& store, const data::settings& settings, const data::round_facts& round,
                         std::int64_t region, const round_options& options);

// Raises the soft limit of open files towards what `concurrency` probes need. Empty if it suffices, else a sentence.
std::string ensure_descriptors(std::size_t concurrency);

}  // namespace rollcall::audit
