#include "render/documents/documents.hpp"

#include "data/model/night_cells.hpp"
#include "data/statistics/proportion.hpp"

#include <algorithm>

namespace rollcall::render {

document opened(const roll& r, std::string_view schema)
{
    document d;
    d["schema"] = r.base_url + "api/v1/schemas/" + std::string(schema) + ".json";
    d["generated_at"] = r.newest ? document(r.generated_at()) : document(nullptr);
    d["fresh_until"] = r.newest ? document(r.fresh_until()) : document(nullptr);
    return d;
}

document address_of(const data::registry_row& g)
{
    return g.url.starts_with("https://") || g.url.starts_with("http://") ? document(g.url) : document(nullptr);
}

std::string nights_in_a_row(std::int64_t n)
{
    return n <= 1 ? "first night" : std::to_string(n) + " nights in a row";
}

double per_cent(std::int64_t tenths) { return static_cast<double>(tenths) / 10.0; }

document row_document(const roll&, const entry& n)
{
    const auto& e = *n.row;
    document d;
    d["slug"] = e.slug;
    d["url"] = e.url;
    d["name"] = n.name;
    d["state"] = data::code_of(n.state);
    d["observed_at"] = n.observed ? document(data::to_rfc3339(*n.observed)) : document(nullptr);
    d["reason"] = n.observed ? document(data::code_of(e.why)) : document(nullptr);
    d["bucket"] = e.bucket ? document(data::code_of(*e.bucket)) : document(nullptr);
    d["bucket_label"] = e.bucket ? document(data::row_of(*e.bucket).label) : document(nullptr);
    const auto [low, high] = statistics::wilson(n.good, n.measured);
    d["uptime_30d"] = {{"ok", n.good}, {"n", n.measured}, {"low", low}, {"high", high}};
    document tools = nullptr;
    for (const auto& c : e.cells)
        if (c.cell.answer.tool_count && tools.is_null()) tools = *c.cell.answer.tool_count;
    d["tool_count"] = std::move(tools);
    return d;
}

document servers_document(const roll& r)
{
    auto d = opened(r, "servers");
    d["count"] = r.entries.size();
    d["servers"] = document::array();
    for (const auto& n : r.entries) d["servers"].push_back(row_document(r, n));
    return d;
}

namespace {

// "PPT-P": a class for each region of the edition, '-' without a cell. Null where the night keeps none.
document letters_of(const data::edition& e, const data::night& night)
{
    if (night.cells.empty()) return nullptr;
    std::string out(e.regions.size(), '-');
    for (const auto& c : data::unpack_cells(night.cells)) {
        const auto it = std::ranges::find(e.regions, c.region, &data::region_row::id);
        if (it != e.regions.end()) out[static_cast<std::size_t>(it - e.regions.begin())] = data::letter(c.result);
    }
    return out;
}

// The time waited for the server from each region of the edition, milliseconds; null without a good cell.
document times_of(const data::edition& e, const data::night& night)
{
    auto out = document::array();
    if (night.cells.empty()) return out;
    for (std::size_t i = 0; i < e.regions.size(); ++i) out.push_back(nullptr);
    for (const auto& c : data::unpack_cells(night.cells)) {
        const auto it = std::ranges::find(e.regions, c.region, &data::region_row::id);
        if (it != e.regions.end() && c.ms) out[static_cast<std::size_t>(it - e.regions.begin())] = *c.ms;
    }
    return out;
}

}  // namespace

document history_document(const roll& r, const entry& n)
{
    auto d = opened(r, "history");
    d["slug"] = n.row->slug;
    d["url"] = n.row->url;
    // What each region saw, as one letter a region in this order.
    d["regions"] = document::array();
    for (const auto& g : r.edition->regions) d["regions"].push_back(g.code);
    d["nights"] = document::array();
    for (const auto& night : n.row->nights) {
        const auto it = r.rounds.find(night.round);
        if (it == r.rounds.end()) continue;
        // Member by member: from a list in braces each value would be copied twice, ninety times a server.
        document one;
        one["date"] = data::to_date(it->second->at);
        one["state"] = data::code_of(night.state);
        one["reason"] = data::code_of(night.why);
        one["reason_label"] = data::row_of(night.why).label;
        one["measured"] = night.valid;
        one["good"] = night.good;
        one["classes"] = letters_of(*r.edition, night);
        one["ms"] = times_of(*r.edition, night);
        d["nights"].push_back(std::move(one));
    }
    return d;
}

// Each is dark enough for white text on it: at least 4.5 to 1.
badge_text badge_of(const entry& n)
{
    const auto of = std::to_string(n.good) + "/" + std::to_string(n.measured);
    const auto nights = std::to_string(n.good) + " of the last " + std::to_string(n.measured) + " nights";
    switch (n.state) {
        case data::state::up: return {"roll call", "up " + of, "12704d", "Roll call: up, answered in " + nights};
        case data::state::degraded:
            return {"roll call", "degraded " + of, "8a5a00", "Roll call: degraded, answered in " + nights};
        case data::state::down:
            return {"roll call", "down " + of, "b3261e", "Roll call: did not answer our probe, answered in " + nights};
        // Uptime behind a gate is not measured, so there is no count to show.
        case data::state::gated: return {"roll call", "gated", "57606a", "Roll call: asks for a credential, or stands behind a wall"};
        case data::state::unknown: break;
    }
    return {"roll call", "unknown", "57606a", "Roll call: not measured recently"};
}

document shields_document(const entry& n)
{
    const auto b = badge_of(n);
    return {{"schemaVersion", 1}, {"label", b.label}, {"message", b.message}, {"color", b.colour}, {"cacheSeconds", 3600}};
}

}  // namespace rollcall::render
