#include "audit/probe/redirect.hpp"

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
        {308, "https://a.dev/mcp/", "https://a.dev/mcp", "follow https://a.dev/mcp redirect_slash"},
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
        {307, "https://a.dev/mcp", "javascript:alert(1)", "nothing"},
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
                    got = "follow " + go.target.scheme + "://" + go.target.host + go.target.target + (go.method_lost ? " method lost" : "");
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

TEST_CASE("paths that people, not clients, are sent to")
{
    for (const auto* path : {"/login", "/Login", "/users/sign_in", "/oauth/authorize?x=1", "/a/sso"}) CHECK(is_login_path(path));
    for (const auto* path : {"/", "/mcp", "/loginx", "/mcp?next=/login", "/author", "/catalog/in"}) CHECK_FALSE(is_login_path(path));
}
