// What a round came to, endpoint by endpoint, for comparing it with what was planted.
#pragma once

#include "data/model/cell.hpp"
#include "data/model/verdict.hpp"
#include "data/store/sqlite.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rollcall::data {

// What one region stored.
struct region_outcome {
    reason why;
    std::uint32_t waited_ms;
    answer_facts answer;
};

struct outcome {
    std::string url;                                // canonical
    std::map<std::string, region_outcome> regions;  // by the region's code
    // As judged; empty before.
    std::optional<data::state> state{};
    std::optional<reason> verdict{};
    std::optional<data::bucket> bucket{};
    std::uint32_t flags = 0;
    std::string drift{};                            // JSON of the change confirmed in this round; empty: none
};

// Everything that was probed in the round, sorted by URL. Throws store_error.
std::vector<outcome> outcomes_of(connection& db, std::int64_t round);

// The codes of the regions whose self-check says that their cells of the round are no evidence.
std::set<std::string> regions_without_evidence(connection& db, std::int64_t round);

}  // namespace rollcall::data
