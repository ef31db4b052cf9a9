// What earlier rounds say about whose turn it is.
#pragma once

#include "data/store/sqlite.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace rollcall::data {

// By endpoint, the number of the last round before this one in which it had its turn from some region, whatever came of
// it; those without a turn in the last sixty nights are not among them. A cell that says `budget` was no turn. Throws
// store_error.
std::unordered_map<std::int64_t, std::int64_t> last_asked(connection& db, std::int64_t round);

// The (region, endpoint) that have a cell of that round in the store of that file, which is only read. Throws store_error.
std::set<std::pair<std::int64_t, std::int64_t>> cells_of(const std::string& file, std::int64_t round);

}  // namespace rollcall::data
