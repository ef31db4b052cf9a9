#include "render/pages/docs.hpp"

#include "render/pages/writer.hpp"
#include "render/search/tools.hpp"
#include "render/templating/markdown.hpp"

#include <algorithm>
#include <map>

namespace rollcall::render {
namespace {

// "<em>Fresh</em> &amp; until" -> "Fresh & until"
std::string plain(std::string_view html)
{
    static constexpr std::pair<std::string_view, char> entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};
    std::string out;
    for (std::size_t i = 0; i < html.size(); ++i) {
        if (html[i] == '<') {
            i = std::min(html.find('>', i), html.size());
            continue;
        }
        const auto* e = std::ranges::find_if(entities, [&](const auto& pair) { return html.substr(i).starts_with(pair.first); });
        if (e == std::end(entities)) out += html[i];
        else {
            out += e->second;
            i += e->first.size() - 1;
        }
    }
    return out;
}

std::string anchor_of(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
        else if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
        else if (!out.empty() && out.back() != '-') out += '-';
    }
    while (out.ends_with('-')) out.pop_back();
    return out.empty() ? "part" : out;
}

// The server that examples are about, and a path below the root for each kind of document.
std::string example_of(const roll& r, const std::string& path)
{
    const auto& e = *r.edition;
    const auto with = [&](const std::string& what, const std::string& value) {
        auto out = path;
        return value.empty() ? std::string() : out.replace(out.find(what), what.size(), value);
    };
    if (path.find("SLUG") != std::string::npos) return with("SLUG", r.entries.empty() ? std::string() : r.entries.front().row->slug);
    if (path.find("REGISTRY") != std::string::npos) return with("REGISTRY", e.registries.empty() ? std::string() : e.registries.front().code);
    if (path.find("REGION") != std::string::npos) return with("REGION", e.regions.empty() ? std::string() : e.regions.front().code);
    if (path.find("SHARD") != std::string::npos) {
        const auto shards = tool_shards(r);
        return with("SHARD", shards.empty() ? std::string() : shards.begin()->first);
    }
    if (path.find("INCIDENT") != std::string::npos) return with("INCIDENT", e.incidents.empty() ? std::string() : e.incidents.front().code);
    return path;
}

// Markdown is filled as plain text: what stands in code must not be escaped as prose. Its values are our own and the
// operator's, and cmark drops HTML whoever wrote it.
void write_doc(const page_writer& w, const doc_page& p, const std::string& source, document values)
{
    const auto path = std::string(p.folder) + "index.html";
    const auto& r = w.roll();
    values["root"] = way_to_root(path);
    values["base"] = r.base_url;
    values["slug"] = r.entries.empty() ? std::string("mcp.example.com/mcp") : r.entries.front().row->slug;
    auto html = markdown_to_html(w.templates().render(source, values));
    document d{{"heading", p.title}, {"sub", std::string_view(p.folder) != "docs/"}, {"contents", document::array()}};
    for (const auto& h : anchor_headings(html))
        if (h.level == 2) d["contents"].push_back({{"id", h.id}, {"text", h.text}});
    d["has_contents"] = d["sub"] == true && d["contents"].size() > 2;
    d["body"] = std::move(html);
    w.page({path, p.title, p.description, "docs"}, "docs.html", std::move(d));
}

}  // namespace

const std::vector<doc_page>& doc_pages()
{
    static const std::vector<doc_page> all{
        {"docs/method/", "Method", "How the roll is called, and what every word on these pages means: states, buckets, reasons, incidents, changes."},
        {"docs/api/", "API", "Every document with its schema, what its members mean, caching, and what never changes."},
        {"docs/ci/", "Recipes for CI", "Look at a server before a merge: our program, curl and jq, a job in GitHub Actions."},
        {"badges/", "Badges", "A badge for a README that says what the last roll call saw."},
        {"docs/probed/", "We probed you", "Who we are, why our requests are in your log, and how to be left out."},
    };
    return all;
}

const std::vector<api_row>& api_rows()
{
    static const std::vector<api_row> all{
        {"api/v1/summary.json", "summary", "Summary", "The figures of the overview: states, buckets, trend, what changed, registries, regions."},
        {"api/v1/servers.json", "servers", "All servers", "One short row a server."},
        {"api/v1/servers/SLUG.json", "server", "One server", "Everything about one server but its nights: what each region saw, times, tools, changes, login, certificate, listings."},
        {"api/v1/history/SLUG.json", "history", "Nights of one server", "At most 90 nights, oldest first; a date without a row was missed."},
        {"api/v1/registries.json", "registries", "Registries", "What was read of each, and how many of its servers answered."},
        {"api/v1/registries/REGISTRY.json", "registry", "One registry", "Readings, the way from rows to servers, buckets beside the whole roll, overlap, what came and went."},
        {"api/v1/regions.json", "regions", "Regions", "Where is probed from, what each place saw, and whether it was believed."},
        {"api/v1/regions/REGION.json", "region", "One region", "The same with times of each step, and the servers that were silent only from there."},
        {"api/v1/platforms.json", "platforms", "Platforms", "Where servers of several owners live together."},
        {"api/v1/incidents.json", "incidents", "Incidents", "Runs of roll calls at which servers did not answer, newest first."},
        {"api/v1/incidents/INCIDENT.json", "incident", "One incident", "With its members and what changed from night to night."},
        {"api/v1/drift.json", "drift", "Changes of tools", "Confirmed changes, newest first; each single change stands in the document of its server."},
        {"search/servers.json", "search", "What is searched", "The whole roll as columns, a place a server in each: what the field above the lists looks in, and the smallest document that names all servers. It may gain columns, and its marks are words for people."},
        {"search/nights.json", "search-nights", "Nights of all servers", "A string a server in the order of the columns, a digit a night: the state’s place in `states`, `-` where no roll was called."},
        {"search/tools/SHARD.json", "search-tools", "Names of tools", "Which servers offer a tool of a name. A shard has the names with one beginning; `tool_shards` of `search/servers.json` lists them, and `roll` tells whether both are of the same night."},
    };
    return all;
}

std::vector<heading> anchor_headings(std::string& html)
{
    std::vector<heading> out;
    std::map<std::string, int> taken;
    for (auto at = html.find("<h"); at != std::string::npos; at = html.find("<h", at + 1)) {
        if (at + 4 > html.size() || html[at + 2] < '1' || html[at + 2] > '6' || html[at + 3] != '>') continue;
        const auto end = html.find("</h", at);
        if (end == std::string::npos) break;
        auto text = plain(std::string_view(html).substr(at + 4, end - at - 4));
        auto id = anchor_of(text);
        if (const auto n = ++taken[id]; n > 1) id += "-" + std::to_string(n);
        out.push_back({html[at + 2] - '0', id, std::move(text)});
        html.insert(at + 3, " id=\"" + id + "\"");
    }
    return out;
}

void write_docs(const page_writer& w)
{
    const auto& r = w.roll();
    document index{{"pages", document::array()}};
    for (const auto& p : doc_pages()) index["pages"].push_back({{"folder", p.folder}, {"title", p.title}, {"description", p.description}});
    write_doc(w, {"docs/", "Docs", "How the roll is called, what the words mean, and how to use the figures elsewhere."}, "docs/index.md.txt", std::move(index));
    document api{{"documents", document::array()}};
    for (const auto& row : api_rows())
        api["documents"].push_back({{"path", row.path}, {"schema", row.schema}, {"title", row.title}, {"what", row.what}, {"example", r.newest ? example_of(r, row.path) : std::string()}});
    write_doc(w, doc_pages()[1], "docs/api.md.txt", std::move(api));
    write_doc(w, doc_pages()[2], "docs/ci.md.txt", document::object());
}

}  // namespace rollcall::render
