#include "render/documents/regions.hpp"

#include "data/statistics/quantile.hpp"
#include "render/documents/incidents.hpp"
#include "render/documents/latency.hpp"

#include <algorithm>
#include <array>

namespace rollcall::render {
namespace {

constexpr std::array<sight_row, sight_count> sights{{
    {sight::answered, "answered", "answered", data::state::up},
    {sight::slow, "slow", "answered slowly", data::state::degraded},
    {sight::gated, "gated", "asked for a credential, or a wall stood before it", data::state::gated},
    {sight::malformed, "malformed", "answered, but not as MCP defines", data::state::down},
    {sight::silent, "silent", "no connection", data::state::down},
    {sight::unmeasured, "unmeasured", "not measured", data::state::unknown},
}};

document text_or_null(const std::string& s) { return s.empty() ? document(nullptr) : document(s); }

const data::cell* cell_of(const roll& r, const entry& n, std::int64_t region)
{
    if (!r.newest || n.row->observed_round != r.newest->id) return nullptr;
    const auto it = std::ranges::find(n.row->cells, region, &data::region_cell::region);
    return it == n.row->cells.end() ? nullptr : &it->cell;
}

bool counted(const roll& r, std::int64_t region)
{
    const auto* checked = r.newest ? self_check(r, region, r.newest->id) : nullptr;
    return !checked || !checked->down;
}

document seen_by(const roll& r, const data::region_row& g)
{
    std::array<std::int64_t, sight_count> counts{};
    for (const auto& n : r.entries)
        if (const auto* c = cell_of(r, n, g.id)) ++counts[static_cast<std::size_t>(sight_of(data::class_of(c->why)))];
    document d = document::object();
    for (const auto& s : sights) d[std::string(s.code)] = counts[static_cast<std::size_t>(s.value)];
    return d;
}

// Times of the steps of good cells at the last roll call.
document steps_of(const roll& r, const data::region_row& g)
{
    std::array<std::vector<std::uint32_t>, data::step_count> times;
    for (const auto& n : r.entries) {
        const auto* c = cell_of(r, n, g.id);
        if (!c || !data::is_good(data::class_of(c->why))) continue;
        for (std::size_t i = 0; i < data::step_count; ++i)
            if (c->ms[i]) times[i].push_back(*c->ms[i]);
    }
    auto out = document::array();
    for (std::size_t i = 0; i < data::step_count; ++i) {
        std::ranges::sort(times[i]);
        auto d = latency_document(times[i]);
        document row{{"step", data::code_of(static_cast<data::step>(i))}, {"label", data::label_of(static_cast<data::step>(i))}};
        row.update(d);
        out.push_back(std::move(row));
    }
    return out;
}

document self_check_of(const roll& r, const data::region_row& g)
{
    const auto* n = r.newest ? self_check(r, g.id, r.newest->id) : nullptr;
    if (!n) return nullptr;
    return {{"counted", !n->down}, {"note", text_or_null(n->why)}, {"cells", n->cells}, {"good", n->good}, {"bad", n->bad}, {"ours", n->ours},
            {"compared", n->compared}, {"lone", n->lone}, {"controls", n->controls_total > 0 ? document{{"ok", n->controls_ok}, {"n", n->controls_total}} : document(nullptr)}};
}

// Newest first, and of each night why.
document not_counted_of(const roll& r, const data::region_row& g)
{
    auto out = document::array();
    const auto& nights = r.edition->region_nights;
    for (auto n = nights.rbegin(); n != nights.rend(); ++n)
        if (n->region == g.id && n->down)
            if (const auto it = r.rounds.find(n->round); it != r.rounds.end()) out.push_back({{"date", data::to_date(it->second->at)}, {"why", n->why}});
    return out;
}

document row_document(const roll& r, const data::region_row& g)
{
    const auto folder = region_folder(g);
    return {{"region", g.code},
            {"city", text_or_null(g.city)},
            {"country", text_or_null(g.country)},
            {"latitude", g.latitude ? document(*g.latitude) : document(nullptr)},
            {"longitude", g.longitude ? document(*g.longitude) : document(nullptr)},
            {"seen", seen_by(r, g)},
            {"self_check", self_check_of(r, g)},
            {"nights", std::ranges::count(r.edition->region_nights, g.id, &data::region_night::region)},
            {"not_counted", not_counted_of(r, g)},
            {"only_silent_here", silent_only_from(r, g).size()},
            {"page", folder.empty() ? document(nullptr) : document(r.base_url + folder)}};
}

}  // namespace

const sight_row& row_of(sight s) noexcept { return sights[static_cast<std::size_t>(s)]; }

sight sight_of(data::cell_class c) noexcept
{
    switch (c) {
        case data::cell_class::pass: return sight::answered;
        case data::cell_class::slow: return sight::slow;
        case data::cell_class::auth:
        case data::cell_class::wall: return sight::gated;
        case data::cell_class::malformed:
        case data::cell_class::http: return sight::malformed;
        case data::cell_class::transport: return sight::silent;
        case data::cell_class::unusable: break;
    }
    return sight::unmeasured;
}

std::string region_folder(const data::region_row& g) { return is_segment(g.code) ? "regions/" + g.code + "/" : std::string(); }

std::string region_name(const roll& r, const data::region_row& g)
{
    if (g.city.empty() && r.one_region()) return "our one region";
    return place_of(*r.edition, g.id);
}

std::vector<const entry*> silent_only_from(const roll& r, const data::region_row& g)
{
    std::vector<const entry*> out;
    if (r.one_region() || !counted(r, g.id)) return out;
    for (const auto& n : r.entries) {
        const auto* here = cell_of(r, n, g.id);
        if (!here || data::is_good(data::class_of(here->why)) || data::class_of(here->why) == data::cell_class::unusable) continue;
        std::int64_t others = 0;
        const bool elsewhere = std::ranges::all_of(n.row->cells, [&](const data::region_cell& c) {
            if (c.region == g.id || !counted(r, c.region)) return true;
            ++others;
            return data::is_good(data::class_of(c.cell.why));
        });
        if (elsewhere && others > 0) out.push_back(&n);
    }
    return out;
}

document regions_document(const roll& r)
{
    auto d = opened(r, "regions");
    d["count"] = r.edition->regions.size();
    d["regions"] = rows_of(r.edition->regions, [&](const data::region_row& g) { return row_document(r, g); });
    return d;
}

document region_document(const roll& r, const data::region_row& g)
{
    auto d = opened(r, "region");
    d.update(row_document(r, g));
    d["steps"] = steps_of(r, g);
    d["servers_only_silent_here"] = rows_of(silent_only_from(r, g), [&](const entry* n) {
        const auto* c = cell_of(r, *n, g.id);
        return document{{"slug", n->row->slug}, {"name", n->name}, {"reason", data::code_of(c->why)}, {"reason_label", data::row_of(c->why).label}};
    });
    return d;
}

}  // namespace rollcall::render
