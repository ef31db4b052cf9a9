#include "audit/commands/region_watch.hpp"

#include "audit/region/controls.hpp"
#include "data/store/regions.hpp"

#include <algorithm>
#include <utility>

namespace rollcall::audit::commands {

region_watch::region_watch(data::ledger& store, const data::settings& settings, const data::round_facts& round, std::vector<region_route> regions,
                           data::time_point at, bool allow_private)
    : store_(store), settings_(settings), round_(round), regions_(std::move(regions)), at_(at), allow_private_(allow_private)
{
    look();
}

void region_watch::ended(const std::vector<std::string>& took_part, bool interrupted)
{
    if (took_part.empty()) return;
    if (!interrupted) look();
    for (const auto& r : regions_)
        if (std::ranges::find(took_part, r.code) != took_part.end())
            data::record_visit(store_.db(), {round_.id, r.id, at_, now(), std::string(code_of(r.out.kind))});
}

void region_watch::look()
{
    const auto taken = now();
    for (const auto& seen : look_at_controls(settings_, regions_, allow_private_))
        data::record_control(store_.db(), {round_.id, seen.region, seen.control.url, taken, seen.control.expect, seen.why, seen.passed});
}

data::time_point region_watch::now() const
{
    return at_ + std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun_);
}

}  // namespace rollcall::audit::commands
