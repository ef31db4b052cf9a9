#include "render/documents/documents.hpp"

#include "data/model/night_cells.hpp"
#include "data/statistics/proportion.hpp"

#include <algorithm>
#include <optional>
#include <vector>

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

std::string problem_of(const data::registry_row& g, std::string text)
{
    constexpr std::string_view apart = " \t\n\"'`()[]<>,;=";
    // A registry that is a file is called by the operator's name for it.
    if (address_of(g).is_null() && !g.url.empty())
        for (auto at = text.find(g.url); at != std::string::npos; at = text.find(g.url, at + 1))
            if (at == 0 || text[at - 1] != '/') text.replace(at, g.url.size(), "its file");
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find_first_of(apart, at), text.size());
        const std::string_view word = std::string_view(text).substr(at, end - at);
        const bool drive = word.size() > 3 && word[1] == ':' && (word[2] == '\\' || word[2] == '/');
        const bool local = drive || word.starts_with("file:/") || (word.size() > 1 && (word[0] == '/' || word.starts_with("~/") || word.starts_with("./") || word.starts_with("../")));
        if (local) out += word.ends_with(':') ? "a file:" : "a file";
        else out += word;
        if (end < text.size()) out += text[end];
        at = end + 1;
    }
    return out;
}

std::string nights_in_a_row(std::int64_t n)
{
    return n <= 1 ? "first night" : std::to_string(n) + " nights in a row";
}

double per_cent(std::int64_t tenths) { return static_cast<double>(tenths) / 10.0; }

document row_document(const roll&, const entry& n)
{
    const auto& e = *n.row;
    auto d = document::object();
    d.get_ref<document::object_t&>().reserve(11);  // all servers' rows are one document
    d["slug"] = e.slug;
    d["url"] = e.url;
    d["name"] = n.name;
    d["state"] = data::code_of(n.state);
    d["observed_at"] = n.observed ? document(data::to_rfc3339(*n.observed)) : document(nullptr);
    d["reason"] = n.observed ? document(data::code_of(e.why)) : document(nullptr);
    d["bucket"] = e.bucket ? document(data::code_of(*e.bucket)) : document(nullptr);
    d["bucket_label"] = e.bucket ? document(data::row_of(*e.bucket).label) : document(nullptr);
    const auto [low, high] = statistics::wilson(n.good, n.measured);
    d["uptime_30d"] = members({{"ok", n.good}, {"n", n.measured}, {"low", low}, {"high", high}});
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
    d["servers"] = rows_of(r.entries, [&](const entry& n) { return row_document(r, n); });
    return d;
}

namespace {

// What the regions of the edition saw in one night, each in its place.
struct seen {
    std::string letters;                             // "PPT-P": a class a region, '-' without a cell
    std::vector<std::optional<std::uint32_t>> ms;    // the time waited for the server; none without a good cell
};

seen seen_in(const data::edition& e, const data::night& night)
{
    seen out{std::string(e.regions.size(), '-'), std::vector<std::optional<std::uint32_t>>(e.regions.size())};
    for (const auto& c : data::unpack_cells(night.cells)) {
        const auto it = std::ranges::find(e.regions, c.region, &data::region_row::id);
        if (it == e.regions.end()) continue;
        const auto place = static_cast<std::size_t>(it - e.regions.begin());
        out.letters[place] = data::letter(c.result);
        out.ms[place] = c.ms;
    }
    return out;
}

}  // namespace

document history_document(const roll& r, const entry& n)
{
    const auto& regions = r.edition->regions;
    auto d = opened(r, "history");
    d["slug"] = n.row->slug;
    d["url"] = n.row->url;
    d["regions"] = rows_of(regions, [](const data::region_row& g) { return g.code; });
    // A column for each thing that is told of a night: an object a night would be three times as long, and it would be
    // nearly a third of the site.
    document::array_t date, state, why, measured, good, classes;
    std::vector<document::array_t> ms(regions.size());
    for (auto* column : {&date, &state, &why, &measured, &good, &classes}) column->reserve(n.row->nights.size());
    for (auto& column : ms) column.reserve(n.row->nights.size());
    auto labels = document::object();
    for (const auto& night : n.row->nights) {
        const auto it = r.rounds.find(night.round);
        if (it == r.rounds.end()) continue;
        date.emplace_back(data::to_date(it->second->at));
        state.emplace_back(data::code_of(night.state));
        why.emplace_back(data::code_of(night.why));
        labels[data::code_of(night.why)] = data::row_of(night.why).label;
        measured.emplace_back(night.valid);
        good.emplace_back(night.good);
        auto [letters, times] = seen_in(*r.edition, night);
        classes.push_back(night.cells.empty() ? document(nullptr) : document(std::move(letters)));
        for (std::size_t i = 0; i < ms.size(); ++i) ms[i].push_back(times[i] ? document(*times[i]) : document(nullptr));
    }
    d["reasons"] = std::move(labels);
    d["nights"] = members({{"date", std::move(date)}, {"state", std::move(state)}, {"reason", std::move(why)}, {"measured", std::move(measured)}, {"good", std::move(good)}, {"classes", std::move(classes)},
                           {"ms", rows_of(ms, [](document::array_t& one) { return document(std::move(one)); })}});
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
