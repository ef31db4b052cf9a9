// Nominal times: whole seconds, UTC, written as RFC 3339 with a Z.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rollcall::data {

using time_point = std::chrono::sys_seconds;

// "2026-11-21T02:30:00Z"
std::string to_rfc3339(time_point t);
// "2026-11-21"
std::string to_date(time_point t);
// "21 November 2026, 02:30 UTC": for people
std::string to_words(time_point t);
// Accepts to_rfc3339's form (with offset 'Z' only) and a bare date, which means its midnight.
std::optional<time_point> parse_time(std::string_view text) noexcept;

}  // namespace rollcall::data
