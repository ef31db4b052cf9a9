#include "audit/health/words.hpp"

#include "audit/classify/ascii.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit::health {
namespace {

using enum data::state;
using enum word_scope;

constexpr std::array words{
    word_row{"ok", up, anywhere, ""},
    word_row{"okay", up, state_only, ""},
    word_row{"pass", up, state_only, ""},
    word_row{"passed", up, state_only, ""},
    word_row{"passing", up, state_only, ""},
    word_row{"up", up, anywhere, ""},
    word_row{"healthy", up, anywhere, ""},
    word_row{"ready", up, state_only, ""},
    word_row{"fresh", up, state_only, ""},
    word_row{"warm", up, state_only, ""},
    word_row{"live", up, state_only, ""},
    word_row{"alive", up, state_only, ""},
    word_row{"green", up, state_only, ""},
    word_row{"operational", up, anywhere, ""},
    word_row{"true", up, state_only, ""},
    word_row{"connected", up, anywhere, ""},
    word_row{"reachable", up, anywhere, ""},
    word_row{"available", up, state_only, ""},
    word_row{"serving", up, state_only, ""},
    word_row{"running", up, state_only, ""},
    word_row{"active", up, state_only, ""},
    word_row{"good", up, state_only, ""},
    word_row{"normal", up, state_only, ""},
    word_row{"success", up, state_only, ""},
    word_row{"pong", up, state_only, ""},
    word_row{"worker_healthy", up, anywhere, ""},
    word_row{"replication_healthy", up, anywhere, ""},
    // What scales to zero wakes up slowly once. It answers; that is no fault.
    word_row{"cold_start", up, state_only, "cold_start"},
    word_row{"warm", up, pace, ""},
    word_row{"cold_start", up, pace, "cold_start"},
    word_row{"slow", degraded, pace, "slow"},

    // Not yet, or no longer, ready to serve.
    word_row{"starting", degraded, state_only, "starting"},
    word_row{"not_ready", degraded, state_only, "not_ready"},
    word_row{"warming", degraded, state_only, "warming"},
    word_row{"initializing", degraded, state_only, "initializing"},
    word_row{"draining", degraded, state_only, "draining"},
    word_row{"pending", degraded, state_only, "pending"},
    word_row{"paused", degraded, state_only, "paused"},
    word_row{"maintenance", degraded, state_only, "maintenance"},
    word_row{"under_maintenance", degraded, anywhere, "maintenance"},

    word_row{"degraded", degraded, anywhere, ""},
    word_row{"degraded_performance", degraded, anywhere, ""},
    word_row{"partial_outage", degraded, anywhere, "partial_outage"},
    word_row{"warn", degraded, state_only, ""},
    word_row{"warning", degraded, state_only, ""},
    word_row{"slow", degraded, state_only, "slow"},
    word_row{"stale", degraded, anywhere, "stale"},
    word_row{"partial", degraded, state_only, "partial"},
    word_row{"yellow", degraded, state_only, ""},
    word_row{"primary_fallback", degraded, anywhere, "primary_fallback"},
    word_row{"throttled", degraded, anywhere, "throttled"},
    word_row{"out_of_service", degraded, anywhere, "out_of_service"},

    word_row{"error", down, anywhere, ""},
    word_row{"auth_expired", down, anywhere, "auth_expired"},
    word_row{"fail", down, anywhere, ""},
    word_row{"failed", down, anywhere, ""},
    word_row{"failing", down, anywhere, ""},
    word_row{"down", down, anywhere, ""},
    word_row{"unhealthy", down, anywhere, ""},
    word_row{"critical", down, state_only, ""},
    word_row{"red", down, state_only, ""},
    word_row{"false", down, state_only, ""},
    word_row{"not_ok", down, state_only, ""},
    word_row{"unreachable", down, anywhere, "unreachable"},
    word_row{"disconnected", down, anywhere, "disconnected"},
    word_row{"unavailable", down, anywhere, "unavailable"},
    word_row{"offline", down, anywhere, "offline"},
    word_row{"timeout", down, anywhere, "timeout"},
    word_row{"unexpected_result", down, anywhere, "unexpected_result"},
    word_row{"not_serving", down, anywhere, "not_serving"},
    word_row{"major_outage", down, anywhere, "major_outage"},

    // Said, and understood: not known.
    word_row{"unknown", unknown, state_only, ""},
    word_row{"service_unknown", unknown, state_only, "service_unknown"},

    // A circuit that is open lets nothing through.
    word_row{"closed", up, breaker, ""},
    word_row{"half_open", degraded, breaker, "breaker_half_open"},
    word_row{"open", degraded, breaker, "breaker_open"},

    // What status pages call the worst thing that happens at the moment.
    word_row{"none", up, indicator, ""},
    word_row{"minor", degraded, indicator, ""},
    word_row{"major", degraded, indicator, "partial_outage"},
};

}  // namespace

bool may_hold_state(std::string_view member)
{
    // Settings, labels and somebody's text; and what was, or should be.
    static constexpr std::array whole{"level", "log_level", "loglevel", "severity", "env", "environment", "mode", "tier", "plan", "priority", "type",
                                      "kind", "name", "id", "title", "version", "region", "zone", "color", "colour", "theme", "role", "policy",
                                      "criticality", "description", "message", "msg", "note", "notes", "reason", "output", "error", "detail",
                                      "details", "action", "fallback", "strategy", "event", "method", "branch", "tag", "tags", "label"};
    static constexpr std::array heads{"last_", "prev", "expected_", "desired_", "target_", "default_", "on_", "if_", "log_"};
    static constexpr std::array tails{"_level", "_mode", "_type", "_policy", "_strategy", "_action", "_env", "_color", "_colour", "_message", "_name", "_fallback"};
    const auto name = snake(member);
    return std::ranges::find(whole, name) == whole.end() &&
           std::ranges::none_of(heads, [&](std::string_view h) { return name.starts_with(h); }) &&
           std::ranges::none_of(tails, [&](std::string_view t) { return name.ends_with(t); });
}

std::optional<word_row> find_word(std::string_view text, std::string_view about)
{
    text = trim(text);
    while (!text.empty() && (text.back() == '.' || text.back() == '!')) text.remove_suffix(1);
    if (text.empty() || text.size() > 40) return std::nullopt;
    auto word = lower(text);
    std::ranges::replace_if(word, [](char c) { return c == '-' || c == ' '; }, '_');
    const auto name = snake(about);
    for (const auto& row : words) {
        if (row.word != word) continue;
        if (row.scope == breaker && name.find("breaker") == std::string::npos && name.find("circuit") == std::string::npos) continue;
        if (row.scope == indicator && name != "indicator") continue;
        if (row.scope == pace && name != "class") continue;
        if (row.scope == state_only && name == "class") continue;
        return row;
    }
    return std::nullopt;
}

std::optional<spoken_word> split_word(std::string_view text, std::string_view about)
{
    const auto colon = text.find(':');
    const auto row = find_word(text.substr(0, colon), about);
    if (!row) return std::nullopt;
    return spoken_word{*row, colon == std::string_view::npos ? std::string_view{} : trim(text.substr(colon + 1))};
}

std::string snake(std::string_view name)
{
    constexpr auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    std::string out;
    for (std::size_t i = 0; i < name.size() && out.size() < 64; ++i) {
        const char c = name[i];
        if (!is_alnum(c)) {
            if (!out.empty() && out.back() != '_') out += '_';
            continue;
        }
        const bool after_small = i > 0 && !is_upper(name[i - 1]) && is_alnum(name[i - 1]);
        const bool before_small = i > 0 && is_upper(name[i - 1]) && i + 1 < name.size() && is_alnum(name[i + 1]) && !is_upper(name[i + 1]) && !is_digit(name[i + 1]);
        if (is_upper(c) && (after_small || before_small) && !out.empty() && out.back() != '_') out += '_';
        out += lower(c);
    }
    while (!out.empty() && out.back() == '_') out.pop_back();
    return out;
}

}  // namespace rollcall::audit::health
