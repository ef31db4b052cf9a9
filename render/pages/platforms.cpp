// Platforms: where servers live together.
#include "data/model/numbers.hpp"
#include "render/pages/compositions.hpp"
#include "render/pages/incident_view.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

using data::grouped;
constexpr std::size_t shown_rows = 100;

std::int64_t count_of(const document& states, data::state s) { return states[std::string(data::code_of(s))].get<std::int64_t>(); }

std::int64_t answered(const document& states) { return count_of(states, data::state::up) + count_of(states, data::state::degraded); }

void write_platform(const page_writer& w, const platform_group& g, const document& row)
{
    const auto& r = w.roll();
    const auto path = "platforms/" + g.name + "/index.html";
    document d{{"platform", g.name}, {"servers", g.servers.size()}, {"sites", g.sites}, {"answered", answered(row["states"])}};
    d["when"] = r.newest ? moment(r.newest->at) : document(nullptr);
    const auto finding = grouped(answered(row["states"])) + " of " + grouped(g.servers.size()) + " servers answered";
    d["figure"] = published_figure(w, states_figure("platform-" + g.name + "-states", finding, row["states"], ""), path);
    d["outages"] = rows_html(w, g.outages, way_to_root(path), "Shared outages on this platform");
    d["rows"] = document::array();
    for (std::size_t i = 0; i < std::min(g.servers.size(), shown_rows); ++i) {
        const auto& n = *g.servers[i];
        d["rows"].push_back({{"slug", n.row->slug}, {"name", clean(n.name, 120)}, {"mark", mark_of(n)}, {"reason_label", n.observed && n.state == data::state::down ? std::string(data::row_of(n.row->why).label) : std::string()}});
    }
    d["more"] = some(static_cast<std::int64_t>(g.servers.size() - d["rows"].size()));
    w.page({path, g.name, "MCP servers on " + g.name + ", and what they did at the last roll call.", "incidents"}, "platform.html", std::move(d));
}

}  // namespace

void write_platforms(const page_writer& w)
{
    const auto& r = w.roll();
    const auto groups = platforms_of(r);
    const auto all = platforms_document(r, groups);
    w.file("api/v1/platforms.json", published(all));
    document d{{"count", groups.size()}, {"any", !groups.empty()}, {"platforms", document::array()}};
    d["when"] = r.newest ? moment(r.newest->at) : document(nullptr);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto& g = groups[i];
        const auto& row = all["platforms"][i];
        write_platform(w, g, row);
        if (i >= shown_rows) continue;
        const bool open = std::ranges::any_of(g.outages, [](const auto* o) { return is_open(*o); });
        d["platforms"].push_back({{"platform", g.name}, {"servers", g.servers.size()}, {"answered", answered(row["states"])}, {"down", count_of(row["states"], data::state::down)},
                                  {"open", open}});
        const auto n = g.outages.size() - (open ? 1 : 0);
        d["platforms"].back()["over"] = n == 0 ? std::string() : std::to_string(n) + (n == 1 ? " shared outage before" : " shared outages before");
    }
    d["more"] = some(static_cast<std::int64_t>(groups.size() - d["platforms"].size()));
    w.page({"platforms/index.html", "Platforms", "Where public MCP servers live together, and what fell together there.", "incidents"}, "platforms.html", std::move(d));
}

}  // namespace rollcall::render
