// The figures of the site as static SVG, with the words that say the same.
//
// Colours are classes of the style sheet; heights, places and words carry the meaning without them.
#pragma once

#include "render/chart/figure.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rollcall::render {

// The nights of one endpoint as marks on a line, newest on the right: above the line it answered, below it did not,
// on it there was a gate; no mark, no roll call. One path a state, whatever the number of nights. The small one is a
// part of a list's row, the figure stands on the endpoint's page.
std::string strip_html(const template_set& t, const roll& r, const entry& n, int nights, bool small);
figure strip_figure(const roll& r, const entry& n, int nights);
// "up on 27 of 30 nights with a roll call, not answering on 3"
std::string strip_words(const roll& r, const entry& n, int nights);

// Nights in a row with the same state, newest first: the table that stands for the strip.
struct run { std::string first, last; data::state state; data::reason why; std::int64_t nights; };
std::vector<run> runs_of(const roll& r, const entry& n, int nights);

// A whole as one horizontal bar with its key and table. `parts`: {label, style, count, share}; parts of nothing are
// not drawn. They may have {icon, href}: a sign beside the colour, and where its row leads, below the root.
figure composition_figure(const std::string& id, const std::string& finding, const std::string& description, const document& parts);

// The composition of each night as columns; `trend` is the summary document's, and not empty.
figure trend_figure(const document& trend);

// The times of an endpoint's answers, a dot a night and region, and their median; nothing where they are too few.
std::optional<figure> pace_figure(const roll& r, const entry& n);

// The steps of one probe, one after the other on a common scale, and their sum. `steps`: {label, ms}; the last of a
// probe that failed is marked with `ended`, a state's code, otherwise empty.
struct step_time { std::string_view label; std::int64_t ms; };
std::string waterfall_html(const template_set& t, const std::string& caption, std::span<const step_time> steps, std::string_view ended);

// Text that opens safely in a spreadsheet: quoted where needed, no cell that would be taken for a formula.
std::string csv_cell(const document& value);
// A header of the keys of the first row, then the rows.
std::string csv(const document& rows);

}  // namespace rollcall::render
