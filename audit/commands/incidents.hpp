// Incidents of a round, from what the store has: read, decided by audit/incident, written.
#pragma once

#include "audit/incident/night.hpp"
#include "data/store/ledger.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace rollcall::audit::commands {

// What a round did to the incidents.
struct incidents_recorded {
    incident::tally counted;
    std::string words;  // "3 incidents opened, 1 closed, 1 notice absorbs 97"; empty: nothing happened
};

// Makes the incidents of a round anew from verdicts and cells, and of the judged rounds after it, which follow from
// it; the same store gives the same bytes. `verdicts`: the round's own, which need not be stored yet, so that a round is
// marked as judged only when its incidents are there. Drifts are. In a transaction of its own. `platforms`: names under
// which strangers have servers (platforms.json). Throws store_error.
incidents_recorded record_incidents(data::connection& db, std::int64_t round, std::span<const data::verdict_row> verdicts, std::span<const std::string> platforms = {});

}  // namespace rollcall::audit::commands
