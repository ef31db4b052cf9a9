#include "data/model/numbers.hpp"

#include <algorithm>
#include <array>

namespace rollcall::data {

std::string grouped(std::string_view text)
{
    std::string out(text);
    const std::ptrdiff_t sign = out.starts_with('-') ? 1 : 0;
    if (!std::all_of(out.begin() + sign, out.end(), [](char c) { return c >= '0' && c <= '9'; })) return out;
    for (auto i = static_cast<std::ptrdiff_t>(out.size()) - 3; i > sign; i -= 3) out.insert(static_cast<std::size_t>(i), ",");
    return out;
}

std::string in_words(std::int64_t number)
{
    constexpr std::array words{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"};
    const auto i = static_cast<std::size_t>(number);
    return number >= 0 && i < words.size() ? words[i] : std::to_string(number);
}

}  // namespace rollcall::data
