#include "audit/mcp/call.hpp"

#include "audit/mcp/text.hpp"

#include <nlohmann/json.hpp>

#include <openssl/evp.h>

#include <algorithm>

namespace rollcall::audit::mcp {
namespace {

using data::era;
using nlohmann::json;

constexpr std::size_t longest_result = 256 * 1024;
constexpr int deepest_mirror = 16;

const json* member(const json& object, const char* key)
{
    if (!object.is_object()) return nullptr;
    const auto it = object.find(key);
    return it == object.end() ? nullptr : &*it;
}

// What the tool says of itself against what the record says of it.
std::string contradiction(const json& tool)
{
    const auto* annotations = member(tool, "annotations");
    if (!annotations) return {};
    const auto says = [&](const char* hint, bool value) {
        const auto* h = member(*annotations, hint);
        return h && h->is_boolean() && h->get<bool>() == value;
    };
    if (says("readOnlyHint", false)) return "not called: the tool says that it is not read-only";
    if (says("destructiveHint", true) && !says("readOnlyHint", true)) return "not called: the tool says that it is destructive";
    return {};
}

void mirror(const json& schema, const json& arguments, int depth, std::vector<std::pair<std::string, std::string>>& out)
{
    const auto* properties = member(schema, "properties");
    if (!properties || !properties->is_object() || depth > deepest_mirror) return;
    for (const auto& [name, property] : properties->items()) {
        const auto* value = member(arguments, name.c_str());
        if (!value) continue;
        if (const auto* header = member(property, "x-mcp-header"); header && header->is_string()) {
            if (value->is_string()) out.emplace_back("Mcp-Param-" + header->get<std::string>(), header_value(value->get_ref<const std::string&>()));
            else if (value->is_number_integer() || value->is_boolean()) out.emplace_back("Mcp-Param-" + header->get<std::string>(), value->dump());
        }
        mirror(property, *value, depth + 1, out);
    }
}

void file(call_report& report, const reading& r)
{
    report.made = true;
    if (r.what != reading::kind::result) {
        report.why = r.why.why;
        report.problem = r.why.detail.empty() ? std::string(data::row_of(r.why.why).label) : r.why.detail;
        return;
    }
    if (const auto* type = member(r.result, "resultType"); type && *type != "complete") {
        report.problem = "the tool asks for more input";
        return;
    }
    report.result = r.result.dump(-1, ' ', false, json::error_handler_t::replace);
    if (report.result.size() > longest_result) {
        report.result.clear();
        report.problem = "the result is larger than " + std::to_string(longest_result / 1024) + " KiB";
    }
}

}  // namespace

std::string header_value(std::string_view text)
{
    const bool plain = !text.empty() && text.front() != ' ' && text.back() != ' ' && text.front() != '\t' && text.back() != '\t' &&
                       std::ranges::all_of(text, [](char c) { return (c >= ' ' && c <= '~') || c == '\t'; }) &&
                       !(text.starts_with("=?base64?") && text.ends_with("?="));
    if (plain) return std::string(text);
    std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
    const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    encoded.resize(static_cast<std::size_t>(length));
    return "=?base64?" + encoded + "?=";
}

std::vector<std::pair<std::string, std::string>> mirrored_headers(const json& input_schema, const json& arguments)
{
    std::vector<std::pair<std::string, std::string>> out;
    mirror(input_schema, arguments, 0, out);
    return out;
}

script<bool> call_canary(dialogue& talk, attempt& a, channel through, const std::vector<json>& tools)
{
    if (!talk.known.canary) co_return false;
    const auto& wanted = *talk.known.canary;
    call_report report;
    const auto tool = std::ranges::find_if(tools, [&](const json& t) { return t["name"] == wanted.tool; });
    if (tool == tools.end()) {
        report.problem = "not called: the server lists no tool of this name";
    } else if (report.problem = contradiction(*tool); report.problem.empty()) {
        if (const auto* schema = member(*tool, "outputSchema")) report.output_schema = schema->dump();
        const bool modern = a.facts.era == era::modern;
        const ask call = modern ? modern_tools_call(talk, wanted, mirrored_headers((*tool)["inputSchema"], json::parse(wanted.arguments)))
                                : legacy_tools_call(talk, wanted, through);
        heard h;
        if (modern) {
            const auto h_said = talk.say(call);
            h = co_await h_said;
        } else {
            auto saying = say_and_resume(talk, call, through);
            h = co_await saying;
        }
        file(report, read(h));
    }
    a.call = std::move(report);
    co_return true;
}

}  // namespace rollcall::audit::mcp
