#include "audit/drift/confirm.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace rollcall::audit::drift {

std::optional<confirmed> confirm_change(std::span<const sighting> window, std::int64_t tonight, unsigned regions)
{
    std::vector<sighting> ordered(window.begin(), window.end());
    std::ranges::sort(ordered, {}, [](const sighting& s) { return std::tuple(s.region, s.round, s.era, s.manifest); });

    std::map<std::pair<std::int64_t, std::int64_t>, unsigned> changes;
    std::set<std::int64_t> tonights;
    for (auto from = ordered.begin(); from != ordered.end();) {
        const auto to = std::find_if(from, ordered.end(), [&](const sighting& s) { return s.region != from->region; });
        const auto last = std::prev(to);
        if (last->round == tonight) {
            tonights.insert(last->manifest);
            std::optional<std::int64_t> before;
            bool had_it = false;  // A, B, and A again: the list comes and goes
            for (auto s = from; s != last; ++s) {
                if (s->era != last->era || s->round == tonight) continue;
                before = s->manifest;
                had_it = had_it || s->manifest == last->manifest;
            }
            if (before && !had_it) ++changes[{*before, last->manifest}];
        }
        from = to;
    }
    if (tonights.size() != 1) return std::nullopt;
    for (const auto& [change, times] : changes)
        if (times >= (regions > 1 ? 2u : 1u)) return confirmed{change.first, change.second};
    return std::nullopt;
}

}  // namespace rollcall::audit::drift
