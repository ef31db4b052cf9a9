// Documents in which servers describe themselves (server.json): one, a list of them, {"servers": [...]} or
// {"data": {"servers": [...]}} as catalogues wrap it; each bare or in "server".
#include "audit/registry/adapters.hpp"
#include "audit/registry/server_rows.hpp"

#include <array>

namespace rollcall::audit::detail {

using nlohmann::json;

page_result parse_server_json(std::string_view text)
{
    constexpr std::array<rows_place, 3> places{{{"", '['}, {"/servers", '['}, {"/data/servers", '['}}};
    server_rows rows;
    auto read = read_json_rows(text, never_kept(), places,
                               [&](const std::string& place, const std::string&, const json& row) { return rows.add(place, row); });
    if (auto* error = std::get_if<format_error>(&read)) return std::move(*error);
    if (rows.hopeless()) return *rows.hopeless();
    const json& root = std::get<json>(read);
    if (root.is_array()) return rows.finish();

    const auto list_in = [](const json& object) -> const json* {
        const auto it = object.is_object() ? object.find("servers") : object.end();
        return object.is_object() && it != object.end() ? &*it : nullptr;
    };
    const json* wrapped = root.is_object() && root.contains("data") ? &root["data"] : &root;
    if (const json* list = list_in(*wrapped)) {
        if (!list->is_array()) return format_error{(wrapped == &root ? "/servers: " : "/data/servers: ") + shown(*list) + ", expected a list"};
        return rows.finish();
    }
    // One document.
    const bool single = root.is_object() && (root.contains("name") || root.contains("server"));
    if (!single) return format_error{"/: " + shown(root) + ", expected a server, a list of them or {\"servers\": [...]}"};
    rows.add("", root);
    return rows.finish();
}

}  // namespace rollcall::audit::detail
