// The figures of the site as static SVG: each a view for its template, with the words that say the same.
//
// Colours and hatches are classes of the style sheet; heights, places and words carry the meaning without them.
#pragma once

#include "render/documents/documents.hpp"
#include "render/templating/template_set.hpp"

#include <string>
#include <vector>

namespace rollcall::render {

// The nights of one endpoint as marks on a line, newest on the right: above the line it answered, below it did not,
// on it there was a gate; no mark, no roll call. One path a state, whatever the number of nights.
std::string strip_html(const template_set& t, const roll& r, const entry& n, int nights, bool small);
// "up on 27 of 30 nights with a roll call, not answering on 3"
std::string strip_words(const roll& r, const entry& n, int nights);

// Nights in a row with the same state, newest first: the table that stands for the strip.
struct run { std::string first, last; data::state state; data::reason why; std::int64_t nights; };
std::vector<run> runs_of(const roll& r, const entry& n, int nights);

// A whole as one horizontal bar. `parts`: {label, style, count, share}; parts of nothing are left out.
std::string bar_html(const template_set& t, const std::string& id, const std::string& title,
                     const std::string& description, const document& parts);

// The composition of each night as columns; `trend` is the summary document's.
std::string trend_html(const template_set& t, const document& trend);

// A share and its interval as places on a scale from 0 to `top` per cent, in hundredths of its width: {from, to, at}.
document interval_view(double share, double low, double high, double top);

// Text that opens safely in a spreadsheet: quoted where needed, no cell that would be taken for a formula.
std::string csv_cell(const document& value);
// A header of the keys of the first row, then the rows.
std::string csv(const document& rows);

}  // namespace rollcall::render
