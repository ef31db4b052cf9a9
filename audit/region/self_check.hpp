// Is a region's word worth anything tonight? Asked before any verdict: a region that has lost its network, its resolver
// or its good name must not turn the whole roll red. Pure: the same facts give the same answer.
//
// What is counted is domains that somebody registered, not endpoints, so that the outage of one big platform as one
// region sees it is not mistaken for the region's own.
#pragma once

#include "data/model/reason.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace rollcall::audit {

// A cell of the night.
struct sighting_of_region { std::int64_t endpoint, region; data::reason why; };

// One look at one of the operator's own endpoints with a known answer.
struct control_look {
    std::int64_t region;
    std::string url;
    bool expects_good;  // else: a failure that must be recognised as what it is
    bool passed;
};

// Of an earlier night on which the region was well.
struct usual_night { std::int64_t region; std::int64_t compared, lone; };

struct night_of_regions {
    std::vector<std::int64_t> regions;             // that were to probe
    std::vector<sighting_of_region> cells;
    std::map<std::int64_t, std::string> domain;    // by endpoint
    std::optional<std::set<std::int64_t>> up_before;  // when last measured; empty: there was no night before
    std::vector<control_look> controls;
    std::vector<usual_night> usual;                // of the last 28 nights
};

struct region_health {
    std::int64_t region = 0;
    std::int64_t cells = 0, good = 0, bad = 0, ours = 0;
    std::int64_t controls_ok = 0, controls_total = 0;
    std::int64_t compared = 0, lone = 0;  // domains that answered elsewhere; those of them that failed only here
    bool down = false;
    std::string why;                      // of a region that is not down, a note or empty
    bool operator==(const region_health&) const = default;
};

// One for each region of the night that has cells or controls, in the order given. A region is down if
// - of its controls fewer than seven in eight gave the known answer; where only controls that should work did not, and
//   the rest of the roll is well, it is a note; and one that failed in every region is broken itself;
// - its own network or proxy failed for nine of ten endpoints;
// - more domains that answered elsewhere failed only here than is usual: more than 5 % and more than three (robust)
//   deviations above the median of the nights before; with fewer than seven such nights, more than a quarter; or all;
// - with no other region to compare with: half of the domains that were up before cannot be connected to; and
//   with no night before either, all fail alike.
std::vector<region_health> check_regions(const night_of_regions& night);

}  // namespace rollcall::audit
