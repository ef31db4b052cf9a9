// The figures by which nights are judged and told: the programs go by them, and the method page prints them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rollcall::data::rules {

// --- the operator's settings, where neither a configuration nor a store says otherwise
inline constexpr unsigned usual_window = 3;
inline constexpr std::chrono::seconds usual_slow{5}, usual_retry_after{30};

// --- a window of rounds: its bucket
inline constexpr unsigned fewest_rounds = 2;        // of evidence, and of regions where there are more
inline constexpr unsigned rounds_of_always = 2;     // bad in so many: "always", not a stray failure
inline constexpr std::size_t stray_one_in = 10;     // at most one cell in so many is forgiven, always one

// --- an incident, in rounds
inline constexpr std::ptrdiff_t rounds_remembered = 7;  // how far back a night looks
inline constexpr std::ptrdiff_t merge_rounds = 3;       // the same key so soon is the same incident
inline constexpr std::ptrdiff_t watch_rounds = 7;       // after a shared outage
inline constexpr std::ptrdiff_t lasting_rounds = 30;    // after that, not answering is how the server is
inline constexpr std::int64_t over_per_cent = 80;       // so many answer again: over
inline constexpr std::chrono::hours expiry_warning{72};

// --- a shared outage
inline constexpr std::int64_t fewest_failures = 5, fewest_sites = 3, fewest_at_risk = 10;
inline constexpr std::int64_t least_per_cent = 30;         // of those at risk
inline constexpr std::int64_t least_lift = 10;             // times the failure rate of everybody else
inline constexpr std::int64_t floor_per_mille = 2;         // that rate counts as no less
inline constexpr double most_chance = 0.001;               // the adjusted tail is below it
inline constexpr std::int64_t global_per_cent = 10;        // of everybody at risk: above it, one global notice
inline constexpr std::int64_t everything_per_cent = 30;    // above it, a night without a pattern is one notice too
inline constexpr std::int64_t large_per_cent = 10;         // a network or issuer of so many must show one signature
inline constexpr std::int64_t alike_per_cent = 80;         // of the members with the same signature
inline constexpr std::int64_t precise_per_cent = 80;       // of the group failed: likely

// --- a region's self-check
inline constexpr std::int64_t controls_of_eight = 7;       // fewer as they are: its word does not count
inline constexpr std::int64_t ours_of_ten = 9;             // failed by our own side
inline constexpr std::int64_t lone_per_cent = 5;           // of domains that fail only there, at least
inline constexpr std::int64_t lone_per_cent_unknown = 25;  // with too few nights to know what is usual
inline constexpr std::size_t nights_to_be_usual = 7;
inline constexpr int deviations = 3;                       // above the median of its nights

}  // namespace rollcall::data::rules
