// Registries: the overview of them, and a page for each.
#include "render/documents/registries.hpp"

#include "data/model/numbers.hpp"
#include "render/chart/ranking.hpp"
#include "render/documents/incidents.hpp"
#include "render/pages/compositions.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <map>

namespace rollcall::render {
namespace {

using data::grouped;
using data::many;
constexpr std::size_t shown_readings = 14, shown_changes = 12, shown_name = 120;

std::string spaced(std::string code)
{
    std::ranges::replace(code, '_', ' ');
    return code;
}

std::string words_of_outcome(const std::string& outcome)
{
    if (outcome == "exhausted") return "read to its end";
    if (outcome == "partial") return "read in part";
    if (outcome == "failed") return "could not be read";
    return "not read yet";
}

std::string words_of_kind(const std::string& kind)
{
    if (kind == "changes") return "only what had changed";
    if (kind == "unchanged") return "nothing had changed";
    return "the whole list";
}

// Why a row or a remote was left out, as a person would say it.
std::string words_of_class(const std::string& code)
{
    static const std::map<std::string, std::string> words{
        {"stdio_only", "run on one’s own machine; no address"}, {"url_missing", "no address"}, {"url_malformed", "an address that is none"},
        {"templated", "an address with a gap to be filled in"}, {"scheme", "an address that is not of the web"}, {"userinfo", "a user or password in the address"},
        {"reserved_name", "a name that is reserved for examples or private use"}, {"private_address", "a private address"}, {"superseded", "an older version"},
        {"deleted", "deleted by the registry"}, {"delisted", "no longer listed"}, {"opted_out", "left out at its operator’s request"},
        {"campaign_variant", "another address of a server on the list"}, {"shape", "not shaped as a listing"}, {"name", "no usable name"}, {"same_name", "a name twice"},
        {"same_url", "an address twice"}, {"encoding", "not UTF-8"}, {"no_endpoint", "no address"}, {"not_mcp", "not an MCP server"}};
    const auto it = words.find(code);
    return it == words.end() ? spaced(code) : it->second;
}

std::string words_of_step(const std::string& step)
{
    static const std::map<std::string, std::string> words{
        {"rows", "rows were read"}, {"listings", "were listings"}, {"remotes", "addresses stood in them"}, {"distinct", "of these were different, as written"},
        {"canonical", "after spellings of one address were counted as one"}, {"eligible", "may be probed, so they were on the list"}, {"only_here", "of those are listed in no other registry"}};
    const auto it = words.find(step);
    return it == words.end() ? spaced(step) : it->second;
}

document moment_of(const document& at) { return at.is_string() ? moment(*data::parse_time(at.get<std::string>())) : document(nullptr); }

// "46 % (95 % interval 42 to 50)"
std::string share_words(const document& p)
{
    if (p["share"].is_null()) return "none was measured";
    return p["share"].dump() + " % (95 % interval " + p["low"].dump() + " to " + p["high"].dump() + ")";
}

// Of the list that is in use; a registry that could not be read has an older one.
document reading_view(const document& d)
{
    document v{{"when", moment_of(d["read_at"])}, {"outcome_words", words_of_outcome(d["outcome"].is_string() ? d["outcome"].get<std::string>() : std::string())}};
    const auto url = d["url"].is_string() ? d["url"].get<std::string>() : std::string();
    v["address"] = clean(url, 200);
    v["address_link"] = is_web_link(url) ? url : std::string();
    v["trouble"] = d["problem"].is_null() ? std::string() : clean(d["problem"].get<std::string>(), 300);
    v["rejections"] = document::array();
    if (!d["readings"].empty())
        for (const auto& x : d["readings"][0]["rejections"]) v["rejections"].push_back({{"words_of", words_of_class(x["why"].get<std::string>())}, {"count", x["count"]}});
    v["nights"] = document::array();
    for (const auto& n : d["readings"]) {
        if (v["nights"].size() == shown_readings) break;
        v["nights"].push_back({{"date", n["at"].get<std::string>().substr(0, 10)}, {"how", words_of_outcome(n["outcome"].get<std::string>())}, {"kind", words_of_kind(n["kind"].get<std::string>())},
                               {"unused", !n["used"].get<bool>()}, {"rows", n["rows"]}, {"remotes", n["remotes"]}, {"added", n["added"]}, {"removed", n["removed"]}});
    }
    return v;
}

// A figure of counts beside its CSV; nothing where there is nothing to count.
std::string counted(const page_writer& w, const std::string& path, ranking g, const char* key)
{
    if (g.rows.empty()) return {};
    auto table = document::array();
    for (const auto& row : g.rows) table.push_back({{key, row.label}, {"count", static_cast<std::int64_t>(row.length)}});
    g.data = "figures/" + g.id + ".csv";
    w.file(g.data, csv(table));
    return ranking_html(w.templates(), g, way_to_root(path));
}

ranked_row length_of(std::string label, std::int64_t count) { return {std::move(label), "", "ink", {grouped(count)}, static_cast<double>(count)}; }

std::string funnel_html(const page_writer& w, const std::string& path, const std::string& code, const document& d)
{
    ranking g;
    g.id = "registry-" + code + "-funnel";
    g.head = "Step";
    g.columns = {"Count"};
    g.caption = "What the list came to, step by step";
    g.description = "One bar a step, as long as what was left after it.";
    std::int64_t rows = 0, eligible = 0;
    for (const auto& row : d["funnel"]) {
        const auto count = row["count"].get<std::int64_t>();
        if (row["step"] == "rows") rows = count;
        if (row["step"] == "eligible") eligible = count;
        g.rows.push_back(length_of(words_of_step(row["step"].get<std::string>()), count));
    }
    g.finding = many(rows, "row") + " came to " + many(eligible, "server");
    return counted(w, path, std::move(g), "step");
}

// Buckets that somebody is in, here or on the whole roll.
std::string buckets_html(const page_writer& w, const std::string& path, const std::string& code, const document& d)
{
    ranking g;
    std::int64_t unlike = 0;
    for (const auto& b : d["buckets"]) {
        if (b["ok"] == 0 && b["whole"]["ok"] == 0) continue;
        ranked_row row{b["label"].get<std::string>(), "", b["group"].get<std::string>(), {grouped(b["ok"].get<std::int64_t>())}};
        const auto& whole = b["whole"]["share"];
        const auto of_all = whole.is_number() ? whole.dump() + " %" : std::string("–");
        if (b["share"].is_number()) {
            row.spread = spread{b["share"].get<double>(), b["low"].get<double>(), b["high"].get<double>()};
            if (whole.is_number()) row.spread->tick = whole.get<double>();
            unlike += whole.is_number() && (whole.get<double>() < row.spread->low || whole.get<double>() > row.spread->high);
            row.values.insert(row.values.end(), {b["share"].dump() + " %", b["low"].dump() + "–" + b["high"].dump(), of_all});
        } else {
            row.values.insert(row.values.end(), {"–", "–", of_all});
        }
        g.rows.push_back(std::move(row));
    }
    if (g.rows.empty()) return {};
    g.id = "registry-" + code + "-buckets";
    g.finding = "In " + (unlike == 0 ? std::string("none") : grouped(unlike)) + " of " + many(g.rows.size(), "bucket") + " the share of the whole roll lies outside the interval here";
    g.description = "One row a bucket: a line over the 95 % interval of the share here, a mark at the share, and a black tick at the share of the whole roll.";
    g.caption = "Shares here with their 95 % intervals; the black tick is the whole roll";
    g.head = "Bucket";
    g.columns = {"Here", "Share", "Interval, %", "Whole roll"};
    g.top = top_of(g.rows);
    g.axis = true;
    g.data = "figures/" + g.id + ".csv";
    return ranking_html(w.templates(), g, way_to_root(path));
}

std::string overlap_html(const page_writer& w, const std::string& path, const std::string& code, const document& d)
{
    const auto& registries = w.roll().edition->registries;
    ranking g;
    for (const auto& o : d["overlap"]) {
        const auto it = std::ranges::find(registries, o["registry"].get<std::string>(), &data::registry_row::code);
        auto row = length_of(clean(o["name"].get<std::string>(), shown_name), o["servers"].get<std::int64_t>());
        row.href = it == registries.end() ? std::string() : registry_folder(*it);
        row.foreign = true;
        g.rows.push_back(std::move(row));
    }
    if (g.rows.empty()) return {};
    std::ranges::stable_sort(g.rows, std::greater<>{}, &ranked_row::length);
    const auto n = d["answered"]["n"].get<std::int64_t>();
    g.id = "registry-" + code + "-overlap";
    g.finding = d["only_here"].is_number() ? grouped(d["only_here"].get<std::int64_t>()) + " of its " + many(n, "server") + " " + (n == 1 ? "is" : "are") + " listed nowhere else" : n == 1 ? "Where its server is listed, too" : "Where its " + many(n, "server") + " are listed, too";
    g.description = "One bar a registry, as long as the number of servers that both list.";
    g.caption = "Of its servers, so many are also in";
    g.head = "Registry";
    g.columns = {"In both"};
    return counted(w, path, std::move(g), "registry");
}

// {count, rows, more} of what was listed, or of what went.
document changes_view(const document& d, bool gone)
{
    document v{{"rows", document::array()}};
    std::size_t count = 0;
    for (const auto& c : d["changes"]) {
        const auto what = c["what"].get<std::string>();
        if ((what == "delisted") != gone) continue;
        if (++count > shown_changes) continue;
        v["rows"].push_back({{"date", c["at"].get<std::string>().substr(0, 10)}, {"name", clean(c["name"].get<std::string>(), shown_name)}, {"again", what == "relisted"},
                             {"slug", c["slug"].is_null() ? std::string() : c["slug"].get<std::string>()}});
    }
    v["has_rows"] = count > 0;
    v["count"] = count;
    v["more"] = count > shown_changes ? document(count - shown_changes) : document(nullptr);
    return v;
}

void write_registry(const page_writer& w, const data::registry_row& g)
{
    const auto& r = w.roll();
    const auto folder = registry_folder(g);
    auto d = registry_document(r, g);
    w.file("api/v1/registries/" + g.code + ".json", published(d));
    const auto path = folder + "index.html";
    const auto name = clean(g.name, shown_name);
    const auto ok = d["answered"]["ok"].get<std::int64_t>(), n = d["answered"]["n"].get<std::int64_t>();
    const auto finding = grouped(ok) + " of " + many(n, "server") + " answered";
    document v{{"code", g.code}, {"name", name}, {"servers", n}, {"answered_count", ok}, {"noun", n == 1 ? "server" : "servers"}};
    v["called"] = r.newest ? document{{"when", moment(r.newest->at)}} : document(nullptr);
    v["stale"] = g.stale;
    v["licence"] = clean(g.licence, 200);
    v["attribution"] = clean(g.attribution, 200);
    v["rows"] = g.rows;
    v["accepted"] = g.accepted;
    v["rejected"] = g.rejected;
    v["reading"] = reading_view(d);
    v["has_rejections"] = !v["reading"]["rejections"].empty();
    v["has_nights"] = !v["reading"]["nights"].empty();
    v["funnel"] = funnel_html(w, path, g.code, d);
    v["excluded"] = document::array();
    for (const auto& x : d["excluded"]) v["excluded"].push_back({{"words_of", words_of_class(x["class"].get<std::string>())}, {"count", x["count"]}});
    v["has_excluded"] = !v["excluded"].empty();
    v["figure"] = n == 0 ? std::string() : published_figure(w, states_figure("registry-" + g.code + "-states", finding, d["states"], ""), path);
    v["shares"] = r.newest && n > 0 ? document{{"here_words", share_words(d["answered"])}, {"whole_words", share_words(registries_document(r)["answered"])}} : document(nullptr);
    v["buckets"] = n == 0 ? std::string() : buckets_html(w, path, g.code, d);
    v["overlap"] = overlap_html(w, path, g.code, d);
    v["came"] = changes_view(d, false);
    v["gone"] = changes_view(d, true);
    v["list"] = n == 0 ? std::string() : "servers/by/registry/" + g.code + "/";
    auto table = document::array();
    for (const auto& b : d["buckets"])
        table.push_back({{"bucket", b["bucket"]}, {"count", b["ok"]}, {"of", b["n"]}, {"share", b["share"]}, {"low", b["low"]}, {"high", b["high"]}, {"whole_count", b["whole"]["ok"]}, {"whole_of", b["whole"]["n"]}});
    w.file("figures/registry-" + g.code + "-buckets.csv", csv(table));
    w.page({path, clean(g.name, 60), "The registry " + clean(g.name, 80) + ": how it was read, and what became of the servers that it lists.", "registries"}, "registry.html", std::move(v));
}

document row_view(const document& row, const data::registry_row& g)
{
    const auto servers = row["servers"].get<std::int64_t>();
    const auto ok = row["answered"]["ok"].get<std::int64_t>();
    return {{"name", clean(g.name, shown_name)}, {"folder", registry_folder(g)}, {"servers", servers}, {"answered_count", ok}, {"only_here", row["only_here"].is_null() ? document("–") : row["only_here"]},
            {"interval", row["answered"]["share"].is_number() ? document{{"from", place(row["answered"]["low"].get<double>())}, {"to", place(row["answered"]["high"].get<double>())}, {"at", place(row["answered"]["share"].get<double>())}} : document(nullptr)},
            {"when", moment_of(row["read_at"])}, {"outcome_words", words_of_outcome(g.outcome)}, {"stale", g.stale}, {"rows", g.rows}, {"rejected", g.rejected}};
}

}  // namespace

void write_registries(const page_writer& w)
{
    const auto& r = w.roll();
    const auto all = registries_document(r);
    w.file("api/v1/registries.json", published(all));
    const auto& registries = r.edition->registries;
    document d{{"count", registries.size()}, {"total", r.entries.size()}, {"registries", document::array()}};
    d["any"] = !registries.empty();
    d["noun"] = registries.size() == 1 ? "registry" : "registries";
    d["called"] = r.newest ? document{{"when", moment(r.newest->at)}} : document(nullptr);
    for (std::size_t i = 0; i < registries.size(); ++i) d["registries"].push_back(row_view(all["registries"][i], registries[i]));
    ranking times;
    std::int64_t once = 0, listed = 0;
    for (const auto& t : all["listed_times"]) {
        const auto in = t["registries"].get<std::string>();
        const auto servers = t["servers"].get<std::int64_t>();
        times.rows.push_back(length_of("in " + in + (in == "1" ? " registry" : " registries"), servers));
        listed += servers;
        if (in == "1") once += servers;
    }
    if (times.rows.size() < 2) times.rows.clear();
    times.id = "listed-times";
    times.finding = grouped(once) + " of " + many(listed, "server") + " stood in one registry alone";
    times.description = "One bar for each number of registries, as long as the number of servers that stood in so many.";
    times.caption = "Servers by the number of registries that list them";
    times.head = "Listed";
    times.columns = {"Servers"};
    d["times"] = counted(w, "registries/index.html", std::move(times), "listed");
    auto table = document::array();
    for (const auto& row : all["registries"])
        table.push_back({{"registry", row["registry"]}, {"rows", row["rows"]}, {"accepted", row["accepted"]}, {"rejected", row["rejected"]}, {"servers", row["servers"]}, {"answered", row["answered"]["ok"]}, {"only_here", row["only_here"]}});
    w.file("figures/registries.csv", csv(table));
    for (const auto& g : registries)
        if (!registry_folder(g).empty()) write_registry(w, g);
    w.page({"registries/index.html", "Registries", "Which registries are read, how completely, and what became of the servers that they list.", "registries"}, "registries.html", std::move(d));
}

}  // namespace rollcall::render
