#include "render/chart/ranking.hpp"

#include "render/chart/chart.hpp"

#include <algorithm>
#include <cmath>

namespace rollcall::render {
namespace {

document drawn(const ranked_row& row, double top)
{
    const auto x = [&](double v) { return place(top > 0 ? std::clamp(100.0 * v / top, 0.0, 100.0) : 0.0); };
    if (!row.spread) return {{"bar", document{{"length", x(row.length)}}}, {"reach", nullptr}, {"tick", nullptr}};
    const auto& s = *row.spread;
    return {{"bar", nullptr}, {"reach", document{{"from", x(s.low)}, {"to", x(s.high)}, {"at", x(s.share)}}}, {"tick", s.tick ? document{{"there", x(*s.tick)}} : document(nullptr)}};
}

}  // namespace

double top_of(const std::vector<ranked_row>& rows)
{
    double most = 10.0;
    for (const auto& row : rows)
        if (row.spread) most = std::max({most, row.spread->high, row.spread->tick.value_or(0.0)});
    return std::min(100.0, 10.0 * std::ceil(most / 10.0));
}

std::string ranking_html(const template_set& t, const ranking& g, const std::string& root)
{
    double longest = 0;
    for (const auto& row : g.rows) longest = std::max(longest, row.length);
    const double top = g.top.value_or(longest);
    document d{{"id", g.id}, {"finding", g.finding}, {"description", g.description}, {"caption", g.caption}, {"head", g.head}, {"root", root}, {"data", g.data}};
    d["axis"] = g.axis ? document{{"end", place(top)}} : document(nullptr);
    if (g.axis) d["caption"] = g.caption + "; drawn from 0 to " + place(top) + " %";
    d["labelled"] = g.columns.size() > 2;
    d["columns"] = document::array();
    for (const auto& c : g.columns) d["columns"].push_back({{"label", c}});
    d["rows"] = document::array();
    for (const auto& row : g.rows) {
        document v{{"label", row.label}, {"href", row.href}, {"style", row.style}, {"note", row.note}, {"foreign", row.foreign}, {"drawing", drawn(row, top)}, {"cells", document::array()}};
        for (std::size_t i = 0; i < row.values.size(); ++i) v["cells"].push_back({{"text", row.values[i]}, {"column", g.columns.at(i)}});
        d["rows"].push_back(std::move(v));
    }
    return t.render("_ranking.html", d);
}

}  // namespace rollcall::render
