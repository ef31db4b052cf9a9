// What cells add up to: a state for the last roll call, a bucket for the window.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rollcall::data {

// What a reader sees of the last roll call. Stored as integers: add at the end, never renumber.
enum class state : std::uint8_t { up, degraded, down, gated, unknown };

// What an endpoint was over a window of rounds: exactly one. Stored as integers: add at the end, never renumber.
enum class bucket : std::uint8_t {
    healthy_stable,
    healthy_drifted,
    slow,
    credential_degraded,
    regionally_degraded,
    flapping,
    auth_walled,
    bot_walled,
    schema_malformed,
    mcp_dead,
    transport_dead,
    unmeasured,
};

// The groups that charts and colours know.
enum class group : std::uint8_t { working, impaired, gated, not_working, unmeasured };

struct state_row { state value; std::string_view code, label, icon; };
struct bucket_row { bucket value; std::string_view code, label, meaning; data::group group; };

std::span<const state_row> all_states() noexcept;    // in enum order
std::span<const bucket_row> all_buckets() noexcept;  // in enum order
const state_row& row_of(state s) noexcept;
const bucket_row& row_of(bucket b) noexcept;
inline std::string_view code_of(state s) noexcept { return row_of(s).code; }
inline std::string_view code_of(bucket b) noexcept { return row_of(b).code; }
std::string_view code_of(group g) noexcept;
std::string_view label_of(group g) noexcept;
std::optional<state> parse_state(std::string_view code) noexcept;
std::optional<bucket> parse_bucket(std::string_view code) noexcept;

// Flags beside a bucket, as bits.
inline constexpr std::uint32_t flag_blip = 1;                 // one stray bad cell was forgiven
inline constexpr std::uint32_t flag_unstable_catalogue = 2;   // the tool contract changed and changed back
inline constexpr std::uint32_t flag_catalogue_split = 4;      // regions saw different contracts in one round
inline constexpr std::uint32_t flag_with_credential = 8;      // looked at behind its login, with its owner's credential

}  // namespace rollcall::data
