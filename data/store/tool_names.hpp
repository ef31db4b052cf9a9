// The names of the tools in a stored list.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data {

// In the list's order, at most so many; none of what is no list of tools. Nothing else of the list is kept in memory:
// its schemas are nearly all of it, and nobody asks for them here.
std::vector<std::string> tool_names(std::string_view json, std::size_t most);

}  // namespace rollcall::data
