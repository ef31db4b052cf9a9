#include "audit/incident/key.hpp"
#include "tests/catch.hpp"

namespace rollcall::audit::incident {

using data::common_key;
using data::reason;

TEST_CASE("every bad reason has a family, and the families are as outages are", "[incident]")
{
    struct row { reason why; family is; };
    const row table[] = {{reason::dns_nxdomain, family::name}, {reason::dns_timeout, family::name}, {reason::tcp_refused, family::connection},
                         {reason::tcp_reset, family::connection}, {reason::http_hang, family::connection}, {reason::mcp_timeout, family::connection},
                         {reason::tls_expired, family::certificate}, {reason::tls_handshake, family::certificate}, {reason::host_reaped, family::platform_page},
                         {reason::http_5xx, family::server_error}, {reason::http_404, family::route}, {reason::html, family::route},
                         {reason::redirect_loop, family::route}, {reason::not_json, family::content}, {reason::tool_schema_invalid, family::content},
                         {reason::init_shape, family::content}};
    for (const auto& r : table)
        DYNAMIC_SECTION(data::code_of(r.why)) { CHECK(family_of(r.why) == r.is); }
}

TEST_CASE("the block of an address", "[incident]")
{
    struct row { const char* address; const char* block; };
    const row table[] = {{"192.0.2.7", "192.0.2.0/24"}, {"203.0.113.255", "203.0.113.0/24"}, {"2001:db8:7:9::1", "2001:db8:7::/48"},
                         {"::ffff:192.0.2.7", "192.0.2.0/24"}, {"", ""}, {"nonsense", ""}, {"192.0.2", ""}, {"192.0.2.7:443", ""}, {"[2001:db8::1]", ""}};
    for (const auto& r : table)
        DYNAMIC_SECTION("'" << r.address << "'") { CHECK(network_of(r.address) == r.block); }
}

TEST_CASE("failures that look the same have the same signature", "[incident]")
{
    CHECK(signature_of(reason::http_404, 404, "HTTP 404 with content type text/html") == "http_404 404 http 404 with content type text/html");
    CHECK(signature_of(reason::host_reaped, 404, "request 4f0a9c123456 of a.example.app") == signature_of(reason::host_reaped, 404, "request 99999b123456 of b.example.app"));
    CHECK(signature_of(reason::tcp_refused, 0, "") == "tcp_refused");
    CHECK(signature_of(reason::http_5xx, 502, "bad gateway") != signature_of(reason::http_5xx, 503, "bad gateway"));
    CHECK(signature_of(reason::html, 200, std::string(5000, 'a')) == "html 200 *");
    CHECK(signature_of(reason::html, 200, std::string("a b c d e f ") + std::string(39, 'a') + " " + std::string(39, 'b') + " " + std::string(39, 'c') + " d").size() <= 120);
}

TEST_CASE("a key is a short part of a path", "[incident]")
{
    struct row { key k; const char* slug; };
    const row table[] = {{{common_key::platform, "vercel.app"}, "vercel-app"}, {{common_key::network, "192.0.2.0/24"}, "net-192-0-2-0-24"},
                         {{common_key::issuer, "Let's Encrypt"}, "issuer-let-s-encrypt"}, {{common_key::cname, "cdn.example"}, "cname-cdn-example"},
                         {{common_key::everything, ""}, "everything"}, {{common_key::platform, ""}, "unnamed"}, {{common_key::platform, "../../etc"}, "etc"},
                         {{common_key::issuer, "<b>\xE2\x80\xAE</b>"}, "issuer-b-b"}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.slug) { CHECK(slug_of(r.k) == r.slug); }
    CHECK(slug_of({common_key::platform, std::string(500, 'x')}).size() == 60);
}

}  // namespace rollcall::audit::incident
