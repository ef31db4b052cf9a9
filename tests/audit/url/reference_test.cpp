#include "audit/url/url.hpp"
#include "tests/audit/url/table.hpp"
#include "tests/catch.hpp"

namespace {

using namespace rollcall::audit;

TEST_CASE("references are resolved as in RFC 3986 section 5.4", "[url]")
{
    const auto base = split_url("http://a/b/c/d;p?q");
    REQUIRE(base);
    struct row { const char *reference, *expected; };  // "": not a URL that we follow
    const row table[] = {
        {"g:h", ""}, {"g", "http://a/b/c/g"}, {"./g", "http://a/b/c/g"}, {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"}, {"//g", "http://g/"}, {"?y", "http://a/b/c/d;p?y"}, {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q"}, {"g#s", "http://a/b/c/g"}, {"g?y#s", "http://a/b/c/g?y"},
        {";x", "http://a/b/c/;x"}, {"g;x", "http://a/b/c/g;x"}, {"g;x?y#s", "http://a/b/c/g;x?y"},
        {"", "http://a/b/c/d;p?q"}, {".", "http://a/b/c/"}, {"./", "http://a/b/c/"}, {"..", "http://a/b/"},
        {"../", "http://a/b/"}, {"../g", "http://a/b/g"}, {"../..", "http://a/"}, {"../../", "http://a/"},
        {"../../g", "http://a/g"}, {"../../../g", "http://a/g"}, {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"}, {"/../g", "http://a/g"}, {"g.", "http://a/b/c/g."}, {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."}, {"..g", "http://a/b/c/..g"}, {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"}, {"g/./h", "http://a/b/c/g/h"}, {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"}, {"g;x=1/../y", "http://a/b/c/y"}, {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"}, {"http:g", ""},
        // and what servers send besides
        {"https://other.org/mcp", "https://other.org/mcp"}, {"//other.org:8443/x", "http://other.org:8443/x"},
        {"/messages/?session_id=4f%2f&x=\u00e9", "http://a/messages/?session_id=4f%2f&x=%C3%A9"},
        {" /g ", "http://a/g"}, {"https://user:secret@other.org/", ""}, {"//user@other.org/", ""}, {"javascript:x", ""},
        {"/a\r\nSet-Cookie: x", ""}, {"/a b", ""}, {"//", ""}, {"https://", ""}, {"//other.org:99999/", ""},
        {"\\\\other.org\\x", "http://a/b/c/%5C%5Cother.org%5Cx"}, {"?", "http://a/b/c/d;p?"},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION("\"" << row.reference << "\"")
        {
            const auto url = resolve_reference(*base, row.reference);
            CHECK((url ? url->text : "") == row.expected);
        }
    }
    CHECK_FALSE(resolve_reference(*base, std::string(9000, 'a')));
}

TEST_CASE("what is probed is the endpoint that the identity names", "[url]")
{
    for (const auto& row : rollcall::tests::listed_urls()) {
        const auto identity = canonicalise(row.listed, true).url;
        if (identity.text.empty()) continue;
        CAPTURE(row.listed);
        const auto probed = split_url(row.listed);
        REQUIRE(probed);
        CHECK(canonicalise(probed->text, true).url == identity);
    }
}

TEST_CASE("the listed spelling keeps its bytes, but can stand in a request line", "[url]")
{
    struct row { const char *url, *host; std::uint16_t port; const char *target, *text; };
    const row table[] = {
        {"https://MCP.Vendor.com/Mcp/", "mcp.vendor.com", 443, "/Mcp/", "https://mcp.vendor.com/Mcp/"},
        {"https://mcp.vendor.com", "mcp.vendor.com", 443, "/", "https://mcp.vendor.com/"},
        {"http://mcp.vendor.com:8080/%6dcp/?utm_source=x#y", "mcp.vendor.com", 8080, "/%6dcp/?utm_source=x",
         "http://mcp.vendor.com:8080/%6dcp/?utm_source=x"},
        {"https://[2606:4700:0::1111]:8443/a//b", "[2606:4700::1111]", 8443, "/a//b", "https://[2606:4700::1111]:8443/a//b"},
        {"https://b\u00fc" "cher.vendor.com./\u20ac?a=\"", "xn--bcher-kva.vendor.com", 443, "/%E2%82%AC?a=%22",
         "https://xn--bcher-kva.vendor.com/%E2%82%AC?a=%22"},
        {"http://localhost:3001/a/../mcp", "localhost", 3001, "/mcp", "http://localhost:3001/mcp"},
        {"http://a/b/%2e%2E/%2e/%6dcp", "a", 80, "/%6dcp", "http://a/%6dcp"},
        {"http://a/b/%2e%2e/../c/..;/.../%2e.%2e", "a", 80, "/c/..;/.../%2e.%2e", "http://a/c/..;/.../%2e.%2e"},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.url)
        {
            const auto url = split_url(row.url);
            REQUIRE(url);
            CHECK(url->host == row.host);
            CHECK(url->port == row.port);
            CHECK(url->target == row.target);
            CHECK(url->text == row.text);
        }
    }
    for (const char* url : {"", "mcp.vendor.com/mcp", "/mcp", "ftp://mcp.vendor.com/", "https://u:p@mcp.vendor.com/",
                            "https://mcp.vendor.com:0/", "https:///mcp", "https://mcp vendor.com/", "https://[::1"})
        CHECK_FALSE(split_url(url));
}

}  // namespace
