// Names of tools, and which servers have them, in shards by the first letters of their words: a search for a tool
// asks for one of them. "get_weather" stands under "get" and under "weather".
#pragma once

#include "render/documents/documents.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::render {

// A shard is cut into those of one letter more while it is longer than this, in bytes: a fifth of it when compressed.
inline constexpr std::size_t longest_shard = 200'000;

// The words of a tool's name, in small letters: at signs, and where a capital begins a word within one.
std::vector<std::string> words_of(std::string_view name);

// Shards by name ("we"); beyond ASCII, "_". Rows are those of the search document with the same `roll`.
std::map<std::string, document> tool_shards(const roll& r);

}  // namespace rollcall::render
