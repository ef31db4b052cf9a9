#include "render/report/report.hpp"

#include "data/statistics/proportion.hpp"
#include "render/chart/chart.hpp"
#include "render/templating/markdown.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace rollcall::render {
namespace {

constexpr std::array groups{data::group::working, data::group::impaired, data::group::gated, data::group::not_working};

// Thousands apart: 10,600.
std::string grouped(std::int64_t v)
{
    auto text = std::to_string(v);
    for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3) text.insert(static_cast<std::size_t>(i), ",");
    return text;
}

std::string decimal(double v)
{
    const auto tenths = std::llround(v * 10.0);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

// Every site has one vote, however many endpoints it lists: working if most of its measured endpoints are.
std::pair<std::int64_t, std::int64_t> by_site(const roll& r)
{
    std::map<std::string_view, std::pair<std::int64_t, std::int64_t>> sites;
    for (const auto& n : r.entries) {
        const auto b = n.row->bucket.value_or(data::bucket::unmeasured);
        if (b == data::bucket::unmeasured) continue;
        auto& [working, all] = sites[n.row->site];
        ++all;
        working += data::row_of(b).group == data::group::working ? 1 : 0;
    }
    const auto working = std::ranges::count_if(sites, [](const auto& s) { return 2 * s.second.first > s.second.second; });
    return {working, static_cast<std::int64_t>(sites.size())};
}

}  // namespace

std::string with_figures(std::string html, const std::vector<std::pair<std::string, std::string>>& figures)
{
    for (const auto& [id, figure] : figures) {
        const auto place = "<p>[[" + id + "]]</p>";
        const auto at = html.find(place);
        if (at == std::string::npos) throw std::logic_error("the report has no place for figure '" + id + "'");
        html.replace(at, place.size(), figure);
    }
    if (html.find("<p>[[") != std::string::npos) throw std::logic_error("the report names a figure that does not exist");
    return html;
}

report report_of(const roll& r, const template_set& t)
{
    const auto summary = summary_document(r);
    report out;
    out.quarter = quarter_of(r.newest->at);
    out.title = "State of the MCP registries, " + out.quarter;

    document buckets = document::array();
    std::int64_t measured = 0, working = 0;
    double top = 10.0;
    document parts = document::array();
    for (const auto g : groups) parts.push_back({{"label", data::label_of(g)}, {"style", data::code_of(g)}, {"count", 0}});
    for (const auto& b : summary["buckets"]) {
        if (b["share"].is_null()) continue;
        buckets.push_back(b);
        const auto count = b["count"].get<std::int64_t>();
        measured += count;
        if (b["group"] == "working") working += count;
        top = std::max(top, std::ceil(b["high"].get<double>() / 10.0) * 10.0);
        for (auto& p : parts)
            if (p["style"] == b["group"]) p["count"] = p["count"].get<std::int64_t>() + count;
    }
    for (auto& b : buckets)
        b["interval"] = interval_view(b["share"].get<double>(), b["low"].get<double>(), b["high"].get<double>(), top);

    const auto [low, high] = statistics::wilson(working, measured);
    const auto [sites_working, sites] = by_site(r);
    const auto [site_low, site_high] = statistics::wilson(sites_working, sites);
    const auto share = [](std::int64_t n, std::int64_t of) { return of == 0 ? 0.0 : 100.0 * static_cast<double>(n) / static_cast<double>(of); };
    const auto finding = measured == 0 ? std::string("No endpoint has been measured in two rounds yet")
                                       : decimal(share(working, measured)) + " % of " + grouped(measured) + " measured endpoints worked in every round";
    out.description = finding + ".";

    const auto rounds = std::min<std::size_t>(r.edition->rounds.size(), 3);
    const auto& first = r.edition->rounds[r.edition->rounds.size() - rounds];
    document d{{"title", out.title}, {"quarter", out.quarter}, {"finding", finding}, {"any", measured > 0}, {"measured", grouped(measured)},
               {"working", grouped(working)}, {"share", decimal(share(working, measured))}, {"low", decimal(low)}, {"high", decimal(high)},
               {"sites", grouped(sites)}, {"site_share", decimal(share(sites_working, sites))}, {"site_low", decimal(site_low)},
               {"site_high", decimal(site_high)}, {"rounds", rounds}, {"one_round", rounds == 1}, {"first", data::to_date(first.at)},
               {"last", data::to_date(r.newest->at)}, {"places", places_in_words(*r.edition)}, {"one_region", r.one_region()},
               {"unmeasured", grouped(summary["buckets"].back()["count"].get<std::int64_t>())}, {"version", r.newest->tool_version},
               {"complete", rounds == 3}};
    auto body = markdown_to_html(t.render("report.md", d));
    const document table{{"buckets", buckets}, {"measured", measured}, {"top", top}, {"parts", parts},
                         {"bar", measured == 0 ? std::string()
                                               : bar_html(t, "buckets", finding,
                                                          "One bar of all measured endpoints by group: working, impaired, gated, not working. The table below has the counts.", parts)}};
    out.html = with_figures(std::move(body), {{"buckets", t.render("_buckets.html", table)}});
    out.figures.emplace_back("buckets", csv(summary["buckets"]));
    return out;
}

}  // namespace rollcall::render
