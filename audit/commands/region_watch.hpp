// What a probing leaves in the store of its regions, beside their cells: when, and what their controls gave.
#pragma once

#include "audit/net/egress.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace rollcall::audit::commands {

class region_watch {
public:
    // Looks at the controls before the first probe. `at` is the nominal moment at which that is. Everything given must
    // outlive the watch.
    region_watch(data::ledger& store, const data::settings& settings, const data::round_facts& round, std::vector<region_route> regions,
                 data::time_point at, bool allow_private);

    // After the last probe: looks once more, unless it was ended early, and stores how long it took. `took_part`: the
    // codes of the regions that stored a cell.
    void ended(const std::vector<std::string>& took_part, bool interrupted);

private:
    void look();
    data::time_point now() const;

    data::ledger& store_;
    const data::settings& settings_;
    data::round_facts round_;
    std::vector<region_route> regions_;
    data::time_point at_;
    bool allow_private_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace rollcall::audit::commands
