// A change in words, and a comparison on a terminal.
#include "audit/drift/show.hpp"
#include "tests/audit/drift/told.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <sstream>

using namespace rollcall::audit::drift;
using namespace rollcall::tests;

namespace {

std::string p(std::string_view schema) { return R"({"type":"object","properties":{"p":)" + std::string(schema) + "}}"; }
constexpr const char* none = R"({"type":"object","properties":{}})";

}  // namespace

TEST_CASE("each change is a sentence", "[drift]")
{
    struct row { std::string before, after; const char* expected; };
    for (const auto& r : std::vector<row>{
             {none, p("{}"), "t can now take `p`"},
             {p("{}"), none, "t no longer takes `p`"},
             {none, R"({"type":"object","properties":{"p":{}},"required":["p"]})", "t now requires `p`, which is new"},
             {p("{}"), R"({"type":"object","properties":{"p":{}},"required":["p"]})", "t now requires `p`"},
             {p(R"({"type":"string"})"), p(R"({"type":["string","null"]})"), "t takes null or string for `p`, not only string"},
             {p(R"({"type":"number"})"), p(R"({"type":"integer"})"), "t takes only integer for `p`, no longer number"},
             {p("{}"), p(R"({"type":"integer"})"), "t takes only integer for `p`, no longer anything"},
             {p(R"({"enum":["a"]})"), p(R"({"enum":["a","b"]})"), "t takes \"b\" for `p` too"},
             {p(R"({"enum":["a","b"]})"), p(R"({"enum":["a"]})"), "t no longer takes \"b\" for `p`"},
             {p(R"({"type":"string"})"), p(R"({"enum":["a","b","c","d","e","f"]})"), "t takes only \"a\", \"b\", \"c\", \"d\" and 2 more for `p`"},
             {p(R"({"type":"integer","maximum":9})"), p(R"({"type":"integer"})"), "t is less strict about `p`: `maximum` 9 -> none"},
             {p(R"({"default":1})"), p(R"({"default":2})"), "t assumes 2 without `p`, no longer 1"},
             {none, R"({"type":"object","properties":{},"additionalProperties":false})", "t refuses undeclared parameters"},
             {p(R"({"title":"a"})"), p(R"({"title":"b"})"), "t has another title of `p`"},
             {p(R"({"not":{"const":1}})"), p(R"({"not":{"const":2}})"), "t has another rule for `p`: `not` differs"}}) {
        const auto c = compare_manifests(with_input(r.before), with_input(r.after));
        REQUIRE(c.changes.size() == 1);
        CHECK(sentence_of(c.changes[0]) == r.expected);
    }
    const auto output = [](std::string_view b, std::string_view a) { return sentence_of(compare_manifests(with_output(b), with_output(a)).changes.at(0)); };
    CHECK(output(p(R"({"type":"string"})"), p(R"({"type":["string","null"]})")) == "t may return null or string as `p`, not only string");
    CHECK(output(p("{}"), none) == "t no longer returns `p`");
    CHECK(output(R"({"type":"object"})", R"({"type":"array"})") == "t returns array as its result instead of object");
}

TEST_CASE("every kind and every rule has its words", "[drift]")
{
    for (const auto& row : all_kinds()) {
        CHECK(!row.code.empty());
        const change c{.what = row.value, .side = side::input, .tool = "t", .renamed = "u", .subject = "p", .keyword = "readOnlyHint", .before = "\"a\"", .after = "\"b\""};
        CHECK(predicate_of(c).size() > 5);
    }
    for (const auto& row : all_rules()) CHECK((!row.code.empty() && row.sentence.ends_with('.')));
}

TEST_CASE("a terminal of 80 columns shows the worst first, and nothing that paints", "[drift]")
{
    const std::string before = R"([{"name":"aaa","inputSchema":{"type":"object","properties":{"x":{"type":"string"}}}},{"name":"b\u001b[2J","inputSchema":{"type":"object"}}])";
    const std::string after = R"([{"name":"aaa","description":"Long \u202e words","inputSchema":{"type":"object","properties":{"x":{"type":"string","enum":["a value of some length","another value of length","and one more, longer still"]},"y":{}}}}])";
    const auto c = compare_manifests(before, after);
    CHECK(counts_of(c) == "2 breaking, 1 additive and 1 wording change" "s");
    const auto text = as_text(c, false);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("\u202e") == std::string::npos);
    CHECK(text.find("U+202E") != std::string::npos);
    CHECK(text.find("Breaking (2)") < text.find("Additive (1)"));
    CHECK(text.find("Additive (1)") < text.find("Wording (1)"));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 82);  // two bytes of U+FFFD beyond its column
    CHECK(as_text(c, true).find("\x1b[31m") != std::string::npos);
    CHECK(counts_of(compare_manifests("[]", "[]")) == "no change");
    CHECK(as_text(compare_manifests("[]", "[]"), true).empty());
}

TEST_CASE("as JSON, with values cut that nobody could read", "[drift]")
{
    const auto c = compare_manifests(with_input(p(R"({"type":"string"})")), with_input(p(R"({"type":"string","pattern":")" + std::string(5000, 'a') + R"("})")));
    const auto doc = as_json(c);
    CHECK(doc["grade"] == "breaking");
    CHECK(doc["counts"]["breaking"] == 1);
    CHECK(doc["changes"][0]["kind"] == "constraint_tightened");
    CHECK(doc["changes"][0]["before"].is_null());
    CHECK(doc["changes"][0]["after"].get<std::string>().size() < 2100);
    CHECK(doc["changes"][0]["place"] == "/inputSchema/properties/p/pattern");
}
