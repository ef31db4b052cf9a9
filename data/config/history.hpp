// history.json: figures that others published for earlier quarters. Shown only as such: never mixed with ours, never
// joined to them by a line.
#pragma once

#include "data/config/config.hpp"

namespace rollcall::data {

struct published_bucket {
    std::string code, label;  // code: one of our buckets, or "healthy" where the source did not tell drift apart
    std::size_t count = 0;
    double share = 0;       // in percent, as published
    bool inferred = false;  // not printed by the source: worked out from what it did print
};

struct published_quarter {
    std::string quarter;  // "2026-Q3"
    std::string publisher, source, window, method;
    std::size_t endpoints = 0, registries = 0, regions = 0, rounds = 0;
    std::vector<published_bucket> buckets;  // counts sum to `endpoints`
};

std::vector<published_quarter> parse_history(std::string_view text, const std::string& file);

}  // namespace rollcall::data
