#include "audit/round/second_look.hpp"

#include "tests/catch.hpp"

#include <string>

using namespace rollcall;
using namespace rollcall::audit;
using data::reason;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

probe_report seen(reason why, unsigned status = 0, bool may_pass = false, std::optional<seconds> retry_after = {})
{
    probe_report r;
    r.cell.why = why;
    if (why == reason::slow) r.cell.waited_ms = 5400;
    r.cell.answer.http_status = static_cast<std::uint16_t>(status);
    r.may_pass = may_pass;
    r.retry_after = retry_after;
    return r;
}

// "filed", "filed ours", or after how many milliseconds it is looked at again; "+ site 900000" if the site is left in peace.
std::string judged(probe_report r, unsigned attempt = 1, milliseconds lag = milliseconds(0), milliseconds late = milliseconds(0), const data::settings& settings = {})
{
    r.late = late;
    const auto v = judge_look(r, {attempt, lag, milliseconds(1000)}, settings);
    CHECK(v.filed == !v.next.again.has_value());
    std::string out = v.filed ? (v.ours ? "filed ours" : "filed") : std::to_string(v.next.again->count());
    if (v.next.site_rests.count() > 0) out += " + site " + std::to_string(v.next.site_rests.count());
    return out;
}

}  // namespace

TEST_CASE("what may pass is looked at once more, after thirty seconds; a refusal is not")
{
    struct row { const char* name; probe_report seen; const char* first; };
    const std::vector<row> rows{
        {"good", seen(reason::ok, 200), "filed"},
        {"slow", seen(reason::slow, 200), "filed"},
        {"no such name", seen(reason::dns_nxdomain), "30000"},
        {"silent", seen(reason::tcp_timeout), "30000"},
        {"reset", seen(reason::tcp_reset), "30000"},
        {"expired", seen(reason::tls_expired), "30000"},
        {"no HTTP answer", seen(reason::http_hang), "30000"},
        {"500", seen(reason::http_5xx, 500), "30000"},
        {"503 with a time", seen(reason::http_5xx, 503, true, seconds(120)), "120000"},
        {"503 with a short time", seen(reason::http_5xx, 503, true, seconds(1)), "30000"},
        {"503 with just a quarter of an hour", seen(reason::http_5xx, 503, true, seconds(900)), "900000"},
        {"503 until tomorrow: we do not come back tonight", seen(reason::http_5xx, 503, true, seconds(86'400)), "filed"},
        {"no MCP answer", seen(reason::mcp_timeout, 200), "30000"},
        {"a sleeping platform's 404", seen(reason::host_reaped, 404), "30000"},
        {"404", seen(reason::http_404, 404), "filed"},
        {"405", seen(reason::http_405, 405), "filed"},
        {"410", seen(reason::http_410, 410), "filed"},
        {"another 4xx, though an earlier attempt got a 500", seen(reason::http_4xx, 422, true), "filed"},
        {"a page", seen(reason::html, 200), "filed"},
        {"a page, after an attempt that was cut off", seen(reason::html, 200, true), "30000"},
        {"a stream that was cut off", seen(reason::sse_truncated, 200, true), "30000"},
        {"a bad list", seen(reason::tool_schema_invalid, 200), "filed"},
        {"a bad greeting, after an attempt without an answer", seen(reason::init_shape, 200, true), "30000"},
        {"401", seen(reason::auth_bare, 401), "filed"},
        {"401, though an earlier attempt got a 500", seen(reason::auth_bare, 401, true), "filed"},
        {"a challenge page", seen(reason::challenge_page, 403), "filed"},
        {"429 with a time: then, and its site is left in peace", seen(reason::rate_limited, 429, false, seconds(60)), "60000 + site 60000"},
        {"429 without: not again", seen(reason::rate_limited, 429), "filed + site 30000"},
        {"429 until tomorrow", seen(reason::rate_limited, 429, false, seconds(86'400)), "filed + site 900000"},
        {"our proxy failed", seen(reason::proxy_failed), "30000"},
        {"our network failed", seen(reason::region_down), "30000"},
        {"our resolver was overrun", seen(reason::interrupted), "30000"}};
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name) { CHECK(judged(r.seen) == r.first); }
    }
}

TEST_CASE("the second look decides, but not while our own trouble lasts: that has four")
{
    for (const auto why : {reason::tcp_timeout, reason::http_5xx, reason::host_reaped, reason::proxy_failed, reason::region_down}) {
        INFO(data::code_of(why));
        CHECK(judged(seen(why), 2) == "filed");
    }
    CHECK(judged(seen(reason::rate_limited, 429, false, seconds(60)), 2) == "filed + site 60000");
    CHECK(judged(seen(reason::interrupted), 3) == "30000");
    CHECK(judged(seen(reason::interrupted), 4) == "filed");
}

TEST_CASE("what was seen while our own thread was late is seen again, and filed as ours if that goes on")
{
    const auto late = milliseconds(1001);
    struct row { const char* name; probe_report seen; const char* first; const char* fourth; };
    for (const auto& r : std::vector<row>{{"a time-out", seen(reason::tcp_timeout), "30000", "filed ours"},
                                          {"even a 404", seen(reason::http_404, 404), "30000", "filed ours"},
                                          {"slow may have been us", seen(reason::slow, 200), "30000", "filed ours"},
                                          {"good is good", seen(reason::ok, 200), "filed", "filed"}}) {
        DYNAMIC_SECTION(r.name)
        {
            CHECK(judged(r.seen, 1, late) == r.first);
            CHECK(judged(r.seen, 4, late) == r.fourth);
            CHECK(judged(r.seen, 4, milliseconds(1000)) == "filed");
        }
    }
}

TEST_CASE("slow is only who is slow without our many small delays: 5.4 s with a limit of 5 s")
{
    struct row { milliseconds late; const char* first; const char* fourth; };
    for (const auto& r : std::vector<row>{{milliseconds(399), "filed", "filed"}, {milliseconds(400), "30000", "filed ours"}}) {
        INFO(r.late.count());
        CHECK(judged(seen(reason::slow, 200), 1, milliseconds(90), r.late) == r.first);
        CHECK(judged(seen(reason::slow, 200), 4, milliseconds(90), r.late) == r.fourth);
        CHECK(judged(seen(reason::ok, 200), 1, milliseconds(90), r.late) == "filed");
    }
}

TEST_CASE("the time of a whole probe may be used up by our many small delays; a single wait is not")
{
    auto out_of_time = seen(reason::mcp_timeout, 200);
    out_of_time.ran_out = true;
    auto good_at_last = seen(reason::ok, 200);
    good_at_last.ran_out = true;
    struct row { const char* name; probe_report seen; milliseconds late; const char* fourth; };
    for (const auto& r : std::vector<row>{{"a second of them", out_of_time, milliseconds(1000), "filed"},
                                          {"more than a second", out_of_time, milliseconds(1001), "filed ours"},
                                          {"a time-out of one answer", seen(reason::mcp_timeout, 200), milliseconds(1001), "filed"},
                                          {"good at the last moment", good_at_last, milliseconds(1001), "filed"}}) {
        DYNAMIC_SECTION(r.name) { CHECK(judged(r.seen, 4, milliseconds(90), r.late) == r.fourth); }
    }
}

TEST_CASE("after our own trouble a look waits five seconds at least, however impatient the operator is")
{
    data::settings hasty;
    hasty.probe.retry_after = milliseconds(100);
    const milliseconds none(0), late(1001);
    CHECK(judged(seen(reason::tcp_timeout), 1, none, none, hasty) == "100");
    CHECK(judged(seen(reason::tcp_timeout), 1, late, none, hasty) == "5000");
    CHECK(judged(seen(reason::interrupted), 1, none, none, hasty) == "5000");
    CHECK(judged(seen(reason::slow, 200), 1, none, milliseconds(500), hasty) == "5000");
}
