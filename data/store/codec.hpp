// How values are packed into the store's blobs.
#pragma once

#include "data/model/cell.hpp"
#include "data/model/owner.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data {

using step_times = std::array<std::optional<std::uint32_t>, step_count>;

// Six base-128 numbers, low group first: milliseconds plus one, 0 for a step not taken.
std::string pack_times(const step_times& ms);
// Throws store_error on bytes that pack_times never writes.
step_times unpack_times(std::string_view bytes);

// A JSON array of [code, "yes" | "no" | "not_reached", detail].
std::string pack_rungs(const std::vector<rung_outcome>& rungs);
// Rungs whose code this program does not know are left out. Throws store_error on anything else than such an array.
std::vector<rung_outcome> unpack_rungs(std::string_view text);

// A JSON array of [code, "passed" | "failed" | "skipped", ms or null, detail], and one of [component, state, reason].
std::string pack_steps(const std::vector<owner_step_result>& steps);
std::vector<owner_step_result> unpack_steps(std::string_view text);
std::string pack_health(const std::vector<health_line>& lines);
std::vector<health_line> unpack_health(std::string_view text);

// RFC 1950 (zlib).
std::string deflate(std::string_view text);
// Throws store_error on damage, or when the text would exceed `cap` bytes.
std::string inflate(std::string_view bytes, std::size_t cap = 64u << 20);

std::string to_hex(std::string_view bytes);
// Empty if the text is not an even number of hex digits.
std::string from_hex(std::string_view text);

}  // namespace rollcall::data
