#include "render/chart/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace rollcall::render {
namespace {

// Two decimals are finer than any screen; the same figures give the same bytes.
std::string place(double v)
{
    const auto hundredths = std::llround(v * 100.0);
    auto text = std::to_string(hundredths / 100);
    if (hundredths % 100 != 0) {
        text += '.';
        text += static_cast<char>('0' + hundredths % 100 / 10);
        if (hundredths % 10 != 0) text += static_cast<char>('0' + hundredths % 10);
    }
    return text;
}

}  // namespace

std::string bar_html(const template_set& t, const std::string& id, const std::string& title,
                     const std::string& description, const document& parts)
{
    constexpr double width = 720.0, gap = 2.0;
    std::int64_t total = 0;
    int shown = 0;
    for (const auto& p : parts) {
        total += p.at("count").get<std::int64_t>();
        shown += p.at("count").get<std::int64_t>() > 0 ? 1 : 0;
    }
    document d{{"id", id}, {"title", title}, {"description", description}, {"parts", document::array()}};
    double x = 0.0;
    for (const auto& p : parts) {
        const auto count = p.at("count").get<std::int64_t>();
        if (count == 0) continue;
        const double w = (width - gap * (shown - 1)) * static_cast<double>(count) / static_cast<double>(total);
        d["parts"].push_back({{"style", p.at("style")}, {"x", place(x)}, {"w", place(w)}});
        x += w + gap;
    }
    return t.render("_bar.html", d);
}

std::string trend_html(const template_set& t, const document& trend)
{
    constexpr double height = 120.0;
    constexpr std::array states{"up", "degraded", "gated", "down"};
    if (trend.empty()) return {};
    const auto last = *data::parse_time(trend.back().at("date").get<std::string>());
    const auto first = *data::parse_time(trend.front().at("date").get<std::string>());
    const auto span = last - first;
    const int nights = span < std::chrono::days(7) ? 7 : span < std::chrono::days(30) ? 30 : strip_nights;
    const double cell = 720.0 / nights, ink = cell - std::min(cell * 0.3, 8.0);
    std::array<std::string, states.size()> paths;
    for (const auto& night : trend) {
        const auto day = (last - *data::parse_time(night.at("date").get<std::string>())) / std::chrono::days(1);
        const auto measured = night.at("measured").get<double>();
        if (measured <= 0.0) continue;
        double y = height;
        for (std::size_t i = 0; i < states.size(); ++i) {
            const double h = height * night.at(states[i]).get<double>() / measured;
            if (h <= 0.0) continue;
            y -= h;
            paths[i] += "M" + place(cell * (nights - 1 - static_cast<double>(day)) + (cell - ink) / 2) + " " + place(y) + "h" +
                        place(ink) + "v" + place(h) + "h-" + place(ink) + "z";
        }
    }
    const auto& newest = trend.back();
    const auto answered = newest.at("up").get<std::int64_t>() + newest.at("degraded").get<std::int64_t>();
    document d{{"height", height}, {"nights", nights}, {"answered", answered}, {"measured", newest.at("measured")},
               {"last", newest.at("date")}, {"paths", document::array()}, {"rows", document::array()}};
    for (std::size_t i = 0; i < states.size(); ++i)
        if (!paths[i].empty()) d["paths"].push_back({{"state", states[i]}, {"d", paths[i]}});
    for (auto it = trend.rbegin(); it != trend.rend(); ++it) d["rows"].push_back(*it);
    return t.render("_trend.html", d);
}

document interval_view(double share, double low, double high, double top)
{
    const auto x = [&](double v) { return place(std::min(100.0, 100.0 * v / top)); };
    return {{"from", x(low)}, {"to", x(high)}, {"at", x(share)}};
}

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
