#include "render/documents/documents.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/golden.hpp"
#include "tests/render/support/sample.hpp"

#include <zlib.h>

#include <algorithm>
#include <regex>
#include <set>

namespace rollcall::render::tests {
namespace {

using tree = std::map<std::string, std::string>;

std::size_t gzipped(const std::string& bytes)
{
    auto size = compressBound(static_cast<uLong>(bytes.size()));
    std::vector<Bytef> out(size);
    REQUIRE(compress2(out.data(), &size, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()), 6) == Z_OK);
    return size + 12;  // the frame of gzip is that much longer
}

// The values of an attribute, as written.
std::vector<std::string> attributes(const std::string& html, const std::string& name)
{
    std::vector<std::string> out;
    const auto mark = " " + name + "=\"";
    for (auto at = html.find(mark); at != std::string::npos; at = html.find(mark, at)) {
        at += mark.size();
        out.push_back(html.substr(at, html.find('"', at) - at));
    }
    return out;
}

// Where a relative link of `page` leads: the file that a web server would send.
std::string resolved(const std::string& page, std::string link)
{
    link = link.substr(0, link.find('#'));
    std::vector<std::string> parts;
    const auto split = [&](const std::string& path) {
        for (std::size_t from = 0; from <= path.size();) {
            const auto to = std::min(path.find('/', from), path.size());
            const auto segment = path.substr(from, to - from);
            if (segment == "..") {
                if (parts.empty()) parts.push_back("above the root");
                else parts.pop_back();
            } else if (!segment.empty() && segment != ".") {
                parts.push_back(segment);
            }
            from = to + 1;
        }
    };
    split(page.substr(0, page.rfind('/') == std::string::npos ? 0 : page.rfind('/')));
    split(link);
    std::string out;
    for (const auto& p : parts) out += (out.empty() ? "" : "/") + p;
    if (link.empty() || link.ends_with('/') || link == "." || link.ends_with("..")) out += out.empty() ? "index.html" : "/index.html";
    return out;
}

bool is_page(const std::string& path) { return path.ends_with(".html"); }

const tree& sample()
{
    static const tree site = rendered(sample_edition());
    return site;
}

}  // namespace

TEST_CASE("the same edition makes the same bytes", "[site]") { CHECK(rendered(sample_edition()) == sample()); }

TEST_CASE("every kind of edition renders: a first night, three regions, nothing at all", "[site]")
{
    CHECK(rendered(first_night()).size() > 200);
    CHECK(rendered(three_regions()).size() > 200);
    data::edition empty;
    empty.site_name = "Rollcall";
    const auto site = rendered(empty);
    CHECK(site.at("index.html").find("The roll has not been called") != std::string::npos);
    CHECK(site.contains("api/v1/summary.json"));
}

TEST_CASE("a change of one endpoint's state rewrites only files that mention it", "[site]")
{
    auto e = sample_edition();
    auto& changed = e.endpoints[20];
    REQUIRE(changed.state == data::state::up);
    changed.state = data::state::down;
    changed.why = data::reason::tcp_refused;
    changed.nights.back() = {changed.nights.back().round, data::state::down, false, true, data::reason::tcp_refused};
    changed.streak = 1;
    const auto after = rendered(e);
    const std::set<std::string> figures{"index.html", "api/v1/summary.json", "figures/states.csv", "figures/reasons.csv", "figures/trend.csv", "platforms/index.html", "api/v1/platforms.json", "search/nights.json"};
    int files = 0;
    for (const auto& [path, bytes] : after) {
        const auto it = sample().find(path);
        if (it != sample().end() && it->second == bytes) continue;
        ++files;
        INFO(path);
        const bool list = path.starts_with("servers/") && (path == "servers/index.html" || path.starts_with("servers/by/"));
        const bool registry = path.find("registr") != std::string::npos || path.starts_with("figures/platform-");  // they count what their servers did
        CHECK((path.find(changed.slug) != std::string::npos || figures.contains(path) || list || registry || bytes.find(changed.slug) != std::string::npos));
    }
    CHECK(files > 8);
    CHECK(files < 120);  // every list says how many stand on the others
}

TEST_CASE("every relative link leads to a file of the site, at a root and at a sub-path", "[site]")
{
    for (const auto& [path, html] : sample()) {
        if (!is_page(path) || path == "404.html") continue;
        for (const char* name : {"href", "src"})
            for (const auto& link : attributes(html, name)) {
                if (link.starts_with("https://") || link.starts_with("mailto:") || link.starts_with("#")) continue;
                INFO(path << " -> " << link);
                CHECK_FALSE(link.starts_with("/"));
                CHECK(sample().contains(resolved(path, link)));
            }
    }
    const auto below = rendered(first_night(), "https://example.org/status/");
    CHECK(below.at("404.html").find("href=\"/status/servers/\"") != std::string::npos);
    CHECK(below.at("index.html") == rendered(first_night(), "https://other.example/").at("index.html"));
}

TEST_CASE("hostile names stay text on pages, in badges and in XML", "[site]")
{
    const auto raw = std::string(hostile_name);
    for (const auto& [path, bytes] : sample()) {
        if (!is_page(path) && !path.ends_with(".svg") && !path.ends_with(".xml")) continue;
        INFO(path);
        CHECK(bytes.find("<script>") == std::string::npos);
        CHECK(bytes.find("\xE2\x80\xAE") == std::string::npos);
        CHECK(bytes.find('\x01') == std::string::npos);
        CHECK(bytes.find("javascript:") == std::string::npos);
        CHECK(bytes.find("onmouseover=alert") == std::string::npos);
        CHECK(bytes.find("</pre>&lt;") == std::string::npos);
    }
    const auto& page = sample().at("servers/api.birdsong.example/mcp/index.html");
    CHECK(page.find("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\xEF\xBF\xBDgnp.exe \xEF\xBF\xBD {{state}}</bdi>") != std::string::npos);
    // Documents stay faithful.
    CHECK(document::parse(sample().at("api/v1/servers/api.birdsong.example/mcp.json")).at("name") == raw);
}

TEST_CASE("pages carry a policy without inline script or style, and keep to it", "[site]")
{
    for (const auto& [path, html] : sample()) {
        if (!is_page(path)) continue;
        INFO(path);
        CHECK(html.starts_with("<!DOCTYPE html>"));
        CHECK(html.find("default-src 'none'; style-src 'self'; script-src 'self'") != std::string::npos);
        CHECK(html.find("unsafe") == std::string::npos);
        CHECK(html.find("<style") == std::string::npos);
        CHECK(html.find(" style=\"") == std::string::npos);
        CHECK(html.find("href=\"#\"") == std::string::npos);
        CHECK(html.find("{{#") == std::string::npos);
    }
}

TEST_CASE("no id stands twice on a page, and every image and figure has words", "[site]")
{
    for (const auto& [path, html] : sample()) {
        if (!is_page(path)) continue;
        std::set<std::string> ids;
        for (const auto& id : attributes(html, "id")) {
            INFO(path << " #" << id);
            CHECK(ids.insert(id).second);
        }
        for (auto at = html.find("<svg"); at != std::string::npos; at = html.find("<svg", at + 1)) {
            const auto tag = html.substr(at, html.find('>', at) - at);
            INFO(path << ": " << tag);
            CHECK((tag.find("aria-hidden=\"true\"") != std::string::npos || tag.find("aria-label") != std::string::npos));
        }
    }
}

TEST_CASE("pages are small", "[site]")
{
    for (const auto& [path, html] : sample()) {
        if (!is_page(path)) continue;
        INFO(path);
        CHECK(gzipped(html) <= (path.starts_with("reports/") ? 80u : 20u) * 1024);
    }
    CHECK(gzipped(sample().at("assets/rollcall.css")) + gzipped(sample().at("assets/rollcall.js")) <= 15u * 1024);
}

TEST_CASE("a list has pages of 100 rows", "[site]")
{
    auto e = first_night();
    const auto pattern = e.endpoints[5];
    e.endpoints.clear();
    for (int i = 0; i < 205; ++i) {
        e.endpoints.push_back(pattern);
        e.endpoints.back().slug = "host" + std::to_string(1000 + i) + ".example/mcp";
    }
    const auto site = rendered(e);
    const auto rows = [&](const std::string& path) { return attributes(site.at(path), "scope").size() - 6; };
    CHECK(rows("servers/index.html") == 100);
    CHECK(rows("servers/by/page/2/index.html") == 100);
    CHECK(rows("servers/by/page/3/index.html") == 5);
    CHECK_FALSE(site.contains("servers/by/page/4/index.html"));
    CHECK(gzipped(site.at("servers/index.html")) <= 20u * 1024);
}

TEST_CASE("the page of a server behind a login shows its ladder, the missing rung and what to do about it", "[site]")
{
    const auto& opaque = sample().at("servers/mcp.inkwell.example/mcp/index.html");
    CHECK(opaque.find("Protected-resource metadata <span class=\"why\">missing: <bdi>path: HTTP 404</bdi>") != std::string::npos);
    CHECK(opaque.find("Publish protected-resource metadata (RFC 9728)") != std::string::npos);
    CHECK(opaque.find("not reached") != std::string::npos);
    const auto& gated = sample().at("servers/filing.example/mcp/index.html");
    CHECK(gated.find("a client finds everything it needs") != std::string::npos);
    CHECK(gated.find("missing") == std::string::npos);
    const auto& open = sample().at("servers/lexicon.example/mcp/index.html");
    CHECK(open.find("class=\"ladder\"") == std::string::npos);
}

TEST_CASE("what an owner registered and how tools changed stand on the page of the server", "[site]")
{
    const auto& page = sample().at("servers/mcp.meridian.example/mcp/index.html");
    for (const char* words : {"with its owner’s credential", "Looked after by the observatory.", "Test call <span class=\"why\">failed, 212 ms: <bdi>the tool answered with an error", "credential had 40 hours left",
                              "postgres is degraded (pool exhausted)", "now requires <code>zone</code>", "2 breaking, 1 additive, 1 wording", "to be read by a person"})
        CHECK(page.find(words) != std::string::npos);
    CHECK(sample().at("servers/lexicon.example/mcp/index.html").find("With its owner") == std::string::npos);
}

TEST_CASE("words beside a named server do not judge", "[site]")
{
    const std::regex words("\\b(dead|broken|abandoned)\\b", std::regex::icase);
    for (const auto& [path, html] : sample()) {
        if (!is_page(path) || !path.starts_with("servers/")) continue;
        auto text = std::regex_replace(html, std::regex("(href|class)=\"[^\"]*\""), "");
        INFO(path);
        CHECK_FALSE(std::regex_search(text, words));
    }
}

TEST_CASE("page, badge and document say the same", "[site]")
{
    const auto all = document::parse(sample().at("api/v1/servers.json"));
    for (const auto& row : all.at("servers")) {
        const auto slug = row.at("slug").get<std::string>();
        INFO(slug);
        const auto one = document::parse(sample().at("api/v1/servers/" + slug + ".json"));
        for (const auto& [key, value] : row.items()) CHECK(one.at(key) == value);
        CHECK(sample().at("servers/" + slug + "/index.html").find("verdict v-" + row.at("state").get<std::string>()) != std::string::npos);
        const auto message = document::parse(sample().at("badge/" + slug + ".json")).at("message").get<std::string>();
        CHECK(message.starts_with(row.at("state").get<std::string>()));
        CHECK(sample().at("badge/" + slug + ".svg").find(">" + message + "<") != std::string::npos);
        CHECK(sample().contains("api/v1/history/" + slug + ".json"));
    }
}

TEST_CASE("every document names its schema, which lists exactly its members", "[site]")
{
    int documents = 0;
    for (const auto& [path, bytes] : sample()) {
        if (!path.starts_with("api/v1/") || path.starts_with("api/v1/schemas/")) continue;
        ++documents;
        INFO(path);
        const auto d = document::parse(bytes);
        const auto url = d.at("schema").get<std::string>();
        REQUIRE(url.starts_with("https://status.example.org/"));
        const auto schema = document::parse(sample().at(url.substr(27)));
        std::set<std::string> has, named;
        for (const auto& [key, value] : d.items()) has.insert(key);
        for (const auto& [key, value] : schema.at("properties").items()) named.insert(key);
        CHECK(has == named);
    }
    CHECK(documents > 120);
}

TEST_CASE("golden documents", "[site]")
{
    check_golden("summary.json", sample().at("api/v1/summary.json"));
    check_golden("server.json", sample().at("api/v1/servers/mcp.kiln.example/mcp.json"));
}

}  // namespace rollcall::render::tests
