// Regions in the store: when they probed, what their controls gave, and what their self-check made of it.
//
// region_visit and region_control are what was seen: a merge is the union of their rows. round_region follows from
// them and from the cells, so judging writes it anew. Everything throws store_error.
#pragma once

#include "data/model/reason.hpp"
#include "data/model/time.hpp"
#include "data/store/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rollcall::data {

// One stretch of probing.
struct region_visit { std::int64_t round, region; time_point started, finished; std::string egress; };

// One look at one control endpoint.
struct region_control {
    std::int64_t round, region;
    std::string url;
    time_point taken;
    std::string expected;  // a reason's code or a class's letter
    reason why;            // what was seen
    bool passed;
};

// A region's self-check of one round.
struct round_region {
    std::int64_t round = 0, region = 0;
    std::optional<time_point> started, finished;
    std::int64_t cells = 0, good = 0, bad = 0;  // bad: evidence, and not good
    std::int64_t ours = 0;                      // our own network or proxy failed
    std::int64_t controls_ok = 0, controls_total = 0;
    std::int64_t compared = 0, lone = 0;        // domains that answered elsewhere; those of them that failed only here
    bool down = false;
    std::string why;                            // in words; of a region that is not down, a note or empty
    bool operator==(const round_region&) const = default;
};

// What the self-check needs of a cell.
struct region_mark { std::int64_t endpoint, region; reason why; };

// The same row twice is one; of two looks at one control at one moment the failing one stays.
void record_visit(connection& db, const region_visit& v);
void record_control(connection& db, const region_control& c);

std::vector<region_visit> visits_of(connection& db, std::int64_t round);      // sorted by region, start
std::vector<region_control> controls_of(connection& db, std::int64_t round);  // sorted by region, url, time
std::vector<region_mark> region_marks(connection& db, std::int64_t round);    // sorted by endpoint, region
// The hosts of the frozen endpoints of a round, sorted by endpoint.
std::vector<std::pair<std::int64_t, std::string>> frozen_hosts(connection& db, std::int64_t round);
// Endpoints that were up when last measured, in the seven judged rounds before this one; empty optional: there is none.
std::optional<std::set<std::int64_t>> up_before(connection& db, std::int64_t round);

// In place of what the round had.
void write_round_regions(connection& db, std::int64_t round, const std::vector<round_region>& rows);
// Of the newest `count` rounds before this one, newest first.
std::vector<round_region> round_regions_before(connection& db, std::int64_t round, std::size_t count);
// Sorted by round and region.
std::vector<round_region> round_regions(connection& db, std::int64_t first_round, std::int64_t last_round);
// The (round, region) whose cells are no evidence: their class is U, `region_down`, whatever is stored.
std::set<std::pair<std::int64_t, std::int64_t>> regions_down(connection& db, std::int64_t first_round, std::int64_t last_round);

// Fills in the self-checks of the edition's rounds.
struct edition;
void read_region_nights(connection& db, edition& into);

}  // namespace rollcall::data
