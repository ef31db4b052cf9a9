#include "audit/url/url.hpp"
#include "tests/catch.hpp"

#include <array>

namespace {

using namespace rollcall::audit;

TEST_CASE("a host has a site, and a platform that may serve many sites", "[url]")
{
    struct row { const char *host, *site, *platform; };
    const row table[] = {
        {"mcp.vendor.com", "vendor.com", "vendor.com"},
        {"a.b.c.vendor.co.uk", "vendor.co.uk", "vendor.co.uk"},
        {"a.vendor.co.za", "vendor.co.za", "vendor.co.za"},
        {"a.onrender.com", "a.onrender.com", "onrender.com"},
        {"x.a.onrender.com", "a.onrender.com", "onrender.com"},
        {"onrender.com", "onrender.com", "onrender.com"},
        {"me.github.io", "me.github.io", "github.io"},
        {"a.city.kawasaki.jp", "city.kawasaki.jp", "city.kawasaki.jp"},
        {"a.b.c.ck", "b.c.ck", "b.c.ck"},
        {"a.www.ck", "www.ck", "www.ck"},
        {"co.uk", "co.uk", "co.uk"},
        {"xn--bcher-kva.com", "xn--bcher-kva.com", "xn--bcher-kva.com"},
        {"localhost", "localhost", "localhost"},
        {"a.b.cluster", "a.b.cluster", "a.b.cluster"},
        {"192.0.2.7", "192.0.2.7", "192.0.2.7"},
        {"[2606:4700::1111]", "[2606:4700::1111]", "[2606:4700::1111]"},
        {"", "", ""},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.host)
        {
            CHECK(site_of(row.host) == row.site);
            CHECK(platform_of(row.host) == row.platform);
        }
    }
}

TEST_CASE("platforms.json makes sites that the Public Suffix List does not know", "[url]")
{
    const std::array<std::string, 3> platforms{"up.railway.app", "com", "onrender.com"};
    CHECK(site_of("one.up.railway.app", platforms) == "one.up.railway.app");
    CHECK(site_of("a.one.up.railway.app", platforms) == "one.up.railway.app");
    CHECK(site_of("up.railway.app", platforms) == "railway.app");
    CHECK(site_of("notup.railway.app", platforms) == "railway.app");
    CHECK(site_of("a.b.onrender.com", platforms) == "b.onrender.com");
    CHECK(site_of("mcp.vendor.com", platforms) == "vendor.com");
}

TEST_CASE("platforms.json makes platforms of what the registrable domain does not tell apart", "[url]")
{
    const std::array<std::string, 4> platforms{"run.app", "us-central1.run.app", "up.railway.app", "hf.space"};
    struct row { const char *host, *platform; };
    const row table[] = {
        {"one.us-central1.run.app", "us-central1.run.app"},
        {"one-uc.a.run.app", "run.app"},
        {"us-central1.run.app", "us-central1.run.app"},
        {"notus-central1.run.app", "run.app"},
        {"a.b.up.railway.app", "up.railway.app"},
        {"railway.app", "railway.app"},
        {"me-space.hf.space", "hf.space"},
        {"hf.space", "hf.space"},
        {"nothf.space", "nothf.space"},
        {"a.workers.dev", "workers.dev"},
        {"mcp.vendor.co.uk", "vendor.co.uk"},
        {"192.0.2.7", "192.0.2.7"},
        {"", ""},
    };
    for (const auto& row : table) {
        DYNAMIC_SECTION(row.host) { CHECK(platform_of(row.host, platforms) == row.platform); }
    }
}

}  // namespace
