// The API of the official MCP registry and of all that speak it: {"servers": [{"server": {...}, "_meta": {...}}],
// "metadata": {"nextCursor": "..."}}, the older bare rows, and bare lists as saved by others.
#include "audit/registry/adapters.hpp"
#include "audit/registry/server_rows.hpp"
#include "audit/registry/text.hpp"

#include <array>

namespace rollcall::audit::detail {
namespace {

using nlohmann::json;

constexpr std::size_t longest_cursor = 4096;

// What stands beside the rows: the cursor of the next page, and how many rows this one should have.
std::optional<format_error> read_metadata(const json& root, server_rows& rows, std::optional<std::string>& next_page)
{
    const json* data = member(root, {"metadata"});
    if (!data) return {};
    if (!data->is_object()) return format_error{"/metadata: " + shown(*data) + ", expected an object"};
    if (const json* next = member(*data, {"nextCursor", "next_cursor"})) {
        if (!next->is_string())
            return format_error{"/metadata/nextCursor: " + shown(*next) + ", expected text or null"};
        const auto& cursor = next->get_ref<const std::string&>();
        if (cursor.size() > longest_cursor)
            return format_error{"/metadata/nextCursor: " + std::to_string(cursor.size()) +
                                " bytes, expected at most " + std::to_string(longest_cursor)};
        if (!cursor.empty()) next_page = cursor;
    }
    const json* count = member(*data, {"count"});
    if (count && count->is_number_unsigned() && count->get<std::size_t>() != rows.rows())
        rows.note("/metadata/count: " + count->dump() + ", but the page has " + std::to_string(rows.rows()) + " rows");
    return {};
}

bool has_parameter(std::string_view url, std::string_view name)
{
    for (std::size_t at = url.find('?'); at != std::string_view::npos; at = url.find('&', at + 1))
        if (url.substr(at + 1).starts_with(name) && url.substr(at + 1 + name.size()).starts_with('=')) return true;
    return false;
}

std::string percent_encoded(std::string_view text)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char ch : text) {
        const auto c = static_cast<unsigned char>(ch);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain)
            out += ch;
        else
            ((out += '%') += hex[c >> 4]) += hex[c & 15];
    }
    return out;
}

bool is_url(std::string_view base) { return base.starts_with("http://") || base.starts_with("https://"); }

// Unless the configured URL says something itself.
void add_parameter(std::string& url, std::string_view name, std::string_view value)
{
    if (has_parameter(url, name)) return;
    url += url.find('?') == std::string::npos ? '?' : '&';
    ((url += name) += '=') += value;
}

}  // namespace

page_result parse_mcp_registry(std::string_view page_text)
{
    constexpr std::array<rows_place, 2> places{{{"", '['}, {"/servers", '['}}};
    server_rows rows;
    auto read = read_json_rows(page_text, never_kept(), places,
                               [&](const std::string& place, const std::string&, const json& row) { return rows.add(place, row); });
    if (auto* error = std::get_if<format_error>(&read)) return std::move(*error);
    if (rows.hopeless()) return *rows.hopeless();
    const json& root = std::get<json>(read);
    std::optional<std::string> next;
    if (!root.is_array()) {
        const auto servers = root.is_object() ? root.find("servers") : root.end();
        if (!root.is_object() || servers == root.end())
            return format_error{"/: " + shown(root) + ", expected {\"servers\": [...]}"};
        // A server in Go writes an empty list as null; without the page's own metadata it may be anything.
        const bool none = servers->is_null() && root.contains("metadata") && root["metadata"].is_object();
        if (!servers->is_array() && !none) return format_error{"/servers: " + shown(*servers) + ", expected a list"};
        if (auto error = read_metadata(root, rows, next)) return std::move(*error);
    }
    auto page = rows.finish();
    page.next = std::move(next);
    return page;
}

// Latest versions, a hundred rows a page (the registry's maximum); what the configured URL says itself stays.
std::string mcp_registry_url(std::string_view base, std::string_view cursor)
{
    if (!is_url(base)) return std::string(base);  // a saved page
    std::string url(base.substr(0, base.find('#')));
    add_parameter(url, "limit", "100");
    add_parameter(url, "version", "latest");
    if (!cursor.empty()) add_parameter(url, "cursor", percent_encoded(cursor));
    return url;
}

// The registry adds deleted entries to such an answer by itself; saying so costs nothing and holds for its relatives.
std::string mcp_registry_changes(std::string_view base, std::string_view since)
{
    if (!is_url(base)) return std::string(base);
    std::string url(base.substr(0, base.find('#')));
    add_parameter(url, "updated_since", percent_encoded(since));
    add_parameter(url, "include_deleted", "true");
    return url;
}

}  // namespace rollcall::audit::detail
