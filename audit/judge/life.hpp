// Turning points in the life of an endpoint: what survival is computed from. Pure.
//
// Only measured nights count. An endpoint dies with the first of three nights in a row without a good one, and
// revives with the first of two good nights in a row; before its first good night it was never alive.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace rollcall::audit {

// Stored: never renumber.
enum class turning : std::uint8_t { first_good, death, revival };

inline constexpr std::size_t nights_to_die = 3, nights_to_revive = 2;

// A measured night: good is at quorum.
struct measured_night {
    std::int64_t round;
    bool good;
};

struct life_event {
    turning event;
    std::int64_t since;                    // the round of the first of the nights that it took
    std::optional<std::int64_t> before{};  // the last measured round before: it happened in between; empty: unknown
    bool operator==(const life_event&) const = default;
};

// What the newest measured night makes known, if anything. `nights` are the newest measured nights, newest first; the
// last nights_to_die + 1 are enough. `last` is the newest turning point known before that night.
std::optional<life_event> turning_point(std::span<const measured_night> nights, std::optional<turning> last);

}  // namespace rollcall::audit
