#include "audit/classify/retry_after.hpp"

#include "audit/classify/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>

namespace rollcall::audit {
namespace {

constexpr std::chrono::seconds longest = std::chrono::days(1);

template <class Number>
std::optional<Number> whole(std::string_view text)
{
    Number out{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec == std::errc::result_out_of_range) return std::numeric_limits<Number>::max();
    return ec == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

std::optional<unsigned> month_of(std::string_view name)
{
    constexpr std::array names{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    const auto at = std::ranges::find(names, lower(name));
    return at == names.end() ? std::nullopt : std::optional(static_cast<unsigned>(at - names.begin()) + 1);
}

// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that may be written today.
std::optional<std::chrono::sys_seconds> date_of(std::string_view text)
{
    constexpr std::string_view shape = "Sun, 06 Nov 1994 08:49:37 GMT";
    text = trim(text);
    if (text.size() != shape.size() || !text.ends_with(" GMT") || text[19] != ':' || text[22] != ':') return std::nullopt;
    const auto day = whole<unsigned>(text.substr(5, 2)), month = month_of(text.substr(8, 3));
    const auto year = whole<int>(text.substr(12, 4));
    const auto hour = whole<unsigned>(text.substr(17, 2)), minute = whole<unsigned>(text.substr(20, 2)), second = whole<unsigned>(text.substr(23, 2));
    if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month), std::chrono::day(*day)};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

}  // namespace

std::optional<std::chrono::seconds> patience_asked_for(const http_answer& answer)
{
    const auto text = trim(answer.header("retry-after"));
    if (text.empty()) return std::nullopt;
    if (const auto seconds = whole<std::uint32_t>(text)) return std::min(longest, std::chrono::seconds(*seconds));
    const auto until = date_of(text), now = date_of(answer.header("date"));
    if (!until || !now) return std::nullopt;
    return std::clamp(std::chrono::duration_cast<std::chrono::seconds>(*until - *now), std::chrono::seconds(0), longest);
}

}  // namespace rollcall::audit
