// A figure: a drawing, the finding that it shows as its title, words for those who cannot see it, and the same as a
// table and as CSV. A new chart is one function that returns one.
#pragma once

#include "render/documents/documents.hpp"
#include "render/templating/template_set.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::render {

// Marks of one look: a class of the style sheet and a path.
struct mark { std::string style, path; };
// Stretched to the figure's width; the style sheet gives its height, so a path holds no text and no circle.
struct drawing { int width, height; std::vector<mark> marks; };

// A column of the table: which member of its rows, under which words.
struct column { const char* key; const char* label; bool number = true; };
// What stands below the drawing, at hundredths of its width.
struct tick { double at; std::string label; bool end = false; };  // end: it ends there
struct legend_row { std::string style, label; document count = nullptr, share = nullptr; std::string icon{}, href{}; };

struct figure {
    std::string id;                  // unique on its page
    const char* kind;                // a class: "bar", "trend", "nights", ...
    std::string finding;             // the title: what it shows
    std::string description;         // how it is drawn, for who cannot see it
    render::drawing drawing;
    std::vector<tick> ticks;
    std::vector<legend_row> legend;
    std::string caption;
    std::vector<column> columns;     // the first heads its row
    document rows = document::array();
    std::string rows_made;           // in their place, where they are many and hold only dates and numbers of ours: as HTML
    bool newest_first = false;       // the table turns the rows round; the CSV does not
    std::string data;                // below the root: the CSV of the rows, or a document
    std::string source;              // the document that tells more of each mark to a script
};

// The figure as HTML. `root`: the way from its page to the root.
std::string figure_html(const template_set& t, const figure& f, const std::string& root);

// The names of the months at their first nights, where the newest of `nights` columns is that of `last`.
std::vector<tick> month_ticks(data::time_point last, int nights);

// The same for as few nights as have no months: the days of the first and the last column, where both find room.
std::vector<tick> day_ticks(data::time_point first, double at, data::time_point last);
// "17 November 2026", which no line breaks.
std::string day_in_words(data::time_point t);

// Two decimals are finer than any screen; the same figures give the same bytes.
std::string place(double v);
// A filled rectangle as a path.
std::string box(double x, double y, double width, double height);

}  // namespace rollcall::render
