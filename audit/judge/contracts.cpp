#include "audit/judge/valid.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace rollcall::audit {

contract_story read_contracts(std::span<const mark> valid, unsigned regions)
{
    // Nearly every endpoint shows one contract in every cell.
    const auto first = std::ranges::find_if(valid, [](const mark& m) { return m.contract != 0; });
    if (std::all_of(first, valid.end(), [&](const mark& m) { return m.contract == 0 || (m.contract == first->contract && m.era == first->era); })) return {};

    std::map<std::pair<std::int64_t, data::era>, std::vector<std::uint32_t>> by_region;  // repetitions left out
    std::map<std::pair<std::int64_t, data::era>, std::set<std::uint32_t>> by_round;
    for (const auto& m : valid) {
        if (m.contract == 0) continue;
        by_round[{m.round, m.era}].insert(m.contract);
        auto& seen = by_region[{m.region, m.era}];
        if (seen.empty() || seen.back() != m.contract) seen.push_back(m.contract);
    }
    contract_story story;
    bool divided_at_last = false;
    for (const auto& [round, contracts] : by_round) {
        story.split |= contracts.size() > 1;
        divided_at_last = contracts.size() > 1;
    }
    std::map<std::pair<std::uint32_t, std::uint32_t>, unsigned> changes;
    for (const auto& [region, seen] : by_region) {
        if (std::set(seen.begin(), seen.end()).size() < seen.size()) story.unstable = true;  // A-B-A
        for (std::size_t i = 1; i < seen.size(); ++i) ++changes[{seen[i - 1], seen[i]}];
    }
    const unsigned needed = regions > 1 ? 2 : 1;
    for (const auto& [change, times] : changes) story.drifted |= times >= needed;
    // A change that was seen half-way, first by one region and then by all, is one; regions that still disagree, or
    // a list that came and went, are not.
    story.drifted &= !story.unstable && !divided_at_last;
    return story;
}

}  // namespace rollcall::audit
