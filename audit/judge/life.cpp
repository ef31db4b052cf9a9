#include "audit/judge/life.hpp"

#include <algorithm>

namespace rollcall::audit {

std::optional<life_event> turning_point(std::span<const measured_night> nights, std::optional<turning> last)
{
    if (nights.empty()) return std::nullopt;
    const bool good = nights.front().good;
    const auto event = !last ? turning::first_good : *last == turning::death ? turning::revival : turning::death;
    if (good == (event == turning::death)) return std::nullopt;
    const auto needed = event == turning::first_good ? 1 : event == turning::death ? nights_to_die : nights_to_revive;
    if (nights.size() < needed) return std::nullopt;
    const auto run = nights.first(needed);
    if (!std::ranges::all_of(run, [&](const measured_night& n) { return n.good == good; })) return std::nullopt;
    life_event out{event, run.back().round};
    if (nights.size() > needed) out.before = nights[needed].round;
    return out;
}

}  // namespace rollcall::audit
