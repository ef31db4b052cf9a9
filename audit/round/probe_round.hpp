// Probes what is pending of a round, from all regions of the run at once, and stores a cell for each endpoint and region.
//
// One scheduler, one network thread, one bucket a site and an address: whatever region a probe leaves from, strangers see
// one Rollcall.
#pragma once

#include "audit/net/egress.hpp"
#include "audit/round/owner_visit.hpp"
#include "audit/round/progress.hpp"
#include "audit/schedule/shard.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rollcall::audit {

struct round_options {
    bool allow_private = false;
    bool quiet = false;
    std::function<void(const std::string&)> say;  // progress, to stderr
    std::map<std::int64_t, registered> owners{};  // by endpoint
    shard part{};                                 // of the endpoints; per-address limits are divided among the parts
    std::set<std::pair<std::int64_t, std::int64_t>> done{};  // (region, endpoint) that are measured already, in another store
    bool counts_only = false;                     // progress as bare counts, for the process that started this one
};

// What came of one region.
struct region_result {
    std::string code;
    std::size_t probed = 0, good = 0;  // cells stored; of them good
};

struct round_result {
    std::vector<region_result> regions;
    std::size_t probed = 0, good = 0, most_in_flight = 0;
    std::size_t over_budget = 0;                                      // endpoints whose turn did not come, from some region
    std::vector<std::pair<std::string, std::size_t>> unreached{};     // by site, the most first
    bool interrupted = false;  // SIGINT or SIGTERM: what was done is stored, the rest stays pending
    std::chrono::milliseconds worst_lag{0};
    std::chrono::milliseconds longest{0};  // of all probes, whatever became of them
    std::size_t times_shrunk = 0, fewest_allowed = 0;  // the number in flight, because this machine was too slow
    std::size_t looked_again = 0;          // because of our own slowness
    std::size_t left_open = 0;             // descriptors that were not there before: a leak
};

round_result probe_round(data::ledger& store, const data::settings& settings, const data::round_facts& round,
                         std::vector<region_route> regions, const round_options& options);

// "712 endpoints of 2 sites were not reached in time (pipeworx.io 700, x.dev 12); they come first in the next round";
// empty if all were reached.
std::string unreached_in_words(const round_result& r);

// What a person wants to know of a run that has ended, line by line; nothing if there was nothing to do.
std::vector<std::string> in_words(const round_result& r, std::size_t concurrency);

// Raises the soft limit of open files towards what `concurrency` probes need. Empty if it suffices, else a sentence.
std::string ensure_descriptors(std::size_t concurrency);

}  // namespace rollcall::audit
