#include "data/model/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace rollcall::data {
namespace {

struct fields {
    std::chrono::year_month_day date;
    std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

fields split(time_point t)
{
    const auto day = std::chrono::floor<std::chrono::days>(t);
    return {day, std::chrono::hh_mm_ss<std::chrono::seconds>(t - day)};
}

template <class... Args>
std::string print(const char* format, Args... args)
{
    std::array<char, 64> out{};
    const int n = std::snprintf(out.data(), out.size(), format, args...);
    return {out.data(), static_cast<std::size_t>(n)};
}

std::optional<int> number(std::string_view text, std::size_t at, std::size_t size) noexcept
{
    int value = 0;
    const auto* first = text.data() + at;
    const auto [end, ec] = std::from_chars(first, first + size, value);
    return ec == std::errc{} && end == first + size && value >= 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string to_date(time_point t)
{
    const auto f = split(t);
    return print("%04d-%02u-%02u", static_cast<int>(f.date.year()), static_cast<unsigned>(f.date.month()),
                 static_cast<unsigned>(f.date.day()));
}

std::string to_rfc3339(time_point t)
{
    const auto f = split(t);
    return to_date(t) + print("T%02d:%02d:%02dZ", static_cast<int>(f.time.hours().count()),
                              static_cast<int>(f.time.minutes().count()), static_cast<int>(f.time.seconds().count()));
}

std::string to_words(time_point t)
{
    static constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
    const auto f = split(t);
    return print("%u %s %d, %02d:%02d UTC", static_cast<unsigned>(f.date.day()),
                 months[static_cast<unsigned>(f.date.month()) - 1], static_cast<int>(f.date.year()),
                 static_cast<int>(f.time.hours().count()), static_cast<int>(f.time.minutes().count()));
}

std::optional<time_point> parse_time(std::string_view text) noexcept
{
    using namespace std::chrono;
    const bool with_time = text.size() == 20;
    if (!with_time && text.size() != 10) return std::nullopt;
    if (text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto y = number(text, 0, 4), m = number(text, 5, 2), d = number(text, 8, 2);
    if (!y || !m || !d) return std::nullopt;
    const year_month_day date{year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
    if (!date.ok()) return std::nullopt;
    if (!with_time) return time_point(sys_days(date));
    if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z') return std::nullopt;
    const auto h = number(text, 11, 2), min = number(text, 14, 2), s = number(text, 17, 2);
    if (!h || !min || !s || *h > 23 || *min > 59 || *s > 59) return std::nullopt;
    return time_point(sys_days(date)) + hours(*h) + minutes(*min) + seconds(*s);
}

}  // namespace rollcall::data
