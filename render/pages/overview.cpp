#include "data/model/numbers.hpp"
#include "data/statistics/proportion.hpp"
#include "render/chart/chart.hpp"
#include "render/chart/ranking.hpp"
#include "render/documents/regions.hpp"
#include "render/documents/registries.hpp"
#include "render/pages/incidents.hpp"
#include "render/pages/writer.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace rollcall::render {
namespace {

using data::grouped;
document states_view(const document& summary)
{
    std::vector<std::int64_t> counts;
    for (const auto& s : data::all_states()) counts.push_back(summary["states"][std::string(s.code)].get<std::int64_t>());
    const auto shares = statistics::shares_in_tenths(counts);
    auto out = document::array();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto& s = data::all_states()[i];
        out.push_back({{"style", s.code}, {"icon", s.icon}, {"label", s.label}, {"count", counts[i]}, {"share", per_cent(shares[i])}, {"href", "servers/by/state/" + std::string(s.code) + "/"}});
    }
    return out;
}

document changes_view(const page_writer& w)
{
    auto out = document::array();
    for (const auto c : {change::went_silent, change::came_back, change::first_seen}) {
        document d{{"code", code_of(c)}, {"label", label_of(c)}, {"rows", document::array()}};
        std::int64_t count = 0;
        for (const auto& n : w.roll().entries) {
            if (n.change != c) continue;
            if (++count <= 10)
                d["rows"].push_back({{"slug", n.row->slug}, {"name", n.name}, {"mark", mark_of(n)},
                                     {"reason_label", data::row_of(n.row->why).label}});
        }
        d["count"] = count;
        d["more"] = count > 10;
        out.push_back(std::move(d));
    }
    return out;
}

// What is to be said of regions at the last roll call: that their word does not count, or only in part.
document region_notes(const roll& r)
{
    auto out = document::array();
    for (const auto& g : r.edition->regions) {
        const auto* checked = r.newest ? self_check(r, g.id, r.newest->id) : nullptr;
        if (!checked || checked->why.empty()) continue;
        out.push_back({{"place", r.one_region() && g.city.empty() ? std::string("our one region") : place_of(*r.edition, g.id)}, {"lost", checked->down}, {"why", checked->why}});
    }
    return out;
}

// Nothing that was seen counts: every region's self-check failed.
bool our_own_fault(const roll& r)
{
    const auto lost = [&](const data::region_row& g) {
        const auto* checked = self_check(r, g.id, r.newest->id);
        return checked && checked->down;
    };
    return r.newest && !r.edition->regions.empty() && std::ranges::all_of(r.edition->regions, lost);
}

// The places we probe from, in brief.
document regions_view(const roll& r, const document& summary)
{
    auto out = document::array();
    for (std::size_t i = 0; i < r.edition->regions.size(); ++i) {
        const auto& g = r.edition->regions[i];
        const auto& row = summary["regions"][i];
        const auto good = std::ranges::count_if(r.entries, [&](const entry& n) {
            return n.row->observed_round == (r.newest ? r.newest->id : 0) &&
                   std::ranges::any_of(n.row->cells, [&](const auto& c) { return c.region == g.id && data::is_good(data::class_of(c.cell.why)); });
        });
        out.push_back({{"folder", region_folder(g)}, {"place", r.one_region() && g.city.empty() ? std::string("our one region") : place_of(*r.edition, g.id)}, {"answered", good}, {"lost", row["counted"] == false}, {"controls", row["controls"]}});
    }
    return out;
}

// Why servers did not answer at the last roll call, most frequent first.
std::string reasons_html(const page_writer& w, const document& summary, const std::string& root)
{
    constexpr std::size_t shown = 8;
    // Reasons that a reader would call the same are one row.
    std::vector<std::pair<std::string, std::int64_t>> rows;
    std::int64_t all = 0;
    for (const auto& reason : summary["reasons"]) {
        const auto label = reason["reason_label"].get<std::string>();
        auto it = std::ranges::find(rows, label, [](const auto& row) { return row.first; });
        if (it == rows.end()) it = rows.insert(rows.end(), {label, 0});
        it->second += reason["count"].get<std::int64_t>();
        all += reason["count"].get<std::int64_t>();
    }
    if (rows.empty()) return {};
    std::ranges::stable_sort(rows, std::greater<>{}, [](const auto& row) { return row.second; });
    ranking g;
    g.id = "reasons";
    g.finding = "Most often: " + rows[0].first + ", " + grouped(rows[0].second) + (rows[0].second == 1 ? " server" : " servers");
    g.description = "One bar a reason, as long as the number of servers that had it.";
    g.head = "Reason";
    g.columns = {"Servers"};
    for (const auto& [label, count] : rows) {
        if (g.rows.size() == shown) break;
        g.rows.push_back({label, "", "ink", {grouped(count)}, static_cast<double>(count)});
        all -= count;
    }
    g.caption = "Reasons at the last roll call" + (all == 0 ? std::string() : "; " + grouped(all) + (all == 1 ? " server" : " servers") + " had another one");
    g.data = "figures/reasons.csv";
    return ranking_html(w.templates(), g, root);
}

std::string buckets_html(const page_writer& w, const document& summary, const std::string& root)
{
    ranking g;
    std::int64_t all = 0, most = 0;
    std::string first;
    for (const auto& b : summary["buckets"]) {
        const auto count = b["count"].get<std::int64_t>();
        if (count == 0 || b["bucket"] == "unmeasured") continue;
        const auto label = b["label"].get<std::string>(), code = b["bucket"].get<std::string>();
        g.rows.push_back({label, "servers/by/bucket/" + code + "/", b["group"].get<std::string>(), {grouped(count), b["share"].dump() + " %"}, static_cast<double>(count)});
        all += count;
        if (count > most) most = count, first = label;
    }
    if (g.rows.empty()) return {};
    g.id = "buckets";
    g.finding = "The most, " + grouped(most) + " of " + grouped(all) + ": " + first;
    g.description = "One bar a bucket, as long as the number of servers in it.";
    g.caption = "Servers by the pattern of their last nights";
    g.head = "Bucket";
    g.columns = {"Servers", "Share"};
    g.data = "figures/buckets.csv";
    return ranking_html(w.templates(), g, root);
}

// The way from rows to servers; a step that left nothing out says nothing.
document funnel_view(const document& funnel)
{
    auto out = document::array();
    for (const auto& step : funnel)
        if (out.empty() || &step == &funnel.back() || step["count"] != out.back()["count"]) out.push_back(step);
    return out;
}

}  // namespace

void write_overview(const page_writer& w)
{
    const auto& r = w.roll();
    const auto summary = summary_document(r);
    document d;
    const auto total = static_cast<std::int64_t>(r.entries.size());
    const auto count = [&](data::state s) { return summary["states"][std::string(data::code_of(s))].get<std::int64_t>(); };
    const auto answered = count(data::state::up) + count(data::state::degraded);
    d["called"] = r.newest ? document{{"when", moment(r.newest->at)}, {"complete", r.newest->complete}} : document(nullptr);
    d["answered"] = answered;
    d["total"] = total;
    d["servers_word"] = total == 1 ? "server" : "servers";
    d["gated"] = count(data::state::gated);
    d["down"] = count(data::state::down);
    d["unknown"] = count(data::state::unknown);
    d["unknown_verb"] = count(data::state::unknown) == 1 ? "was" : "were";
    d["places"] = places_in_words(*r.edition);
    d["search"] = search_html(w, way_to_root("index.html"));
    d["region_notes"] = region_notes(r);
    const auto root = way_to_root("index.html");
    const auto states = states_view(summary);
    d["states"] = total == 0 ? std::string()
                             : figure_html(w.templates(), composition_figure("states", "What " + grouped(total) + (total == 1 ? " server" : " servers") + " did at the last roll call",
                                                                             "One bar of all servers by what they did at the last roll call. The list below has the counts.", states), root);
    d["trend"] = summary["trend"].size() < 2 ? std::string() : figure_html(w.templates(), trend_figure(summary["trend"]), root);
    d["changes"] = r.before ? changes_view(w) : document::array();
    d["incidents"] = open_incidents(w, root);
    d["reasons"] = reasons_html(w, summary, root);
    d["buckets"] = buckets_html(w, summary, root);
    d["unmeasured"] = summary["buckets"].back()["count"];
    d["registries"] = summary["registries"];
    for (std::size_t i = 0; i < r.edition->registries.size(); ++i) {
        const auto& g = r.edition->registries[i];
        d["registries"][i]["folder"] = registry_folder(g);
        d["registries"][i]["when"] = g.read_at ? moment(*g.read_at) : document(nullptr);
    }
    d["funnel"] = funnel_view(summary["funnel"]);
    d["regions"] = regions_view(r, summary);
    d["any_registries"] = !d["registries"].empty();
    d["any_regions"] = !d["regions"].empty();
    d["own_fault"] = our_own_fault(r);
    w.page({"index.html", "Overview", grouped(answered) + " of " + grouped(total) + " public MCP servers answered at the last roll call.",
            "overview"},
           "overview.html", std::move(d));
}

}  // namespace rollcall::render
