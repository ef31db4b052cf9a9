#include "render/chart/chart.hpp"

namespace rollcall::render {

std::string csv_cell(const document& value)
{
    if (value.is_null()) return "";
    if (!value.is_string()) return value.dump();
    auto text = value.get<std::string>();
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) text.insert(0, "'");
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string out = "\"";
    for (char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out += '"';
}

std::string csv(const document& rows)
{
    std::string out;
    if (rows.empty()) return out;
    const auto line = [&](const auto& cells) {
        for (bool first = true; const auto& c : cells) {
            if (!first) out += ',';
            first = false;
            out += c;
        }
        out += "\r\n";
    };
    std::vector<std::string> cells;
    for (const auto& [key, value] : rows.front().items()) cells.push_back(csv_cell(key));
    line(cells);
    for (const auto& row : rows) {
        cells.clear();
        for (const auto& [key, value] : row.items()) cells.push_back(csv_cell(value));
        line(cells);
    }
    return out;
}

}  // namespace rollcall::render
