// How a region goes out, as regions.json and the environment say it: what is refused, and that no secret is told.
#include "audit/net/egress.hpp"
#include "data/config/config.hpp"

#include "tests/catch.hpp"

#include <map>

using namespace rollcall;
using namespace rollcall::audit;

namespace {

environment holding(const char* value)
{
    return [value](const std::string& name) -> const char* { return name == "TOKYO" ? value : nullptr; };
}

data::region_source region(const char* egress, const char* names = "")
{
    data::region_source r;
    r.id = "tokyo";
    r.pointer = "/regions/3";
    r.egress = egress;
    r.proxy_env = "TOKYO";
    r.names = names;
    return r;
}

std::string refusal(const data::region_source& r, const char* value)
{
    try {
        egress_of(r, "regions.json", holding(value));
        return "accepted";
    } catch (const data::config_error& e) {
        return e.what();
    }
}

}  // namespace

TEST_CASE("a proxy is read from the environment", "[egress]")
{
    struct row { const char* kind; const char* value; egress expected; };
    const auto made = [](egress_kind kind, const char* host, std::uint16_t port, const char* user, const char* password, bool there) {
        egress out;
        out.kind = kind;
        out.host = host;
        out.port = port;
        out.user = user;
        out.password = password;
        out.names_there = there;
        return out;
    };
    const std::vector<row> rows{
        {"socks5", "socks5://127.0.0.1:1080", made(egress_kind::socks5, "127.0.0.1", 1080, "", "", false)},
        {"socks5", "socks5h://proxy.example:1080/", made(egress_kind::socks5, "proxy.example", 1080, "", "", true)},
        {"socks5", "SOCKS5://me:p%40ss%3A%25@[2001:db8::1]:9", made(egress_kind::socks5, "[2001:db8::1]", 9, "me", "p@ss:%", false)},
        {"socks5", "socks5://me:a:b@h:1", made(egress_kind::socks5, "h", 1, "me", "a:b", false)},
        {"http-connect", "http://me:@h:3128", made(egress_kind::http_connect, "h", 3128, "me", "", false)},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.value)
        {
            const auto out = egress_of(region(row.kind), "regions.json", holding(row.value));
            CHECK(out.kind == row.expected.kind);
            CHECK(out.host == row.expected.host);
            CHECK(out.port == row.expected.port);
            CHECK(out.user == row.expected.user);
            CHECK(out.password == row.expected.password);
            CHECK(out.names_there == row.expected.names_there);
            CHECK(out.proxied());
            CHECK(out.record != nullptr);
        }
    }
    CHECK(egress_of(region("http-connect", "proxy"), "regions.json", holding("http://h:1")).names_there);
    CHECK(egress_of(region("direct"), "regions.json", holding(nullptr)).kind == egress_kind::direct);
}

TEST_CASE("a proxy that cannot be used is refused, and what the variable holds is never repeated", "[egress]")
{
    const std::string socks = "socks5://user:password@host:port", http = "http://user:password@host:port";
    struct row { data::region_source region; const char* value; std::string message; };
    const std::vector<row> rows{
        {region("socks5"), nullptr, "/regions/3/proxy_env: TOKYO is not set, expected the proxy's URL in it: " + socks},
        {region("http-connect"), "", "/regions/3/proxy_env: TOKYO is not set, expected the proxy's URL in it: " + http},
        {region("socks5"), "hunter2", "/regions/3/proxy_env: TOKYO holds no proxy's URL, expected " + socks},
        {region("socks5"), "socks5://me:hunter2@host", "/regions/3/proxy_env: TOKYO holds no proxy's URL, expected " + socks},
        {region("socks5"), "socks5://me:hunter2@host:99999", "/regions/3/proxy_env: TOKYO holds no proxy's URL, expected " + socks},
        {region("socks5"), "socks5://me:hunter2@host:0", "/regions/3/proxy_env: TOKYO holds no proxy's URL, expected " + socks},
        {region("socks5"), "socks5://me:hunter2@host:1/path", "/regions/3/proxy_env: TOKYO holds no proxy's URL, expected " + socks},
        {region("socks5"), "socks5://me:hunter2@2001:db8::1:1080", "/regions/3/proxy_env: TOKYO holds no proxy's URL, expected " + socks},
        {region("socks5"), "socks5://me:hunter%2@host:1", "/regions/3/proxy_env: TOKYO holds no proxy's URL, expected " + socks},
        {region("socks5"), "socks5://:hunter2@host:1", "/regions/3/proxy_env: TOKYO holds no proxy's URL, expected " + socks},
        {region("socks5"), "socks5://me:hunter2%0d@host:1", "/regions/3/proxy_env: TOKYO holds no proxy's URL, expected " + socks},
        {region("socks5"), "socks5://me@host:1", "/regions/3/proxy_env: TOKYO: expected a user and a password of 1 to 255 bytes each"},
        {region("socks5"), "http://me:hunter2@host:1", "/regions/3/proxy_env: TOKYO holds an http:// URL, expected " + socks + ", since egress is \"socks5\""},
        {region("http-connect"), "socks5://me:hunter2@host:1", "/regions/3/proxy_env: TOKYO holds a socks5:// URL, expected " + http + ", since egress is \"http-connect\""},
        {region("http-connect"), "hunter2://host:1", "/regions/3/proxy_env: TOKYO holds a URL of another kind, expected " + http + ", since egress is \"http-connect\""},
        {region("http-connect"), "http://a%3ab:hunter2@host:1", "/regions/3/proxy_env: TOKYO: expected a user without a colon"},
        {region("socks5", "here"), "socks5h://host:1", "/regions/3/names: \"here\", expected \"proxy\" or no such key, since TOKYO holds a socks5h:// URL: the proxy looks names up"},
        {region("tor"), "socks5://host:1", "/regions/3/egress: \"tor\", expected one of direct, bind, socks5, http-connect"},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION((row.value ? row.value : "not set"))
        {
            const auto message = refusal(row.region, row.value);
            CHECK(message == "regions.json: " + row.message);
            CHECK(message.find("hunter2") == std::string::npos);
        }
    }
}

TEST_CASE("a source address is one of this machine's", "[egress]")
{
    auto r = region("bind");
    for (const char* own : {"127.0.0.1", "127.66.0.3"}) {
        r.bind_address = own;
        const auto out = egress_of(r, "regions.json", holding(nullptr));
        CHECK(out.source == boost::asio::ip::make_address(own));
        CHECK(!out.proxied());
    }
    for (const char* foreign : {"192.0.2.77", "2001:db8::77"}) {
        r.bind_address = foreign;
        const auto message = refusal(r, nullptr);
        CHECK(message.starts_with("regions.json: /regions/3/bind_address: \"" + std::string(foreign) + "\", expected an address of this machine ("));
        CHECK(message.find("127.0.0.1") != std::string::npos);
    }
    for (const char* none : {"0.0.0.0", "::", "224.0.0.1", ""}) {
        r.bind_address = none;
        CHECK(refusal(r, nullptr) == "regions.json: /regions/3/bind_address: \"" + std::string(none) + "\", expected the address to send from");
    }
}
