// JSON Schemas of tools, looked at without following anything.
#include "audit/classify/ascii.hpp"
#include "audit/mcp/tools.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit::mcp {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> type_names{"null", "boolean", "object", "array", "number", "string", "integer"};
// Keywords whose value is a schema, an array of schemas, or an object of schemas.
constexpr std::array<std::string_view, 12> one_schema{"additionalProperties", "additionalItems", "unevaluatedItems",
    "unevaluatedProperties", "contains", "propertyNames", "not", "if", "then", "else", "items", "contentSchema"};
constexpr std::array<std::string_view, 4> schema_lists{"allOf", "anyOf", "oneOf", "prefixItems"};
constexpr std::array<std::string_view, 5> schema_maps{"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"};

bool among(std::string_view word, auto const& words) { return std::ranges::find(words, word) != words.end(); }

bool is_type(const json& t)
{
    const auto known = [](const json& name) { return name.is_string() && among(name.get_ref<const std::string&>(), type_names); };
    return known(t) || (t.is_array() && !t.empty() && std::ranges::all_of(t, known));
}

// "#/a/b~1c" within the same document (RFC 6901 with percent-encoding); other references lead outside.
bool leads_somewhere(const json& root, std::string_view reference)
{
    if (!reference.starts_with('#')) return false;
    reference.remove_prefix(1);
    if (reference.empty() || !reference.starts_with('/')) return true;  // the root, or an anchor
    const json* at = &root;
    while (!reference.empty()) {
        reference.remove_prefix(1);
        const auto piece = reference.substr(0, reference.find('/'));
        reference.remove_prefix(piece.size());
        std::string key;
        for (std::size_t i = 0; i < piece.size(); ++i) {
            unsigned byte = 0;
            const auto hex = [](char c) { return is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(lower(c) - 'a') + 10u; };
            const auto is_hex = [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); };
            char c = piece[i];
            if (c == '%' && i + 2 < piece.size() && is_hex(piece[i + 1]) && is_hex(piece[i + 2])) {
                byte = hex(piece[i + 1]) * 16 + hex(piece[i + 2]);
                c = static_cast<char>(byte);
                i += 2;
            }
            if (c == '~' && i + 1 < piece.size() && (piece[i + 1] == '0' || piece[i + 1] == '1')) c = piece[++i] == '0' ? '~' : '/';
            key += c;
        }
        if (at->is_object()) {
            const auto it = at->find(key);
            if (it == at->end()) return false;
            at = &*it;
        } else if (at->is_array()) {
            if (key.empty() || key.size() > 9 || !std::ranges::all_of(key, is_digit)) return false;
            const auto index = static_cast<std::size_t>(std::stoul(key));
            if (index >= at->size()) return false;
            at = &(*at)[index];
        } else {
            return false;
        }
    }
    return true;
}

// The depth of what we parse is capped, so recursion is bounded; each member is looked at once.
void look(const json& root, const json& schema, schema_oddities& found)
{
    if (schema.is_boolean()) return;
    if (!schema.is_object()) {
        found.invalid = true;
        return;
    }
    for (const auto& [key, value] : schema.items()) {
        if (key == "type") found.invalid |= !is_type(value);
        else if (key == "required") found.invalid |= !value.is_array() || !std::ranges::all_of(value, [](const json& e) { return e.is_string(); });
        else if (key == "enum") found.invalid |= !value.is_array();
        else if (key == "$ref" || key == "$dynamicRef") {
            if (!value.is_string()) found.invalid = true;
            else if (!leads_somewhere(root, value.get_ref<const std::string&>())) found.bad_reference = true;
        } else if (among(key, schema_maps)) {
            if (!value.is_object()) found.invalid = true;
            else
                for (const auto& [name, inner] : value.items()) look(root, inner, found);
        } else if (among(key, schema_lists) || (key == "items" && value.is_array())) {  // before 2020-12
            if (!value.is_array() || (value.empty() && key != "items")) found.invalid = true;
            else
                for (const auto& inner : value) look(root, inner, found);
        } else if (among(key, one_schema)) {
            look(root, value, found);
        }
    }
}

constexpr const char* header_key = "x-mcp-header";

bool is_token(std::string_view name)
{
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) { return is_alnum(c) || marks.find(c) != std::string_view::npos; });
}

bool is_schema_keyword(std::string_view key) { return among(key, one_schema) || among(key, schema_lists) || among(key, schema_maps); }

// Declarations count along chains of `properties` alone; anywhere else in a subschema they are invalid.
bool has_bad_header(const json& schema, bool reachable, bool at_root, std::set<std::string>& names)
{
    if (schema.is_array()) return std::ranges::any_of(schema, [&](const json& e) { return has_bad_header(e, false, false, names); });
    if (!schema.is_object()) return false;
    if (const auto h = schema.find(header_key); h != schema.end()) {
        if (!reachable || at_root || !h->is_string()) return true;
        const auto type = schema.find("type");
        // Not `number`, which has more than one spelling: the official client drops such a tool like any other.
        if (type == schema.end() || (*type != "string" && *type != "integer" && *type != "boolean")) return true;
        const auto& name = h->get_ref<const std::string&>();
        if (!is_token(name) || !names.insert(lower(name)).second) return true;
    }
    for (const auto& [key, value] : schema.items()) {
        if (!is_schema_keyword(key)) continue;
        if (!among(key, schema_maps)) {
            if (has_bad_header(value, false, false, names)) return true;
            continue;
        }
        if (!value.is_object()) continue;
        for (const auto& [name, inner] : value.items())
            if (has_bad_header(inner, reachable && key == "properties", false, names)) return true;
    }
    return false;
}

}  // namespace

schema_oddities look_into_schema(const json& schema)
{
    schema_oddities found;
    look(schema, schema, found);
    return found;
}

bool has_bad_header_declaration(const json& input_schema)
{
    std::set<std::string> names;
    return has_bad_header(input_schema, true, true, names);
}

}  // namespace rollcall::audit::mcp
