#include "audit/url/url.hpp"
#include "tests/audit/url/table.hpp"
#include "tests/catch.hpp"

#include <set>

namespace {

using namespace rollcall::audit;
using rollcall::tests::listed_urls;

TEST_CASE("a listed text has one canonical URL, one slug, or the class that excludes it", "[url]")
{
    for (const auto& row : listed_urls()) {
        DYNAMIC_SECTION(row.listed)
        {
            const auto [why, url] = canonicalise(row.listed);
            CHECK(code_of(why) == row.why);
            CHECK(url.text == row.canonical);
            if (!row.slug.empty()) CHECK(slug_of(url) == row.slug);
        }
    }
}

TEST_CASE("the canonical URL of a canonical URL is itself", "[url]")
{
    for (const bool allow_private : {false, true}) {
        for (const auto& row : listed_urls()) {
            const auto once = canonicalise(row.listed, allow_private);
            if (once.url.text.empty()) continue;
            CAPTURE(row.listed, once.url.text);
            const auto twice = canonicalise(once.url.text, allow_private);
            CHECK(twice.why == once.why);
            CHECK(twice.url == once.url);
        }
    }
}

TEST_CASE("a canonical URL comes in the parts that a request needs", "[url]")
{
    const auto url = canonicalise("HTTP://API.Vendor.com:8080/a/%7Eb/?q=%2f&utm_source=x#top").url;
    CHECK(url.text == "http://api.vendor.com:8080/a/~b?q=%2F");
    CHECK(url.scheme == "http");
    CHECK(url.host == "api.vendor.com");
    CHECK(url.port == 8080);
    CHECK(url.target == "/a/~b?q=%2F");
}

TEST_CASE("one's own servers are admitted on request, and nothing else is", "[url]")
{
    struct row { const char *listed, *canonical, *slug, *why; };
    const row table[] = {
        {"http://localhost:3001/mcp", "http://localhost:3001/mcp", "localhost_3001/mcp~7fd0fac9", "none"},
        {"https://foo.test/mcp", "https://foo.test/mcp", "foo.test/mcp", "none"},
        {"http://127.0.0.1:8080/mcp", "http://127.0.0.1:8080/mcp", "127.0.0.1_8080/mcp~a8a10964", "none"},
        {"https://inventory/mcp", "https://inventory/mcp", "inventory/mcp", "none"},
        {"https://[::1]:8443/", "https://[::1]:8443/", "1_8443~6a3d9800", "none"},
        {"https://0x7f.1/mcp", "https://127.0.0.1/mcp", "127.0.0.1/mcp", "none"},
        {"https://by/mcp", "https://by/mcp", "by/mcp~0720c013", "none"},
        {"https://index", "https://index/", "index~1c519187", "none"},
        {"https://user@localhost/mcp", "", "", "userinfo"},
        {"https://{host}.test/mcp", "", "", "templated"},
        {"ws://localhost/mcp", "", "", "scheme"},
        {"https://localhost:0/mcp", "", "", "url_malformed"},
        {"", "", "", "url_missing"},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.listed)
        {
            const auto [why, url] = canonicalise(row.listed, true);
            CHECK(code_of(why) == row.why);
            CHECK(url.text == row.canonical);
            if (!url.text.empty()) CHECK(slug_of(url) == row.slug);
        }
    }
}

TEST_CASE("a text of any length is judged, and one that is too long is malformed", "[url]")
{
    const std::string base = "https://api.vendor.com/";
    CHECK(canonicalise(base + std::string(longest_url - base.size(), 'a')).why == exclusion::none);
    CHECK(canonicalise(base + std::string(longest_url - base.size() + 1, 'a')).why == exclusion::url_malformed);
    CHECK(canonicalise(base + std::string(900, '"')).why == exclusion::url_malformed);  // three times as long, escaped
    for (const char* piece : {"{", "[", "%", "../", "&utm_", "\xe2\x80", ".", "YOUR", "@", ":"}) {
        std::string text = base;
        while (text.size() < 1u << 20) text += piece;
        CHECK(canonicalise(text).why == exclusion::url_malformed);
        CHECK_FALSE(split_url(text));
    }
}

TEST_CASE("the codes of the exclusions are published and differ", "[url]")
{
    std::set<std::string_view> codes;
    for (unsigned e = 0; e <= static_cast<unsigned>(exclusion::campaign_variant); ++e)
        codes.insert(code_of(static_cast<exclusion>(e)));
    CHECK(codes == std::set<std::string_view>{"none", "url_missing", "url_malformed", "templated", "scheme", "userinfo",
                                              "reserved_name", "private_address", "stdio_only", "superseded", "deleted",
                                              "delisted", "opted_out", "campaign_variant"});
}

}  // namespace
