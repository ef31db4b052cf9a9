#include "data/model/reason.hpp"
#include "data/model/time.hpp"
#include "data/model/verdict.hpp"
#include "data/model/warning.hpp"

#include "tests/catch.hpp"

#include <set>

using namespace rollcall::data;

TEST_CASE("every reason has a code of its own, words, and the way back")
{
    std::set<std::string_view> codes;
    for (const auto& row : all_reasons()) {
        CAPTURE(row.code);
        CHECK(codes.insert(row.code).second);
        CHECK(parse_reason(row.code) == row.value);
        CHECK(reason_from(static_cast<std::int64_t>(row.value)) == row.value);
        CHECK(&row_of(row.value) == &row);
        CHECK_FALSE(row.label.empty());
        CHECK(row.meaning.ends_with('.'));
        const auto of = class_of(row.value);
        const bool somebodys_fault = of == cell_class::malformed || of == cell_class::http || of == cell_class::transport;
        if (somebodys_fault) CHECK_FALSE(row.fix.empty());
        CHECK(parse_class(letter(of)) == of);
    }
    CHECK_FALSE(parse_reason("nonsense"));
    CHECK_FALSE(reason_from(99));
}

TEST_CASE("the hundreds of a reason's integer are its class")
{
    const std::pair<reason, char> rows[] = {{reason::ok, 'P'}, {reason::slow, 'S'}, {reason::payment, 'A'}, {reason::legal_block, 'W'},
                                            {reason::cursor_loop, 'M'}, {reason::mcp_timeout, 'H'}, {reason::http2_only, 'T'}, {reason::proxy_failed, 'U'}};
    for (const auto& [why, expected] : rows) CHECK(letter(class_of(why)) == expected);
}

TEST_CASE("warnings, states and buckets are found by their codes")
{
    for (const auto& row : all_warnings()) CHECK(parse_warning(row.code) == row.value);
    for (const auto& row : all_states()) CHECK(parse_state(row.code) == row.value);
    for (const auto& row : all_buckets()) CHECK(parse_bucket(row.code) == row.value);
    CHECK_FALSE(parse_warning("x"));
}

TEST_CASE("times are written and read as RFC 3339 in UTC")
{
    const auto t = parse_time("2026-11-21T02:30:05Z");
    REQUIRE(t);
    CHECK(t->time_since_epoch().count() == 1795228205);
    CHECK(to_rfc3339(*t) == "2026-11-21T02:30:05Z");
    CHECK(to_date(*t) == "2026-11-21");
    CHECK(to_words(*t) == "21 November 2026, 02:30 UTC");
    CHECK(parse_time("2026-11-21") == *t - std::chrono::seconds(2 * 3600 + 30 * 60 + 5));
    for (const auto* wrong : {"", "2026-13-01", "2026-02-30", "2026-11-21T24:00:00Z", "2026-11-21T02:30:00+01:00", "2026-11-21 02:30:00Z",
                              "2026-1-21", "-026-11-21", "2026-11-21T02:30:0xZ", "21 November"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_time(wrong));
    }
}
