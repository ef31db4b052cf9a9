// What judging asks of the store, and what it leaves there. Rows only; what they mean is decided elsewhere.
//
// Each write replaces what an earlier judging of the round left, so judging again leaves the same bytes. Everything
// throws store_error. A write opens its own transaction, so not inside another.
#pragma once

#include "data/model/cell.hpp"
#include "data/model/published.hpp"
#include "data/model/verdict.hpp"
#include "data/store/ledger.hpp"
#include "data/store/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rollcall::data {

// A cell as judging sees it.
struct judged_cell {
    std::int64_t round, region, endpoint;
    reason why;                  // region_down where the region's self-check of that round says so
    std::uint32_t waited_ms;
    data::era era;
    std::uint32_t contract;      // equal numbers within one call: equal tool contracts; 0 without a whole list
    std::int64_t manifest;       // the row of the list itself; 0 without a whole list
};

// Every cell of the rounds, by round, region and endpoint. A list that was cut off says nothing about what its server
// promises: it has no contract.
void each_cell(connection& db, std::int64_t first_round, std::int64_t last_round, const std::function<void(const judged_cell&)>& take);

// The newest rounds of one endpoint in which it was measured, before a round; newest first.
struct past_night { std::int64_t round; data::state state; bool good; std::int64_t streak; };
class past_nights {
public:
    past_nights(connection& db, std::int64_t round) : before_(round), find_(db.prepare("SELECT round_id, state_id, good, streak FROM verdict WHERE endpoint_id = ?1 AND round_id < ?2 AND valid = 1 ORDER BY round_id DESC LIMIT ?3")) {}
    std::vector<past_night> of(std::int64_t endpoint, std::size_t most);

private:
    std::int64_t before_;
    statement find_;
};

// A turning point in the life of an endpoint; `event` as the table numbers it.
struct life_row { std::int64_t endpoint, event, since; std::optional<std::int64_t> before; };
// The newest one of each endpoint that was known before the round.
std::map<std::int64_t, std::int64_t> last_events(connection& db, std::int64_t round);
// Those that the round made known.
void write_life(connection& db, std::int64_t round, std::span<const life_row> rows);

// Changes of tools that the round confirmed.
void write_drifts(connection& db, std::int64_t round, const std::vector<drift_row>& rows);
// A change confirmed in an earlier round of the window, with the list that it left...
struct earlier_drift { std::int64_t round, endpoint, before; };
std::vector<earlier_drift> earlier_drifts(connection& db, std::int64_t first_round, std::int64_t round);
// ...and those of them that the round saw taken back.
void write_taken_back(connection& db, std::int64_t round, std::span<const earlier_drift> rows);
// The calendar month that the round belongs to, anew from its nights.
void write_month(connection& db, time_point at);

}  // namespace rollcall::data
