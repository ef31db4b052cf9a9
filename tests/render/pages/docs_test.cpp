// The documentation: anchors, the table of documents, and what stands in places that others agreed upon.
#include "render/pages/docs.hpp"
#include "render/pages/reference.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/part.hpp"
#include "tests/render/support/sample.hpp"

#include "data/model/reason.hpp"
#include "data/model/verdict.hpp"

#include <regex>
#include <set>

namespace rollcall::render::tests {
namespace {

const std::map<std::string, std::string>& sample()
{
    static const auto site = rendered(sample_edition());
    return site;
}

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

// The text of code blocks, entities undone.
std::string code_of(const std::string& html)
{
    static const std::regex block("<pre><code[^>]*>([^]*?)</code></pre>");
    std::string out;
    for (std::sregex_iterator it(html.begin(), html.end(), block), end; it != end; ++it) out += (*it)[1].str() + "\n";
    for (const auto& [entity, plain] : {std::pair{"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) out = std::regex_replace(out, std::regex(entity), plain);
    return out;
}

}  // namespace

TEST_CASE("headings get anchors that differ", "[docs]")
{
    std::string html = "<h2>What never changes</h2><p>x</p><h2><em>Fresh</em> &amp; until</h2><h3>What never changes</h3><h2>\u00e4\u00f6</h2><hr />";
    const auto all = anchor_headings(html);
    REQUIRE(all.size() == 4);
    CHECK(all[0].id == "what-never-changes");
    CHECK(all[1].id == "fresh-until");
    CHECK(all[1].text == "Fresh & until");
    CHECK(all[2].id == "what-never-changes-2");
    CHECK(all[2].level == 3);
    CHECK(all[3].id == "part");
    CHECK(has(html, "<h3 id=\"what-never-changes-2\">What never changes</h3>"));
    CHECK(has(html, "<hr />"));
}

TEST_CASE("the API page has every kind of document that is published, each with its schema and an example that exists", "[docs]")
{
    std::set<std::string> published, told;
    for (const auto& [path, bytes] : sample())
        if ((path.starts_with("api/v1/") && !path.starts_with("api/v1/schemas/")) || path.starts_with("search/")) {
            const auto url = document::parse(bytes).at("schema").get<std::string>();
            published.insert(url.substr(url.rfind('/') + 1));
        }
    for (const auto& row : api_rows()) {
        INFO(row.path);
        told.insert(row.schema + ".json");
        CHECK(sample().contains("api/v1/schemas/" + row.schema + ".json"));
    }
    CHECK(told == published);
    const auto& page = sample().at("docs/api/index.html");
    for (const auto& row : api_rows()) CHECK(has(page, "<code>" + row.path + "</code>"));
}

TEST_CASE("each address in a code block of the docs is a file of this site", "[docs]")
{
    const std::string base = "https://status.example.org/";
    static const std::regex url("https://status\\.example\\.org/[^\\s'\"|)]*");
    int found = 0;
    for (const char* path : {"docs/api/index.html", "docs/ci/index.html"}) {
        const auto code = code_of(sample().at(path));
        for (std::sregex_iterator it(code.begin(), code.end(), url), end; it != end; ++it) {
            INFO(it->str());
            ++found;
            CHECK(sample().contains(it->str().substr(base.size())));
        }
    }
    CHECK(found >= 5);
}

TEST_CASE("the method has an anchor for every reason, bucket and state", "[docs]")
{
    const auto& page = sample().at("docs/method/index.html");
    for (const auto& row : data::all_reasons()) CHECK(has(page, "id=\"reason-" + std::string(row.code) + "\""));
    for (const auto& row : data::all_buckets()) CHECK(has(page, "id=\"bucket-" + std::string(row.code) + "\""));
    for (const auto& row : data::all_states()) CHECK(has(page, "id=\"state-" + std::string(row.code) + "\""));
    for (const char* id : {"rules", "incidents", "changes", "regions", "credentials", "warnings"}) {
        CHECK(has(page, "id=\"" + std::string(id) + "\""));
        CHECK(has(page, "href=\"#" + std::string(id) + "\""));
    }
}

TEST_CASE("every document can be reached from the foot of every page", "[docs]")
{
    const auto& page = sample().at("servers/lexicon.example/mcp/index.html");
    for (const char* folder : {"docs/", "docs/method/", "docs/api/", "docs/ci/", "docs/probed/", "badges/"}) CHECK(has(page, "href=\"../../../" + std::string(folder) + "\""));
    const auto& index = sample().at("docs/index.html");
    for (const auto& p : doc_pages()) CHECK(has(index, "href=\"../" + std::string(p.folder) + "\""));
}

TEST_CASE("operators of probed servers are told our manners as they are configured", "[docs]")
{
    const auto& page = sample().at("docs/probed/index.html");
    for (const char* words : {"run by <bdi>The Observatory</bdi>", "Rollcall/0.1.0 (+https://status.example.org/docs/probed/)", "At most 2 requests a second and 4 connections at once to one site",
                              "tried 1 more time, no sooner than 30 seconds later", "A probe ends after 30 seconds", "for 30 days", "mailto:probe@status.example.org"})
        CHECK(has(page, words));
    // A store of an earlier program says less, and so does the page.
    auto e = first_night();
    e.settings.clear();
    const auto less = part_of(e, write_hand_written).at("docs/probed/index.html");
    CHECK_FALSE(has(less, "requests a second"));
    CHECK(has(less, "A <code>Retry-After</code> is obeyed."));
}

TEST_CASE("probing.txt and security.txt end after the round, not after today, and want somebody to write to", "[docs]")
{
    for (const char* file : {".well-known/probing.txt", ".well-known/security.txt"}) {
        INFO(file);
        const auto& text = sample().at(file);
        CHECK(has(text, "Expires: 2027-05-20T02:30:00Z\n"));
        CHECK(has(text, "Contact: mailto:probe@status.example.org\n"));
        CHECK(has(text, "Canonical: https://status.example.org/" + std::string(file) + "\n"));
    }
    auto e = first_night();
    e.contact.clear();
    CHECK_FALSE(part_of(e, write_well_known).contains(".well-known/security.txt"));
}

TEST_CASE("a map of the site that is too big for one file is split, and loses nothing", "[docs]")
{
    const auto e = first_night();
    const auto r = call_roll(e, "https://status.example.org/");
    const template_set t(std::filesystem::path(ROLLCALL_SOURCE_DIR) / "templates");
    std::map<std::string, std::string> files;
    const sink put = [&](const std::string& path, std::string bytes) { files[path] = std::move(bytes); };
    const page_writer w(r, t, put);
    std::vector<std::string> urls;
    for (int i = 0; i < 25; ++i) urls.push_back("https://status.example.org/servers/s" + std::to_string(i) + "/");
    struct row { const char* name; sitemap_limits most; std::size_t parts; };
    for (const auto& row : {row{"all in one", {}, 1}, row{"by number", {10, 1u << 20}, 3}, row{"by size", {1000, 1000}, 9}})
        DYNAMIC_SECTION(row.name)
        {
            files.clear();
            write_sitemap(w, urls, row.most);
            CHECK(files.size() == (row.parts == 1 ? 1 : row.parts + 1));
            CHECK(has(files["sitemap.xml"], row.parts == 1 ? "<urlset" : "<sitemapindex"));
            std::size_t found = 0;
            for (const auto& [path, bytes] : files)
                for (const auto& url : urls) found += has(bytes, "<loc>" + url + "</loc>");
            CHECK(found == urls.size());
        }
}

TEST_CASE("the page for lost ways leads on from any depth", "[docs]")
{
    const auto site = rendered(first_night(), "https://example.org/status/");
    const auto& page = site.at("404.html");
    for (const char* folder : {"servers/", "incidents/", "drift/", "registries/", "regions/", "docs/"}) CHECK(has(page, "href=\"/status/" + std::string(folder) + "\""));
    CHECK(has(page, "action=\"/status/"));
}

}  // namespace rollcall::render::tests
