#include "data/store/regions.hpp"

#include "data/store/rows.hpp"

#include <tuple>

namespace rollcall::data {
namespace {

using number = std::int64_t;
using maybe = std::optional<std::int64_t>;

number seconds(time_point t) { return t.time_since_epoch().count(); }
time_point from_seconds(number s) { return time_point(std::chrono::seconds(s)); }
maybe seconds(const std::optional<time_point>& t) { return t ? maybe(seconds(*t)) : std::nullopt; }
std::optional<time_point> from_seconds(const maybe& s) { return s ? std::optional(from_seconds(*s)) : std::nullopt; }

constexpr std::int64_t rounds_looked_back = 7;

constexpr std::string_view columns = "SELECT n.round_id, n.region_id, n.started, n.finished, n.cells, n.good, n.bad, n.ours, n.controls_ok, n.controls_total, "
                                     "n.compared, n.lone, n.verdict, n.why FROM round_region n ";

template <class... Args>
std::vector<round_region> rows_of(connection& db, std::string_view rest, const Args&... args)
{
    std::vector<round_region> out;
    auto s = db.prepare(std::string(columns) + std::string(rest));
    for (auto [round, region, started, finished, cells, good, bad, ours, ok, total, compared, lone, verdict, why] :
         s.rows<number, number, maybe, maybe, number, number, number, number, number, number, number, number, std::string, std::string>(args...))
        out.push_back({round, region, from_seconds(started), from_seconds(finished), cells, good, bad, ours, ok, total, compared, lone, verdict == "down", why});
    return out;
}

}  // namespace

void record_visit(connection& db, const region_visit& v)
{
    db.prepare("INSERT INTO region_visit (round_id, region_id, started, finished, egress) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")
        .execute(v.round, v.region, seconds(v.started), seconds(v.finished), v.egress);
}

void record_control(connection& db, const region_control& c)
{
    db.prepare("INSERT INTO region_control (round_id, region_id, url, taken, expected, reason_id, passed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
               "ON CONFLICT DO UPDATE SET expected = excluded.expected, reason_id = excluded.reason_id, passed = excluded.passed WHERE excluded.passed < passed")
        .execute(c.round, c.region, c.url, seconds(c.taken), c.expected, static_cast<number>(c.why), c.passed ? 1 : 0);
}

std::vector<region_visit> visits_of(connection& db, std::int64_t round)
{
    std::vector<region_visit> out;
    auto s = db.prepare("SELECT region_id, started, finished, egress FROM region_visit WHERE round_id = ?1 ORDER BY region_id, started, finished");
    for (auto [region, started, finished, egress] : s.rows<number, number, number, std::string>(round))
        out.push_back({round, region, from_seconds(started), from_seconds(finished), egress});
    return out;
}

std::vector<region_control> controls_of(connection& db, std::int64_t round)
{
    std::vector<region_control> out;
    auto s = db.prepare("SELECT region_id, url, taken, expected, reason_id, passed FROM region_control WHERE round_id = ?1 ORDER BY region_id, url, taken");
    for (auto [region, url, taken, expected, why, passed] : s.rows<number, std::string, number, std::string, number, number>(round))
        out.push_back({round, region, url, from_seconds(taken), expected, rows::to_reason(why), passed != 0});
    return out;
}

std::vector<region_mark> region_marks(connection& db, std::int64_t round)
{
    std::vector<region_mark> out;
    auto s = db.prepare("SELECT endpoint_id, region_id, reason_id FROM cell WHERE round_id = ?1 ORDER BY endpoint_id, region_id");
    for (auto [endpoint, region, why] : s.rows<number, number, number>(round)) out.push_back({endpoint, region, rows::to_reason(why)});
    return out;
}

std::vector<std::pair<std::int64_t, std::string>> frozen_hosts(connection& db, std::int64_t round)
{
    std::vector<std::pair<std::int64_t, std::string>> out;
    auto s = db.prepare("SELECT e.id, e.host FROM frozen f JOIN endpoint e ON e.id = f.endpoint_id WHERE f.round_id = ?1 ORDER BY e.id");
    for (auto [id, host] : s.rows<number, std::string>(round)) out.emplace_back(id, host);
    return out;
}

std::optional<std::set<std::int64_t>> up_before(connection& db, std::int64_t round)
{
    const auto first = db.prepare("SELECT min(id), min(at) FROM (SELECT id, at FROM round WHERE state = 'judged' AND at < (SELECT at FROM round WHERE id = ?1) ORDER BY at DESC LIMIT ?2)")
                           .row<maybe, maybe>(round, rounds_looked_back);
    if (!first || !std::get<0>(*first)) return std::nullopt;
    std::set<std::int64_t> out;
    auto s = db.prepare("SELECT v.endpoint_id, s.code, max(r.at) FROM round r JOIN verdict v ON v.round_id = r.id JOIN state s ON s.id = v.state_id "
                        "WHERE r.at >= ?2 AND r.at < (SELECT at FROM round WHERE id = ?1) AND v.valid = 1 GROUP BY v.endpoint_id");
    for (auto [endpoint, state, at] : s.rows<number, std::string, number>(round, *std::get<1>(*first)))
        if (state == "up") out.insert(endpoint);
    return out;
}

void write_round_regions(connection& db, std::int64_t round, const std::vector<round_region>& rows)
{
    transaction all(db);
    db.prepare("DELETE FROM round_region WHERE round_id = ?1").execute(round);
    auto add = db.prepare("INSERT INTO round_region (round_id, region_id, started, finished, cells, good, bad, ours, controls_ok, controls_total, compared, lone, verdict, why) "
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
    for (const auto& r : rows)
        add.execute(round, r.region, seconds(r.started), seconds(r.finished), r.cells, r.good, r.bad, r.ours, r.controls_ok, r.controls_total, r.compared, r.lone,
                    r.down ? "down" : "ok", r.why);
    all.commit();
}

std::vector<round_region> round_regions_before(connection& db, std::int64_t round, std::size_t count)
{
    return rows_of(db,
                   "JOIN round r ON r.id = n.round_id WHERE n.round_id IN (SELECT id FROM round WHERE at < (SELECT at FROM round WHERE id = ?1) ORDER BY at DESC LIMIT ?2) "
                   "ORDER BY r.at DESC, n.region_id",
                   round, count);
}

std::vector<round_region> round_regions(connection& db, std::int64_t first_round, std::int64_t last_round)
{
    return rows_of(db, "WHERE n.round_id BETWEEN ?1 AND ?2 ORDER BY n.round_id, n.region_id", first_round, last_round);
}

std::set<std::pair<std::int64_t, std::int64_t>> regions_down(connection& db, std::int64_t first_round, std::int64_t last_round)
{
    std::set<std::pair<std::int64_t, std::int64_t>> out;
    auto s = db.prepare("SELECT round_id, region_id FROM round_region WHERE verdict = 'down' AND round_id BETWEEN ?1 AND ?2");
    for (auto [round, region] : s.rows<number, number>(first_round, last_round)) out.emplace(round, region);
    return out;
}

}  // namespace rollcall::data
