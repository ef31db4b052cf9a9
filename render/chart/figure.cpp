#include "render/chart/figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace rollcall::render {
namespace {

document cells_of(const figure& f, const document& row)
{
    auto out = document::array();
    for (std::size_t i = 1; i < f.columns.size(); ++i) {
        const auto& value = row.at(f.columns[i].key);
        out.push_back(members({{"text", value.is_null() ? document("–") : value}, {"number", f.columns[i].number}}));
    }
    return out;
}

document legend_of(const figure& f)
{
    const auto shown = [](const document& v) { return v.is_null() ? document("") : v; };
    auto out = document::array();
    for (const auto& row : f.legend)
        out.push_back({{"style", row.style}, {"label", row.label}, {"counted", !row.count.is_null()}, {"count", shown(row.count)}, {"shared", !row.share.is_null()}, {"share", shown(row.share)}, {"icon", row.icon}, {"href", row.href}});
    return out;
}

document table_of(const figure& f)
{
    document d{{"caption", f.caption}, {"heads", document::array()}, {"rows", document::array()}, {"rows_made", f.rows_made}, {"numbers", !f.rows_made.empty()}};
    for (const auto& c : f.columns) d["heads"].push_back({{"label", c.label}, {"number", c.number && &c != &f.columns.front()}});
    for (const auto& row : f.rows) d["rows"].push_back(members({{"head", row.at(f.columns.front().key)}, {"cells", cells_of(f, row)}}));
    if (f.newest_first) std::reverse(d["rows"].begin(), d["rows"].end());
    return d;
}

}  // namespace

std::vector<tick> month_ticks(data::time_point last, int nights)
{
    constexpr std::array names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr double room = 92.0;  // to the right of it a name would be cut
    const auto newest = std::chrono::floor<std::chrono::days>(last);
    std::vector<tick> out;
    for (int day = nights - 1; day >= 0; --day) {
        const std::chrono::year_month_day date{newest - std::chrono::days(day)};
        const double at = 100.0 * (nights - 1 - day) / nights;
        if (date.day() == std::chrono::day{1} && at < room) out.push_back({at, names[static_cast<unsigned>(date.month()) - 1]});
    }
    return out;
}

std::string day_in_words(data::time_point t)
{
    const auto words = data::to_words(t);
    std::string out;
    for (const char c : words.substr(0, words.find(','))) c == ' ' ? out += "\u00a0" : out += c;
    return out;
}

std::vector<tick> day_ticks(data::time_point first, double at, data::time_point last)
{
    constexpr double room = 25.0;
    const auto brief = [](data::time_point t) {
        const auto words = data::to_words(t);
        return words.substr(0, words.find(' ') + 4);
    };
    std::vector<tick> out;
    if (at + room < 100.0 - room) out.push_back({at, brief(first)});
    out.push_back({100.0, brief(last), true});
    return out;
}

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

std::string box(double x, double y, double width, double height)
{
    return "M" + place(x) + " " + place(y) + "h" + place(width) + "v" + place(height) + "h-" + place(width) + "z";
}

std::string figure_html(const template_set& t, const figure& f, const std::string& root)
{
    auto d = members({{"id", f.id}, {"kind", f.kind}, {"root", root}, {"finding", f.finding}, {"description", f.description}, {"width", f.drawing.width}, {"height", f.drawing.height}});
    d["marks"] = document::array();
    for (const auto& m : f.drawing.marks)
        if (!m.path.empty()) d["marks"].push_back(members({{"style", m.style}, {"path", m.path}}));
    d["ticks"] = document::array();
    for (const auto& tick : f.ticks) d["ticks"].push_back({{"at", place(tick.at)}, {"label", tick.label}, {"end", tick.end}});
    d["has_ticks"] = !f.ticks.empty();
    d["legend"] = legend_of(f);
    d["has_legend"] = !f.legend.empty();
    d["counted"] = !f.legend.empty() && !f.legend.front().count.is_null();
    d["table"] = f.rows.empty() && f.rows_made.empty() ? document(nullptr) : table_of(f);
    d["data"] = f.data;
    d["data_label"] = f.data.ends_with(".csv") ? "CSV" : "JSON";
    d["source"] = f.source.empty() ? std::string() : root + f.source;
    return t.render("_figure.html", d);
}

}  // namespace rollcall::render
