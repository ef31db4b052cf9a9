#include "data/model/verdict.hpp"

#include <algorithm>
#include <array>

namespace rollcall::data {
namespace {

constexpr std::array states{
    state_row{state::up, "up", "answered", "●"},
    state_row{state::degraded, "degraded", "answered in part", "◐"},
    state_row{state::down, "down", "did not answer", "✕"},
    state_row{state::gated, "gated", "credential or wall", "◆"},
    state_row{state::unknown, "unknown", "not measured recently", "○"},
};

using b = bucket;
using g = group;

constexpr std::array buckets{
    bucket_row{b::healthy_stable, "healthy_stable", "healthy, tools unchanged", "Answered in every round, with the same tools.", g::working},
    bucket_row{b::healthy_drifted, "healthy_drifted", "healthy, tools changed", "Answered in every round; its tools changed within the window.", g::working},
    bucket_row{b::slow, "slow", "slow", "Answered in every round, at least half of the time later than 5 seconds.", g::impaired},
    bucket_row{b::credential_degraded, "credential_degraded", "failing its owner’s checks", "Answered, but what its owner registered (a credential, a test call, a health document) failed in two rounds or more.", g::impaired},
    bucket_row{b::regionally_degraded, "regionally_degraded", "not from everywhere", "Never answered from at least one region, in two rounds or more; always from another.", g::impaired},
    bucket_row{b::flapping, "flapping", "on and off", "Answered at times, without a pattern by region.", g::impaired},
    bucket_row{b::auth_walled, "auth_walled", "asks for a credential", "Asked for a credential or payment every time.", g::gated},
    bucket_row{b::bot_walled, "bot_walled", "behind a wall", "A bot, place or legal wall answered in its place every time.", g::gated},
    bucket_row{b::schema_malformed, "schema_malformed", "not as MCP defines", "Spoke JSON-RPC, but what it said is not what MCP defines.", g::not_working},
    bucket_row{b::mcp_dead, "mcp_dead", "answered, but not MCP", "A web server answered, but no MCP server.", g::not_working},
    bucket_row{b::transport_dead, "transport_dead", "no connection", "No name, no connection, no valid certificate, or silence.", g::not_working},
    bucket_row{b::unmeasured, "unmeasured", "not measured enough", "Fewer than two valid rounds, or regions, in the window.", g::unmeasured},
};

template <class Rows>
consteval bool in_order(const Rows& rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].value) != i) return false;
    return true;
}
static_assert(in_order(states) && states.size() == static_cast<std::size_t>(state::unknown) + 1);
static_assert(in_order(buckets) && buckets.size() == static_cast<std::size_t>(b::unmeasured) + 1);

}  // namespace

std::span<const state_row> all_states() noexcept { return states; }
std::span<const bucket_row> all_buckets() noexcept { return buckets; }
const state_row& row_of(state s) noexcept { return states[static_cast<std::size_t>(s)]; }
const bucket_row& row_of(bucket v) noexcept { return buckets[static_cast<std::size_t>(v)]; }

std::string_view code_of(group v) noexcept
{
    switch (v) {
        case g::working: return "working";
        case g::impaired: return "impaired";
        case g::gated: return "gated";
        case g::not_working: return "not_working";
        case g::unmeasured: return "unmeasured";
    }
    return "unmeasured";
}

std::string_view label_of(group v) noexcept
{
    switch (v) {
        case g::working: return "working";
        case g::impaired: return "impaired";
        case g::gated: return "gated";
        case g::not_working: return "not working";
        case g::unmeasured: return "not measured enough";
    }
    return "not measured enough";
}

std::optional<state> parse_state(std::string_view code) noexcept
{
    const auto it = std::ranges::find(states, code, &state_row::code);
    return it == states.end() ? std::nullopt : std::optional(it->value);
}

std::optional<bucket> parse_bucket(std::string_view code) noexcept
{
    const auto it = std::ranges::find(buckets, code, &bucket_row::code);
    return it == buckets.end() ? std::nullopt : std::optional(it->value);
}

}  // namespace rollcall::data
