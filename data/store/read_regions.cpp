// What the renderer is told of the regions' self-checks.
#include "data/model/edition.hpp"
#include "data/store/regions.hpp"

#include <algorithm>
#include <map>

namespace rollcall::data {

void read_region_nights(connection& db, edition& into)
{
    std::map<std::int64_t, std::size_t> place;  // of a round in the edition, oldest first
    for (std::size_t i = 0; i < into.rounds.size(); ++i) place.emplace(into.rounds[i].id, i);
    if (place.empty()) return;
    for (const auto& r : round_regions(db, place.begin()->first, place.rbegin()->first))
        if (place.contains(r.round)) into.region_nights.push_back({r.region, r.round, r.down, r.why, r.controls_ok, r.controls_total, r.cells, r.good, r.bad, r.ours, r.compared, r.lone});
    std::ranges::stable_sort(into.region_nights, {}, [&](const region_night& n) { return std::pair(place.at(n.round), n.region); });
}

}  // namespace rollcall::data
