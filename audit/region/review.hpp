// The self-check of a night's regions, from the store and into it.
#pragma once

#include "data/config/config.hpp"
#include "data/store/ledger.hpp"
#include "data/store/regions.hpp"

#include <string>
#include <vector>

namespace rollcall::audit {

// Checks every region that took part in the round and stores what came of it, in place of what was there: to be called
// before any verdict of the round. The same cells give the same rows. `platforms` as in platforms.json. Throws store_error.
std::vector<data::round_region> review_regions(data::connection& db, const data::round_facts& round, const std::vector<std::string>& platforms);

// What an operator is told of them: one line for each region that is down or has a note.
std::vector<std::string> lines_of(data::connection& db, const std::vector<data::round_region>& checked);

}  // namespace rollcall::audit
