#include "audit/registry/markdown_table.hpp"

#include <algorithm>

namespace rollcall::audit::detail {
namespace {

std::string_view trimmed(std::string_view text)
{
    const auto start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

// Behind the marks of a quotation.
std::string_view content(std::string_view line)
{
    const auto start = line.find_first_not_of(" \t>");
    return start == std::string_view::npos ? std::string_view() : trimmed(line.substr(start));
}

// Where the code span that begins with the run of backticks at `at` ends; npos: it is no code span.
std::size_t end_of_code(std::string_view line, std::size_t at)
{
    const auto run = std::min(line.find_first_not_of('`', at), line.size()) - at;
    for (auto next = line.find('`', at + run); next != std::string_view::npos;) {
        const auto stop = std::min(line.find_first_not_of('`', next), line.size());
        if (stop - next == run) return stop;
        next = line.find('`', stop);
    }
    return std::string_view::npos;
}

bool is_delimiter(std::string_view cell)
{
    if (cell.starts_with(':')) cell.remove_prefix(1);
    if (cell.ends_with(':')) cell.remove_suffix(1);
    return !cell.empty() && cell.find_first_not_of('-') == std::string_view::npos;
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\r\n"), text.size());
        out.push_back(text.substr(0, end));
        text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : std::min(end + 1, text.size()));
    }
    return out;
}

std::vector<std::string> split_cells(std::string_view line)
{
    line = trimmed(line);
    if (line.starts_with('|')) line.remove_prefix(1);
    std::vector<std::string> out(1);
    bool open = true;  // the last cell has begun, and no bar has ended it
    // Code spans cost a look at the rest of the line each: beyond a few they are words like others.
    unsigned spans = 0;
    for (std::size_t at = 0; at < line.size();) {
        open = true;
        if (line[at] == '\\' && at + 1 < line.size()) {
            if (line[at + 1] != '|') out.back() += '\\';
            out.back() += line[at + 1];
            at += 2;
        } else if (line[at] == '`') {
            auto end = ++spans <= 200 ? end_of_code(line, at) : std::string_view::npos;
            if (end == std::string_view::npos) end = std::min(line.find_first_not_of('`', at), line.size());
            for (; at < end; ++at) {
                // An escaped bar stays a bar in code too: tables are split before code is.
                if (line[at] == '\\' && at + 1 < end && line[at + 1] == '|') ++at;
                out.back() += line[at];
            }
        } else if (line[at] == '|') {
            out.emplace_back();
            open = false;
            ++at;
        } else {
            out.back() += line[at++];
        }
    }
    if (!open && out.size() > 1) out.pop_back();
    for (auto& cell : out) cell = std::string(trimmed(cell));
    return out;
}

std::optional<markdown_table> find_table(const std::vector<std::string_view>& lines, std::size_t first, std::size_t last)
{
    last = std::min(last, lines.size());
    for (std::size_t n = std::max<std::size_t>(first, 1) + 1; n <= last; ++n) {
        const auto dashes = content(lines[n - 1]);
        if (dashes.find('-') == std::string_view::npos || dashes.find_first_not_of("-:| \t") != std::string_view::npos) continue;
        const auto marks = split_cells(dashes);
        markdown_table out;
        out.header = {n - 1, split_cells(content(lines[n - 2]))};
        if (!std::ranges::all_of(marks, [](const auto& c) { return is_delimiter(c); }) || marks.size() != out.header.cells.size()) continue;
        for (std::size_t row = n + 1; row <= last; ++row) out.rows.push_back({row, split_cells(content(lines[row - 1]))});
        return out;
    }
    return std::nullopt;
}

}  // namespace rollcall::audit::detail
