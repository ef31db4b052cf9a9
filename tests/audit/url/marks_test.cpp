#include "audit/url/url.hpp"
#include "data/model/secret.hpp"
#include "tests/catch.hpp"

#include <set>
#include <string>

namespace {

using namespace rollcall::audit;

std::string codes_of(std::uint32_t marks)
{
    std::string out;
    for (const auto& m : all_marks())
        if (marks & static_cast<std::uint32_t>(m.value)) out += (out.empty() ? "" : " ") + std::string(m.code);
    return out;
}

TEST_CASE("what is worth counting about an address is marked, and excludes nobody", "[url]")
{
    struct row { const char *listed, *marks; };
    const row table[] = {
        {"https://mcp.vendor.com/mcp", ""},
        {"https://clients-involving-billion-headers.trycloudflare.com:5001/", "tunnel other_port root_path"},
        {"https://one.ngrok-free.app/mcp", "tunnel"},
        {"https://trycloudflare.com/mcp", ""},
        {"https://nottrycloudflare.com/mcp", ""},
        {"https://mcp.apify.com?tools=a/b", "query root_path"},
        {"https://mcp.vendor.com/mcp?utm_source=x", ""},
        {"https://api.thundercompute.com:8443/mcp", "other_port"},
        {"https://mcp.vendor.com:443/mcp", ""},
        {"http://mcp.vendor.com:80/mcp", "plain_http"},
        {"https://79.137.184.124.nip.io:8421/mcp", "other_port names_address"},
        {"https://10-0-0-1.sslip.io/mcp", "names_address"},
        {"https://jarvis.tail12fa6b.ts.net/mcp", "tailnet"},
        {"https://xn--5ckxa2e4ez471abqo49zn6s.com/mcp", "punycode"},
        {"https://mcp.b\u00fc" "cher.com/mcp", "punycode"},
        {"https://TranThienTrong.github.io/mcp", "capitals_in_host"},
        {" https://MCP.vendor.com/mcp ", "capitals_in_host"},
        {"https://mcp.vendor.com/MCP", ""},
        {"https://mcp.vendor.com/mcp?demo_token=abc123", "query secret_in_query"},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.listed)
        {
            const auto [why, url] = canonicalise(row.listed);
            CHECK(why == exclusion::none);
            CHECK(codes_of(marks_of(url, row.listed)) == row.marks);
        }
    }
}

TEST_CASE("the codes of the marks are published and differ, and so do their bits", "[url]")
{
    std::set<std::string_view> codes;
    std::uint32_t bits = 0;
    for (const auto& m : all_marks()) {
        codes.insert(m.code);
        CHECK((bits & static_cast<std::uint32_t>(m.value)) == 0);
        bits |= static_cast<std::uint32_t>(m.value);
    }
    CHECK(codes.size() == all_marks().size());
}

TEST_CASE("campaign variants share a key, and nothing else does", "[url]")
{
    struct row { const char *url, *key; };
    const row table[] = {
        {"https://mcp.mailkite.dev/mcp", "https://mcp.mailkite.dev/mcp"},
        {"https://mcp.mailkite.dev/mcp?ref=mail-send", "https://mcp.mailkite.dev/mcp"},
        {"https://a.dev/mcp?src=x&source=y&via=z&platform=w", "https://a.dev/mcp"},
        {"https://a.dev/mcp?tools=b&ref=x", "https://a.dev/mcp?tools=b"},
        {"https://a.dev/mcp?ref=x&tools=b&via=y&c", "https://a.dev/mcp?tools=b&c"},
        {"https://a.dev/mcp?refx=1&Ref=2&xref=3", "https://a.dev/mcp?refx=1&Ref=2&xref=3"},
        {"https://a.dev/mcp?profile=x&storefrontId=y", "https://a.dev/mcp?profile=x&storefrontId=y"},
        {"https://a.dev/mcp?ref", "https://a.dev/mcp"},
        {"https://a.dev/ref=x", "https://a.dev/ref=x"},
        {"http://a.dev/mcp?ref=x", "http://a.dev/mcp"},
        {"", ""},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.url) { CHECK(campaign_key(row.url) == row.key); }
    }
}

TEST_CASE("what may be a credential in a query is never shown, and all else is", "[url]")
{
    struct row { const char *url, *shown; };
    const row table[] = {
        {"https://a.dev/mcp", "https://a.dev/mcp"},
        {"https://a.dev/mcp?demo_token=abc", "https://a.dev/mcp?demo_token=masked"},
        {"https://a.dev/mcp?a=1&api_key=s3cret&b=2", "https://a.dev/mcp?a=1&api_key=masked&b=2"},
        {"https://a.dev/mcp?apiKey=s#top", "https://a.dev/mcp?apiKey=masked#top"},
        {"https://a.dev/mcp?X-Amz-Signature=0123abcd&x=1", "https://a.dev/mcp?X-Amz-Signature=masked&x=1"},
        {"https://a.dev/mcp?key=abc", "https://a.dev/mcp?key=masked"},
        {"https://a.dev/mcp?keyword=abc&monkey=b", "https://a.dev/mcp?keyword=abc&monkey=b"},
        {"https://a.dev/mcp?client_secret=&x", "https://a.dev/mcp?client_secret=&x"},
        {"https://a.dev/mcp?who=sk-abcdefgh12345678", "https://a.dev/mcp?who=masked"},
        {"https://a.dev/mcp?ghp_abcdefgh12345678", "https://a.dev/mcp?masked"},
        {"https://a.dev/mcp?t=eyJhbGciOiJIUzI1NiJ9.e30.x", "https://a.dev/mcp?t=masked"},
        {"https://a.dev/mcp?tools=active_yardstick/latam-synth&profile=rural-otter", "https://a.dev/mcp?tools=active_yardstick/latam-synth&profile=rural-otter"},
        {"https://a.dev/mcp?a=1&&b", "https://a.dev/mcp?a=1&&b"},
        {"https://a.dev/mcp?", "https://a.dev/mcp?"},
        {"https://a.dev/mcp?token=a&", "https://a.dev/mcp?token=masked&"},
        {"", ""},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.url)
        {
            CHECK(rollcall::data::shown_url(row.url) == row.shown);
            CHECK(rollcall::data::shown_url(row.shown) == row.shown);
        }
    }
}

}  // namespace
