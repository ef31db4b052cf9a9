// What changed in a schema, by kind and grade: one row a fact.
#include "tests/audit/drift/told.hpp"
#include "tests/catch.hpp"

using namespace rollcall::audit::drift;
using namespace rollcall::tests;

namespace {

struct row {
    const char* name;
    const char* before;
    const char* after;
    const char* expected;
};

std::string object(std::string_view members) { return R"({"type":"object",)" + std::string(members) + "}"; }
std::string one(std::string_view schema) { return object(R"("properties":{"p":)" + std::string(schema) + "}"); }

void check_input(const std::string& before, const std::string& after, const char* expected)
{
    const auto b = with_input(before), a = with_input(after);
    const auto c = compare_manifests(b, a);
    CHECK(told(c) == expected);
    CHECK(places_lead_somewhere(c, b, a));
    CHECK(told(compare_manifests(a, a)).empty());
}

void check_output(const std::string& before, const std::string& after, const char* expected)
{
    const auto b = with_output(before), a = with_output(after);
    const auto c = compare_manifests(b, a);
    CHECK(told(c) == expected);
    CHECK(places_lead_somewhere(c, b, a));
}

}  // namespace

TEST_CASE("parameters that come, go and change whether they are required", "[drift]")
{
    for (const auto& r : std::vector<row>{
             {"nothing", R"("properties":{"a":{}},"required":["a"])", R"("properties":{"a":{}},"required":["a"])", ""},
             {"optional", R"("properties":{})", R"("properties":{"a":{"type":"string"}})", "additive parameter_added a"},
             {"required at once", R"("properties":{})", R"("properties":{"a":{"type":"string"}},"required":["a"])", "breaking required_parameter_added a"},
             {"now required", R"("properties":{"a":{}})", R"("properties":{"a":{}},"required":["a"])", "breaking parameter_now_required a"},
             {"now optional", R"("properties":{"a":{}},"required":["a"])", R"("properties":{"a":{}},"required":[])", "additive parameter_now_optional a"},
             {"required without a declaration", R"("properties":{})", R"("properties":{},"required":["a"])", "breaking parameter_now_required a"},
             {"gone", R"("properties":{"a":{"type":"string"}})", R"("properties":{})", "breaking parameter_removed a"},
             {"another spelling", R"("properties":{"pageSize":{"type":"integer"}})", R"("properties":{"page_size":{"type":"integer"}})", "breaking parameter_renamed pageSize"},
             {"q became query", R"("properties":{"q":{"type":"string"}})", R"("properties":{"query":{"type":"string"}})", "breaking parameter_renamed q"},
             {"the same description", R"("properties":{"src":{"type":"string","description":"Where to copy from"}})",
              R"("properties":{"origin":{"type":"string","description":"Where to copy from"}})", "breaking parameter_renamed src"},
             {"renamed and now required", R"("properties":{"pageSize":{"type":"integer"}})", R"("properties":{"page_size":{"type":"integer"}},"required":["page_size"])",
              "breaking parameter_renamed pageSize; breaking parameter_now_required page_size"},
             {"opposites are two", R"("properties":{"min_price":{"type":"number"}})", R"("properties":{"max_price":{"type":"number"}})",
              "breaking parameter_removed min_price; additive parameter_added max_price"},
             {"from is not to", R"("properties":{"from_date":{"type":"string"}})", R"("properties":{"to_date":{"type":"string"}})",
              "breaking parameter_removed from_date; additive parameter_added to_date"},
             {"another type is another parameter", R"("properties":{"q":{"type":"string"}})", R"("properties":{"query":{"type":"array"}})",
              "breaking parameter_removed q; additive parameter_added query"},
             {"order of required", R"("properties":{"a":{},"b":{}},"required":["a","b"])", R"("properties":{"a":{},"b":{}},"required":["b","a"])", ""},
             {"nested", R"("properties":{"f":{"type":"object","properties":{"a":{}}}})", R"("properties":{"f":{"type":"object","properties":{"a":{}},"required":["a"]}})",
              "breaking parameter_now_required f.a"},
             {"in elements", R"("properties":{"f":{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"}}}}})",
              R"("properties":{"f":{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"},"b":{}}}}})", "additive parameter_added f[].b"},
             {"undeclared refused", R"("properties":{})", R"("properties":{},"additionalProperties":false)", "breaking undeclared_refused additionalProperties"},
             {"undeclared allowed", R"("additionalProperties":false)", R"("additionalProperties":true)", "additive undeclared_allowed additionalProperties"},
             {"true is the default", R"("properties":{})", R"("properties":{},"additionalProperties":true)", ""},
             {"{} is the default too", R"("properties":{},"additionalProperties":{})", R"("properties":{})", ""},
             {"undeclared described", R"("additionalProperties":{"type":"string"})", R"("additionalProperties":{"type":"integer"})", "breaking type_changed *"},
             {"undeclared limited", R"("properties":{})", R"("additionalProperties":{"type":"string"})", "breaking constraint_tightened additionalProperties"},
             {"a parameter called description", R"("properties":{"description":{"type":"string"}})", R"("properties":{"description":{"type":"integer"}})", "breaking type_changed description"},
             {"names with slashes", R"("properties":{"a/b~c":{"type":"string"}})", R"("properties":{"a/b~c":{"type":"integer"}})", "breaking type_changed a/b~c"}}) {
        DYNAMIC_SECTION(r.name) { check_input(object(r.before), object(r.after), r.expected); }
    }
}

TEST_CASE("types, values and constraints of a parameter", "[drift]")
{
    for (const auto& r : std::vector<row>{
             {"wider", R"({"type":"string"})", R"({"type":["string","null"]})", "additive type_widened p"},
             {"narrower", R"({"type":["string","null"]})", R"({"type":"string"})", "breaking type_narrowed p"},
             {"other", R"({"type":"string"})", R"({"type":"integer"})", "breaking type_changed p"},
             {"integer into number", R"({"type":"integer"})", R"({"type":"number"})", "additive type_widened p"},
             {"number into integer", R"({"type":"number"})", R"({"type":"integer"})", "breaking type_narrowed p"},
             {"a type at last", R"({})", R"({"type":"string"})", "breaking type_narrowed p"},
             {"any type", R"({"type":"string"})", R"({})", "additive type_widened p"},
             {"order of types", R"({"type":["string","null"]})", R"({"type":["null","string"]})", ""},
             {"number and integer is number", R"({"type":["number","integer"]})", R"({"type":"number"})", ""},
             {"nothing else is told of another type", R"({"type":"string","maxLength":3})", R"({"type":"integer","minimum":1})", "breaking type_changed p"},
             {"forbidden", R"({"type":"string"})", "false", "breaking type_narrowed p"},
             {"true is {}", "true", R"({})", ""},
             {"more values", R"({"enum":["a","b"]})", R"({"enum":["c","b","a"]})", "additive enum_widened p"},
             {"fewer values", R"({"enum":["a","b"]})", R"({"enum":["b"]})", "breaking enum_narrowed p"},
             {"other values", R"({"enum":["a","b"]})", R"({"enum":["b","c"]})", "breaking enum_changed p"},
             {"order of values", R"({"enum":["a","b"]})", R"({"enum":["b","a"]})", ""},
             {"values at last", R"({"type":"string"})", R"({"type":"string","enum":["a"]})", "breaking enum_narrowed p"},
             {"any value", R"({"type":"string","enum":["a"]})", R"({"type":"string"})", "additive enum_widened p"},
             {"type beside enum says nothing", R"({"enum":["a"]})", R"({"type":"string","enum":["a"]})", ""},
             {"const is an enum of one", R"({"const":"a"})", R"({"enum":["a"]})", ""},
             {"literals as alternatives are an enum", R"({"anyOf":[{"const":"a"},{"const":"b"}]})", R"({"type":"string","enum":["b","a"]})", ""},
             {"1 is 1.0", R"({"enum":[1]})", R"({"enum":[1.0]})", ""},
             {"null among the values", R"({"type":"string","enum":["a"]})", R"({"type":["string","null"],"enum":["a",null]})", "additive type_widened p"},
             {"whole numbers as values", R"({"type":"number"})", R"({"type":"number","enum":[1,2]})", "breaking enum_narrowed p"},
             {"true alone", R"({"type":"boolean"})", R"({"type":"boolean","const":true})", "breaking enum_narrowed p"},
             {"lower maximum", R"({"type":"integer","maximum":100})", R"({"type":"integer","maximum":50})", "breaking constraint_tightened p maximum"},
             {"no maximum", R"({"type":"integer","maximum":100})", R"({"type":"integer"})", "additive constraint_loosened p maximum"},
             {"a minimum", R"({"type":"number"})", R"({"type":"number","minimum":0})", "breaking constraint_tightened p minimum"},
             {"exclusive is stricter", R"({"type":"number","minimum":0})", R"({"type":"number","exclusiveMinimum":0})", "breaking constraint_tightened p exclusiveMinimum"},
             {"above 0 is from 1 for whole numbers", R"({"type":"integer","exclusiveMinimum":0})", R"({"type":"integer","minimum":1})", ""},
             {"the edge of whole numbers in JSON is no bound", R"({"type":"integer"})", R"({"type":"integer","minimum":-9007199254740991,"maximum":9007199254740991})", ""},
             {"minLength 0 is none", R"({"type":"string","minLength":0})", R"({"type":"string"})", ""},
             {"longer", R"({"type":"string","maxLength":10})", R"({"type":"string","maxLength":20})", "additive constraint_loosened p maxLength"},
             {"more elements needed", R"({"type":"array","minItems":1})", R"({"type":"array","minItems":2})", "breaking constraint_tightened p minItems"},
             {"unique", R"({"type":"array"})", R"({"type":"array","uniqueItems":true})", "breaking constraint_tightened p uniqueItems"},
             {"not unique is the default", R"({"type":"array"})", R"({"type":"array","uniqueItems":false})", ""},
             {"multiples of multiples", R"({"type":"integer","multipleOf":5})", R"({"type":"integer","multipleOf":10})", "breaking constraint_tightened p multipleOf"},
             {"fewer multiples", R"({"type":"number","multipleOf":0.3})", R"({"type":"number","multipleOf":0.1})", "additive constraint_loosened p multipleOf"},
             {"other multiples", R"({"type":"integer","multipleOf":4})", R"({"type":"integer","multipleOf":6})", "breaking constraint_changed p multipleOf"},
             {"a pattern", R"({"type":"string"})", R"({"type":"string","pattern":"^a"})", "breaking constraint_tightened p pattern"},
             {"no pattern", R"({"type":"string","pattern":"^a"})", R"({"type":"string"})", "additive constraint_loosened p pattern"},
             {"another pattern cannot be judged", R"({"type":"string","pattern":"^a"})", R"({"type":"string","pattern":"^[ab]"})", "breaking constraint_changed p pattern"},
             {"what does not apply to the type", R"({"type":"string","minimum":1})", R"({"type":"string","minimum":2})", ""},
             {"not", R"({"type":"string"})", R"({"type":"string","not":{"const":"a"}})", "breaking constraint_tightened p not"},
             {"words within not", R"({"not":{"const":"a","title":"x"}})", R"({"not":{"title":"y","const":"a"}})", ""},
             {"if and then", R"({"if":{"type":"string"},"then":{"minLength":1}})", R"({"if":{"type":"string"},"then":{"minLength":2}})", "breaking constraint_changed p then"},
             {"default, left out", R"({"type":"integer","default":10})", R"({"type":"integer","default":20})", "breaking default_changed p default"},
             {"default at last", R"({"type":"integer"})", R"({"type":"integer","default":20})", "additive default_changed p default"},
             {"default no more", R"({"type":"integer","default":10})", R"({"type":"integer"})", "breaking default_changed p default"},
             {"elements", R"({"type":"array","items":{"type":"string"}})", R"({"type":"array","items":{"type":"integer"}})", "breaking type_changed p[]"},
             {"elements at last", R"({"type":"array"})", R"({"type":"array","items":{"type":"string"}})", "breaking type_narrowed p[]"},
             {"a tuple", R"({"type":"array","prefixItems":[{"type":"string"},{"type":"number"}]})", R"({"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]})", "breaking type_narrowed p[1]"},
             {"a tuple of old", R"({"type":"array","items":[{"type":"string"}]})", R"({"type":"array","prefixItems":[{"type":"string"}]})", ""},
             {"title", R"({"type":"string","title":"A"})", R"({"type":"string","title":"B"})", "wording wording_changed p title"},
             {"description", R"({"type":"string"})", R"({"type":"string","description":"B"})", "wording wording_changed p description"},
             {"examples", R"({"type":"string","examples":["a"]})", R"({"type":"string","examples":["b"]})", "wording note_changed p examples"},
             {"a keyword of one's own", R"({"type":"string"})", R"({"type":"string","x-internal":1})", "wording note_changed p x-internal"},
             {"a header", R"({"type":"string"})", R"({"type":"string","x-mcp-header":"Region"})", "breaking constraint_tightened p x-mcp-header"}}) {
        DYNAMIC_SECTION(r.name) { check_input(one(r.before), one(r.after), r.expected); }
    }
}

TEST_CASE("a default means nothing where a parameter must be given", "[drift]")
{
    check_input(object(R"("properties":{"p":{"default":1}},"required":["p"])"), object(R"("properties":{"p":{"default":2}},"required":["p"])"), "wording note_changed p default");
}

TEST_CASE("alternatives", "[drift]")
{
    for (const auto& r : std::vector<row>{
             {"order", R"({"anyOf":[{"type":"string"},{"type":"null"}]})", R"({"anyOf":[{"type":"null"},{"type":"string"}]})", ""},
             {"a list of types is alternatives", R"({"type":["string","null"],"minLength":1})", R"({"anyOf":[{"type":"string","minLength":1},{"type":"null"}]})", ""},
             {"optional as alternatives", R"({"type":"string"})", R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "additive type_widened p"},
             {"oneOf for anyOf", R"({"anyOf":[{"type":"string"},{"type":"null"}]})", R"({"oneOf":[{"type":"string"},{"type":"null"}]})", ""},
             {"inside one", R"({"anyOf":[{"type":"string","maxLength":5},{"type":"null"}]})", R"({"anyOf":[{"type":"null"},{"type":"string","maxLength":4}]})", "breaking constraint_tightened p maxLength"},
             {"an object form more", R"({"oneOf":[{"type":"object","properties":{"k":{"const":"a"}}}]})",
              R"({"oneOf":[{"type":"object","properties":{"k":{"const":"a"}}},{"type":"object","properties":{"k":{"const":"b"}}}]})", "additive alternative_added p"},
             {"an object form less", R"({"oneOf":[{"type":"object","properties":{"k":{"const":"a"}}},{"type":"object","properties":{"k":{"const":"b"}}}]})",
              R"({"oneOf":[{"type":"object","properties":{"k":{"const":"b"}}}]})", "breaking alternative_removed p"},
             {"told apart by their constant", R"({"oneOf":[{"type":"object","properties":{"k":{"const":"a"},"x":{}}},{"type":"object","properties":{"k":{"const":"b"},"y":{}}}]})",
              R"({"oneOf":[{"type":"object","properties":{"k":{"const":"b"},"x":{},"y":{}}},{"type":"object","properties":{"k":{"const":"a"},"x":{}}}]})", "additive parameter_added p.x"},
             {"a redundant one less", R"({"anyOf":[{"type":"integer"},{"type":"number"}]})", R"({"type":"number"})", ""},
             {"beside other members", R"({"description":"d","anyOf":[{"type":"string"}]})", R"({"description":"d","type":"string"})", ""},
             {"allOf is one schema", R"({"allOf":[{"type":"object","properties":{"a":{}}},{"required":["a"]}]})", R"({"type":"object","properties":{"a":{}},"required":["a"]})", ""},
             {"allOf, tightest bound", R"({"type":"integer","allOf":[{"maximum":5},{"maximum":3}]})", R"({"type":"integer","maximum":3})", ""}}) {
        DYNAMIC_SECTION(r.name) { check_input(one(r.before), one(r.after), r.expected); }
    }
}

TEST_CASE("references within the document are followed, others never", "[drift]")
{
    const auto with = [](std::string_view p, std::string_view definitions) { return object(R"("properties":{"p":)" + std::string(p) + "}," + std::string(definitions)); };
    check_input(with(R"({"$ref":"#/$defs/a"})", R"("$defs":{"a":{"type":"string"}})"), one(R"({"type":"string"})"), "");
    check_input(with(R"({"$ref":"#/$defs/a"})", R"("$defs":{"a":{"type":"string"}})"), with(R"({"$ref":"#/definitions/b"})", R"("definitions":{"b":{"type":"string"}})"), "");
    check_input(with(R"({"$ref":"#/$defs/a"})", R"("$defs":{"a":{"type":"string"}})"), with(R"({"$ref":"#/$defs/a"})", R"("$defs":{"a":{"type":"integer"}})"), "breaking type_changed p");
    check_input(with(R"({"$ref":"#/$defs/a%7E1b"})", R"("$defs":{"a/b":{"type":"string"}})"), one(R"({"type":"string"})"), "");
    check_input(with(R"({"$ref":"#here"})", R"("$defs":{"a":{"$anchor":"here","type":"string"}})"), one(R"({"type":"string"})"), "");
    check_input(with(R"({"$ref":"#/$defs/a","maxLength":3})", R"("$defs":{"a":{"type":"string"}})"), one(R"({"type":"string","maxLength":3})"), "");
    check_input(with(R"({"not":{"$ref":"#/$defs/a"}})", R"("$defs":{"a":{"type":"string"}})"), with(R"({"not":{"$ref":"#/$defs/a"}})", R"("$defs":{"a":{"type":"integer"}})"),
                "breaking constraint_changed p not");
    check_input(one(R"({"$ref":"https://example.com/a.json"})"), one(R"({"$ref":"https://example.com/a.json"})"), "");
    check_input(one(R"({"$ref":"https://example.com/a.json"})"), one(R"({"$ref":"https://example.com/b.json"})"), "breaking constraint_changed p $ref");
    check_input(one(R"({"$ref":"#/nowhere"})"), one(R"({})"), "breaking constraint_changed p $ref");

    // A definition that is used twice is told at both places.
    const auto twice = [](std::string_view t) {
        return object(R"("properties":{"a":{"$ref":"#/$defs/x"},"b":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":")" + std::string(t) + R"("}})");
    };
    check_input(twice("string"), twice("integer"), "breaking type_changed a; breaking type_changed b");
}

TEST_CASE("schemas that refer to themselves are compared once around", "[drift]")
{
    const auto tree = [](std::string_view label) {
        return object(R"("properties":{"root":{"$ref":"#/$defs/node"}},"$defs":{"node":{"type":"object","properties":{"label":{"type":")" + std::string(label) +
                      R"("},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}}}})");
    };
    check_input(tree("string"), tree("string"), "");
    check_input(tree("string"), tree("integer"), "breaking type_changed root.label");
    check_input(one(R"({"$ref":"#/properties/p"})"), one(R"({"$ref":"#/properties/p","title":"x"})"), "wording wording_changed p title");
    check_input(one(R"({"anyOf":[{"$ref":"#/properties/p"},{"type":"null"}]})"), one(R"({"anyOf":[{"$ref":"#/properties/p"},{"type":"null"},{"type":"string"}]})"), "additive alternative_added p");
}

TEST_CASE("results are read the other way round", "[drift]")
{
    for (const auto& r : std::vector<row>{
             {"wider", R"({"type":"string"})", R"({"type":["string","null"]})", "breaking type_widened p"},
             {"narrower", R"({"type":["string","null"]})", R"({"type":"string"})", "additive type_narrowed p"},
             {"other", R"({"type":"string"})", R"({"type":"integer"})", "breaking type_changed p"},
             {"more values", R"({"enum":["a"]})", R"({"enum":["a","b"]})", "breaking enum_widened p"},
             {"fewer values", R"({"enum":["a","b"]})", R"({"enum":["a"]})", "additive enum_narrowed p"},
             {"higher maximum", R"({"type":"integer","maximum":5})", R"({"type":"integer","maximum":9})", "breaking constraint_loosened p maximum"},
             {"lower maximum", R"({"type":"integer","maximum":5})", R"({"type":"integer","maximum":4})", "additive constraint_tightened p maximum"},
             {"default", R"({"type":"integer","default":5})", R"({"type":"integer","default":4})", "wording note_changed p default"},
             {"one form more", R"({"oneOf":[{"type":"object","properties":{"k":{"const":"a"}}}]})",
              R"({"oneOf":[{"type":"object","properties":{"k":{"const":"a"}}},{"type":"object","properties":{"k":{"const":"b"}}}]})", "breaking alternative_added p"}}) {
        DYNAMIC_SECTION(r.name) { check_output(one(r.before), one(r.after), r.expected); }
    }
    const std::string open = R"("properties":{"a":{"type":"string"}})", required = R"("properties":{"a":{"type":"string"}},"required":["a"])";
    const std::string two = R"("properties":{"a":{"type":"string"},"b":{"type":"number"}})";
    check_output(object(open), object(two), "additive result_field_added b");
    check_output(object(open + R"(,"additionalProperties":false)"), object(two + R"(,"additionalProperties":false)"), "breaking result_field_added b");
    check_output(object(two), object(open), "breaking result_field_removed b");
    check_output(object(open), object(required), "additive result_field_now_always a");
    check_output(object(required), object(open), "breaking result_field_now_optional a");
    check_output(object(open), object(open + R"(,"additionalProperties":false)"), "additive undeclared_refused additionalProperties");
    check_output(object(open + R"(,"additionalProperties":false)"), object(open), "breaking undeclared_allowed additionalProperties");
    check_output(object(R"("properties":{"orderId":{"type":"string"}})"), object(R"("properties":{"order_id":{"type":"string"}})"), "breaking result_field_renamed orderId");
}
