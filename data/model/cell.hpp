// The outcome of one endpoint, in one round, from one region, after its retries.
#pragma once

#include "data/model/auth.hpp"
#include "data/model/reason.hpp"
#include "data/model/warning.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data {

// The steps of a probe, in the order they happen. Stored: never renumber.
enum class step : std::uint8_t { resolve, connect, tls, http, mcp, tools };
inline constexpr std::size_t step_count = 6;
std::string_view code_of(step s) noexcept;   // "dns", "tcp", "tls", "http", "mcp", "tools"
std::string_view label_of(step s) noexcept;  // "Name", "Connection", "Certificate", ...

// Which generation of the protocol answered. Stored: never renumber.
enum class era : std::uint8_t { unknown, legacy, modern };
std::string_view code_of(era e) noexcept;  // "unknown", "legacy", "modern"

// How the messages travelled. Stored: never renumber.
enum class transport : std::uint8_t { unknown, streamable_http, http_sse };
std::string_view code_of(transport t) noexcept;  // "unknown", "streamable-http", "sse"

// What the server said of itself, and how. Empty where it did not get so far.
struct answer_facts {
    std::uint16_t http_status = 0;  // 0: no HTTP answer
    data::era era = data::era::unknown;
    data::transport transport = data::transport::unknown;
    std::string protocol_version;  // as negotiated
    std::string server_name, server_version;
    std::vector<std::string> capabilities;  // top-level names, sorted
    std::optional<std::uint32_t> tool_count;
    std::string contract_hash, full_hash;  // lower-case hex SHA-256; empty without a list
    std::string final_url;                 // where redirects led; empty if nowhere
    std::string auth_challenge;            // the first WWW-Authenticate, capped
    auth_facts auth;                       // posture and ladder, as far as somebody looked
    std::string detail;                    // one line about the reason, capped, already masked
    std::vector<warning> warnings;         // in enum order, each once
    bool operator==(const answer_facts&) const = default;
};

// How the server was reached.
struct path_facts {
    std::string address;     // the address that was connected to
    std::string cname;       // the last name of the CNAME chain
    std::string tls_version; // "TLSv1.3"
    std::string tls_issuer;  // organisation or common name of the issuer
    std::optional<std::int64_t> tls_not_after;  // seconds since 1970
    bool operator==(const path_facts&) const = default;
};

struct cell {
    reason why = reason::interrupted;
    step reached = step::resolve;                              // the last step begun
    std::array<std::optional<std::uint32_t>, step_count> ms{}; // time of each step that was taken, milliseconds
    std::uint32_t waited_ms = 0;  // waiting for the server over the exchange that counts: what `slow` is judged by
    std::uint8_t tries = 1;
    answer_facts answer;
    path_facts path;
    std::string transcript;  // masked and capped; empty for good cells
    std::string manifest;    // canonical JSON of the tools, if a list was read
};

}  // namespace rollcall::data
