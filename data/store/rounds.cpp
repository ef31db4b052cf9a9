#include "data/store/rounds.hpp"

#include "data/model/reason.hpp"

#include <algorithm>

namespace rollcall::data {

std::unordered_map<std::int64_t, std::int64_t> last_asked(connection& db, std::int64_t round)
{
    std::unordered_map<std::int64_t, std::int64_t> out;
    auto cells = db.prepare("SELECT endpoint_id, max(round_id) FROM cell WHERE round_id < ?1 AND round_id >= ?1 - 60 AND reason_id <> ?2 GROUP BY endpoint_id");
    for (auto [endpoint, last] : cells.rows<std::int64_t, std::int64_t>(round, static_cast<std::int64_t>(reason::budget))) out.emplace(endpoint, last);
    // A shard has no cells of earlier rounds, but was told.
    auto told = db.prepare("SELECT endpoint_id, asked FROM remembered WHERE asked > 0 AND asked < ?1");
    for (auto [endpoint, last] : told.rows<std::int64_t, std::int64_t>(round)) {
        auto& known = out.try_emplace(endpoint, last).first->second;
        known = std::max(known, last);
    }
    return out;
}

std::set<std::pair<std::int64_t, std::int64_t>> cells_of(const std::string& file, std::int64_t round)
{
    connection db(file, connection::mode::read_only);
    std::set<std::pair<std::int64_t, std::int64_t>> out;
    auto cells = db.prepare("SELECT region_id, endpoint_id FROM cell WHERE round_id = ?1");
    for (auto [region, endpoint] : cells.rows<std::int64_t, std::int64_t>(round)) out.emplace(region, endpoint);
    return out;
}

}  // namespace rollcall::data
