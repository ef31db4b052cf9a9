// The pages and documents of registries.
#include "render/documents/registries.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/part.hpp"
#include "tests/render/support/sample.hpp"

#include <algorithm>

namespace rollcall::render::tests {
namespace {

const std::map<std::string, std::string>& sample()
{
    static const auto site = part_of(sample_edition(), write_registries);
    return site;
}

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("a registry's page tells how it was read, what its list came to, and where else its servers are listed", "[registries]")
{
    const auto& page = sample().at("registries/official/index.html");
    for (const char* words : {"read to its end: 240 rows, 221 accepted, 19 rejected", "<bdi>MIT</bdi>", "<bdi>registry.example</bdi>", "<b>14</b> not an MCP server", "<b>5</b> a name twice", "rows were read",
                              "<b>113</b> run on one’s own machine; no address", "57 of its 60 servers are listed nowhere else", "<a href=\"../../registries/own/\"><bdi>Our own servers</bdi></a></th><td class=\"n\" data-label=\"In both\">3</td>",
                              "<a href=\"../../servers/mcp.almanac.example/mcp/\"><bdi>example/mcp.almanac.example</bdi></a>", "listed again", "only what had changed"}) {
        INFO(words);
        CHECK(has(page, words));
    }
    // The same pair from its other side.
    const auto& other = sample().at("registries/own/index.html");
    CHECK(has(other, "<bdi>Official MCP Registry</bdi></a></th><td class=\"n\" data-label=\"In both\">3</td>"));
    CHECK(has(other, "an earlier list was called"));
    CHECK(has(other, "a file, line 7: not a URL: &quot;&lt;b&gt;&quot;"));
    CHECK_FALSE(has(other, "/home/"));
    CHECK(has(other, "could not be read"));
}

TEST_CASE("a registry's address is a link only where it is one of the web", "[registries]")
{
    CHECK(has(sample().at("registries/official/index.html"), "href=\"https://registry.example/\""));
    CHECK_FALSE(has(sample().at("registries/own/index.html"), "href=\"servers.txt\""));
    auto e = sample_edition();
    e.registries[1].url = "javascript:alert(1)";
    CHECK_FALSE(has(part_of(e, write_registries).at("registries/own/index.html"), "href=\"javascript:"));
}

TEST_CASE("the shares of a registry stand beside those of the whole roll, and neither counts what was not measured", "[registries]")
{
    const auto e = sample_edition();
    const auto r = call_roll(e, "https://status.example.org/");
    const auto d = registry_document(r, e.registries[0]);
    std::int64_t here = 0, whole = 0;
    for (const auto& b : d["buckets"]) {
        here += b["ok"].get<std::int64_t>();
        whole += b["whole"]["ok"].get<std::int64_t>();
        CHECK(b["bucket"] != "unmeasured");
        CHECK((b["low"] <= b["share"] && b["share"] <= b["high"]));
    }
    CHECK(here == d["buckets"][0]["n"]);
    CHECK(whole == d["buckets"][0]["whole"]["n"]);
    const auto states = d["states"];
    std::int64_t all = 0;
    for (const auto& [state, count] : states.items()) all += count.get<std::int64_t>();
    CHECK(all == d["servers"]);
}

TEST_CASE("a registry without a server on the roll, and one whose name is no folder", "[registries]")
{
    auto e = first_night();
    e.registries.push_back({"empty", "Empty", "https://empty.example/", "", 0, 0, 0, "", {}, false, ""});
    e.registries.push_back({"../../x", "Strange", "https://x.example/", "", 0, 0, 0, "", {}, false, ""});
    const auto site = part_of(e, write_registries);
    CHECK(has(site.at("registries/empty/index.html"), "None of its servers is on the roll."));
    CHECK(has(site.at("registries/empty/index.html"), "not read yet"));
    CHECK(has(site.at("registries/index.html"), "<bdi>Strange</bdi>"));
    CHECK(std::ranges::none_of(site, [](const auto& file) { return file.first.find("..") != std::string::npos; }));
    CHECK(document::parse(site.at("api/v1/registries.json"))["registries"][3]["page"].is_null());
}

TEST_CASE("every figure of a registry's page has its CSV", "[registries]")
{
    CHECK(sample().at("figures/registry-official-states.csv").starts_with("label,count,share\r\n"));
    CHECK(sample().at("figures/registry-official-buckets.csv").starts_with("bucket,count,of,share,low,high,whole_count,whole_of\r\n"));
    CHECK(sample().at("figures/registries.csv").starts_with("registry,rows,accepted,rejected,servers,answered,only_here\r\nofficial,240,221,19,60,"));
}

}  // namespace rollcall::render::tests
