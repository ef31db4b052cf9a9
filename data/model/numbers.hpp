// Numbers for people.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace rollcall::data {

// Thousands apart, where the text is a whole number; any other text stays as it is.
std::string grouped(std::string_view text);

// 10600 is "10,600", -1234 is "-1,234".
std::string grouped(std::integral auto number) { return grouped(std::string_view(std::to_string(number))); }

// "1 server", "1,200 servers", of the word for one.
std::string many(std::integral auto number, std::string_view one) { return grouped(number) + " " + std::string(one) + (number == 1 ? "" : "s"); }

// "no", "three", "twelve"; others as digits.
std::string in_words(std::int64_t number);

}  // namespace rollcall::data
