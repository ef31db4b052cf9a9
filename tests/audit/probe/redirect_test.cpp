#include "audit/net/tls.hpp"
#include "audit/probe/prober.hpp"
#include "audit/probe/redirect.hpp"
#include "tests/support/scripted_server.hpp"

#include "tests/catch.hpp"

using namespace rollcall;
using namespace rollcall::audit;

TEST_CASE("what a redirect means")
{
    struct row { unsigned status; const char* from; const char* location; const char* expected; };
    const row rows[] = {
        {200, "https://a.dev/mcp", "https://a.dev/x", "nothing"},
        {307, "https://a.dev/mcp", "", "nothing"},
        {304, "https://a.dev/mcp", "/x", "nothing"},
        {307, "https://a.dev/mcp", "/mcp/", "follow https://a.dev/mcp/ redirect_slash"},
        {308, "https://a.dev/mcp/", "https://a.dev/mcp", "follow https://a.dev/mcp for good redirect_slash"},
        {307, "https://a.dev/mcp", "/v2/mcp", "follow https://a.dev/v2/mcp"},
        {307, "https://a.dev/mcp", "https://mcp.a.dev/mcp", "follow https://mcp.a.dev/mcp redirect_host"},
        {307, "http://a.dev/mcp", "https://a.dev/mcp", "follow https://a.dev/mcp redirect_slash"},
        {301, "https://a.dev/mcp", "/v2/mcp", "follow https://a.dev/v2/mcp method lost"},
        {302, "https://a.dev/mcp", "/login?next=/mcp", "auth_redirect"},
        {302, "https://a.dev/mcp", "https://accounts.b.dev/o/oauth2/auth", "auth_redirect"},
        {303, "https://a.dev/mcp", "/oauth/authorize", "auth_redirect"},
        {307, "https://a.dev/mcp", "http://a.dev/mcp", "redirect_off_site"},
        {307, "https://a.dev/mcp", "https://b.dev/mcp", "redirect_off_site"},
        {307, "https://a.onrender.com/mcp", "https://b.onrender.com/mcp", "redirect_off_site"},
        {307, "https://a.onrender.com/mcp", "https://x.a.onrender.com/mcp", "follow https://x.a.onrender.com/mcp redirect_host"},
        {308, "https://mcp.a.dev/mcp", "https://a.dev/mcp", "follow https://a.dev/mcp for good redirect_host"},
        {308, "http://a.dev/mcp", "https://mcp.a.dev/mcp/", "follow https://mcp.a.dev/mcp/ for good redirect_host"},
        {307, "https://a.dev/mcp?key=1", "/mcp/?key=1", "follow https://a.dev/mcp/?key=1 redirect_slash"},
        {307, "https://a.dev/mcp", "//a.dev/v2", "follow https://a.dev/v2"},
        {307, "https://a.dev/a/mcp", "../v2", "follow https://a.dev/v2"},
        {307, "https://a.dev/mcp", "?v=2", "follow https://a.dev/mcp?v=2 redirect_slash"},
        {307, "https://a.dev:8443/mcp", "https://a.dev/mcp", "follow https://a.dev/mcp redirect_slash"},
        {303, "https://a.dev/mcp", "/v2/mcp", "follow https://a.dev/v2/mcp method lost"},
        {302, "https://a.dev/mcp", "https://mcp.a.dev/mcp", "follow https://mcp.a.dev/mcp method lost redirect_host"},
        {308, "https://a.dev/mcp", "http://b.dev/mcp", "redirect_off_site"},
        {308, "https://a.dev/mcp", "http://a.dev:8080/mcp", "redirect_off_site"},
        {301, "https://a.dev/mcp", "https://www.b.dev/", "redirect_off_site"},
        {307, "https://a.dev/mcp", "https://10.0.0.1/mcp", "redirect_off_site"},
        {307, "https://a.dev/mcp", "https://a.dev.b.dev/mcp", "redirect_off_site"},
        {307, "https://a.dev/mcp", "http://a.dev/login", "auth_redirect"},
        {307, "https://a.dev/auth/mcp", "https://a.dev/auth/v2/mcp", "follow https://a.dev/auth/v2/mcp"},
        {300, "https://a.dev/mcp", "/v2", "nothing"},
        {305, "https://a.dev/mcp", "/v2", "nothing"},
        {306, "https://a.dev/mcp", "/v2", "nothing"},
        {401, "https://a.dev/mcp", "/login", "nothing"},
        {307, "https://a.dev/mcp", "javascript:alert(1)", "nothing"},
        {307, "https://a.dev/mcp", "http://[not-an-address/", "nothing"},
        {307, "https://a.dev/mcp", "https://", "nothing"},
        {307, "https://a.dev/mcp", "https://a.dev:99999/mcp", "nothing"},
        {307, "https://a.dev/mcp", "mailto:a@a.dev", "nothing"},
        {307, "https://a.dev/mcp", "ftp://a.dev/mcp", "nothing"},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.status << ' ' << r.from << " -> " << r.location)
        {
            const auto read = read_redirect(r.status, r.location, *split_url(r.from), 0, 5);
            std::string got = "nothing";
            if (read) {
                if (const auto* stop = std::get_if<finding>(&*read)) {
                    got = data::code_of(stop->why);
                } else {
                    const auto& go = std::get<follow>(*read);
                    got = "follow " + go.target.scheme + "://" + go.target.host + go.target.target + (go.method_lost ? " method lost" : "") + (go.permanent ? " for good" : "");
                    if (go.warn) got += " " + std::string(data::code_of(*go.warn));
                }
            }
            CHECK(got == r.expected);
        }
    }
    const auto sixth = read_redirect(307, "/next", *split_url("https://a.dev/mcp"), 5, 5);
    REQUIRE(sixth);
    CHECK(std::get<finding>(*sixth).why == data::reason::redirect_loop);
}

namespace {

class two_hosts final : public resolver {
public:
    boost::asio::awaitable<resolution> resolve(std::string host, deadline) override
    {
        co_return resolution{{}, {boost::asio::ip::make_address(host == "a.dev" ? "127.0.0.1" : "127.0.0.2")}, ""};
    }
};

}  // namespace

TEST_CASE("the address of every hop is checked, not only of the first")
{
    boost::asio::io_context context{1};
    const auto to = [](const std::string& where) { return "HTTP/1.1 307 Temporary Redirect\r\nLocation: " + where + "\r\nContent-Length: 0\r\n\r\n"; };
    tests::scripted_server server(context, {to("/v2"), to("http://inside.a.dev:1/v2"), to("/v2"), to("http://inside.a.dev:1/v2")});
    two_hosts dns;
    auto tls = make_tls_context("");
    data::settings settings;
    metadata_source metadata({dns, tls}, "test");
    probe_services with{dns, tls, settings, "test", metadata};
    // The first host passes for a public one.
    with.keeps_out = [](const boost::asio::ip::address& a) { return a != boost::asio::ip::address_v4::loopback(); };
    const auto seen = tests::run(context, probe({*split_url("http://a.dev:" + std::to_string(server.port()) + "/mcp"), {}}, with));
    CHECK(data::code_of(seen.cell.why) == "dns_private");
    CHECK(seen.cell.answer.detail.find("private") != std::string::npos);
    CHECK(server.requests().size() >= 2);
}

TEST_CASE("a probe that is out of time asks nothing")
{
    for (const auto total : {std::chrono::milliseconds(0), std::chrono::milliseconds(5000)}) {
        boost::asio::io_context context{1};
        tests::scripted_server server(context, {""});
        two_hosts dns;
        auto tls = make_tls_context("");
        data::settings settings;
        settings.probe.total = total;
        metadata_source metadata({dns, tls}, "test");
        probe_services with{dns, tls, settings, "test", metadata};
        with.allow_private = true;
        tests::run(context, probe({*split_url("http://a.dev:" + std::to_string(server.port()) + "/mcp"), {}}, with));
        CHECK(server.requests().empty() == (total.count() == 0));
    }
}

TEST_CASE("no spelling of a private address gets past the guard")
{
    for (const auto* a : {"127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
                          "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fd00::1", "fc00::1", "fe80::1",
                          "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1"}) {
        DYNAMIC_SECTION(a) { CHECK(is_private(boost::asio::ip::make_address(a))); }
    }
    for (const auto* a : {"1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"}) {
        DYNAMIC_SECTION(a) { CHECK_FALSE(is_private(boost::asio::ip::make_address(a))); }
    }
}

TEST_CASE("paths that people, not clients, are sent to")
{
    for (const auto* path : {"/login", "/Login", "/users/sign_in", "/oauth/authorize?x=1", "/a/sso"}) CHECK(is_login_path(path));
    for (const auto* path : {"/", "/mcp", "/loginx", "/mcp?next=/login", "/author", "/catalog/in"}) CHECK_FALSE(is_login_path(path));
}
