// Tables of GitHub's Markdown, which cmark reads as paragraphs: https://github.github.com/gfm/#tables-extension-
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::detail {

// One row as it stands in the text, its cells trimmed, "\|" undone.
struct table_line { std::size_t number = 0; std::vector<std::string> cells; };  // number: of the line, from 1
struct markdown_table { table_line header; std::vector<table_line> rows; };

// Cells of one line: split at "|" that no backslash escapes and no code span holds; outer bars belong to no cell.
std::vector<std::string> split_cells(std::string_view line);

// A table among the lines of a paragraph that begins on line `first`; none without a row of dashes below a header.
std::optional<markdown_table> find_table(const std::vector<std::string_view>& lines, std::size_t first, std::size_t last);

// The lines of a text, without their ends (LF, CRLF, CR: as CommonMark counts them).
std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace rollcall::audit::detail
