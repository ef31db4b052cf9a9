#include "data/model/warning.hpp"

#include <algorithm>
#include <array>

namespace rollcall::data {
namespace {

using w = warning;

constexpr std::array rows{
    warning_row{w::redirect_slash, "redirect_slash", "the listed URL redirects to one that differs by a slash; several clients do not follow"},
    warning_row{w::redirect_host, "redirect_host", "the listed URL redirects to another host of the same site; the official clients do not follow"},
    warning_row{w::envelope_extra, "envelope_extra", "its JSON-RPC answers carry extra members, which the official clients refuse"},
    warning_row{w::notify_status, "notify_status", "it answers a notification with something other than HTTP 202 and no body"},
    warning_row{w::id_type, "id_type", "it returns the number of a request as text"},
    warning_row{w::batched, "batched", "it answers a single request with a batch"},
    warning_row{w::tools_undeclared, "tools_undeclared", "it lists tools without declaring the tools capability"},
    warning_row{w::cursor_empty, "cursor_empty", "it ends its tool list with an empty cursor instead of none"},
    warning_row{w::list_truncated, "list_truncated", "its tool list is longer than we read"},
    warning_row{w::tool_name_chars, "tool_name_chars", "a tool's name has characters outside the recommended set"},
    warning_row{w::tool_name_long, "tool_name_long", "a tool's name is longer than 128 characters"},
    warning_row{w::tool_duplicate, "tool_duplicate", "two of its tools have the same name"},
    warning_row{w::tool_header_invalid, "tool_header_invalid", "a tool's header declaration is invalid, so clients drop that tool"},
    warning_row{w::schema_inner, "schema_inner", "a tool's schema is invalid below its root"},
    warning_row{w::schema_ref, "schema_ref", "a tool's schema refers to something outside itself or to nothing"},
    warning_row{w::discover_unfriendly, "discover_unfriendly", "it answers an unknown method in a way that stops clients which try the newer protocol first"},
    warning_row{w::discover_malformed, "discover_malformed", "its answer to server/discover lacks required members"},
    warning_row{w::modern_broken, "modern_broken", "its support of the newer protocol is broken; the older one works"},
    warning_row{w::session_flaky, "session_flaky", "it lost its session once and worked on the second try"},
    warning_row{w::resource_loose, "resource_loose", "its metadata names a parent of the endpoint as the protected resource"},
    warning_row{w::prm_fallback, "prm_fallback", "its challenge names metadata that does not exist, though it exists elsewhere"},
    warning_row{w::server_request_modern, "server_request_modern", "it sends requests to the client, which the newer protocol forbids"},
    warning_row{w::deprecated_transport, "deprecated_transport", "it speaks only the HTTP+SSE transport of 2024, which is deprecated"},
    warning_row{w::invalid_utf8, "invalid_utf8", "its answer contains bytes that are not UTF-8"},
    warning_row{w::bom, "bom", "its answer begins with a byte order mark"},
    warning_row{w::redirect_permanent, "redirect_permanent", "it says that it has moved for good (308): its listings should name the new address"},
    warning_row{w::private_addresses, "private_addresses", "its name leads to private addresses beside public ones; clients outside its network may hang on them"},
};

consteval bool in_order()
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].value) != i) return false;
    return true;
}
static_assert(in_order() && rows.size() == static_cast<std::size_t>(w::private_addresses) + 1);

}  // namespace

std::span<const warning_row> all_warnings() noexcept { return rows; }
const warning_row& row_of(warning v) noexcept { return rows[static_cast<std::size_t>(v)]; }

std::optional<warning> parse_warning(std::string_view code) noexcept
{
    const auto it = std::ranges::find(rows, code, &warning_row::code);
    return it == rows.end() ? std::nullopt : std::optional(it->value);
}

}  // namespace rollcall::data
