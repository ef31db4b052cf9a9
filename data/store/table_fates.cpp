#include "data/store/merge.hpp"

#include <array>

namespace rollcall::data {
namespace {

using enum fate;

constexpr std::array all_fates{
    // What probing writes, and what that points to.
    table_fate{"round", travels}, table_fate{"frozen", travels}, table_fate{"endpoint", travels}, table_fate{"region", travels},
    table_fate{"cell", travels}, table_fate{"transcript", travels}, table_fate{"owner_check", travels},
    table_fate{"answer", travels}, table_fate{"auth", travels}, table_fate{"path", travels}, table_fate{"manifest", travels},
    table_fate{"region_visit", travels}, table_fate{"region_control", travels},
    // What `judge` computes from it.
    table_fate{"verdict", judged_anew}, table_fate{"drift", judged_anew}, table_fate{"round_region", judged_anew}, table_fate{"night", judged_anew},
    table_fate{"month", judged_anew}, table_fate{"life_event", judged_anew}, table_fate{"endpoint_key", judged_anew}, table_fate{"incident", judged_anew},
    table_fate{"incident_night", judged_anew}, table_fate{"incident_member", judged_anew}, table_fate{"alias", judged_anew},
    // What registries said and what was made of it: of the store in which the list was frozen.
    table_fate{"registry", stays}, table_fate{"listing", stays}, table_fate{"listing_event", stays}, table_fate{"page_validator", stays},
    table_fate{"registry_reading", stays}, table_fate{"variant", stays}, table_fate{"book", stays}, table_fate{"overlap", stays},
    // What a store says of itself; and words that every store has.
    table_fate{"setting", stays}, table_fate{"remembered", stays}, table_fate{"operator_log", stays}, table_fate{"tombstone", stays}, table_fate{"published", stays},
    table_fate{"reason", stays}, table_fate{"state", stays}, table_fate{"bucket", stays},
};

}  // namespace

std::span<const table_fate> table_fates() { return all_fates; }

}  // namespace rollcall::data
