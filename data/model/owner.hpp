// What a night found behind a server's door, with its owner's leave: the eight steps, the token, the health document.
#pragma once

#include "data/model/reason.hpp"
#include "data/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data {

// In order. Stored by code.
enum class owner_step : std::uint8_t {
    name,         // the name was resolved and a connection stood
    certificate,  // TLS
    refusal,      // without a credential: 401 with a populated challenge
    discovery,    // the ladder was whole
    handshake,    // with the credential
    tools,        // the list, with the credential
    canary,       // the one read-only call
    contract,     // the tools are those of the last time
};
inline constexpr std::size_t owner_step_count = 8;
std::string_view code_of(owner_step s) noexcept;   // "name", "certificate", ...
std::string_view label_of(owner_step s) noexcept;  // "Name and connection", ...
std::optional<owner_step> parse_owner_step(std::string_view code) noexcept;

enum class step_state : std::uint8_t { skipped, failed, passed };
std::string_view code_of(step_state s) noexcept;  // "skipped", "failed", "passed"

struct owner_step_result {
    owner_step step;
    step_state state = step_state::skipped;
    std::optional<std::uint32_t> ms;
    std::string detail;  // one line, made safe, without any secret
    bool operator==(const owner_step_result&) const = default;
};

// One line of a health document.
struct health_line {
    std::string component, state, reason;  // state: "up", "degraded", "down", "unknown"
    bool operator==(const health_line&) const = default;
};

struct owner_check {
    bool failing = false;       // turns `up` into `degraded`
    reason why = reason::ok;    // if failing: what first
    bool credentialed = false;  // a credential is registered, and was sent
    std::vector<owner_step_result> steps;  // all eight, in order
    std::optional<time_point> expires_at;  // of the credential, where it is known
    std::string contract_hash;             // of the list behind the door; lower-case hex, empty without one
    std::vector<health_line> health;       // empty: no document is registered
    std::string health_summary;            // one line; empty: none
    bool operator==(const owner_check&) const = default;
};

// The token watchdog: a warning from 72 h before the end, an error at the end.
enum class token_state : std::uint8_t { unknown, fine, ending, ended };
token_state token_state_of(std::optional<time_point> expires_at, time_point now) noexcept;
// "runs out in 2 days and 3 hours", "ran out 5 hours ago"; empty for unknown and fine.
std::string token_words(std::optional<time_point> expires_at, time_point now);

}  // namespace rollcall::data
