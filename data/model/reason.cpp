#include "data/model/reason.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <stdexcept>

namespace rollcall::data {
namespace {

using r = reason;
using f = failure_mode;

constexpr std::array rows{
    reason_row{r::ok, "ok", "answered", "The server answered and listed its tools.", "", f::none},
    reason_row{r::ok_zero_tools, "ok_zero_tools", "answered, no tools", "The server answered; it offers no tools, which the protocol allows.", "", f::none},
    reason_row{r::credential_refused, "credential_refused", "its registered credential was refused", "The server answered, but refused the credential that its owner registered.", "Register a credential that the server accepts.", f::none},
    reason_row{r::credential_expired, "credential_expired", "its registered credential has run out", "The credential that its owner registered has run out.", "Renew the credential and its dates in the owner's record.", f::none},
    reason_row{r::canary_failed, "canary_failed", "its test call failed", "The server answered, but the one read-only call that its owner registered did not give what it should.", "Make the call by hand, with the same tool and arguments, and look at what comes back.", f::none},
    reason_row{r::health_degraded, "health_degraded", "its health document reports trouble", "The server answered, but the health document that its owner registered reports trouble.", "Look at the component that the document names.", f::none},

    reason_row{r::slow, "slow", "answered slowly", "The server answered correctly, but took longer than 5 seconds.", "Look for cold starts and slow upstream calls: a listing should not need them.", f::none},

    reason_row{r::auth_challenge, "auth_challenge", "asks for a credential", "The server asked for a credential and named where to get one.", "", f::none},
    reason_row{r::auth_bare, "auth_bare", "asks for a credential", "The server asked for a credential (HTTP 401) without naming usable metadata about how to get one.", "Send a WWW-Authenticate header with resource_metadata on every 401, and serve the document it names (RFC 9728).", f::auth_half_configured},
    reason_row{r::auth_forbidden, "auth_forbidden", "refused access", "The server refused an anonymous request (HTTP 403).", "Answer 401 with a WWW-Authenticate header where a credential would help, so that clients know to ask for one.", f::auth_half_configured},
    reason_row{r::auth_rpc, "auth_rpc", "asks for a credential", "The server asked for a credential inside a JSON-RPC error, not with HTTP 401.", "Answer HTTP 401 with a WWW-Authenticate header: clients start their login from that status only.", f::auth_half_configured},
    reason_row{r::auth_redirect, "auth_redirect", "leads to a login page", "The request was redirected to a login page for people.", "Answer HTTP 401 with a WWW-Authenticate header: an MCP client cannot fill in a login page.", f::auth_half_configured},
    reason_row{r::payment, "payment", "asks for payment", "The server asked for payment (HTTP 402 or payment terms).", "", f::none},

    reason_row{r::challenge_page, "challenge_page", "behind a bot check", "A bot check answered in place of the server.", "Exempt the MCP path from the bot check: MCP clients are programs and cannot solve it.", f::none},
    reason_row{r::waf_block, "waf_block", "blocked by a firewall", "A web application firewall blocked the request.", "Allow POST requests from data centres to the MCP path: most MCP clients run there.", f::none},
    reason_row{r::geo_block, "geo_block", "blocked by place", "The request was refused because of the place it came from.", "If this is not intended, allow the countries your users' clients run in.", f::none},
    reason_row{r::legal_block, "legal_block", "blocked for legal reasons", "The server answered HTTP 451: unavailable for legal reasons.", "", f::none},

    reason_row{r::discover_shape, "discover_shape", "answered, but not as MCP defines", "The answer to server/discover is not of the defined shape, and initialize did not work either.", "Answer server/discover with supportedVersions and capabilities, or with error -32601 so that clients use initialize.", f::shape_or_drift},
    reason_row{r::init_shape, "init_shape", "answered, but not as MCP defines", "The answer to initialize is not of the defined shape.", "Return protocolVersion, capabilities (an object) and serverInfo with name and version.", f::shape_or_drift},
    reason_row{r::version_unsupported, "version_unsupported", "no common protocol version", "The server and the official clients share no protocol version.", "Answer an unknown version with one that you support, as the specification demands, rather than with an error.", f::shape_or_drift},
    reason_row{r::tools_missing, "tools_missing", "did not list its tools", "The server declares tools but did not list them.", "Make tools/list answer without arguments, with a tools array.", f::shape_or_drift},
    reason_row{r::tools_not_array, "tools_not_array", "answered, but not as MCP defines", "The tools of the answer are not a list.", "Return result.tools as an array of tools.", f::shape_or_drift},
    reason_row{r::list_shape, "list_shape", "answered, but not as MCP defines", "The answer to tools/list is not of the defined shape.", "Leave nextCursor out at the end (never null); on protocol 2026-07-28 also send resultType, ttlMs and cacheScope.", f::shape_or_drift},
    reason_row{r::tool_no_name, "tool_no_name", "answered, but not as MCP defines", "A listed tool has no name.", "Give every tool a name that is a non-empty string.", f::shape_or_drift},
    reason_row{r::tool_schema_invalid, "tool_schema_invalid", "a tool's schema is invalid", "A tool's definition is invalid, for which clients reject the whole list.", "Give every tool an inputSchema with \"type\": \"object\" at its root, and check the named tool.", f::shape_or_drift},
    reason_row{r::cursor_loop, "cursor_loop", "tool list never ends", "The pages of the tool list lead back to themselves.", "Leave nextCursor out on the last page.", f::shape_or_drift},

    reason_row{r::http_404, "http_404", "nothing at this path", "The host answered, but has nothing at this path (HTTP 404).", "Update the URL in the registry, or serve MCP at the listed path again.", f::route_moved},
    reason_row{r::http_405, "http_405", "does not take POST here", "The host answered, but takes no POST at this path (HTTP 405).", "Update the URL in the registry: the listed path does not speak MCP.", f::route_moved},
    reason_row{r::http_410, "http_410", "gone", "The host says that this path is gone for good (HTTP 410).", "Delist the server, or list its new URL.", f::route_moved},
    reason_row{r::http_4xx, "http_4xx", "refused the request", "The host refused a well-formed request (HTTP 4xx).", "See the transcript: something before or in the server rejects what the official clients send.", f::rpc_malformed},
    reason_row{r::http_5xx, "http_5xx", "failed with a server error", "The server failed with an error of its own (HTTP 5xx).", "See the server's log at the time of the probe.", f::rpc_malformed},
    reason_row{r::html, "html", "answered with a web page", "A web page came back where MCP was expected.", "Update the URL in the registry, or route the listed path to the MCP server.", f::route_moved},
    reason_row{r::empty, "empty", "answered with nothing", "The answer had no content.", "Answer requests with a JSON-RPC response as JSON or as an event stream.", f::rpc_malformed},
    reason_row{r::not_json, "not_json", "answered, but not with JSON", "The answer could not be read as JSON.", "Answer requests with a JSON-RPC response as JSON or as an event stream.", f::rpc_malformed},
    reason_row{r::bad_envelope, "bad_envelope", "answered, but not with JSON-RPC", "The answer is JSON, but not a JSON-RPC 2.0 response.", "Send jsonrpc \"2.0\", the id of the request, and exactly one of result and error.", f::rpc_malformed},
    reason_row{r::id_mismatch, "id_mismatch", "answered another request", "The answer carries another id than the request.", "Copy the id of the request into the response: clients wait for it for ever otherwise.", f::rpc_malformed},
    reason_row{r::rpc_error, "rpc_error", "answered with an error", "The server answered the handshake with a JSON-RPC error.", "See the error in the transcript: initialize must succeed for every client.", f::rpc_malformed},
    reason_row{r::content_type, "content_type", "wrong content type", "A good answer came under a content type that clients reject.", "Send Content-Type: application/json or text/event-stream.", f::rpc_malformed},
    reason_row{r::session_lost, "session_lost", "forgot its session", "The server did not know the session that it had just opened.", "Share sessions between replicas, route by session, or serve without sessions.", f::rpc_malformed},
    reason_row{r::sse_truncated, "sse_truncated", "answer was cut off", "The event stream ended before a complete answer.", "End every event with a blank line, and close the stream only after the response.", f::rpc_malformed},
    reason_row{r::host_rejected, "host_rejected", "rejects its own host name", "The server rejected the host name under which it is listed.", "Add the public host name to the server's list of allowed hosts.", f::route_moved},
    reason_row{r::redirect_method, "redirect_method", "redirects in a way clients refuse", "The listed URL redirects with a status that makes clients drop the request.", "List the target URL, or redirect with 307 or 308.", f::route_moved},
    reason_row{r::redirect_off_site, "redirect_off_site", "redirects elsewhere", "The listed URL redirects to another site or to plain http.", "List the URL that should be used.", f::route_moved},
    reason_row{r::redirect_loop, "redirect_loop", "redirects without end", "The redirects did not end within five steps.", "Point the listed URL at the server directly.", f::route_moved},
    reason_row{r::host_reaped, "host_reaped", "hosting answered in its place", "The hosting platform says that nothing is deployed or running there.", "Deploy the server again, or delist it.", f::host_reaped},
    reason_row{r::too_large, "too_large", "answer was too large", "The answer exceeded what a client can be expected to take (4 MiB, or 64 levels deep).", "Split the tool list into pages, and flatten schemas.", f::rpc_malformed},
    reason_row{r::mcp_timeout, "mcp_timeout", "started to answer, then fell silent", "HTTP answered, but no MCP response came within the time.", "Flush the event stream at once, and see what tools/list waits for.", f::rpc_malformed},

    reason_row{r::dns_nxdomain, "dns_nxdomain", "name does not exist", "The host name does not exist (NXDOMAIN).", "Renew the domain or restore its record, or delist the server.", f::dns_lapsed},
    reason_row{r::dns_nodata, "dns_nodata", "name has no address", "The host name exists but has no address.", "Add an A or AAAA record, or delist the server.", f::dns_lapsed},
    reason_row{r::dns_servfail, "dns_servfail", "name servers failed", "The name servers of the host answered with a failure.", "Check the delegation and DNSSEC of the domain.", f::dns_lapsed},
    reason_row{r::dns_timeout, "dns_timeout", "name servers did not answer", "The name servers of the host did not answer in time.", "Check that the domain's name servers are running and reachable.", f::dns_lapsed},
    reason_row{r::tcp_refused, "tcp_refused", "connection refused", "The host refused the connection: nothing listens on that port.", "Start the server, or list the port it listens on.", f::host_reaped},
    reason_row{r::tcp_timeout, "tcp_timeout", "connection timed out", "The host did not accept a connection in time.", "Check that the host is running and that no firewall drops the connection.", f::none},
    reason_row{r::tcp_unreachable, "tcp_unreachable", "host unreachable", "There was no route to the host.", "Check the address in DNS and the host's network.", f::none},
    reason_row{r::tcp_reset, "tcp_reset", "connection was cut", "The connection was cut before an answer came.", "See what closes connections: a proxy, a crash, or a limit.", f::none},
    reason_row{r::tls_expired, "tls_expired", "certificate not valid today", "The certificate has expired or is not valid yet.", "Renew the certificate, and automate its renewal.", f::tls_lapsed},
    reason_row{r::tls_name, "tls_name", "certificate is for another name", "The certificate does not cover the host name.", "Issue a certificate for the listed host name.", f::tls_lapsed},
    reason_row{r::tls_untrusted, "tls_untrusted", "certificate not trusted", "The certificate is not signed by a known authority, or its chain is incomplete.", "Use a certificate of a public authority and send the whole chain.", f::tls_lapsed},
    reason_row{r::tls_handshake, "tls_handshake", "TLS handshake failed", "The TLS handshake failed.", "Offer TLS 1.2 or 1.3 on that port.", f::tls_lapsed},
    reason_row{r::http_hang, "http_hang", "connected, then silence", "The connection stood, but no HTTP answer came in time.", "See what the server waits for before it sends its headers.", f::none},
    reason_row{r::http_garbage, "http_garbage", "answered, but not with HTTP", "The bytes that came back are not HTTP.", "Serve HTTP on the listed port.", f::none},
    reason_row{r::http2_only, "http2_only", "speaks HTTP/2 only", "The host speaks HTTP/2 only; MCP clients use HTTP/1.1.", "Offer HTTP/1.1 beside HTTP/2.", f::none},
    reason_row{r::dns_private, "dns_private", "leads to a private address only", "The host leads to private or reserved addresses only, which nobody outside its network can reach; we do not try.", "Publish a public address for the name, or take the server off the public lists.", f::none},

    reason_row{r::region_down, "region_down", "our region could not measure", "Our own vantage point was not able to measure.", "", f::none},
    reason_row{r::rate_limited, "rate_limited", "we were asked to slow down", "The server asked us to come back later (HTTP 429); that may be our own doing.", "", f::none},
    reason_row{r::budget, "budget", "not reached in time", "The round ended before this endpoint's turn came; it comes first in the next round.", "", f::none},
    reason_row{r::interrupted, "interrupted", "measurement was interrupted", "Our measurement was interrupted.", "", f::none},
    reason_row{r::clock_skew, "clock_skew", "our clock was wrong", "Our own clock was wrong.", "", f::none},
    reason_row{r::proxy_failed, "proxy_failed", "our proxy failed", "Our own way out to the network failed.", "", f::none},
};

consteval bool in_order()
{
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i - 1].value >= rows[i].value) return false;
    return true;
}
static_assert(in_order(), "rows stand in the order of their integers, each once");

struct class_row {
    int hundred;
    cell_class value;
    int depth;
    std::string_view label;
};

constexpr std::array classes{
    class_row{1, cell_class::pass, 7, "answered"},
    class_row{2, cell_class::slow, 6, "answered slowly"},
    class_row{3, cell_class::auth, 5, "asks for a credential"},
    class_row{4, cell_class::wall, 3, "behind a wall"},
    class_row{5, cell_class::malformed, 4, "answered, but not as MCP defines"},
    class_row{6, cell_class::http, 2, "answered, but not MCP"},
    class_row{7, cell_class::transport, 1, "no connection"},
    class_row{8, cell_class::unusable, 0, "not measured"},
};

const class_row& row_of(cell_class c) noexcept { return *std::ranges::find(classes, c, &class_row::value); }

}  // namespace

std::span<const reason_row> all_reasons() noexcept { return rows; }

cell_class class_of(reason v) noexcept
{
    return std::ranges::find(classes, static_cast<int>(v) / 100, &class_row::hundred)->value;
}

const reason_row& row_of(reason v) noexcept { return *std::ranges::lower_bound(rows, v, {}, &reason_row::value); }

std::optional<reason> parse_reason(std::string_view code) noexcept
{
    const auto it = std::ranges::find(rows, code, &reason_row::code);
    return it == rows.end() ? std::nullopt : std::optional(it->value);
}

std::optional<reason> reason_from(std::int64_t stored) noexcept
{
    const auto it = std::ranges::find(rows, stored, [](const reason_row& x) { return static_cast<std::int64_t>(x.value); });
    return it == rows.end() ? std::nullopt : std::optional(it->value);
}

int depth_of(cell_class c) noexcept { return row_of(c).depth; }
char letter(cell_class c) noexcept { return static_cast<char>(c); }
std::string_view label_of(cell_class c) noexcept { return row_of(c).label; }

std::optional<cell_class> parse_class(char letter) noexcept
{
    const auto it = std::ranges::find(classes, letter, [](const class_row& x) { return static_cast<char>(x.value); });
    return it == classes.end() ? std::nullopt : std::optional(it->value);
}

std::string_view code_of(failure_mode m) noexcept
{
    switch (m) {
        case f::none: return "none";
        case f::dns_lapsed: return "dns_lapsed";
        case f::host_reaped: return "host_reaped";
        case f::tls_lapsed: return "tls_lapsed";
        case f::route_moved: return "route_moved";
        case f::auth_half_configured: return "auth_half_configured";
        case f::rpc_malformed: return "rpc_malformed";
        case f::shape_or_drift: return "shape_or_drift";
    }
    return "none";
}

std::ostream& operator<<(std::ostream& os, reason v) { return os << code_of(v); }
std::ostream& operator<<(std::ostream& os, cell_class c) { return os << letter(c); }

}  // namespace rollcall::data
