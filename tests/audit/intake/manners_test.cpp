#include "audit/intake/manners.hpp"
#include "tests/catch.hpp"

#include <deque>

using namespace rollcall::audit;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// A registry that gives these answers in turn, and a clock that goes on only where somebody waits or is waited for.
struct conversation {
    std::deque<std::variant<page_answer, page_failure>> answers;
    milliseconds an_answer_takes{100};
    page_manners manners{};

    std::chrono::steady_clock::time_point now{};
    std::vector<std::string> log{};  // "0 GET /", "100 wait 900"

    std::string ms() const { return std::to_string(std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count()); }

    polite_pages pages()
    {
        return {[this](const std::string& location, const auto& headers, milliseconds) -> std::variant<page_answer, page_failure> {
                    std::string line = ms() + " GET " + location;
                    for (const auto& [name, value] : headers) line += " " + name + ": " + value;
                    log.push_back(line);
                    now += an_answer_takes;
                    REQUIRE_FALSE(answers.empty());
                    auto next = answers.front();
                    if (answers.size() > 1) answers.pop_front();  // the last one for ever
                    return next;
                },
                manners,
                {[this] { return now; },
                 [this](milliseconds t) {
                     log.push_back(ms() + " wait " + std::to_string(t.count()));
                     now += t;
                 }}};
    }
};

page_answer answer(unsigned status, std::vector<std::pair<std::string, std::string>> headers = {}, std::string body = "x") { return {status, std::move(headers), std::move(body)}; }

std::string told(const std::variant<page, page_error>& got)
{
    if (const auto* error = std::get_if<page_error>(&got)) return "error " + error->problem;
    const auto& p = std::get<page>(got);
    return (p.unchanged ? "unchanged" : "page " + p.text) + (p.marks.etag.empty() ? "" : " etag " + p.marks.etag) +
           (p.marks.last_modified.empty() ? "" : " of " + p.marks.last_modified);
}

}  // namespace

TEST_CASE("how a server that says no is asked again")
{
    struct test {
        const char* name;
        std::deque<std::variant<page_answer, page_failure>> answers;
        const char* told;
        std::vector<std::string> log;
    };
    const std::string date = "Sat, 21 Nov 2026 02:30:00 GMT", in_a_minute = "Sat, 21 Nov 2026 02:31:00 GMT";
    const std::vector<std::string> backoff{"0 GET /", "100 wait 2000", "2100 GET /", "2200 wait 4000", "6200 GET /", "6300 wait 8000", "14300 GET /", "14400 wait 16000", "30400 GET /"};
    const test tests[] = {
        {"a page", {answer(200)}, "page x", {"0 GET /"}},
        {"429 with seconds", {answer(429, {{"retry-after", "7"}}), answer(200)}, "page x", {"0 GET /", "100 wait 7000", "7100 GET /"}},
        {"429 with a date, by the server's own clock", {answer(429, {{"date", date}, {"retry-after", in_a_minute}}), answer(200)}, "page x",
         {"0 GET /", "100 wait 60000", "60100 GET /"}},
        {"429 with a date that is over", {answer(429, {{"date", in_a_minute}, {"retry-after", date}}), answer(200)}, "page x",
         {"0 GET /", "100 wait 0", "100 wait 900", "1000 GET /"}},
        {"429 with nothing, for ever", {answer(429)}, "error HTTP 429, also at the 5th try", backoff},
        {"503 with something that cannot be read", {answer(503, {{"retry-after", "soon"}})}, "error HTTP 503, also at the 5th try", backoff},
        {"503, then a page", {answer(503), answer(200)}, "page x", {"0 GET /", "100 wait 2000", "2100 GET /"}},
        {"429 with a day", {answer(429, {{"retry-after", "86400"}})}, "error HTTP 429, asks us to wait 24 h, longer than the 10 min that are left for this registry", {"0 GET /"}},
        {"502 twice, then a page", {answer(502), answer(502), answer(200)}, "page x", {"0 GET /", "100 wait 2000", "2100 GET /", "2200 wait 4000", "6200 GET /"}},
        {"500 for ever", {answer(500)}, "error HTTP 500, also at the 3rd try", {"0 GET /", "100 wait 2000", "2100 GET /", "2200 wait 4000", "6200 GET /"}},
        {"404 is an answer", {answer(404)}, "error HTTP 404", {"0 GET /"}},
        {"204 is no page", {answer(204)}, "error HTTP 204", {"0 GET /"}},
        {"304 that nobody asked for", {answer(304)}, "error HTTP 304", {"0 GET /"}},
        {"a connection that breaks once", {page_failure{"was cut off after 10 bytes"}, answer(200)}, "page x", {"0 GET /", "100 wait 2000", "2100 GET /"}},
        {"a connection that always breaks", {page_failure{"was cut off after 10 bytes"}}, "error was cut off after 10 bytes, also at the 3rd try",
         {"0 GET /", "100 wait 2000", "2100 GET /", "2200 wait 4000", "6200 GET /"}},
        {"what would be the same again", {page_failure{"is larger than 32 MiB", true}}, "error is larger than 32 MiB", {"0 GET /"}},
    };
    for (const auto& t : tests)
        DYNAMIC_SECTION(t.name)
        {
            conversation c{t.answers};
            auto pages = c.pages();
            CHECK(told(pages.get("/", {})) == t.told);
            CHECK(c.log == t.log);
        }
}

TEST_CASE("the pace is from the begin of a request to the begin of the next")
{
    conversation c{{answer(200)}};
    auto pages = c.pages();
    for (const auto* location : {"/1", "/2"}) CHECK(told(pages.get(location, {})) == "page x");
    c.an_answer_takes = 1500ms;
    for (const auto* location : {"/3", "/4"}) CHECK(told(pages.get(location, {})) == "page x");
    CHECK(c.log == std::vector<std::string>{"0 GET /1", "100 wait 900", "1000 GET /2", "1100 wait 900", "2000 GET /3", "3500 GET /4"});
    CHECK(pages.elapsed() == 5000ms);
}

TEST_CASE("the time of a registry ends, and nothing is waited for beyond it")
{
    conversation c{{answer(200)}};
    c.manners.whole = 2500ms;
    auto pages = c.pages();
    CHECK(told(pages.get("/1", {})) == "page x");
    CHECK(told(pages.get("/2", {})) == "page x");
    CHECK(told(pages.get("/3", {})) == "page x");
    CHECK(told(pages.get("/4", {})) == "error the time for this registry, 3 s, is over");
    CHECK(c.log.back() == "2100 wait 900");

    conversation throttled{{answer(429)}};
    throttled.manners.whole = 5000ms;
    auto again = throttled.pages();
    CHECK(told(again.get("/", {})) == "error HTTP 429, longer than the 3 s that are left for this registry");
    CHECK(throttled.log == std::vector<std::string>{"0 GET /", "100 wait 2000", "2100 GET /"});
}

TEST_CASE("patience has an end of its own")
{
    conversation c{{answer(429, {{"retry-after", "3600"}}), answer(200)}};
    c.manners.whole = 24h;
    auto pages = c.pages();
    CHECK(told(pages.get("/", {})) == "page x");
    CHECK(c.log[1] == "100 wait 900000");
}

TEST_CASE("a page that has not changed is asked for as RFC 9110 has it")
{
    conversation c{{answer(200, {{"etag", "W/\"a\""}, {"last-modified", "Sat, 21 Nov 2026 02:30:00 GMT"}}), answer(304)}};
    c.manners.pace = 0ms;
    auto pages = c.pages();
    CHECK(told(pages.get("/", {})) == "page x etag W/\"a\" of Sat, 21 Nov 2026 02:30:00 GMT");
    CHECK(told(pages.get("/", {"W/\"a\"", "then"})) == "unchanged etag W/\"a\" of then");
    CHECK(told(pages.get("/", {"", "then"})) == "unchanged of then");
    CHECK(c.log == std::vector<std::string>{"0 GET /", "100 GET / If-None-Match: W/\"a\"", "200 GET / If-Modified-Since: then"});

    conversation hostile{{answer(200, {{"etag", "a\r\nX: y"}, {"last-modified", std::string(2000, 'l')}})}};
    auto marked = hostile.pages();
    CHECK(told(marked.get("/", {})) == "page x");
}
