#include "audit/mcp/shapes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace rollcall::audit::mcp {
namespace {

using data::era;
using nlohmann::json;

// The capabilities that the schema names. A list in place of an object is refused by all clients for those with
// members of their own, and taken by some for the others.
struct capability_row {
    const char* name;
    bool strict;                                // no list either
    bool legacy_only = false;
    std::array<const char*, 2> switches{};      // members that must be boolean
    bool holds_objects = false;                 // each member is an object
};
constexpr std::array capability_rows{
    capability_row{"tools", true, false, {"listChanged"}},
    capability_row{"prompts", true, false, {"listChanged"}},
    capability_row{"resources", true, false, {"listChanged", "subscribe"}},
    capability_row{"logging", false},
    capability_row{"completions", false},
    capability_row{"tasks", true, true},
    capability_row{"experimental", true, false, {}, true},
    capability_row{"extensions", true, false, {}, true},
};

std::string not_object(const std::string& place) { return place + ": not an object"; }

std::optional<std::string> text_fault(const json& owner, const char* member, const std::string& place)
{
    const auto it = owner.find(member);
    if (it == owner.end() || it->is_string()) return std::nullopt;
    return place + member + ": not a string";
}

std::optional<std::string> capability_fault(const json& value, const capability_row& row)
{
    const std::string place = std::string("capabilities.") + row.name;
    if (!value.is_object() && (row.strict || !value.is_array())) return not_object(place);
    if (!value.is_object()) return std::nullopt;
    for (const char* name : row.switches) {
        if (name == nullptr) continue;
        if (const auto it = value.find(name); it != value.end() && !it->is_boolean()) return place + "." + name + ": not a boolean";
    }
    if (row.holds_objects && std::ranges::any_of(value, [](const json& inner) { return !inner.is_structured(); }))
        return place + ": a member is not an object";
    return std::nullopt;
}

}  // namespace

std::optional<std::string> meta_fault(const json& owner)
{
    const auto meta = owner.find("_meta");
    if (meta == owner.end() || meta->is_object()) return std::nullopt;
    return not_object("_meta");
}

std::optional<std::string> instructions_fault(const json& result) { return text_fault(result, "instructions", ""); }

std::optional<std::string> capabilities_fault(const json& result, era when)
{
    const auto all = result.find("capabilities");
    if (all == result.end() || !all->is_object()) return "capabilities: absent or not an object";
    for (const auto& row : capability_rows) {
        const auto it = all->find(row.name);
        if (it == all->end() || (row.legacy_only && when == era::modern)) continue;
        if (auto fault = capability_fault(*it, row)) return fault;
    }
    return std::nullopt;
}

std::optional<std::string> server_info_fault(const json& result)
{
    const auto info = result.find("serverInfo");
    if (info == result.end() || !info->is_object()) return "serverInfo: absent or not an object";
    for (const char* member : {"name", "version"})
        if (!info->contains(member) || !(*info)[member].is_string()) return std::string("serverInfo.") + member + ": absent or not a string";
    for (const char* member : {"title", "description", "websiteUrl"})
        if (auto fault = text_fault(*info, member, "serverInfo.")) return fault;
    if (auto fault = icons_fault(*info)) return "serverInfo." + *fault;
    return std::nullopt;
}

std::optional<std::string> icons_fault(const json& owner)
{
    const auto icons = owner.find("icons");
    if (icons == owner.end()) return std::nullopt;
    if (!icons->is_array()) return "icons: not an array";
    for (std::size_t i = 0; i < icons->size(); ++i) {
        const json& icon = (*icons)[i];
        const std::string place = "icons[" + std::to_string(i) + "].";
        if (!icon.is_object() || !icon.contains("src") || !icon["src"].is_string()) return place + "src: absent or not a string";
        if (auto fault = text_fault(icon, "mimeType", place)) return fault;
        if (const auto s = icon.find("sizes"); s != icon.end() && (!s->is_array() || !std::ranges::all_of(*s, [](const json& e) { return e.is_string(); })))
            return place + "sizes: not an array of strings";
        if (const auto t = icon.find("theme"); t != icon.end() && *t != "light" && *t != "dark") return place + "theme: not one of light, dark";
    }
    return std::nullopt;
}

}  // namespace rollcall::audit::mcp
