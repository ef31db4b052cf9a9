#include "audit/drift/confirm.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace rollcall::audit::drift {
namespace {

using key = std::int64_t (*)(const sighting&);
std::int64_t by_contract(const sighting& s) { return s.contract; }
std::int64_t by_text(const sighting& s) { return s.manifest; }

struct change { std::int64_t before, after; bool operator==(const change&) const = default; };

// `ordered` by region and round, none later than `tonight`.
std::optional<change> change_of(std::span<const sighting> ordered, std::int64_t tonight, unsigned regions, key of)
{
    std::map<std::pair<std::int64_t, std::int64_t>, unsigned> changes;
    std::set<std::int64_t> tonights;
    for (auto from = ordered.begin(); from != ordered.end();) {
        const auto to = std::find_if(from, ordered.end(), [&](const sighting& s) { return s.region != from->region; });
        const auto last = std::prev(to);
        if (last->round == tonight) {
            tonights.insert(of(*last));
            std::vector<std::int64_t> seen;  // repetitions left out
            for (auto s = from; s != to; ++s)
                if (s->era == last->era && (seen.empty() || seen.back() != of(*s))) seen.push_back(of(*s));
            // A, B, and A again: the list comes and goes.
            const bool comes_and_goes = std::set(seen.begin(), seen.end()).size() < seen.size();
            if (seen.size() > 1 && !comes_and_goes) ++changes[{seen[seen.size() - 2], seen.back()}];
        }
        from = to;
    }
    if (tonights.size() != 1) return std::nullopt;
    for (const auto& [seen, times] : changes)
        if (times >= (regions > 1 ? 2u : 1u)) return change{seen.first, seen.second};
    return std::nullopt;
}

// The change that tonight confirms and no earlier round of the window did.
std::optional<change> new_change(std::span<const sighting> ordered, std::int64_t tonight, unsigned regions, key of)
{
    const auto found = change_of(ordered, tonight, regions, of);
    if (!found) return std::nullopt;
    std::set<std::int64_t> rounds;
    for (const auto& s : ordered) rounds.insert(s.round);
    for (const auto round : rounds) {
        if (round == tonight) break;
        std::vector<sighting> until;
        std::ranges::copy_if(ordered, std::back_inserter(until), [&](const sighting& s) { return s.round <= round; });
        if (change_of(until, round, regions, of) == found) return std::nullopt;
    }
    return found;
}

// The list that most regions show with that contract; ties go to the lower number.
std::int64_t usual_list(std::span<const sighting> ordered, std::int64_t contract, std::optional<std::int64_t> round)
{
    std::map<std::int64_t, int> count;
    for (const auto& s : ordered)
        if (s.contract == contract && (!round || s.round == *round)) ++count[s.manifest];
    return std::ranges::max_element(count, {}, [](const auto& c) { return std::pair(c.second, -c.first); })->first;
}

std::vector<sighting> until(std::span<const sighting> window, std::int64_t tonight)
{
    std::vector<sighting> out;
    std::ranges::copy_if(window, std::back_inserter(out), [&](const sighting& s) { return s.round <= tonight; });
    std::ranges::sort(out, {}, [](const sighting& s) { return std::tuple(s.region, s.round, s.era, s.contract, s.manifest); });
    return out;
}

}  // namespace

std::optional<confirmed> confirm_change(std::span<const sighting> window, std::int64_t tonight, unsigned regions)
{
    if (std::ranges::all_of(window, [&](const sighting& s) { return s.manifest == window.front().manifest; })) return std::nullopt;
    const auto ordered = until(window, tonight);
    if (const auto found = new_change(ordered, tonight, regions, by_contract))
        return confirmed{usual_list(ordered, found->before, std::nullopt), usual_list(ordered, found->after, tonight)};
    const bool one_contract = std::ranges::all_of(ordered, [&](const sighting& s) { return s.contract == ordered.front().contract; });
    if (!one_contract) return std::nullopt;
    const auto reworded = new_change(ordered, tonight, regions, by_text);
    return reworded ? std::optional(confirmed{reworded->before, reworded->after}) : std::nullopt;
}

bool is_back(std::span<const sighting> window, std::int64_t tonight, std::uint32_t contract, unsigned regions)
{
    unsigned seen = 0;
    for (const auto& s : window) {
        if (s.round != tonight) continue;
        if (s.contract != contract) return false;
        ++seen;
    }
    return seen >= (regions > 1 ? 2u : 1u);
}

}  // namespace rollcall::audit::drift
