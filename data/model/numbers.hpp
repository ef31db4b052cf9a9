// Numbers for people: thousands apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rollcall::render {

// 10600 is "10,600", -1234 is "-1,234".
std::string grouped(std::int64_t number);

// The same of a number that is text; any other text stays as it is.
std::string grouped(std::string_view text);

}  // namespace rollcall::render
