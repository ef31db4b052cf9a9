#include "data/statistics/proportion.hpp"
#include "render/chart/chart.hpp"
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

// Marks one row's length against the longest.
void add_lengths(document& rows)
{
    std::int64_t longest = 1;
    for (const auto& row : rows) longest = std::max(longest, row.at("count").get<std::int64_t>());
    for (auto& row : rows) row["length"] = row.at("count").get<std::int64_t>() * 100 / longest;
}

// Reasons that a reader would call the same are one row; the eight that stand for most.
document reasons_view(const document& summary)
{
    std::vector<std::pair<std::string, std::int64_t>> rows;
    for (const auto& reason : summary["reasons"]) {
        const auto label = reason["reason_label"].get<std::string>();
        auto it = std::ranges::find(rows, label, [](const auto& row) { return row.first; });
        if (it == rows.end()) it = rows.insert(rows.end(), {label, 0});
        it->second += reason["count"].get<std::int64_t>();
    }
    std::ranges::stable_sort(rows, std::greater<>{}, [](const auto& row) { return row.second; });
    auto out = document::array();
    for (const auto& [label, count] : rows)
        if (out.size() < 8) out.push_back({{"reason_label", label}, {"count", count}});
    add_lengths(out);
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
                             : figure_html(w.templates(), composition_figure("states", "What " + std::to_string(total) + (total == 1 ? " server" : " servers") + " did at the last roll call",
                                                                             "One bar of all servers by what they did at the last roll call. The list below has the counts.", states), root);
    d["trend"] = summary["trend"].size() < 2 ? std::string() : figure_html(w.templates(), trend_figure(summary["trend"]), root);
    d["changes"] = r.before ? changes_view(w) : document::array();
    d["incidents"] = open_incidents(w, root);
    d["reasons"] = reasons_view(summary);
    d["buckets"] = document::array();
    for (const auto& b : summary["buckets"])
        if (b["count"] > 0 && b["bucket"] != "unmeasured") d["buckets"].push_back(b);
    d["unmeasured"] = summary["buckets"].back()["count"];
    add_lengths(d["buckets"]);
    d["registries"] = summary["registries"];
    for (std::size_t i = 0; i < r.edition->registries.size(); ++i) {
        const auto& g = r.edition->registries[i];
        d["registries"][i]["folder"] = registry_folder(g);
        d["registries"][i]["when"] = g.read_at ? moment(*g.read_at) : document(nullptr);
    }
    d["funnel"] = summary["funnel"];
    d["regions"] = regions_view(r, summary);
    d["own_fault"] = our_own_fault(r);
    w.page({"index.html", "Overview", std::to_string(answered) + " of " + std::to_string(total) + " public MCP servers answered at the last roll call.",
            "overview"},
           "overview.html", std::move(d));
}

}  // namespace rollcall::render
