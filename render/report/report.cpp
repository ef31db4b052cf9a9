#include "render/report/report.hpp"

#include "data/model/numbers.hpp"
#include "data/statistics/proportion.hpp"
#include "render/chart/chart.hpp"
#include "render/chart/ranking.hpp"
#include "render/documents/incidents.hpp"
#include "render/templating/markdown.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace rollcall::render {
namespace {

using data::grouped;
constexpr std::array groups{data::group::working, data::group::impaired, data::group::gated, data::group::not_working};

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

// Of a group's endpoints that were measured, so many worked in every round.
struct working_share {
    std::string name;
    std::int64_t working = 0, measured = 0;

    void count(const entry& n)
    {
        const auto b = n.row->bucket.value_or(data::bucket::unmeasured);
        if (b == data::bucket::unmeasured) return;
        ++measured;
        working += data::row_of(b).group == data::group::working;
    }
};

// A dot with its interval a group, by name: what chance could have put in another order has no order. `whole` is the
// share of all. `g.finding` comes as the noun that is counted.
std::string shares_figure(const template_set& t, ranking g, const std::string& key, const std::vector<working_share>& shares, double whole, report& out)
{
    auto table = document::array();
    std::int64_t apart = 0;
    for (const auto& s : shares) {
        if (s.measured == 0) continue;
        const auto [low, high] = statistics::wilson(s.working, s.measured);
        const double share = 100.0 * static_cast<double>(s.working) / static_cast<double>(s.measured);
        const double lowest = std::min(low, share), highest = std::max(high, share);
        ranked_row row{s.name, "", "working", {grouped(s.working) + " of " + grouped(s.measured), decimal(share) + " %", decimal(low) + "–" + decimal(high)}};
        row.spread = spread{share, lowest, highest, whole};
        row.foreign = true;
        g.rows.push_back(std::move(row));
        apart += whole < lowest || whole > highest;
        table.push_back({{key, s.name}, {"working", s.working}, {"measured", s.measured}, {"share", std::round(share * 10) / 10}, {"low", std::round(low * 10) / 10}, {"high", std::round(high * 10) / 10}});
    }
    if (g.rows.empty()) return {};
    const auto of = grouped(g.rows.size()) + " " + g.finding;  // the noun
    g.finding = apart == 0 ? "None of " + of + " stands apart from the share of all" : grouped(apart) + " of " + of + (apart == 1 ? " stands" : " stand") + " apart from the share of all";
    g.description = "One row each: a line over the 95 % interval of the share that worked in every round, a mark at the share, and a black tick at the share of all. The figures stand beside it.";
    g.columns = {"Worked", "Share", "Interval, %"};
    g.top = top_of(g.rows);
    g.axis = true;
    g.data = "figures/" + g.id + ".csv";
    out.figures.emplace_back(g.id, csv(table));
    return ranking_html(t, g, "");
}

std::vector<working_share> shares_of_registries(const roll& r)
{
    std::vector<working_share> out;
    for (const auto& g : r.edition->registries) {
        working_share s{g.name};
        for (const auto& n : r.entries)
            if (std::ranges::any_of(n.row->listings, [&](const auto& l) { return l.registry == g.code; })) s.count(n);
        out.push_back(std::move(s));
    }
    std::ranges::stable_sort(out, {}, &working_share::name);
    return out;
}

// The platforms with the most servers.
std::vector<working_share> shares_of_platforms(const roll& r)
{
    constexpr std::size_t most = 12;
    std::vector<working_share> out;
    for (const auto& g : platforms_of(r)) {
        working_share s{g.name};
        for (const auto* n : g.servers) s.count(*n);
        if (s.measured > 0) out.push_back(std::move(s));
    }
    std::ranges::stable_sort(out, std::greater<>{}, &working_share::measured);
    if (out.size() > most) out.resize(most);
    std::ranges::stable_sort(out, {}, &working_share::name);
    return out;
}

// The whole as one bar, with its key and table.
std::string groups_figure(const template_set& t, const std::string& finding, document parts, report& out)
{
    std::vector<std::int64_t> counts;
    for (const auto& p : parts) counts.push_back(p["count"].get<std::int64_t>());
    const auto shares = statistics::shares_in_tenths(counts);
    for (std::size_t i = 0; i < counts.size(); ++i) parts[i]["share"] = per_cent(shares[i]);
    const auto f = composition_figure("groups", finding, "One bar of all measured endpoints by group: working, impaired, gated, not working. The list below has the counts.", parts);
    out.figures.emplace_back(f.id, csv(f.rows));
    return figure_html(t, f, "");
}

std::string buckets_figure(const template_set& t, const document& buckets, std::int64_t measured)
{
    ranking g;
    for (const auto& b : buckets) {
        ranked_row row{b["label"].get<std::string>(), "", b["group"].get<std::string>(), {grouped(b["count"].get<std::int64_t>()), b["share"].dump() + " %", b["low"].dump() + "–" + b["high"].dump()}};
        row.spread = spread{b["share"].get<double>(), b["low"].get<double>(), b["high"].get<double>()};
        g.rows.push_back(std::move(row));
    }
    const auto most = std::ranges::max_element(buckets, {}, [](const document& b) { return b["count"].get<std::int64_t>(); });
    g.id = "buckets";
    g.finding = "The largest bucket, with " + (*most)["share"].dump() + " %: " + (*most)["label"].get<std::string>();
    g.description = "One row a bucket: a line over the 95 % interval of its share, and a mark at the share. The figures stand beside it.";
    g.caption = "Measured endpoints by bucket; shares of " + grouped(measured) + " with 95 % Wilson intervals";
    g.head = "Bucket";
    g.columns = {"Endpoints", "Share", "Interval, %"};
    g.top = top_of(g.rows);
    g.axis = true;
    g.data = "figures/buckets.csv";
    return ranking_html(t, g, "");
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
    document parts = document::array();
    for (const auto g : groups) parts.push_back({{"label", data::label_of(g)}, {"style", data::code_of(g)}, {"count", 0}});
    for (const auto& b : summary["buckets"]) {
        if (b["share"].is_null()) continue;
        buckets.push_back(b);
        const auto count = b["count"].get<std::int64_t>();
        measured += count;
        if (b["group"] == "working") working += count;
        for (auto& p : parts)
            if (p["style"] == b["group"]) p["count"] = p["count"].get<std::int64_t>() + count;
    }
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
    std::vector<std::pair<std::string, std::string>> figures{{"buckets", measured == 0 ? std::string() : groups_figure(t, finding, parts, out) + buckets_figure(t, buckets, measured)}};
    const auto add = [&](const char* id, const char* key, const char* head, const char* caption, const std::vector<working_share>& shares) {
        ranking g;
        g.id = g.finding = id;
        g.head = head;
        g.caption = caption;
        auto html = shares_figure(t, std::move(g), key, shares, share(working, measured), out);
        d["has_" + std::string(id)] = !html.empty();
        if (!html.empty()) figures.emplace_back(id, std::move(html));
    };
    add("registries", "registry", "Registry", "Endpoints that worked in every round, by registry; who stands in several counts in each", shares_of_registries(r));
    add("platforms", "platform", "Platform", "Endpoints that worked in every round, by platform; at most the twelve with the most", shares_of_platforms(r));
    out.html = with_figures(markdown_to_html(t.render("report.md", d)), figures);
    out.figures.emplace_back("buckets", csv(summary["buckets"]));
    return out;
}

}  // namespace rollcall::render
