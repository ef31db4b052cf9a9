#include "audit/owner/canary.hpp"

#include "audit/mcp/text.hpp"

// Without exceptions the validator ends the process at a schema that is none, and the schema may be a stranger's.
#define VALIJSON_USE_EXCEPTIONS 1

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <optional>

namespace rollcall::audit::owner {
namespace {

using nlohmann::json;

constexpr std::size_t longest_words = 200;
constexpr int deepest = 64;

std::string shown(const json& value) { return mcp::one_line(value.dump(-1, ' ', false, json::error_handler_t::replace), 80); }

json parsed(const std::string& text)
{
    bool too_deep = false;
    const auto safe = mcp::acceptable_json(text, deepest, too_deep);
    return too_deep ? json(json::value_t::discarded) : json::parse(safe, nullptr, /*allow_exceptions=*/false);
}

bool has_reference(const json& schema)
{
    if (schema.is_object() && schema.contains("$ref")) return true;
    return schema.is_structured() && std::ranges::any_of(schema, [](const json& part) { return has_reference(part); });
}

// A place of the same document that refers to nothing further: a chain of references could run in a circle, or grow
// without bound.
bool is_plain_reference(const json& ref, const json& whole)
{
    if (!ref.is_string() || !ref.get_ref<const std::string&>().starts_with("#/")) return false;
    try {
        const json::json_pointer place(ref.get_ref<const std::string&>().substr(1));
        return whole.contains(place) && !has_reference(whole.at(place));
    } catch (const json::exception&) {
        return false;
    }
}

// The validator follows patterns and references blindly: what could hurt goes, and is not checked.
void tame(json& schema, const json& whole)
{
    if (schema.is_object()) {
        for (const char* key : {"pattern", "patternProperties", "format", "$schema", "$id", "id", "$dynamicRef", "$recursiveRef"}) schema.erase(key);
        if (const auto ref = schema.find("$ref"); ref != schema.end() && !is_plain_reference(*ref, whole)) schema.erase(ref);
    }
    if (schema.is_structured())
        for (auto& part : schema) tame(part, whole);
}

// What of the value does not fit the schema; empty if all does.
std::string misfit(const std::string& schema_text, const json& value)
{
    auto schema = parsed(schema_text);
    if (schema.is_discarded()) return "the schema is not JSON, or nests too deep";
    const json whole = schema;
    tame(schema, whole);
    try {
        valijson::Schema rules;
        valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), rules);
        valijson::ValidationResults results;
        const valijson::adapters::NlohmannJsonAdapter subject(value);
        if (valijson::Validator().validate(rules, subject, &results)) return {};
        // The first error says where; those behind it say the same of the values around.
        valijson::ValidationResults::Error innermost, next;
        results.popError(innermost);
        std::string place;
        for (const auto& step : innermost.context) place += step;
        return place + ": " + innermost.description;
    } catch (const std::exception& e) {
        return std::string("the schema cannot be read: ") + e.what();
    }
}

std::optional<std::string> error_text(const json& result)
{
    if (const auto it = result.find("isError"); it == result.end() || *it != true) return std::nullopt;
    if (const auto content = result.find("content"); content != result.end() && content->is_array())
        for (const auto& part : *content)
            if (part.is_object() && part.contains("text") && part["text"].is_string()) return part["text"].get<std::string>();
    return "without words";
}

}  // namespace

canary_verdict judge_canary(const data::canary_record& wanted, const mcp::call_report& got)
{
    const auto bad = [](const std::string& words, const std::string& more = {}) { return canary_verdict{false, mcp::one_line(words + more, longest_words), words}; };
    if (got.result.empty()) {
        const std::string why = got.why ? "no result: " + std::string(data::row_of(*got.why).label) : got.made || got.problem.empty() ? "no result" : got.problem;
        return {false, mcp::one_line(got.problem.empty() ? "no result" : got.problem, longest_words), why};
    }
    const auto result = parsed(got.result);
    if (!result.is_object()) return bad("the result is not an object");
    if (const auto text = error_text(result)) return bad("the tool answered with an error", ": " + *text);

    for (const auto& [place, expected_text] : wanted.equals) {
        const json::json_pointer pointer(place);
        const auto expected = json::parse(expected_text);
        if (!result.contains(pointer)) return bad("nothing at " + place, ", expected " + shown(expected));
        if (const auto& there = result.at(pointer); there != expected) {
            auto verdict = bad("another value at " + place + " than expected");
            verdict.words = mcp::one_line(shown(there) + " at " + place + ", expected " + shown(expected), longest_words);
            return verdict;
        }
    }
    const auto structured = result.find("structuredContent");
    for (const auto& schema : {wanted.schema, wanted.own_schema ? got.output_schema : std::string()}) {
        if (schema.empty()) continue;
        if (structured == result.end()) return bad("structuredContent is missing, which a schema describes");
        if (const auto why = misfit(schema, *structured); !why.empty()) return bad("does not fit the schema", ": " + why);
    }
    if (wanted.own_schema && got.output_schema.empty()) return bad("the tool has no outputSchema to fit");
    return {true, "as expected", "as expected"};
}

}  // namespace rollcall::audit::owner
