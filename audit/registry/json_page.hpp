// The JSON of a registry, read with bounds: depth, number of values, and without the parts nobody asks for.
#pragma once

#include "audit/registry/listing.hpp"

#include <nlohmann/json.hpp>

#include <span>
#include <string_view>
#include <variant>

namespace rollcall::audit::detail {

inline constexpr std::size_t deepest_json = 64;
inline constexpr std::size_t most_json_values = 4'000'000;

// Members named in `skipped` are read over and never kept. Comments are taken where people write the file.
// The error names the JSON pointer of the place, and line and column of what is no JSON.
std::variant<nlohmann::json, format_error> read_json(std::string_view text, std::span<const std::string_view> skipped,
                                                     bool comments = false);

// A value for a message: what it is, shortened.
std::string shown(const nlohmann::json& value);

// "~0" and "~1" for what a JSON pointer escapes (RFC 6901); a hostile name is shortened.
std::string pointer_token(std::string_view name);

}  // namespace rollcall::audit::detail
