// What servers have in common, in words that can be compared: the keys that outages are grouped by, and the look of
// a failure. Pure text in, text out.
#pragma once

#include "data/model/incident.hpp"
#include "data/model/reason.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace rollcall::audit::incident {

// A value that servers share: the platform "onrender.com", the network "192.0.2.0/24".
struct key {
    data::common_key kind = data::common_key::none;
    std::string text;
    auto operator<=>(const key&) const = default;
};

// Reasons that one cause brings about together: an address that is gone times out here and refuses there.
enum class family : std::uint8_t {
    name,           // DNS
    connection,     // TCP, or silence after it
    certificate,    // TLS
    platform_page,  // the platform answered in the server's place
    server_error,   // HTTP 5xx
    route,          // another HTTP status or page than MCP's
    content,        // JSON-RPC or MCP that is none
};

// Of a bad reason; reasons of other classes, which are no failures, are `content`.
family family_of(data::reason why) noexcept;

// "192.0.2.0/24" of an IPv4 address, "2001:db8:7::/48" of an IPv6 one (mapped IPv4 counts as IPv4), as they are
// written with inet_ntop; empty for anything else.
std::string network_of(std::string_view address);

// Failures with the same signature look the same: the reason, the HTTP status and the detail without what differs
// from server to server (names and numbers). At most 120 bytes.
std::string signature_of(data::reason why, unsigned http_status, std::string_view detail);

// The key as part of an incident's code: [a-z0-9-], at most 60 bytes, never empty. "vercel.app" -> "vercel-app",
// a network -> "net-192-0-2-0-24".
std::string slug_of(const key& k);

}  // namespace rollcall::audit::incident
