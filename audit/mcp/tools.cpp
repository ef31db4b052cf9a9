#include "audit/mcp/tools.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/mcp/shapes.hpp"
#include "audit/mcp/text.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit::mcp {
namespace {

using data::era;
using data::reason;
using data::warning;
using nlohmann::json;

constexpr std::size_t longest_name = 128;

bool is_plain_name(std::string_view name)
{
    return std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '-'; });
}

// In characters: bytes that only continue one do not count.
std::size_t length_of(std::string_view utf8)
{
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

// `true` for a property is a schema, but up to 2025-11-25 MCP wants objects there, and some clients insist.
bool has_boolean_property(const json& schema)
{
    const auto all = schema.find("properties");
    return all != schema.end() && std::ranges::any_of(*all, [](const json& p) { return p.is_boolean(); });
}

bool is_whole_not_negative(const json& n)
{
    if (n.is_number_unsigned()) return true;
    if (n.is_number_integer()) return n.get<std::int64_t>() >= 0;
    return n.is_number_float() && n.get<double>() >= 0 && n.get<double>() == static_cast<double>(static_cast<std::uint64_t>(std::min(n.get<double>(), 9e15)));
}

bool all_strings(const json& list)
{
    return list.is_array() && std::ranges::all_of(list, [](const json& e) { return e.is_string(); });
}

// Up to 2025-11-25 the schema of MCP spells out these members; since then it leaves all but `$schema` to the dialect,
// and the clients that speak it do so too.
std::optional<std::string> root_members_fault(const json& schema, const std::string& place, era when)
{
    if (when == era::modern) {
        if (const auto s = schema.find("$schema"); s != schema.end() && !s->is_string()) return place + ".$schema: not a string";
        return std::nullopt;
    }
    if (const auto p = schema.find("properties"); p != schema.end() && !p->is_object()) return place + ".properties: not an object";
    if (const auto r = schema.find("required"); r != schema.end() && !all_strings(*r)) return place + ".required: not an array of strings";
    return std::nullopt;
}

std::optional<std::string> input_schema_fault(const json& tool, era when)
{
    const auto schema = tool.find("inputSchema");
    if (schema == tool.end()) return "inputSchema: absent";
    if (!schema->is_object()) return "inputSchema: not an object";
    const auto type = schema->find("type");
    if (type == schema->end()) return "inputSchema.type: absent";
    if (*type != "object") return "inputSchema.type: not \"object\"";
    return root_members_fault(*schema, "inputSchema", when);
}

std::optional<std::string> output_schema_fault(const json& tool, era when)
{
    const auto schema = tool.find("outputSchema");
    if (schema == tool.end()) return std::nullopt;
    if (!schema->is_object()) return "outputSchema: not an object";
    if (when == era::legacy && (!schema->contains("type") || (*schema)["type"] != "object"))
        return "outputSchema.type: not \"object\"";
    return root_members_fault(*schema, "outputSchema", when);
}

std::optional<std::string> annotations_fault(const json& tool)
{
    const auto notes = tool.find("annotations");
    if (notes == tool.end()) return std::nullopt;
    if (!notes->is_object()) return "annotations: not an object";
    for (const char* hint : {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"})
        if (const auto h = notes->find(hint); h != notes->end() && !h->is_boolean())
            return std::string("annotations.") + hint + ": not a boolean";
    if (const auto t = notes->find("title"); t != notes->end() && !t->is_string()) return "annotations.title: not a string";
    return std::nullopt;
}

std::optional<std::string> execution_fault(const json& tool, era when)
{
    const auto execution = tool.find("execution");
    if (when != era::legacy || execution == tool.end()) return std::nullopt;
    if (!execution->is_object()) return "execution: not an object";
    const auto support = execution->find("taskSupport");
    if (support != execution->end() && *support != "forbidden" && *support != "optional" && *support != "required")
        return "execution.taskSupport: not one of forbidden, optional, required";
    return std::nullopt;
}

}  // namespace

std::optional<std::string> tool_fault(const json& tool, era when)
{
    if (auto f = input_schema_fault(tool, when)) return f;
    if (auto f = output_schema_fault(tool, when)) return f;
    if (auto f = annotations_fault(tool)) return f;
    for (const char* text : {"description", "title"})
        if (const auto t = tool.find(text); t != tool.end() && !t->is_string()) return std::string(text) + ": not a string";
    if (auto f = icons_fault(tool)) return f;
    if (auto f = meta_fault(tool)) return f;
    return execution_fault(tool, when);
}

void tool_list::warn(warning w)
{
    if (std::ranges::find(warnings_, w) == warnings_.end()) warnings_.push_back(w);
}

tool_list::after tool_list::refuse(reason why, std::string detail)
{
    problem_ = {why, one_line(detail, 300)};
    return after::refused;
}

// The members of the list beside the tools: null or a number as cursor is refused in both eras.
bool tool_list::check_list(const json& result)
{
    const auto bad = [&](std::string detail) {
        refuse(reason::list_shape, std::move(detail));
        return false;
    };
    if (const auto c = result.find("nextCursor"); c != result.end() && !c->is_string())
        return bad(c->is_null() ? "nextCursor: null" : "nextCursor: not a string");
    if (const auto fault = meta_fault(result)) return bad(*fault);
    if (era_ != era::modern) return true;
    const auto type = result.find("resultType");
    if (type == result.end()) return bad("resultType: absent");
    if (*type != "complete") return bad("resultType: not \"complete\"");
    const auto ttl = result.find("ttlMs");
    if (ttl == result.end()) return bad("ttlMs: absent");
    if (!is_whole_not_negative(*ttl)) return bad("ttlMs: not a whole number of milliseconds");
    const auto scope = result.find("cacheScope");
    if (scope == result.end()) return bad("cacheScope: absent");
    if (*scope != "public" && *scope != "private") return bad("cacheScope: not \"public\" or \"private\"");
    return true;
}

bool tool_list::check_tool(const json& tool, std::size_t index)
{
    const std::string place = "tools[" + std::to_string(index) + "]";
    if (!tool.is_object()) return refuse(reason::tool_no_name, place + ": not an object"), false;
    const auto name = tool.find("name");
    if (name == tool.end() || !name->is_string() || name->get_ref<const std::string&>().empty())
        return refuse(reason::tool_no_name, place + ".name: " + (name == tool.end() ? "absent" : "not a non-empty string")), false;
    if (const auto fault = tool_fault(tool, era_))
        return refuse(reason::tool_schema_invalid, one_line(name->get_ref<const std::string&>(), 100) + ": " + *fault), false;
    return true;
}

tool_list::after tool_list::add_page(const json& result, std::size_t bytes)
{
    const bool asked_by_cursor = pages_ > 0;
    ++pages_;
    bytes_ += bytes;
    const auto list = result.find("tools");
    if (list == result.end()) return refuse(reason::tools_missing, asked_by_cursor ? "page" : "");
    if (!list->is_array()) return refuse(reason::tools_not_array, list->type_name());
    if (!check_list(result)) return after::refused;
    for (std::size_t i = 0; i < list->size(); ++i)
        if (!check_tool((*list)[i], tools_.size() + i)) return after::refused;

    const bool has_cursor = result.contains("nextCursor");
    const std::string cursor = has_cursor ? result["nextCursor"].get<std::string>() : std::string();
    const bool something_new = std::ranges::any_of(*list, [&](const json& t) { return !names_.contains(t["name"].get_ref<const std::string&>()); });
    // A page that adds no new name is the first one over again if its cursor was used before, or if it was
    // asked for with the empty cursor by which many servers mean "the end": its tools are no duplicates.
    if (asked_by_cursor && !something_new) {
        if (has_cursor && used_cursors_.contains(cursor)) {
            if (!cursor.empty()) return refuse(reason::cursor_loop, cursor);
            warn(warning::cursor_empty);
            return after::complete;
        }
        if (cursor_.empty() && !list->empty()) {
            warn(warning::cursor_empty);
            if (!has_cursor) return after::complete;
        }
    }
    const bool over_again = asked_by_cursor && !something_new && cursor_.empty();
    for (const auto& tool : *list) {
        if (over_again) break;
        if (era_ == era::modern && has_bad_header_declaration(tool["inputSchema"])) {
            warn(warning::tool_header_invalid);
            names_.insert(tool["name"].get<std::string>());
            continue;
        }
        if (tools_.size() == caps_.tools) {
            warn(warning::list_truncated);
            return after::complete;
        }
        const auto& name = tool["name"].get_ref<const std::string&>();
        if (!names_.insert(name).second) warn(warning::tool_duplicate);
        if (length_of(name) > longest_name) warn(warning::tool_name_long);
        if (!is_plain_name(name)) warn(warning::tool_name_chars);
        auto oddities = look_into_schema(tool["inputSchema"]);
        if (tool.contains("outputSchema")) {
            const auto more = look_into_schema(tool["outputSchema"]);
            oddities.invalid |= more.invalid;
            oddities.bad_reference |= more.bad_reference;
        }
        if (oddities.invalid || (era_ == era::legacy && has_boolean_property(tool["inputSchema"]))) warn(warning::schema_inner);
        if (oddities.bad_reference) warn(warning::schema_ref);
        tools_.push_back(tool);
    }
    if (!has_cursor) return after::complete;
    if (pages_ >= caps_.pages || bytes_ > caps_.bytes) {
        warn(warning::list_truncated);
        return after::complete;
    }
    cursor_ = cursor;
    used_cursors_.insert(cursor);
    return after::ask_next;
}

}  // namespace rollcall::audit::mcp
