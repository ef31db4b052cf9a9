// Why a cell is what it is: the closed set of reasons, and the class each belongs to.
//
// The codes are published in documents and stored as integers: add rows at the end of a class's range, never
// rename or renumber. One table in reason.cpp feeds the store's lookup table, `check`, the pages and the tests.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string_view>

namespace rollcall::data {

// The furthest layer that a probe reached.
enum class cell_class : char {
    pass = 'P',       // a valid answer within the limit
    slow = 'S',       // valid, but later than the limit
    auth = 'A',       // refused for want of a credential or payment
    wall = 'W',       // a bot, geo or legal wall
    malformed = 'M',  // JSON-RPC is fine, the MCP content is not
    http = 'H',       // HTTP answered, but no MCP
    transport = 'T',  // no HTTP answer
    unusable = 'U',   // not evidence about the server
};

// The stored integer is the enumerator's value; its hundreds digit groups a class.
enum class reason : std::uint16_t {
    ok = 100,
    ok_zero_tools,
    // It answered, but what its owner registered failed. Of verdicts, never of cells.
    credential_refused = 150,
    credential_expired,
    canary_failed,
    health_degraded,

    slow = 200,

    auth_challenge = 300,
    auth_bare,
    auth_forbidden,
    auth_rpc,
    auth_redirect,
    payment,

    challenge_page = 400,
    waf_block,
    geo_block,
    legal_block,

    discover_shape = 500,
    init_shape,
    version_unsupported,
    tools_missing,
    tools_not_array,
    list_shape,
    tool_no_name,
    tool_schema_invalid,
    cursor_loop,

    http_404 = 600,
    http_405,
    http_410,
    http_4xx,
    http_5xx,
    html,
    empty,
    not_json,
    bad_envelope,
    id_mismatch,
    rpc_error,
    content_type,
    session_lost,
    sse_truncated,
    host_rejected,
    redirect_method,
    redirect_off_site,
    redirect_loop,
    host_reaped,
    too_large,
    mcp_timeout,

    dns_nxdomain = 700,
    dns_nodata,
    dns_servfail,
    dns_timeout,
    tcp_refused,
    tcp_timeout,
    tcp_unreachable,
    tcp_reset,
    tls_expired,
    tls_name,
    tls_untrusted,
    tls_handshake,
    http_hang,
    http_garbage,
    http2_only,
    dns_private,

    region_down = 800,
    rate_limited,
    budget,
    interrupted,
    clock_skew,
    proxy_failed,
};

// The seven ways in which servers are lost; a reason maps to one of them or to none.
enum class failure_mode : std::uint8_t {
    none,
    dns_lapsed,
    host_reaped,
    tls_lapsed,
    route_moved,
    auth_half_configured,
    rpc_malformed,
    shape_or_drift,
};

struct reason_row {
    reason value;
    std::string_view code;     // stable, snake_case: documents, database
    std::string_view label;    // a few words for a page, past tense, without blame
    std::string_view meaning;  // one sentence: what we saw
    std::string_view fix;      // one sentence: what the author can do; empty where there is nothing to do
    failure_mode mode;
};

// Every reason, in the order of their integers.
std::span<const reason_row> all_reasons() noexcept;

cell_class class_of(reason r) noexcept;
// Owners' reasons: those of a verdict that no cell ever has.
inline bool is_of_owner(reason r) noexcept { return r >= reason::credential_refused && r <= reason::health_degraded; }
const reason_row& row_of(reason r) noexcept;
inline std::string_view code_of(reason r) noexcept { return row_of(r).code; }

// The inverse, for rows read back; empty for a code or integer that we never wrote.
std::optional<reason> parse_reason(std::string_view code) noexcept;
std::optional<reason> reason_from(std::int64_t stored) noexcept;

// A good cell: a valid answer, slow or not.
inline bool is_good(cell_class c) noexcept { return c == cell_class::pass || c == cell_class::slow; }
// Evidence about the server at all.
inline bool is_valid(cell_class c) noexcept { return c != cell_class::unusable; }
// How far a class got, T lowest: breaks ties between classes ("ties to the furthest layer").
int depth_of(cell_class c) noexcept;

char letter(cell_class c) noexcept;
std::optional<cell_class> parse_class(char letter) noexcept;
// What a page calls the class: "answered", "no connection", ...
std::string_view label_of(cell_class c) noexcept;
std::string_view code_of(failure_mode m) noexcept;

std::ostream& operator<<(std::ostream& os, reason r);
std::ostream& operator<<(std::ostream& os, cell_class c);

}  // namespace rollcall::data
