// How a group of servers did, as a figure: for the pages of registries and regions.
#pragma once

#include "render/chart/chart.hpp"
#include "render/pages/writer.hpp"

#include <string>

namespace rollcall::render {

// One bar of `states` (state to count), with sign, word, count and share of each; `list` is the folder of the lists
// that a state leads to, or empty. Its CSV is figures/<id>.csv, which the caller writes from the figure's rows.
figure states_figure(const std::string& id, const std::string& finding, const document& states, const std::string& list);
// Writes the CSV of the figure and gives its HTML for the page at `path`.
std::string published_figure(const page_writer& w, const figure& f, const std::string& path);

}  // namespace rollcall::render
