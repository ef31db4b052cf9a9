// Regions: where we probe from, what each saw at the last roll call, and whether its word counted.
#pragma once

#include "render/documents/documents.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::render {

// What a region saw of a server, in words that do not need the eight classes.
enum class sight { answered, slow, gated, malformed, silent, unmeasured };
inline constexpr std::size_t sight_count = 6;
struct sight_row { sight value; std::string_view code, label; data::state style; };
const sight_row& row_of(sight s) noexcept;
sight sight_of(data::cell_class c) noexcept;

// "regions/frankfurt/"; empty where the code cannot be a folder: then there is no page.
std::string region_folder(const data::region_row& g);
// Its city, or "our one region", or "a place that is not known".
std::string region_name(const roll& r, const data::region_row& g);

// Servers that answered the last roll call from each region that counted, but not from this one.
std::vector<const entry*> silent_only_from(const roll& r, const data::region_row& g);

document regions_document(const roll& r);
document region_document(const roll& r, const data::region_row& g);

}  // namespace rollcall::render
