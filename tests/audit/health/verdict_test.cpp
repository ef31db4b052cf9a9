#include "audit/health/verdict.hpp"
#include "tests/audit/health/support.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit::health;
using namespace rollcall::audit::health::tests;

TEST_CASE("a health document only ever turns up into degraded, and says which component", "[health]")
{
    struct row { const char* name; unsigned status; const char* body; const char* words; };
    const std::vector<row> rows{
        {"up", 200, R"({"status":"ok"})", ""},
        {"degraded", 503, R"({"status":"degraded","reason":"disk_slow"})", "service is degraded (disk slow)"},
        {"down", 503, R"({"status":"ok","components":{"db":{"status":"down","error":"connection refused"}}})", "db is down (refused)"},
        {"the worst of several", 503, R"({"a":"degraded","b":"down","c":"down"})", "b is down (no reason given), and 2 more components"},
        {"two", 503, R"({"a":"degraded","b":"down"})", "b is down (no reason given), and 1 more component"},
        {"the part, not the whole that repeats it", 503, R"({"status":"degraded","latencyMs":3,"db":"degraded"})", "db is degraded (no reason given), and 1 more component"},
        {"HTTP alone", 500, "", "service is down (HTTP 500)"},
        {"not understood", 200, R"({"status":"purple"})", ""},
        {"not let in", 401, R"({"status":"down"})", ""},
        {"a page", 200, "<html>", ""},
        {"a host's name is not repeated", 503, R"({"checks":{"db-1.internal.example.com":"down"}})", "a component is down (no reason given)"},
        {"an account's number is not repeated", 503, R"({"checks":{"account 123456789":"down"}})", "a component is down (no reason given)"},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.name)
        {
            const auto e = effect_on(state::up, read_text_of(r.status, r.body));
            CHECK(e.words == r.words);
            CHECK(e.degrades == (*r.words != '\0'));
            CHECK(e.component.empty() == !e.degrades);
        }
}

TEST_CASE("an endpoint that is not up is not touched by its health document", "[health]")
{
    const auto down = read_text_of(503, R"({"status":"down"})");
    for (const auto s : {state::degraded, state::down, state::gated, state::unknown}) CHECK_FALSE(effect_on(s, down).degrades);
}

TEST_CASE("a document that could not be had counts only where that is the server's doing", "[health]")
{
    CHECK(effect_on(state::up, without_document("service", "http_hang", "", true)).words == "service is down (http hang)");
    CHECK_FALSE(effect_on(state::up, without_document("service", "no_document", "", false)).degrades);
}

TEST_CASE("what a document is about, by its path", "[health]")
{
    CHECK(subject_of_path("/health/postgres") == "postgres");
    CHECK(subject_of_path("/health/postgres/?x=1") == "postgres");
    for (const auto* general : {"/health", "/healthz", "/", "", "/api/ready", "/actuator/health"}) CHECK(subject_of_path(general) == "service");
}
