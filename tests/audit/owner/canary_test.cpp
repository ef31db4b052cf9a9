#include "audit/owner/canary.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit;
using rollcall::data::canary_record;

namespace {

canary_record with(std::vector<std::pair<std::string, std::string>> equals, std::string schema = "", bool own = false)
{
    canary_record r;
    r.tool = "status";
    r.equals = std::move(equals);
    r.schema = std::move(schema);
    r.own_schema = own;
    return r;
}

std::string verdict(const canary_record& wanted, std::string result, std::string problem = "", std::string output_schema = "")
{
    const auto v = owner::judge_canary(wanted, {true, std::move(result), std::move(output_schema), std::move(problem), {}});
    CHECK(v.good == (v.words == "as expected"));
    CHECK(v.good == (v.in_public == "as expected"));
    CHECK(v.in_public.find("exhausted") == std::string::npos);  // what the server said
    return v.words;
}

}  // namespace

TEST_CASE("what must come of a canary call")
{
    const std::string good = R"({"content":[{"type":"text","text":"ok"}],"structuredContent":{"status":"ok","n":7,"list":[1,2]}})";
    struct row { const char* name; canary_record wanted; std::string result, words; };
    const row rows[]{
        {"nothing but no error", with({}), good, "as expected"},
        {"isError false", with({}), R"({"content":[],"isError":false})", "as expected"},
        {"isError", with({}), R"({"content":[{"type":"text","text":"pool\nexhausted"}],"isError":true})", "the tool answered with an error: pool\xEF\xBF\xBD" "exhausted"},
        {"isError without words", with({}), R"({"isError":true})", "the tool answered with an error: without words"},
        {"equal", with({{"/structuredContent/status", "\"ok\""}, {"/structuredContent/n", "7.0"}, {"/structuredContent/list/1", "2"}}), good, "as expected"},
        {"another value", with({{"/structuredContent/status", "\"fine\""}}), good, R"("ok" at /structuredContent/status, expected "fine")"},
        {"nothing there", with({{"/structuredContent/x/y", "1"}}), good, "nothing at /structuredContent/x/y, expected 1"},
        {"an index beyond", with({{"/structuredContent/list/9", "1"}}), good, "nothing at /structuredContent/list/9, expected 1"},
        {"not an index", with({{"/structuredContent/list/x", "1"}}), good, "nothing at /structuredContent/list/x, expected 1"},
        {"schema fits", with({}, R"({"type":"object","required":["status"],"properties":{"n":{"type":"integer","maximum":9}}})"), good, "as expected"},
        {"schema does not fit", with({}, R"({"type":"object","properties":{"n":{"type":"integer","maximum":5}}})"), good, ""},
        {"no structured content", with({}, R"({"type":"object"})"), R"({"content":[]})", "structuredContent is missing, which a schema describes"},
        {"a schema that is none", with({}, "{"), good, "does not fit the schema: the schema is not JSON, or nests too deep"},
        {"a pattern is not looked at", with({}, R"({"properties":{"status":{"pattern":"(a+)+$"}}})"), good, "as expected"},
        {"a reference elsewhere is not followed", with({}, R"({"$ref":"https://evil.example/schema.json"})"), good, "as expected"},
        {"a reference within", with({}, R"({"$defs":{"s":{"enum":["ok"]}},"properties":{"status":{"$ref":"#/$defs/s"}}})"), good, "as expected"},
        {"not an object", with({}), "[]", "the result is not an object"},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.name)
        {
            const auto words = verdict(r.wanted, r.result);
            if (r.words.empty()) CHECK(words.find("does not fit the schema: ") == 0);
            else CHECK(words == r.words);
        }
}

TEST_CASE("a call without a result, and the tool's own schema")
{
    CHECK(verdict(with({}), "", "-32603: pool exhausted") == "-32603: pool exhausted");
    CHECK(verdict(with({}), "", "") == "no result");
    const std::string result = R"({"structuredContent":{"n":1}})";
    CHECK(verdict(with({}, "", true), result, "", R"({"type":"object","required":["n"]})") == "as expected");
    CHECK(verdict(with({}, "", true), result, "", R"({"type":"object","required":["m"]})").find("does not fit the schema") == 0);
    CHECK(verdict(with({}, "", true), result) == "the tool has no outputSchema to fit");
}

TEST_CASE("a schema made to hurt is refused, not followed")
{
    std::string deep;
    for (int i = 0; i < 5000; ++i) deep += R"({"properties":{"a":)";
    deep += "{}";
    for (int i = 0; i < 5000; ++i) deep += "}}";
    CHECK(verdict(with({}, deep), R"({"structuredContent":{}})") == "does not fit the schema: the schema is not JSON, or nests too deep");
    for (const char* none : {R"({"properties":[]})", R"({"required":{}})", R"({"minLength":-1})", R"({"items":5})", R"({"multipleOf":0})", R"({"enum":{}})", "7"})
        CHECK_FALSE(verdict(with({}, "", true), R"({"structuredContent":{"a":"b"}})", "", none).empty());
    CHECK_NOTHROW(verdict(with({}, R"({"$ref":"#"})"), R"({"structuredContent":{}})"));
    CHECK_NOTHROW(verdict(with({}, R"({"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"})"), R"({"structuredContent":{}})"));
}
