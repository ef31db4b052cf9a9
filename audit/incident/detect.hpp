// Which failures of one night belong together: the greedy explanation of a night by what servers share.
//
// Pure: the order of the rows changes nothing. What is found are coincidences too great for chance, not causes.
#pragma once

#include "audit/incident/key.hpp"
#include "data/model/rules.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rollcall::audit::incident {

// A server that was at risk tonight: it answered on most of the nights before, so that a failure would be news.
struct subject {
    std::int64_t endpoint = 0;
    std::string site{};     // the domain that somebody registered
    std::vector<key> keys{}; // what it shares with others
    bool failed = false;
    data::reason why = data::reason::ok;  // if it failed
    std::string signature{};              // if it failed
    unsigned vantages = 0;                // regions that saw it fail
};

// Thresholds, each reached by its very value.
struct thresholds {
    std::int64_t failures = data::rules::fewest_failures, sites = data::rules::fewest_sites, at_risk = data::rules::fewest_at_risk;
    std::int64_t per_cent = data::rules::least_per_cent;
    std::int64_t lift = data::rules::least_lift;
    std::int64_t floor_per_mille = data::rules::floor_per_mille;
    double chance = data::rules::most_chance;
    std::int64_t global_per_cent = data::rules::global_per_cent;
    std::int64_t everything_per_cent = data::rules::everything_per_cent;
    std::int64_t large_per_cent = data::rules::large_per_cent;
    std::int64_t alike_per_cent = data::rules::alike_per_cent;
    std::int64_t precise_per_cent = data::rules::precise_per_cent;
};

// A group whose failures stand out.
struct firing {
    incident::key key;
    std::vector<std::int64_t> members;  // sorted
    std::int64_t at_risk = 0;           // servers with the key
    std::int64_t sites = 0;             // distinct, of the members
    std::int64_t everybody = 0;         // at risk tonight
    std::int64_t new_failures = 0;      // of everybody
    unsigned vantages = 0;              // the most regions that saw one member fail
    data::reason why = data::reason::ok;  // the members' most frequent
    std::string signature;              // the members' most frequent
    bool alike = false;                 // most members look the same
    bool global = false;
    data::confidence sure = data::confidence::possible;
    bool operator==(const firing&) const = default;
};

// Groups in the order of their weight; no failure belongs to two. `subjects`: each endpoint once.
std::vector<firing> detect(std::span<const subject> subjects, const thresholds& t = {});

}  // namespace rollcall::audit::incident
