#include "data/store/incidents.hpp"

#include "data/store/regions.hpp"
#include "data/store/rows.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace rollcall::data {
namespace {

using number = std::int64_t;
using maybe = std::optional<std::int64_t>;
using text = std::string;

time_point from_seconds(number s) { return time_point(std::chrono::seconds(s)); }
number seconds(time_point t) { return t.time_since_epoch().count(); }

template <class Value>
Value known(std::optional<Value> v, const std::string& stored)
{
    if (!v) throw store_error("an incident's \"" + stored.substr(0, 40) + "\" is none that this program knows", SQLITE_CORRUPT);
    return *v;
}

std::unordered_set<number> ids_of(const std::vector<incident_round>& rounds)
{
    std::unordered_set<number> out;
    for (const auto& r : rounds) out.insert(r.id);
    return out;
}

std::pair<number, number> range_of(const std::vector<incident_round>& rounds)
{
    if (rounds.empty()) return {0, -1};
    const auto [first, last] = std::ranges::minmax(rounds, {}, &incident_round::id);
    return {first.id, last.id};
}

// Regions as codes, in the order of their numbers.
std::string codes_of(const std::vector<number>& places, const std::map<number, std::string>& regions)
{
    std::vector<std::string> words;
    for (const auto p : places)
        if (const auto it = regions.find(p); it != regions.end()) words.push_back(it->second);
    return rows::join(words);
}

}  // namespace

std::vector<incident_round> incident_store::rounds_up_to(number round, std::size_t count, number counted)
{
    std::vector<incident_round> out;
    auto s = db_.prepare("SELECT id, date, at FROM round WHERE at <= (SELECT at FROM round WHERE id = ?1) AND (state = 'judged' OR id IN (?1, ?3)) ORDER BY at DESC LIMIT ?2");
    for (auto [id, date, at] : s.rows<number, text, number>(round, count, counted)) out.push_back({id, date, from_seconds(at)});
    std::ranges::reverse(out);
    return out;
}

std::vector<number> incident_store::judged_after(number round)
{
    std::vector<number> out;
    auto s = db_.prepare("SELECT id FROM round WHERE at > (SELECT at FROM round WHERE id = ?1) AND state = 'judged' ORDER BY at");
    for (auto [id] : s.rows<number>(round)) out.push_back(id);
    return out;
}

std::map<number, std::string> incident_store::regions()
{
    std::map<number, std::string> out;
    auto s = db_.prepare("SELECT id, code FROM region");
    for (auto [id, code] : s.rows<number, text>()) out.emplace(id, code);
    return out;
}

std::vector<night_mark> incident_store::marks(number round)
{
    std::vector<night_mark> out;
    auto s = db_.prepare("SELECT endpoint_id, state_id, reason_id, valid FROM verdict WHERE round_id = ?1 ORDER BY endpoint_id");
    for (auto [endpoint, st, why, valid] : s.rows<number, number, number, number>(round)) out.push_back({endpoint, round, rows::to_state(st), rows::to_reason(why), valid != 0});
    return out;
}

std::vector<night_cell> incident_store::cells(const std::vector<incident_round>& rounds)
{
    std::vector<night_cell> out;
    const auto wanted = ids_of(rounds);
    const auto [first, last] = range_of(rounds);
    const auto down = regions_down(db_, first, last);
    auto s = db_.prepare("SELECT endpoint_id, round_id, region_id, reason_id, answer_id, path_id FROM cell WHERE round_id BETWEEN ?1 AND ?2");
    for (auto [endpoint, round, region, why, answer, path] : s.rows<number, number, number, number, maybe, maybe>(first, last)) {
        const auto r = rows::to_reason(why);
        if (!wanted.contains(round) || !is_valid(class_of(r)) || down.contains({round, region})) continue;
        out.push_back({endpoint, round, region, r, answer, path});
    }
    return out;
}

std::map<number, answer_look> incident_store::looks_of_answers(number since_round)
{
    std::map<number, answer_look> out;
    auto s = db_.prepare("SELECT id, http_status, detail FROM answer WHERE id IN (SELECT answer_id FROM cell WHERE round_id >= ?1)");
    for (auto [id, status, detail] : s.rows<number, number, text>(since_round)) out.emplace(id, answer_look{static_cast<std::uint16_t>(status), detail});
    return out;
}

std::map<number, path_look> incident_store::looks_of_paths(number since_round)
{
    std::map<number, path_look> out;
    auto s = db_.prepare("SELECT id, address, cname, tls_issuer, tls_not_after FROM path WHERE id IN (SELECT path_id FROM cell WHERE round_id >= ?1)");
    for (auto [id, address, cname, issuer, until] : s.rows<number, text, text, text, maybe>(since_round)) out.emplace(id, path_look{address, cname, issuer, until});
    return out;
}

std::vector<endpoint_place> incident_store::endpoints()
{
    std::vector<endpoint_place> out;
    auto s = db_.prepare("SELECT id, url, host, site FROM endpoint ORDER BY id");
    for (auto [id, url, host, site] : s.rows<number, text, text, text>()) out.push_back({id, url, host, site});
    return out;
}

std::vector<number> incident_store::broken_callers(number round)
{
    std::vector<number> out;
    auto s = db_.prepare("SELECT endpoint_id FROM drift WHERE round_id = ?1 AND grade = 'breaking' ORDER BY endpoint_id");
    for (auto [id] : s.rows<number>(round)) out.push_back(id);
    return out;
}

std::vector<std::pair<number, time_point>> incident_store::credentials(number round)
{
    std::vector<std::pair<number, time_point>> out;
    auto s = db_.prepare("SELECT endpoint_id, min(expires_at) FROM owner_check WHERE round_id = ?1 AND expires_at IS NOT NULL GROUP BY endpoint_id ORDER BY endpoint_id");
    for (auto [id, at] : s.rows<number, number>(round)) out.emplace_back(id, from_seconds(at));
    return out;
}

std::vector<incident_record> incident_store::standing_before(number round)
{
    std::map<std::string, number> region_of;
    for (const auto& [id, code] : regions()) region_of.emplace(code, id);
    std::vector<incident_record> out;
    // The newest row of each incident; `since` is a round of its own.
    auto s = db_.prepare(
        "SELECT i.id, i.code, i.kind, i.key_kind, i.key, i.endpoint_id, i.opened_id, i.begun_id, i.good_id, i.reason_id, i.detail, i.at_risk, i.sites, i.everybody, i.new_failures, i.global, i.due_at, "
        "n.event, n.state, n.since_id, n.severity, n.confidence, n.places, n.failing, n.answering, n.unmeasured "
        "FROM incident i JOIN incident_night n ON n.incident_id = i.id JOIN round r ON r.id = n.round_id "
        "WHERE n.state <> 'closed' AND r.at = (SELECT max(q.at) FROM incident_night m JOIN round q ON q.id = m.round_id "
        "WHERE m.incident_id = i.id AND q.at < (SELECT at FROM round WHERE id = ?1)) ORDER BY i.id");
    for (auto [id, code, kind, key_kind, key, endpoint, opened, begun, good, why, detail, at_risk, sites, everybody, failures, global, due, event, state, since, severity, sure, places, failing,
               answering, unmeasured] :
         s.rows<number, text, text, text, text, maybe, number, number, maybe, number, text, number, number, number, number, number, maybe, text, text, number, number, text, text, number, number, number>(round)) {
        incident_record r;
        r.id = id;
        r.code = code;
        r.kind = known(parse_incident_kind(kind), kind);
        r.key_kind = known(parse_common_key(key_kind), key_kind);
        r.key = key;
        r.endpoint = endpoint;
        r.opened = opened;
        r.begun = begun;
        r.good = good;
        r.why = rows::to_reason(why);
        r.detail = detail;
        r.at_risk = at_risk;
        r.sites = sites;
        r.everybody = everybody;
        r.new_failures = failures;
        r.global = global != 0;
        if (due) r.due = from_seconds(*due);
        r.event = known(parse_incident_event(event), event);
        r.state = known(parse_incident_state(state), state);
        r.since = since;
        r.severity = known(parse_severity(severity), std::to_string(severity));
        r.sure = known(parse_confidence(sure), sure);
        for (const auto& word : rows::split(places))
            if (const auto it = region_of.find(word); it != region_of.end()) r.places.push_back(it->second);
        std::ranges::sort(r.places);
        r.failing = failing;
        r.answering = answering;
        r.unmeasured = unmeasured;
        out.push_back(std::move(r));
    }
    auto members = db_.prepare("SELECT endpoint_id FROM incident_member WHERE incident_id = ?1 ORDER BY endpoint_id");
    for (auto& r : out)
        if (r.kind == incident_kind::shared)
            for (auto [endpoint] : members.rows<number>(r.id)) r.members.push_back(endpoint);
    return out;
}

void incident_store::forget_from(number round)
{
    const std::string later = "IN (SELECT id FROM round WHERE at >= (SELECT at FROM round WHERE id = ?1))";
    db_.prepare("DELETE FROM incident WHERE opened_id " + later).execute(round);
    db_.prepare("DELETE FROM incident_night WHERE round_id " + later).execute(round);
    db_.prepare("DELETE FROM incident_member WHERE joined_id " + later).execute(round);
}

void incident_store::write_night(number round, const std::vector<incident_record>& changes)
{
    const auto codes = regions();
    auto add = db_.prepare("INSERT INTO incident (code, kind, key_kind, key, endpoint_id, opened_id, begun_id, good_id, reason_id, detail, at_risk, sites, everybody, new_failures, global, due_at) "
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
    auto night = db_.prepare("INSERT INTO incident_night (incident_id, round_id, event, state, since_id, severity, confidence, places, failing, answering, unmeasured, joined) "
                             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    auto member = db_.prepare("INSERT INTO incident_member (incident_id, endpoint_id, joined_id) VALUES (?1, ?2, ?3)");
    for (const auto& c : changes) {
        auto id = c.id;
        if (id == 0) {
            add.execute(c.code, code_of(c.kind), code_of(c.key_kind), c.key, c.endpoint, c.opened, c.begun, c.good, static_cast<number>(c.why), c.detail, c.at_risk, c.sites, c.everybody,
                        c.new_failures, c.global ? 1 : 0, c.due ? std::optional(seconds(*c.due)) : std::nullopt);
            id = db_.last_id();
        }
        night.execute(id, round, code_of(c.event), code_of(c.state), c.since, static_cast<number>(c.severity), code_of(c.sure), codes_of(c.places, codes), c.failing, c.answering, c.unmeasured,
                      c.members.size());
        for (const auto endpoint : c.members) member.execute(id, endpoint, round);
    }
}

void incident_store::write_keys(const std::vector<endpoint_keys>& keys)
{
    db_.run("DELETE FROM endpoint_key");
    auto add = db_.prepare("INSERT INTO endpoint_key (endpoint_id, platform, cname, network, issuer) VALUES (?1, ?2, ?3, ?4, ?5)");
    for (const auto& k : keys) add.execute(k.endpoint, k.platform, k.cname, k.network, k.issuer);
}

}  // namespace rollcall::data
