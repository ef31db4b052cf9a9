// Bytes that nobody meant to be read: bounded, safe to show, never an exception, always the same.
#include "tests/audit/health/support.hpp"

#include "audit/health/limits.hpp"
#include "audit/health/safe.hpp"
#include "audit/health/saved_answer.hpp"
#include "audit/health/table.hpp"
#include "tests/catch.hpp"

#include <chrono>
#include <random>

using namespace rollcall::audit::health;
using namespace rollcall::audit::health::tests;

namespace {

void check_bounds(const report& r)
{
    CHECK(r.components.size() >= 1);
    CHECK(r.components.size() <= most_components + 1);
    CHECK(r.recognised.size() <= most_places);
    CHECK(r.unrecognised.size() <= most_places);
    const titled one{"x", r};
    const auto shown = as_table({&one, 1}, {}) + as_json({&one, 1});
    CHECK(std::ranges::none_of(shown, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f; }));
    CHECK(shown.find("\u202e") == std::string::npos);
    for (const auto& c : r.components) {
        CHECK(c.metrics.size() <= most_metrics);
        CHECK(c.note.size() <= note_bytes);
        CHECK(c.reason.size() <= 64);
    }
}

}  // namespace

TEST_CASE("every beginning of every example, and every example with a byte changed, is read within bounds", "[health]")
{
    std::minstd_rand random(7);
    for (const auto& e : all_examples()) {
        INFO(e.file);
        for (std::size_t n = 0; n < e.text.size(); n += 13) check_bounds(read_health(saved_answer(e.text.substr(0, n))));
        for (int i = 0; i < 8; ++i) {
            auto text = e.text;
            text[random() % text.size()] = static_cast<char>(random() % 256);
            const auto once = line_of(read_health(saved_answer(text)));
            CHECK(once == line_of(read_health(saved_answer(text))));
        }
    }
}

TEST_CASE("more components than are listed: those that are not up stay", "[health]")
{
    std::string body = R"({"checks":{)";
    for (int i = 0; i < 400; ++i) body += "\"c" + std::to_string(i) + "\":" + (i == 399 ? "false" : "true") + (i == 399 ? "" : ",");
    const auto r = read_text_of(200, body + "}}");
    CHECK(r.components.size() == most_components);
    CHECK(r.components.front().name == "c399");
    CHECK(r.is == state::down);
    CHECK(r.oddities.front() == oddity::components_cut);
    check_bounds(r);
}

TEST_CASE("a document that names the same thing at every level is read in an instant", "[health]")
{
    std::string body = "{\"x\":1}";
    while (body.size() * 4 < most_bytes - 100) {
        std::string next = "{";
        for (const auto* name : {"error", "errors", "exception", "err"}) next += "\"" + std::string(name) + "\":" + body + (std::string(name) == "err" ? "" : ",");
        body = next + "}";
    }
    const auto begun = std::chrono::steady_clock::now();
    check_bounds(read_text_of(200, body));
    // A sanitizer's build takes half a second.
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
}

TEST_CASE("names and texts of a document cannot paint on a terminal", "[health]")
{
    const auto r = read_text_of(503, "{\"checks\":{\"a\\u001b[31m\\u202eb\\n\\u0000\":{\"status\":\"error\",\"error\":\"x\\u001b]0;title\\u0007\\u202e\"}}}");
    check_bounds(r);
    CHECK(r.components.front().name.find("a") == 0);
}

TEST_CASE("secrets in error texts are not repeated", "[health]")
{
    struct row { const char* text; const char* secret; };
    const std::vector<row> rows{
        {"cannot reach postgres://app:hunter2secret@db.internal:5432/app", "hunter2secret"},
        {"cannot reach postgres://app:hunter2secret@db:5432/app", "hunter2secret"},
        {"cannot reach redis://:p!ss$word9@cache/0", "word9"},
        {"bad key api_key=4f7d8a9b2c", "4f7d8a9b2c"},
        {"token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl refused", "eyJhbGciOiJIUzI1NiJ9"},
        {"mail to somebody@example.com bounced", "somebody@example.com"},
        {"key AKIAIOSFODNN7EXAMPLE is not active", "AKIAIOSFODNN7EXAMPLE"},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.text)
        {
            const auto read = read_text_of(503, "{\"status\":\"error\",\"error\":\"" + std::string(r.text) + "\"}");
            const titled one{"x", read};
            CHECK((as_table({&one, 1}, {}) + as_json({&one, 1})).find(r.secret) == std::string::npos);
        }
}

TEST_CASE("a head as curl saves it is understood, and the last one counts", "[health]")
{
    struct row { const char* name; std::string text; unsigned status; std::string body; };
    const std::vector<row> rows{
        {"none", "{}", 0, "{}"},
        {"one", "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n\r\n{}", 503, "{}"},
        {"HTTP/2, without a phrase", "HTTP/2 200\n\nok", 200, "ok"},
        {"a proxy's first", "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\nx", 404, "x"},
        {"100 first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        {"no status", "HTTP/1.1 hello\n\nok", 0, "HTTP/1.1 hello\n\nok"},
        {"a head without an end", "HTTP/1.1 200 OK\r\nA: b", 200, ""},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.name)
        {
            const auto got = saved_answer(r.text);
            CHECK(got.status == r.status);
            CHECK(got.body == r.body);
        }
}
