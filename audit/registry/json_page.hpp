// The JSON of a registry, read with bounds: depth, number of values, and without the parts nobody asks for.
#pragma once

#include "audit/registry/listing.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace rollcall::audit::detail {

inline constexpr std::size_t deepest_json = 64;
inline constexpr std::size_t most_json_values = 4'000'000;

// Members named in `skipped` are read over and never kept. Comments are taken where people write the file.
// The error names the JSON pointer of the place, and line and column of what is no JSON.
std::variant<nlohmann::json, format_error> read_json(std::string_view text, std::span<const std::string_view> skipped,
                                                     bool comments = false);

// Where a page keeps its rows: the JSON pointer of a list ('[') or of an object ('{') that has one row a member.
struct rows_place {
    std::string_view pointer;
    char opens = '[';
};

// A row as it is met: its place ("/servers/3"), its key in an object of rows, and what stands there. False: enough,
// nothing more is read.
using row_sink = std::function<bool(const std::string& place, const std::string& key, const nlohmann::json& row)>;

// The same, but rows go to `sink` one by one and are forgotten: a page of 100,000 rows needs the memory of one. What
// is returned is the rest of the document, with an empty list or object where the rows stood.
std::variant<nlohmann::json, format_error> read_json_rows(std::string_view text,
                                                          std::span<const std::string_view> skipped,
                                                          std::span<const rows_place> rows, const row_sink& sink,
                                                          bool comments = false);

// A value for a message: what it is, shortened.
std::string shown(const nlohmann::json& value);

// "~0" and "~1" for what a JSON pointer escapes (RFC 6901); a hostile name is shortened.
std::string pointer_token(std::string_view name);

}  // namespace rollcall::audit::detail
