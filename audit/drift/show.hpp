// A comparison for a terminal and for a program.
#pragma once

#include "audit/drift/diff.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace rollcall::audit::drift {

// Grouped by grade, worst first; a column of tools, a column of what changed; lines of at most `columns` where words
// allow it. Ends in a line feed.
std::string as_text(const comparison& c, bool colour, std::size_t columns = 80);

// "1 breaking, 2 additive and 1 wording change", "no change"
std::string counts_of(const comparison& c);

// Members: grade, counts, left_out, for_review, changes (each with its codes, place, values, sentence and rule). Long
// values are cut.
nlohmann::ordered_json as_json(const comparison& c);

}  // namespace rollcall::audit::drift
