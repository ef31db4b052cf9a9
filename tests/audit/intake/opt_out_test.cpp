#include "audit/intake/opt_out.hpp"
#include "audit/url/url.hpp"
#include "tests/catch.hpp"

namespace {

using namespace rollcall::audit;

TEST_CASE("an opt-out names a site, a host or a URL, in any spelling, and whoever is below it", "[intake]")
{
    struct row { const char* entry; const char* listed; bool left_out; };
    const row table[] = {
        // a site or a host covers what is below it
        {"b.dev", "https://b.dev/mcp", true},
        {"b.dev", "https://a.b.dev/mcp", true},
        {"b.dev", "https://x.y.a.b.dev/mcp", true},
        {"a.b.dev", "https://b.dev/mcp", false},
        {"a.b.dev", "https://c.b.dev/mcp", false},
        {"b.dev", "https://xb.dev/mcp", false},
        {"b.dev", "https://b.dev.c.dev/mcp", false},
        {"onrender.com", "https://one.onrender.com/mcp", true},
        // capitals, dots, ports, schemes, international names
        {"B.Dev", "https://a.b.dev/mcp", true},
        {"b.dev", "https://A.B.DEV/mcp", true},
        {"b.dev.", "https://b.dev/mcp", true},
        {"b.dev", "https://b.dev./mcp", true},
        {"b.dev", "https://b.dev:8443/mcp", true},
        {"b.dev", "http://b.dev/mcp", true},
        {"b\u00fc" "cher.com", "https://mcp.xn--bcher-kva.com/mcp", true},
        {"xn--bcher-kva.com", "https://b\u00dc" "cher.com/mcp", true},
        // addresses in any spelling; an address has nothing below it
        {"8.8.2056", "https://8.8.8.8/mcp", true},
        {"[2606:4700:0::1]", "https://[2606:4700::1]/mcp", true},
        {"8.8.8.8", "https://8.8.8.9/mcp", false},
        // a URL covers itself and its campaign variants
        {"https://a.b.dev/mcp/", "https://a.b.dev/mcp", true},
        {"https://a.b.dev/mcp", "https://A.b.dev:443/x/../mcp/", true},
        {"https://a.b.dev/mcp", "https://a.b.dev/mcp?utm_source=x", true},
        {"https://a.b.dev/mcp", "https://a.b.dev/mcp?ref=list", true},
        {"https://a.b.dev/mcp?ref=other", "https://a.b.dev/mcp?ref=list", true},
        {"https://a.b.dev/mcp", "https://a.b.dev/mcp?tools=x", false},
        {"https://a.b.dev/mcp", "https://a.b.dev/mcp/v2", false},
        {"https://a.b.dev/mcp", "https://a.b.dev:8443/mcp", false},
        {"https://a.b.dev/mcp", "http://a.b.dev/mcp", false},
        {"https://a.b.dev/", "https://a.b.dev/mcp", false},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.entry << " and " << row.listed)
        {
            const opt_out_list list({"unrelated.org", row.entry, "https://unrelated.net/mcp"});
            CHECK(list.unusable().empty());
            const auto url = canonicalise(row.listed).url;
            CHECK(list.covers(url.text, url.host) == row.left_out);
        }
    }
    CHECK_FALSE(opt_out_list({}).covers("https://b.dev/mcp", "b.dev"));
}

TEST_CASE("an opt-out that would protect nobody is named, not passed over", "[intake]")
{
    const opt_out_list list({"b.dev", "b.dev/mcp", "https://", "a b.dev", "https://me:pw@b.dev/", "ftp://b.dev/", "your-team.dev"});
    CHECK(list.unusable() == std::vector<std::string>{"b.dev/mcp", "https://", "a b.dev", "https://me:pw@b.dev/", "ftp://b.dev/"});
    CHECK(list.covers("https://b.dev/mcp", "b.dev"));
}

}  // namespace
