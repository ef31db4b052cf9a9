#include "render/search/facet.hpp"

#include "render/documents/incidents.hpp"
#include "render/search/segment.hpp"

#include <algorithm>
#include <functional>

namespace rollcall::render {
namespace {

struct value_row { std::string code, label, title, note; };

// The members of each value are those entries that it `has`.
using test = std::function<bool(const entry&)>;
struct described { value_row row; test has; };

std::vector<described> states(const roll&)
{
    constexpr std::string_view titles[] = {"Servers that answered", "Servers that answered in part", "Servers that did not answer our probe", "Servers behind a credential or a wall",
                                           "Servers not measured recently"};
    std::vector<described> out;
    for (const auto& s : data::all_states())
        out.push_back({{std::string(s.code), std::string(s.label), std::string(titles[static_cast<std::size_t>(s.value)]), "What they did at the last roll call."},
                       [v = s.value](const entry& n) { return n.state == v; }});
    return out;
}

std::vector<described> changes(const roll&)
{
    std::vector<described> out;
    for (const auto c : {change::went_silent, change::came_back, change::first_seen})
        out.push_back({{std::string(code_of(c)), std::string(label_of(c)), (c == change::first_seen ? "Servers " : "Servers that ") + std::string(label_of(c)), "Changes since the roll call before."},
                       [c](const entry& n) { return n.change == c; }});
    return out;
}

std::vector<described> buckets(const roll&)
{
    std::vector<described> out;
    for (const auto& b : data::all_buckets())
        out.push_back({{std::string(b.code), std::string(b.label), "Servers: " + std::string(b.label), std::string(b.meaning)},
                       [v = b.value](const entry& n) { return n.row->bucket.value_or(data::bucket::unmeasured) == v; }});
    return out;
}

std::vector<described> postures(const roll&)
{
    const auto title = [](data::posture p) -> std::string {
        switch (p) {
            case data::posture::open: return "Servers open to everybody";
            case data::posture::open_list: return "Servers with an open list of tools, whose calls may need a login";
            case data::posture::gated: return "Servers behind a login that a client can find";
            case data::posture::opaque: return "Servers behind a login, the way to it not described";
            default: return "Servers that ask for payment";
        }
    };
    std::vector<described> out;
    for (const auto& p : data::all_postures())
        if (p.value != data::posture::unknown)
            out.push_back({{std::string(p.code), std::string(p.label), title(p.value), std::string(p.meaning)}, [v = p.value](const entry& n) { return n.row->auth.posture == v; }});
    return out;
}

std::vector<described> registries(const roll& r)
{
    std::vector<described> out;
    for (const auto& g : r.edition->registries)
        out.push_back({{g.code, g.name, "Servers listed in " + g.name, "Servers that this registry lists."},
                       [&g](const entry& n) { return std::ranges::any_of(n.row->listings, [&](const auto& l) { return l.registry == g.code; }); }});
    return out;
}

bool failed_from(const entry& n, std::int64_t region)
{
    using enum data::cell_class;
    return std::ranges::any_of(n.row->cells, [&](const data::region_cell& c) {
        const auto seen = data::class_of(c.cell.why);
        return c.region == region && (seen == malformed || seen == http || seen == transport);
    });
}

// Of one region nothing is said: "from everywhere else" needs another.
std::vector<described> regions(const roll& r)
{
    std::vector<described> out;
    if (r.one_region()) return out;
    for (const auto& g : r.edition->regions) {
        const auto place = place_of(*r.edition, g.id);
        out.push_back({{g.code, place, "Servers not reached from " + place, "They did not answer our probe from there at the last roll call, but answered from elsewhere."},
                       [&r, id = g.id](const entry& n) {
                           const auto* checked = self_check(r, id, n.row->observed_round);
                           const bool answered = n.state == data::state::up || n.state == data::state::degraded;
                           return answered && !(checked && checked->down) && failed_from(n, id);
                       }});
    }
    return out;
}

const data::answer_facts* answer_of(const entry& n)
{
    const auto it = std::ranges::find_if(n.row->cells, [](const data::region_cell& c) { return data::is_good(data::class_of(c.cell.why)); });
    return it == n.row->cells.end() ? nullptr : &it->cell.answer;
}

std::vector<described> eras(const roll&)
{
    const auto spoke = [](data::era e) { return [e](const entry& n) { const auto* a = answer_of(n); return a && a->era == e; }; };
    return {{{"modern", "2026-07-28 or later", "Servers that speak MCP of 2026-07-28 or later", "They answered without a handshake before."}, spoke(data::era::modern)},
            {{"legacy", "before 2026-07-28", "Servers that speak earlier versions of MCP", "They answered after a handshake."}, spoke(data::era::legacy)}};
}

std::vector<described> transports(const roll&)
{
    const auto spoke = [](data::transport t) { return [t](const entry& n) { const auto* a = answer_of(n); return a && a->transport == t; }; };
    return {{{"streamable-http", "Streamable HTTP", "Servers that speak Streamable HTTP", "The transport of MCP since 2025-03-26."}, spoke(data::transport::streamable_http)},
            {{"sse", "HTTP with SSE", "Servers that speak HTTP with server-sent events", "The transport of MCP 2024-11-05."}, spoke(data::transport::http_sse)}};
}

// The first letter or digit of its name; "other" where that is neither of this alphabet.
char initial_of(const entry& n)
{
    for (const char c : n.name) {
        if (c >= 'a' && c <= 'z') return c;
        if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
        if (c >= '0' && c <= '9') return '0';
        if (static_cast<unsigned char>(c) >= 0x80) break;
    }
    return '~';
}

std::vector<described> letters(const roll&)
{
    std::vector<described> out;
    const auto add = [&](char c, std::string code, std::string label) {
        const auto title = "Servers from A to Z: " + label;
        out.push_back({{std::move(code), std::move(label), title, "By the first letter of their names."}, [c](const entry& n) { return initial_of(n) == c; }});
    };
    for (char c = 'a'; c <= 'z'; ++c) add(c, std::string(1, c), std::string(1, static_cast<char>(c - 'a' + 'A')));
    add('0', "0-9", "0–9");
    add('~', "other", "other");
    return out;
}

facet filled(const roll& r, std::string_view code, std::string_view label, bool whole, std::vector<described> values)
{
    facet f{code, label, whole, {}};
    segments folders;
    for (auto& v : values) {
        facet_value out{std::move(v.row.code), std::move(v.row.label), std::move(v.row.title), std::move(v.row.note), {}, {}};
        out.folder = "servers/by/" + std::string(code) + "/" + folders.of(out.code) + "/";
        for (std::uint32_t i = 0; i < r.entries.size(); ++i)
            if (v.has(r.entries[i])) out.members.push_back(i);
        f.values.push_back(std::move(out));
    }
    return f;
}

// Too many to ask each server of each of them.
facet platforms(const roll& r)
{
    facet f{"platform", "Platform", false, {}};
    segments folders;
    for (const auto& g : platforms_of(r)) {
        f.values.push_back({g.name, g.name, "Servers on " + g.name, "Servers that live together on this platform.", "servers/by/platform/" + folders.of(g.name) + "/", {}});
        for (const auto* n : g.servers) f.values.back().members.push_back(static_cast<std::uint32_t>(n - r.entries.data()));
    }
    return f;
}

struct kind { std::string_view code, label; bool whole; std::vector<described> (*values)(const roll&); };
constexpr kind kinds[] = {
    {"state", "Last roll call", true, states},
    {"change", "Changes", true, changes},
    {"bucket", "Last nights", true, buckets},
    {"auth", "Login", true, postures},
    {"registry", "Registry", false, registries},
    {"region", "Not reached from", false, regions},
    {"era", "Speaks MCP of", true, eras},
    {"transport", "Transport", true, transports},
    {"letter", "A to Z", true, letters},
};

}  // namespace

std::vector<facet> facets_of(const roll& r)
{
    std::vector<facet> out;
    for (const auto& k : kinds) {
        if (k.code == "era") out.push_back(platforms(r));
        if (auto f = filled(r, k.code, k.label, k.whole, k.values(r)); !f.values.empty()) out.push_back(std::move(f));
    }
    std::erase_if(out, [](const facet& f) { return f.values.empty(); });
    return out;
}

}  // namespace rollcall::render
