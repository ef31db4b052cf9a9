#include "render/search/index.hpp"

#include "render/search/segment.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace rollcall::render {
namespace {

constexpr std::size_t longest_name = 120;

// Distinct values and, for each row, the place of its own among them.
template <class T>
class dictionary {
public:
    std::size_t place(const T& value)
    {
        const auto [it, is_new] = places_.emplace(value, places_.size());
        if (is_new) values.push_back(value);
        return it->second;
    }
    std::vector<T> values;

private:
    std::map<T, std::size_t> places_;
};

std::string name_of(const entry& n) { return n.name == n.row->slug ? std::string() : clean(n.name, longest_name); }

// The name under which a registry lists it, where that says something else: "io.github.somebody/thing".
std::string listed_of(const entry& n)
{
    if (n.row->listings.empty() || n.row->listings.front().name == n.name) return {};
    return clean(n.row->listings.front().name, longest_name);
}

document tools_of(const entry& n)
{
    for (const auto& c : n.row->cells)
        if (c.cell.answer.tool_count) return *c.cell.answer.tool_count;
    return nullptr;
}

document facet_document(const facet& f, std::size_t rows)
{
    document d{{"facet", f.code}, {"label", f.label}, {"values", document::array()}};
    std::vector<std::vector<std::size_t>> of(rows);
    for (std::size_t v = 0; v < f.values.size(); ++v) {
        const auto& value = f.values[v];
        d["values"].push_back({{"value", value.code}, {"label", clean(value.label, longest_name)}, {"title", clean(value.title, longest_name)}, {"count", value.members.size()}, {"folder", value.folder}});
        for (const auto row : value.members) of[row].push_back(v);
    }
    dictionary<std::vector<std::size_t>> sets;
    auto column = document::array();
    for (const auto& values : of) column.push_back(sets.place(values));
    d["sets"] = sets.values;
    d["set"] = std::move(column);
    return d;
}

document marks_document(const std::vector<said>& said)
{
    dictionary<std::tuple<data::state, std::string, std::string>> marks;
    auto column = document::array();
    for (const auto& s : said) column.push_back(marks.place({s.state, s.label, s.why}));
    auto table = document::array();
    for (const auto& [state, label, why] : marks.values) table.push_back({{"state", data::code_of(state)}, {"icon", data::row_of(state).icon}, {"label", label}, {"why", why}});
    return {{"marks", std::move(table)}, {"mark", std::move(column)}};
}

// The addresses behind slugs that do not say them whole.
document urls_of(const roll& r)
{
    auto out = document::object();
    for (const auto& n : r.entries)
        if (n.row->slug.find('~') != std::string::npos) out[n.row->slug] = clean(n.row->url);
    return out;
}

}  // namespace

std::string roll_mark(const roll& r)
{
    auto mark = fingerprint("");
    for (const auto& n : r.entries) mark = fingerprint("\n", fingerprint(n.row->slug, mark));
    return hex(mark, 16);
}

document search_document(const roll& r, const std::vector<facet>& facets, const std::vector<said>& said, const std::vector<std::string>& tool_shards)
{
    auto d = opened(r, "search");
    d["roll"] = roll_mark(r);
    d["count"] = r.entries.size();
    for (const char* column : {"slug", "name", "listed", "ok", "n", "tool_count", "streak", "first_seen"}) d[column] = document::array();
    for (const auto& n : r.entries) {
        d["slug"].push_back(n.row->slug);
        d["name"].push_back(name_of(n));
        d["listed"].push_back(listed_of(n));
        d["ok"].push_back(n.good);
        d["n"].push_back(n.measured);
        d["tool_count"].push_back(tools_of(n));
        d["streak"].push_back(n.row->streak);
        d["first_seen"].push_back(std::chrono::floor<std::chrono::days>(n.row->first_seen).time_since_epoch().count());
    }
    d.update(marks_document(said));
    d["facets"] = document::array();
    for (const auto& f : facets) d["facets"].push_back(facet_document(f, r.entries.size()));
    d["urls"] = urls_of(r);
    d["tool_shards"] = tool_shards;
    return d;
}

document search_nights_document(const roll& r)
{
    auto d = opened(r, "search-nights");
    d["roll"] = roll_mark(r);
    d["states"] = document::array();
    for (const auto& s : data::all_states()) d["states"].push_back(s.code);
    dictionary<std::string> strips;
    auto column = document::array();
    for (const auto& n : r.entries) {
        std::string nights(uptime_nights, '-');
        for (const auto& night : n.row->nights) {
            const auto it = r.rounds.find(night.round);
            if (it == r.rounds.end()) continue;
            const auto day = std::chrono::floor<std::chrono::days>(r.newest->at) - std::chrono::floor<std::chrono::days>(it->second->at);
            const auto age = day.count();
            if (age < 0 || age >= uptime_nights) continue;
            const auto shown = night.valid ? night.state : data::state::unknown;
            nights[static_cast<std::size_t>(uptime_nights - 1 - age)] = static_cast<char>('0' + static_cast<int>(shown));
        }
        column.push_back(strips.place(nights));
    }
    d["strips"] = strips.values;
    d["strip"] = std::move(column);
    return d;
}

}  // namespace rollcall::render
