#include "data/model/owner.hpp"

#include <algorithm>
#include <array>

namespace rollcall::data {
namespace {

struct step_row { owner_step value; std::string_view code, label; };
constexpr std::array rows{
    step_row{owner_step::name, "name", "Name and connection"},
    step_row{owner_step::certificate, "certificate", "Certificate"},
    step_row{owner_step::refusal, "refusal", "Refused without a credential, and said how to get one"},
    step_row{owner_step::discovery, "discovery", "The way to a credential"},
    step_row{owner_step::handshake, "handshake", "Handshake with the credential"},
    step_row{owner_step::tools, "tools", "List of tools"},
    step_row{owner_step::canary, "canary", "Test call"},
    step_row{owner_step::contract, "contract", "Same tools as before"},
};
static_assert(rows.size() == owner_step_count);

constexpr std::chrono::hours warning_time{72};

std::string count_of(std::int64_t n, std::string_view unit) { return std::to_string(n) + " " + std::string(unit) + (n == 1 ? "" : "s"); }

std::string words_of(std::chrono::seconds span)
{
    const auto hours = span.count() / 3600;
    if (hours < 1) return count_of(std::max<std::int64_t>(1, span.count() / 60), "minute");
    if (hours < 48) return count_of(hours, "hour");
    return count_of(hours / 24, "day") + (hours % 24 ? " and " + count_of(hours % 24, "hour") : "");
}

}  // namespace

std::string_view code_of(owner_step s) noexcept { return rows[static_cast<std::size_t>(s)].code; }
std::string_view label_of(owner_step s) noexcept { return rows[static_cast<std::size_t>(s)].label; }

std::optional<owner_step> parse_owner_step(std::string_view code) noexcept
{
    const auto it = std::ranges::find(rows, code, &step_row::code);
    return it == rows.end() ? std::nullopt : std::optional(it->value);
}

std::string_view code_of(step_state s) noexcept
{
    switch (s) {
        case step_state::skipped: return "skipped";
        case step_state::failed: return "failed";
        case step_state::passed: return "passed";
    }
    return "";
}

token_state token_state_of(std::optional<time_point> expires_at, time_point now) noexcept
{
    if (!expires_at) return token_state::unknown;
    if (*expires_at <= now) return token_state::ended;
    return *expires_at - now <= warning_time ? token_state::ending : token_state::fine;
}

std::string token_words(std::optional<time_point> expires_at, time_point now)
{
    switch (token_state_of(expires_at, now)) {
        case token_state::ending: return "runs out in " + words_of(*expires_at - now);
        case token_state::ended: return "ran out " + words_of(now - *expires_at) + " ago";
        case token_state::unknown:
        case token_state::fine: break;
    }
    return {};
}

}  // namespace rollcall::data
