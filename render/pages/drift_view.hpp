// How a change of tools looks: in a row of a list, and tool by tool.
#pragma once

#include "render/documents/drift.hpp"
#include "render/pages/writer.hpp"

namespace rollcall::render {

// {grade, sign}: word and sign, since colour alone says nothing.
document grade_mark(const std::string& grade);
// "now requires `city`" as parts of text and of code.
document parts_of(const std::string& sentence);
// "2 breaking, 1 additive", of what the store says of a change.
std::string counts_words(const document& told);
// {date, folder, server, slug, mark, words, first, more, review, taken_back}
document drift_row(const drift_item& d);
// Tools that were added, removed or changed, each with its changes side by side: {tool, renamed, what, rows}.
document tools_view(const document& told);

}  // namespace rollcall::render
