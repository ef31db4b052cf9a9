#include "render/documents/registries.hpp"

#include "data/statistics/proportion.hpp"
#include "render/documents/incidents.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

document text_or_null(const std::string& s) { return s.empty() ? document(nullptr) : document(s); }

std::vector<const entry*> everybody(const roll& r)
{
    std::vector<const entry*> out;
    for (const auto& n : r.entries) out.push_back(&n);
    return out;
}

document states_of(const std::vector<const entry*>& servers)
{
    document d = document::object();
    for (const auto& s : data::all_states()) d[std::string(s.code)] = std::ranges::count(servers, s.value, [](const entry* n) { return n->state; });
    return d;
}

std::int64_t answered(const std::vector<const entry*>& servers)
{
    return std::ranges::count_if(servers, [](const entry* n) { return n->state == data::state::up || n->state == data::state::degraded; });
}

// {n, ok, share, low, high}: how many of `n`, with the 95 % interval; shares null where n is 0.
document proportion(std::int64_t ok, std::int64_t n)
{
    if (n == 0) return {{"ok", ok}, {"n", n}, {"share", nullptr}, {"low", nullptr}, {"high", nullptr}};
    const auto [low, high] = statistics::wilson(ok, n);
    return {{"ok", ok}, {"n", n}, {"share", statistics::one_decimal(100.0 * static_cast<double>(ok) / static_cast<double>(n))}, {"low", low}, {"high", high}};
}

data::bucket bucket_of(const entry& n) { return n.row->bucket.value_or(data::bucket::unmeasured); }

// Beside each bucket of the registry's servers the same of the whole roll.
document buckets_of(const roll& r, const std::vector<const entry*>& servers)
{
    const auto count = [](const auto& all, data::bucket b) { return std::ranges::count_if(all, [&](const entry* n) { return bucket_of(*n) == b; }); };
    const auto all = everybody(r);
    const auto none = data::bucket::unmeasured;
    const auto n_here = static_cast<std::int64_t>(servers.size()) - count(servers, none), n_all = static_cast<std::int64_t>(all.size()) - count(all, none);
    auto out = document::array();
    for (const auto& b : data::all_buckets()) {
        if (b.value == none) continue;
        auto d = proportion(count(servers, b.value), n_here);
        d["whole"] = proportion(count(all, b.value), n_all);
        document row{{"bucket", b.code}, {"label", b.label}, {"group", data::code_of(b.group)}};
        row.update(d);
        out.push_back(std::move(row));
    }
    return out;
}

document readings_of(const roll& r, const data::registry_row& g)
{
    auto out = document::array();
    for (const auto& n : r.edition->readings) {
        if (n.registry != g.code) continue;
        document d{{"at", data::to_rfc3339(n.at)}, {"kind", n.kind}, {"outcome", n.outcome}, {"used", n.used}, {"rows", n.rows}, {"listings", n.listings},
                   {"superseded", n.superseded}, {"duplicates", n.duplicates}, {"rejected", n.rejected}, {"rejections", document::array()}, {"remotes", n.remotes},
                   {"added", n.added}, {"removed", n.removed}, {"problem", text_or_null(problem_of(g, n.problem))}};
        for (const auto& x : n.rejections) d["rejections"].push_back({{"why", x.code}, {"count", x.count}});
        out.push_back(std::move(d));
    }
    return out;
}

// The steps from rows to servers in the order in which a list shrinks; those that the book has.
document funnel_of(const roll& r, const std::string& code)
{
    auto out = document::array();
    for (const char* step : {"rows", "listings", "remotes", "distinct", "canonical", "eligible", "only_here"})
        for (const auto& b : r.edition->book)
            if (b.registry == code && b.step == step) out.push_back({{"step", step}, {"count", b.count}});
    return out;
}

document excluded_of(const roll& r, const std::string& code)
{
    auto out = document::array();
    for (const auto& b : r.edition->book)
        if (b.registry == code && b.step.starts_with("excluded:") && b.count > 0) out.push_back({{"class", b.step.substr(9)}, {"count", b.count}});
    return out;
}

// How many of this one's servers each other registry lists too. A pair is stored once, whichever of them comes first.
document overlap_of(const roll& r, const std::string& code)
{
    auto out = document::array();
    for (const auto& other : r.edition->registries) {
        if (other.code == code) continue;
        std::int64_t count = 0;
        for (const auto& o : r.edition->overlaps)
            if ((o.registry == code && o.other == other.code) || (o.other == code && o.registry == other.code)) count = o.endpoints;
        out.push_back({{"registry", other.code}, {"name", other.name}, {"servers", count}});
    }
    return out;
}

document changes_of(const roll& r, const std::string& code)
{
    auto out = document::array();
    for (const auto& c : r.edition->listing_changes)
        if (c.registry == code) out.push_back({{"what", c.what}, {"at", data::to_rfc3339(c.at)}, {"name", c.name}, {"slug", text_or_null(c.slug)}});
    return out;
}

document row_of(const roll& r, const data::registry_row& g, const std::vector<const entry*>& servers)
{
    const auto only = std::ranges::find_if(r.edition->overlaps, [&](const auto& o) { return o.registry == g.code && o.other == g.code; });
    const auto folder = registry_folder(g);
    return {{"registry", g.code},
            {"name", g.name},
            {"url", address_of(g)},
            {"licence", text_or_null(g.licence)},
            {"attribution", text_or_null(g.attribution)},
            {"read_at", g.read_at ? document(data::to_rfc3339(*g.read_at)) : document(nullptr)},
            {"outcome", text_or_null(g.outcome)},
            {"stale", g.stale},
            {"problem", text_or_null(problem_of(g, g.problem))},
            {"rows", g.rows},
            {"accepted", g.accepted},
            {"rejected", g.rejected},
            {"servers", servers.size()},
            {"only_here", only == r.edition->overlaps.end() ? document(nullptr) : document(only->endpoints)},
            {"answered", proportion(answered(servers), static_cast<std::int64_t>(servers.size()))},
            {"states", states_of(servers)},
            {"page", folder.empty() ? document(nullptr) : document(r.base_url + folder)}};
}

}  // namespace

std::vector<const entry*> listed_by(const roll& r, const std::string& registry)
{
    std::vector<const entry*> out;
    for (const auto& n : r.entries)
        if (std::ranges::any_of(n.row->listings, [&](const auto& l) { return l.registry == registry; })) out.push_back(&n);
    return out;
}

std::string registry_folder(const data::registry_row& g) { return is_segment(g.code) ? "registries/" + g.code + "/" : std::string(); }

document registries_document(const roll& r)
{
    auto d = opened(r, "registries");
    d["count"] = r.edition->registries.size();
    d["answered"] = proportion(answered(everybody(r)), static_cast<std::int64_t>(r.entries.size()));
    d["registries"] = document::array();
    for (const auto& g : r.edition->registries) d["registries"].push_back(row_of(r, g, listed_by(r, g.code)));
    d["listed_times"] = document::array();
    for (const auto& b : r.edition->book)
        if (b.registry.empty() && b.step.starts_with("listed:")) d["listed_times"].push_back({{"registries", b.step.substr(7)}, {"servers", b.count}});
    return d;
}

document registry_document(const roll& r, const data::registry_row& g)
{
    const auto servers = listed_by(r, g.code);
    auto d = opened(r, "registry");
    d.update(row_of(r, g, servers));
    d["buckets"] = buckets_of(r, servers);
    d["funnel"] = funnel_of(r, g.code);
    d["excluded"] = excluded_of(r, g.code);
    d["overlap"] = overlap_of(r, g.code);
    d["readings"] = readings_of(r, g);
    d["changes"] = changes_of(r, g.code);
    return d;
}

}  // namespace rollcall::render
