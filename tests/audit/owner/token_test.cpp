#include "audit/owner/token.hpp"
#include "data/model/owner.hpp"

#include "tests/catch.hpp"

using namespace rollcall;
using data::token_state;

TEST_CASE("the end of a JSON Web Token is read, of anything else not")
{
    const auto end_of = [](std::string_view token) -> std::string {
        const auto t = audit::owner::jwt_expiry(token);
        return t ? data::to_rfc3339(*t) : "";
    };
    // The example of RFC 7519 section 3.1: exp 1300819380.
    CHECK(end_of("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "2011-03-22T18:43:00Z");
    CHECK(end_of("e30.eyJleHAiOjE4MDAwMDAwMDAuOX0.x") == "2027-01-15T08:00:00Z");  // {"exp":1800000000.9}
    for (const char* none : {"", "abc", "a.b", "a.b.c", "a.b.c.d", "e30.e30.x", "e30.eyJleHAiOiJzb29uIn0.x", "e30.eyJleHAiOjFlMzB9.x", "e30.eyJleHAiOi0xfQ.x", "..", "e30.!!!!.x"})
        DYNAMIC_SECTION(none) { CHECK(end_of(none).empty()); }
    CHECK(end_of(std::string(100'000, 'a') + ".e30.x").empty());
}

TEST_CASE("the watchdog warns from 72 hours before the end")
{
    const auto now = *data::parse_time("2026-11-21T02:30:00Z");
    struct row { const char* end; token_state expected; const char* words; };
    const row rows[]{
        {"2026-12-21T02:30:00Z", token_state::fine, ""},
        {"2026-11-24T02:30:01Z", token_state::fine, ""},
        {"2026-11-24T02:30:00Z", token_state::ending, "runs out in 3 days"},
        {"2026-11-23T05:40:00Z", token_state::ending, "runs out in 2 days and 3 hours"},
        {"2026-11-21T04:00:00Z", token_state::ending, "runs out in 1 hour"},
        {"2026-11-21T02:30:30Z", token_state::ending, "runs out in 1 minute"},
        {"2026-11-21T02:30:00Z", token_state::ended, "ran out 1 minute ago"},
        {"2026-11-20T02:30:00Z", token_state::ended, "ran out 24 hours ago"},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.end)
        {
            CHECK(data::token_state_of(data::parse_time(r.end), now) == r.expected);
            CHECK(data::token_words(data::parse_time(r.end), now) == r.words);
        }
    CHECK(data::token_state_of({}, now) == token_state::unknown);
    CHECK(data::token_words({}, now).empty());
}
