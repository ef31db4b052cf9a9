#include "audit/url/url.hpp"
#include "tests/audit/url/table.hpp"
#include "tests/catch.hpp"

#include <map>
#include <random>

namespace {

using namespace rollcall::audit;
using rollcall::tests::listed_urls;

// What a directory of the published site may be called, whatever the address was.
void check_form(const std::string& slug)
{
    CHECK(slug.find("..") == std::string::npos);
    CHECK(slug.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~-/") == std::string::npos);
    std::size_t segments = 0;
    for (std::size_t at = 0; at <= slug.size(); ++segments) {
        const std::size_t end = std::min(slug.find('/', at), slug.size());
        const std::string segment = slug.substr(at, end - at);
        CHECK_FALSE(segment.empty());
        CHECK_FALSE(segment.starts_with('.'));
        CHECK(segment.size() <= 80 + 1 + 16);
        for (const char* ending : {".svg", ".json", ".xml", ".html"}) CHECK_FALSE(segment.ends_with(ending));
        at = end + 1;
    }
    CHECK(segments <= 17);
}

// Pieces that meet one another's rules, put together by chance (a fixed seed: the same on every run).
std::string made_up_url(std::mt19937& random)
{
    static const std::string_view schemes[] = {"https://", "https://", "https://", "http://"};
    static const std::string_view hosts[] = {"a.vendor.com", "vendor.com", "a_1.vendor.com", "[2606:4700::1]", "1.1.1.1", "by", "b_8443", "b"};
    static const std::string_view ports[] = {"", "", "", ":8443", ":443", ":80"};
    static const std::string_view pieces[] = {
        "/", "/mcp", "/mcp~4eb0c9d2", "/MCP", "/.", "/..", "/.x", "/...", "/a..b", "/tools", "/x.json", "/X.SVG", "/-", "/%2F",
        "/%41", "/\u20ac", "/a:b", "/a-b", "/a@b", "/a$b", "//", "/index", "/~me", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"};
    static const std::string_view queries[] = {"", "", "", "?a", "?a=1", "?a=2", "?utm_source=x", "?"};
    const auto pick = [&](const auto& from) { return from[random() % std::size(from)]; };
    std::string url;
    (((url += pick(schemes)) += pick(hosts)) += pick(ports)) += "/s" + std::to_string(random() % 3);
    for (auto n = random() % 6; n > 0; --n) url += pick(pieces);
    url += pick(queries);
    return url;
}

TEST_CASE("two URLs never share a slug, and every slug is a harmless path", "[url]")
{
    std::vector<std::string> texts;
    for (const auto& row : listed_urls()) texts.emplace_back(row.listed);
    std::mt19937 random(20261121);
    for (int i = 0; i < 20000; ++i) texts.push_back(made_up_url(random));

    std::map<std::string, std::string> urls;  // by slug
    std::size_t shared = 0;
    for (const auto& text : texts) {
        const auto [why, url] = canonicalise(text, true);
        if (url.text.empty()) continue;
        CAPTURE(text, url.text);
        const std::string slug = slug_of(url);
        const auto [at, inserted] = urls.emplace(slug, url.text);
        if (!inserted && at->second != url.text) ++shared;
        if (!inserted) continue;
        check_form(slug);
        check_form(slug_of(url, true));
        REQUIRE(canonicalise(url.text, true).url == url);
    }
    CHECK(shared == 0);
    CHECK(urls.size() > 10000);
}

TEST_CASE("a collision gives the newcomer a mark, or a longer one", "[url]")
{
    const auto plain = canonicalise("https://api.vendor.com/mcp").url;
    CHECK(slug_of(plain) == "api.vendor.com/mcp");
    CHECK(slug_of(plain, true) == "api.vendor.com/mcp~3db0d926");
    const auto marked = canonicalise("https://mcp.apify.com?tools=active_yardstick/latam-synth").url;
    CHECK(slug_of(marked, true).starts_with("mcp.apify.com~4eb0c9d2"));
    CHECK(slug_of(marked, true).size() == std::string("mcp.apify.com~").size() + 16);
}

TEST_CASE("a segment ends at 80 bytes and a slug at 16 segments below the host", "[url]")
{
    const std::string eighty(80, 'a');
    CHECK(slug_of(canonicalise("https://api.vendor.com/" + eighty).url) == "api.vendor.com/" + eighty);
    const std::string cut = slug_of(canonicalise("https://api.vendor.com/" + eighty + "b/mcp").url);
    CHECK(cut.starts_with("api.vendor.com/" + eighty + "/mcp~"));

    std::string deep = "https://api.vendor.com";
    for (int i = 0; i < 16; ++i) deep += "/d";
    CHECK(slug_of(canonicalise(deep).url) == deep.substr(8));
    CHECK(slug_of(canonicalise(deep + "/e").url).starts_with(deep.substr(8) + "~"));
}

}  // namespace
