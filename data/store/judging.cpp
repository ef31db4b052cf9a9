#include "data/store/judging.hpp"

#include "data/model/night_cells.hpp"
#include "data/statistics/quantile.hpp"
#include "data/store/codec.hpp"
#include "data/store/regions.hpp"
#include "data/store/rows.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace rollcall::data {
namespace {

struct heard { data::era era = era::unknown; std::uint32_t contract = 0; std::int64_t manifest = 0; };

// Answers by their numbers: most cells of a window point to the same few, so each is looked up once.
class answers {
public:
    explicit answers(connection& db)
        : find_(db.prepare("SELECT a.era, CASE WHEN ' ' || a.warnings || ' ' LIKE '% list_truncated %' THEN NULL ELSE a.manifest_id END, m.contract_hash "
                           "FROM answer a LEFT JOIN manifest m ON m.id = a.manifest_id WHERE a.id = ?1"))
    {
    }

    const heard& of(std::int64_t id)
    {
        const auto [it, is_new] = known_.try_emplace(id);
        if (!is_new) return it->second;
        const auto row = find_.row<std::int64_t, std::optional<std::int64_t>, std::optional<blob>>(id);
        if (!row) return it->second;
        const auto& [era_code, manifest, hash] = *row;
        it->second.era = static_cast<era>(era_code);
        if (manifest && hash) {
            it->second.manifest = *manifest;
            it->second.contract = contracts_.try_emplace(hash->bytes, static_cast<std::uint32_t>(contracts_.size() + 1)).first->second;
        }
        return it->second;
    }

private:
    statement find_;
    std::unordered_map<std::int64_t, heard> known_;
    std::unordered_map<std::string, std::uint32_t> contracts_;
};

std::int64_t month_of(time_point at)
{
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
    return static_cast<int>(date.year()) * 100 + static_cast<std::int64_t>(static_cast<unsigned>(date.month()));
}

std::int64_t first_of_month(time_point at, int later)
{
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
    const auto first = date.year() / date.month() / 1 + std::chrono::months(later);
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::sys_days(first).time_since_epoch()).count();
}

}  // namespace

void each_cell(connection& db, std::int64_t first_round, std::int64_t last_round, const std::function<void(const judged_cell&)>& take)
{
    const auto down = regions_down(db, first_round, last_round);
    answers heard_of(db);
    auto s = db.prepare("SELECT round_id, region_id, endpoint_id, reason_id, waited_ms, answer_id FROM cell WHERE round_id BETWEEN ?1 AND ?2 ORDER BY round_id, region_id, endpoint_id");
    for (auto [round, region, endpoint, why, waited, answer] :
         s.rows<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>>(first_round, last_round)) {
        const auto h = answer ? heard_of.of(*answer) : heard{};
        const bool masked = !down.empty() && down.contains({round, region});
        take({round, region, endpoint, masked ? reason::region_down : rows::to_reason(why), static_cast<std::uint32_t>(waited), h.era, h.contract, h.manifest});
    }
}

std::vector<past_night> past_nights::of(std::int64_t endpoint, std::size_t most)
{
    std::vector<past_night> out;
    for (auto [round, state, good, streak] : find_.rows<std::int64_t, std::int64_t, std::int64_t, std::int64_t>(endpoint, before_, most))
        out.push_back({round, rows::to_state(state), good != 0, streak});
    return out;
}

std::map<std::int64_t, std::int64_t> last_events(connection& db, std::int64_t round)
{
    std::map<std::int64_t, std::int64_t> out;
    auto s = db.prepare("SELECT endpoint_id, event, max(known_id) FROM life_event WHERE known_id < ?1 GROUP BY endpoint_id ORDER BY endpoint_id");
    for (auto [endpoint, event, known] : s.rows<std::int64_t, std::int64_t, std::int64_t>(round)) out.emplace(endpoint, event);
    return out;
}

void write_life(connection& db, std::int64_t round, std::span<const life_row> rows)
{
    transaction all(db);
    db.prepare("DELETE FROM life_event WHERE known_id = ?1").execute(round);
    auto add = db.prepare("INSERT INTO life_event (endpoint_id, event, since_id, before_id, known_id) VALUES (?1, ?2, ?3, ?4, ?5) "
                          "ON CONFLICT (endpoint_id, since_id, event) DO NOTHING");
    for (const auto& e : rows) add.execute(e.endpoint, e.event, e.since, e.before, round);
    all.commit();
}

void write_drifts(connection& db, std::int64_t round, const std::vector<drift_row>& rows)
{
    transaction all(db);
    // What a later round took back stays taken back where the change is still the same one.
    std::map<std::int64_t, std::int64_t> back;
    auto had = db.prepare("SELECT endpoint_id, taken_back_id FROM drift WHERE round_id = ?1 AND taken_back_id IS NOT NULL");
    for (auto [endpoint, id] : had.rows<std::int64_t, std::int64_t>(round)) back.emplace(endpoint, id);
    db.prepare("DELETE FROM drift WHERE round_id = ?1").execute(round);
    auto add = db.prepare("INSERT INTO drift (round_id, endpoint_id, before_id, after_id, grade, changes, taken_back_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    for (const auto& d : rows) {
        const auto it = back.find(d.endpoint);
        add.execute(round, d.endpoint, d.before, d.after, d.grade, blob{deflate(d.changes)}, it == back.end() ? std::nullopt : std::optional(it->second));
    }
    all.commit();
}

std::vector<earlier_drift> earlier_drifts(connection& db, std::int64_t first_round, std::int64_t round)
{
    std::vector<earlier_drift> out;
    auto s = db.prepare("SELECT round_id, endpoint_id, before_id FROM drift WHERE round_id >= ?1 AND round_id < ?2 ORDER BY round_id, endpoint_id");
    for (auto [r, endpoint, before] : s.rows<std::int64_t, std::int64_t, std::int64_t>(first_round, round)) out.push_back({r, endpoint, before});
    return out;
}

void write_taken_back(connection& db, std::int64_t round, std::span<const earlier_drift> rows)
{
    transaction all(db);
    db.prepare("UPDATE drift SET taken_back_id = NULL WHERE taken_back_id = ?1").execute(round);
    auto set = db.prepare("UPDATE drift SET taken_back_id = ?3 WHERE endpoint_id = ?2 AND round_id = ?1 AND taken_back_id IS NULL");
    for (const auto& d : rows) set.execute(d.round, d.endpoint, round);
    all.commit();
}

void write_month(connection& db, time_point at)
{
    struct tally { std::array<std::int64_t, 5> states{}; std::int64_t good = 0; std::vector<std::uint32_t> ms; };
    std::map<std::int64_t, tally> of;
    auto nights = db.prepare("SELECT n.endpoint_id, n.state_id, n.good, n.cells FROM night n WHERE n.round_id IN (SELECT id FROM round WHERE at >= ?1 AND at < ?2)");
    for (auto [endpoint, state, good, cells] : nights.rows<std::int64_t, std::int64_t, std::int64_t, blob>(first_of_month(at, 0), first_of_month(at, 1))) {
        auto& t = of[endpoint];
        ++t.states[static_cast<std::size_t>(rows::to_state(state))];
        t.good += good;
        for (const auto& c : unpack_cells(cells.bytes))
            if (c.ms) t.ms.push_back(*c.ms);
    }
    const auto month = month_of(at);
    transaction all(db);
    db.prepare("DELETE FROM month WHERE month = ?1").execute(month);
    auto add = db.prepare("INSERT INTO month (month, endpoint_id, measured, good, up, degraded, down, gated, answers, median_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    for (auto& [endpoint, t] : of) {
        std::ranges::sort(t.ms);
        const auto& [up, degraded, down, gated, unknown] = t.states;
        add.execute(month, endpoint, up + degraded + down + gated, t.good, up, degraded, down, gated, t.ms.size(), statistics::percentile(t.ms, 50));
    }
    all.commit();
}

}  // namespace rollcall::data
