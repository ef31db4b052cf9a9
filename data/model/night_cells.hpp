// What each region saw in one night, packed: what is kept of a night when its cells are gone.
#pragma once

#include "data/model/reason.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data {

struct kept_cell {
    std::int64_t region;                // 1..most_regions
    cell_class result;
    std::optional<std::uint32_t> ms{};  // of a good cell: the time waited for the server
    bool operator==(const kept_cell&) const = default;
};

inline constexpr std::int64_t most_regions = 1000;

// Two bytes a region, high byte first, in the order of the regions' numbers from 1 on; 0xFFFF for a region without a
// cell, none after the last with one. Three bits of class (P S A W M H T U), thirteen of time: 0 without one, else
// one more than exponent * 512 + mantissa, the time being mantissa * 2^exponent ms: exact below 512 ms, then to 0.2 %.
// The order of the cells does not matter. Throws std::logic_error for a region out of bounds.
std::string pack_cells(std::span<const kept_cell> cells);

// In the order of the regions' numbers. Bytes that pack_cells never writes give fewer cells, never an error.
std::vector<kept_cell> unpack_cells(std::string_view bytes);

// A time as pack_cells keeps it.
std::uint32_t kept_time(std::uint32_t ms) noexcept;

}  // namespace rollcall::data
