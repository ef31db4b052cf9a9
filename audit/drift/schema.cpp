#include "audit/drift/schema.hpp"

#include "audit/mcp/contract.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace rollcall::audit::drift {
namespace {

using nlohmann::json;

// Deeper lists of alternatives within alternatives count as "anything".
constexpr int deepest_alternatives = 12;
constexpr std::size_t most_parts = 64;

struct type_row {
    std::string_view name;
    types value;
};
// `number` before `integer`: a set that holds both is called by the wider name.
constexpr std::array type_rows{type_row{"null", type::null},     type_row{"boolean", type::boolean}, type_row{"object", type::object},
                               type_row{"array", type::array},   type_row{"string", type::string},   type_row{"number", type::number},
                               type_row{"integer", type::integer}};

types parse_type(const json& t)
{
    if (t.is_array()) {
        types out = type::none;
        for (const auto& one : t) out = static_cast<types>(out | (one.is_string() ? parse_type(one) : type::none));
        return out;
    }
    if (!t.is_string()) return type::all;  // no type at all: asserts nothing
    const auto row = std::ranges::find(type_rows, t.get_ref<const std::string&>(), &type_row::name);
    return row == type_rows.end() ? type::none : row->value;
}

bool mentions_reference(const json& value)
{
    if (value.is_object() && value.contains("$ref")) return true;
    if (!value.is_structured()) return false;
    return std::ranges::any_of(value, [](const json& inner) { return mentions_reference(inner); });
}

void gather_anchors(const json& value, const std::string& place, std::map<std::string, part>& anchors)
{
    if (value.is_object()) {
        if (const auto a = value.find("$anchor"); a != value.end() && a->is_string()) anchors.try_emplace(a->get<std::string>(), part{&value, place});
        for (const auto& [key, inner] : value.items())
            if (inner.is_structured()) gather_anchors(inner, place + step_to(key), anchors);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) gather_anchors(value[i], place + "/" + std::to_string(i), anchors);
    }
}

int hex_value(char c) noexcept
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string percent_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = i + 2 < text.size() && text[i] == '%' ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string unescaped(std::string_view step)
{
    std::string out;
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1')) out += step[++i] == '0' ? '~' : '/';
        else out += step[i];
    }
    return out;
}

// How a keyword's value is built, as far as schemas stand in it. Sets are lists whose order means nothing.
enum class shape { value, set, schema, schema_list, schema_set, schema_map, sets_by_name, note };

struct keyword_row {
    std::string_view name;
    shape built;
};

constexpr std::array keywords{
    keyword_row{"type", shape::set}, keyword_row{"enum", shape::set}, keyword_row{"required", shape::set},
    keyword_row{"const", shape::value}, keyword_row{"minimum", shape::value}, keyword_row{"maximum", shape::value},
    keyword_row{"exclusiveMinimum", shape::value}, keyword_row{"exclusiveMaximum", shape::value}, keyword_row{"multipleOf", shape::value},
    keyword_row{"minLength", shape::value}, keyword_row{"maxLength", shape::value}, keyword_row{"pattern", shape::value},
    keyword_row{"format", shape::value}, keyword_row{"contentEncoding", shape::value}, keyword_row{"contentMediaType", shape::value},
    keyword_row{"minItems", shape::value}, keyword_row{"maxItems", shape::value}, keyword_row{"uniqueItems", shape::value},
    keyword_row{"minContains", shape::value}, keyword_row{"maxContains", shape::value}, keyword_row{"minProperties", shape::value},
    keyword_row{"maxProperties", shape::value}, keyword_row{"x-mcp-header", shape::value},
    keyword_row{"$ref", shape::value}, keyword_row{"$dynamicRef", shape::value},
    keyword_row{"items", shape::schema}, keyword_row{"additionalItems", shape::schema}, keyword_row{"additionalProperties", shape::schema},
    keyword_row{"unevaluatedItems", shape::schema}, keyword_row{"unevaluatedProperties", shape::schema}, keyword_row{"contains", shape::schema},
    keyword_row{"propertyNames", shape::schema}, keyword_row{"not", shape::schema}, keyword_row{"if", shape::schema},
    keyword_row{"then", shape::schema}, keyword_row{"else", shape::schema},
    keyword_row{"prefixItems", shape::schema_list}, keyword_row{"allOf", shape::schema_set}, keyword_row{"anyOf", shape::schema_set},
    keyword_row{"oneOf", shape::schema_set},
    keyword_row{"properties", shape::schema_map}, keyword_row{"patternProperties", shape::schema_map}, keyword_row{"dependentSchemas", shape::schema_map},
    keyword_row{"dependentRequired", shape::sets_by_name},
};

shape shape_of(std::string_view keyword) noexcept
{
    const auto row = std::ranges::find(keywords, keyword, &keyword_row::name);
    return row == keywords.end() ? shape::note : row->built;
}

json sorted(const json& list)
{
    if (!list.is_array()) return list;
    std::vector<std::pair<std::string, const json*>> rows;
    for (const auto& e : list) rows.emplace_back(mcp::canonical_json(e), &e);
    std::ranges::sort(rows, {}, &std::pair<std::string, const json*>::first);
    json out = json::array();
    for (const auto& [text, e] : rows) out.push_back(*e);
    return out;
}

}  // namespace

bool is_note(std::string_view keyword) noexcept { return shape_of(keyword) == shape::note; }

std::string step_to(std::string_view member)
{
    std::string out = "/";
    for (const char c : member) {
        if (c == '~') out += "~0";
        else if (c == '/') out += "~1";
        else out += c;
    }
    return out;
}

types type_of(const json& value) noexcept
{
    switch (value.type()) {
        case json::value_t::null: return type::null;
        case json::value_t::boolean: return type::boolean;
        case json::value_t::object: return type::object;
        case json::value_t::array: return type::array;
        case json::value_t::string: return type::string;
        case json::value_t::number_integer:
        case json::value_t::number_unsigned: return type::integer;
        case json::value_t::number_float: return std::floor(value.get<double>()) == value.get<double>() ? type::integer : type::fraction;
        default: return type::none;
    }
}

json words_of(types t)
{
    if (t == type::all) return true;
    if (t == type::none) return false;
    json out = json::array();
    for (const auto& row : type_rows) {
        if ((t & row.value) != row.value) continue;
        out.push_back(row.name);
        t = static_cast<types>(t & ~row.value);
    }
    if (t & type::fraction) out.push_back("fraction");
    return out.size() == 1 ? out[0] : out;
}

document::document(const json& root, std::string place, budget& work)
    : root_(root), place_(std::move(place)), work_(work), has_references_(mentions_reference(root))
{
    if (has_references_) gather_anchors(root_, place_, anchors_);
}

std::optional<part> document::follow(const std::string& reference) const
{
    if (!reference.starts_with('#')) return std::nullopt;
    const auto fragment = percent_decoded(std::string_view(reference).substr(1));
    if (fragment.empty()) return part{&root_, place_};
    if (fragment[0] != '/') {
        const auto it = anchors_.find(fragment);
        return it == anchors_.end() ? std::nullopt : std::optional(it->second);
    }
    part at{&root_, place_};
    for (std::string_view rest = fragment; !rest.empty();) {
        rest.remove_prefix(1);
        const auto step = rest.substr(0, rest.find('/'));
        rest.remove_prefix(step.size());
        const auto name = unescaped(step);
        const json* next = nullptr;
        if (at.schema->is_object()) {
            if (const auto it = at.schema->find(name); it != at.schema->end()) next = &*it;
        } else if (at.schema->is_array() && !name.empty() && name.size() <= 9 && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) {
            if (const auto i = static_cast<std::size_t>(std::stoul(name)); i < at.schema->size()) next = &(*at.schema)[i];
        }
        if (!next) return std::nullopt;
        at = {next, at.place + step_to(name)};
    }
    return at;
}

void document::add(const part& p, view& to) const
{
    if (to.parts.size() >= most_parts) {
        work_.incomplete = true;
        return;
    }
    if (!work_.spend() || std::ranges::find(to.parts, p.schema, &part::schema) != to.parts.end()) return;
    to.parts.push_back(p);
    if (!p.schema->is_object()) return;
    if (const auto ref = p.schema->find("$ref"); ref != p.schema->end() && ref->is_string())
        if (const auto target = follow(ref->get_ref<const std::string&>())) add(*target, to);
    if (const auto all = p.schema->find("allOf"); all != p.schema->end() && all->is_array())
        for (std::size_t i = 0; i < all->size(); ++i) add({&(*all)[i], p.place + "/allOf/" + std::to_string(i)}, to);
}

view document::open(part p) const
{
    view v;
    add(p, v);
    return v;
}

view document::open(const std::vector<part>& together) const
{
    view v;
    for (const auto& p : together) add(p, v);
    return v;
}

view document::branch(const view& v, const alternatives& a, std::size_t index) const
{
    view out;
    out.allowed = v.allowed;
    out.opened = v.opened;
    out.opened.push_back(a.list);
    add({&(*a.list)[index], a.place + "/" + std::to_string(index)}, out);
    for (const auto& p : v.parts)
        if (std::ranges::find(out.parts, p.schema, &part::schema) == out.parts.end()) out.parts.push_back(p);
    return out;
}

types document::types_of(const view& v, int depth) const
{
    types out = v.allowed;
    const auto keep = [&](types t) { out = static_cast<types>(out & t); };
    for (const auto& p : v.parts) {
        if (p.schema->is_boolean() && !p.schema->get<bool>()) return type::none;
        if (!p.schema->is_object()) continue;
        if (const auto t = p.schema->find("type"); t != p.schema->end()) keep(parse_type(*t));
        if (const auto c = p.schema->find("const"); c != p.schema->end()) keep(type_of(*c));
        if (const auto e = p.schema->find("enum"); e != p.schema->end() && e->is_array()) {
            types listed = type::none;
            for (const auto& value : *e) listed = static_cast<types>(listed | type_of(value));
            keep(listed);
        }
    }
    if (const auto a = alternatives_of(v); a && depth < deepest_alternatives && work_.spend(a->list->size())) {
        types any = type::none;
        for (std::size_t i = 0; i < a->list->size(); ++i) any = static_cast<types>(any | types_of(branch(v, *a, i), depth + 1));
        keep(any);
    }
    return out;
}

std::optional<std::set<std::string>> document::values_of(const view& v, int depth) const
{
    std::optional<std::set<std::string>> out;
    const auto limit = [&](std::set<std::string> values) {
        if (out) std::erase_if(*out, [&](const std::string& text) { return !values.contains(text); });
        else out = std::move(values);
    };
    const types possible = types_of(v, depth);
    for (const auto& p : v.parts) {
        if (!p.schema->is_object()) continue;
        if (const auto c = p.schema->find("const"); c != p.schema->end()) limit({mcp::canonical_json(*c)});
        const auto e = p.schema->find("enum");
        if (e == p.schema->end() || !e->is_array() || !work_.spend(e->size() / 16)) continue;
        std::set<std::string> values;
        for (const auto& value : *e)
            if (type_of(value) & possible) values.insert(mcp::canonical_json(value));
        limit(std::move(values));
    }
    if (out) return out;
    if (const auto a = alternatives_of(v); a && depth < deepest_alternatives && work_.spend(a->list->size())) {
        std::set<std::string> any;
        for (std::size_t i = 0; i < a->list->size(); ++i) {
            const auto inner = values_of(branch(v, *a, i), depth + 1);
            if (!inner) return std::nullopt;
            any.insert(inner->begin(), inner->end());
        }
        return any;
    }
    if (possible == type::none || (possible & ~(type::null | type::boolean)) != 0) return std::nullopt;
    std::set<std::string> few;
    if (possible & type::null) few.insert("null");
    if (possible & type::boolean) few.insert({"false", "true"});
    return few;
}

json document::meaning(const json& schema, std::vector<std::string>& open_references, int depth) const
{
    if (!schema.is_object() || depth > 64 || !work_.spend()) return schema;
    json out = json::object();
    const auto inner = [&](const json& s) { return meaning(s, open_references, depth + 1); };
    for (const auto& [key, value] : schema.items()) {
        switch (shape_of(key)) {
            case shape::note: break;
            case shape::value:
                if (key == "$ref" && value.is_string()) {
                    const auto& reference = value.get_ref<const std::string&>();
                    const auto target = follow(reference);
                    if (target && std::ranges::find(open_references, reference) == open_references.end()) {
                        open_references.push_back(reference);
                        out["$ref"] = inner(*target->schema);
                        open_references.pop_back();
                        break;
                    }
                }
                out[key] = value;
                break;
            case shape::set: out[key] = sorted(value); break;
            case shape::schema:  // `items` could be a list up to 2019-09
                if (value.is_array())
                    for (const auto& s : value) out[key].push_back(inner(s));
                else out[key] = inner(value);
                break;
            case shape::schema_list:
            case shape::schema_set:
                out[key] = json::array();
                if (value.is_array())
                    for (const auto& s : value) out[key].push_back(inner(s));
                if (shape_of(key) == shape::schema_set) out[key] = sorted(out[key]);
                break;
            case shape::schema_map:
                out[key] = json::object();
                if (value.is_object())
                    for (const auto& [name, s] : value.items()) out[key][name] = inner(s);
                break;
            case shape::sets_by_name:
                out[key] = json::object();
                if (value.is_object())
                    for (const auto& [name, list] : value.items()) out[key][name] = sorted(list);
                break;
        }
    }
    return out;
}

std::string document::meaning_of(const part& p) const
{
    std::vector<std::string> open_references;
    return mcp::canonical_json(meaning(*p.schema, open_references, 0));
}

std::optional<located> find(const view& v, const char* keyword)
{
    for (const auto& p : v.parts)
        if (p.schema->is_object())
            if (const auto it = p.schema->find(keyword); it != p.schema->end()) return located{&*it, p.place + step_to(keyword)};
    return std::nullopt;
}

std::vector<located> find_all(const view& v, const char* keyword)
{
    std::vector<located> out;
    for (const auto& p : v.parts)
        if (p.schema->is_object())
            if (const auto it = p.schema->find(keyword); it != p.schema->end()) out.push_back({&*it, p.place + step_to(keyword)});
    return out;
}

std::optional<alternatives> alternatives_of(const view& v)
{
    for (const char* keyword : {"anyOf", "oneOf"})
        for (const auto& l : find_all(v, keyword))
            if (l.value->is_array() && !l.value->empty() && std::ranges::find(v.opened, l.value) == v.opened.end()) return alternatives{l.value, l.place, keyword};
    return std::nullopt;
}

std::map<std::string, std::vector<part>> fields_of(const view& v)
{
    std::map<std::string, std::vector<part>> out;
    for (const auto& l : find_all(v, "properties"))
        if (l.value->is_object())
            for (const auto& [name, schema] : l.value->items()) out[name].push_back({&schema, l.place + step_to(name)});
    return out;
}

std::map<std::string, std::string> required_of(const view& v)
{
    std::map<std::string, std::string> out;
    for (const auto& l : find_all(v, "required"))
        if (l.value->is_array())
            for (const auto& name : *l.value)
                if (name.is_string()) out.try_emplace(name.get<std::string>(), l.place);
    return out;
}

}  // namespace rollcall::audit::drift
