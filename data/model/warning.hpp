// What was odd about an answer without making it bad: stable codes beside the reason, never a change of class.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace rollcall::data {

enum class warning {
    redirect_slash, redirect_host, envelope_extra, notify_status, id_type, batched, tools_undeclared, cursor_empty,
    list_truncated, tool_name_chars, tool_name_long, tool_duplicate, tool_header_invalid, schema_inner, schema_ref,
    discover_unfriendly, discover_malformed, modern_broken, session_flaky, resource_loose, prm_fallback,
    server_request_modern, deprecated_transport, invalid_utf8, bom, redirect_permanent, private_addresses,
};

struct warning_row {
    warning value;
    std::string_view code;   // stable, snake_case
    std::string_view words;  // completes "works, but ..."
};

// Every warning, in enum order.
std::span<const warning_row> all_warnings() noexcept;
const warning_row& row_of(warning w) noexcept;
inline std::string_view code_of(warning w) noexcept { return row_of(w).code; }
std::optional<warning> parse_warning(std::string_view code) noexcept;

}  // namespace rollcall::data
