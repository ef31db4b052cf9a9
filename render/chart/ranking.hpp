// Rows with a length or an interval each: what there was most of, or what share did something, and how sure that is. The
// drawing stands in the table that says the same, so it needs no second one.
#pragma once

#include "render/documents/documents.hpp"
#include "render/templating/template_set.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rollcall::render {

// A share and where it may truly lie, in per cent. `tick`: another share to hold it against.
struct spread { double share, low, high; std::optional<double> tick{}; };

struct ranked_row {
    std::string label, href;           // href: below the root
    std::string style;                 // a group's code, or "ink"
    std::vector<std::string> values;   // one a column
    double length = 0;                 // drawn from the left, in the measure of `top`
    std::optional<render::spread> spread{};
    std::string note{};                // small, below the label
    bool foreign = false;              // a name that a stranger chose
};

struct ranking {
    std::string id;                    // unique on its page
    std::string finding;               // the title: what it shows
    std::string description;           // how it is drawn, for who cannot see it
    std::string caption, head;         // of the table, and of its first column
    std::vector<std::string> columns;  // of the values
    std::vector<ranked_row> rows;
    std::optional<double> top;         // where the scale ends; without it at the longest
    bool axis = false;                 // ends of the scale above the drawings, in per cent
    std::string data;                  // the CSV, below the root
};

// `root`: the way from its page to the root.
std::string ranking_html(const template_set& t, const ranking& g, const std::string& root);

// The next round tenth of 100 that holds all of them.
double top_of(const std::vector<ranked_row>& rows);

}  // namespace rollcall::render
