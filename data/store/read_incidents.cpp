#include "data/store/read_incidents.hpp"

#include "data/store/rows.hpp"

#include <algorithm>
#include <unordered_map>

namespace rollcall::data {
namespace {

using number = std::int64_t;
using maybe = std::optional<std::int64_t>;
using text = std::string;

time_point from_seconds(number s) { return time_point(std::chrono::seconds(s)); }

template <class Value>
Value known(std::optional<Value> v, const std::string& stored)
{
    if (!v) throw store_error("an incident's \"" + stored.substr(0, 40) + "\" is none that this program knows", SQLITE_CORRUPT);
    return *v;
}

void read_platforms(connection& db, edition& out)
{
    std::unordered_map<number, endpoint_row*> by_id;
    for (auto& e : out.endpoints) by_id.emplace(e.id, &e);
    auto s = db.prepare("SELECT endpoint_id, platform FROM endpoint_key");
    for (auto [id, platform] : s.rows<number, text>())
        if (const auto it = by_id.find(id); it != by_id.end()) it->second->platform = platform;
}

void read_nights_of(statement& s, number id, time_point newest, incident_row& out)
{
    for (auto [at, event, state, severity, sure, places, failing, answering, unmeasured, joined] :
         s.rows<number, text, text, number, text, text, number, number, number, number>(id, newest.time_since_epoch().count()))
        out.nights.push_back({from_seconds(at), known(parse_incident_event(event), event), known(parse_incident_state(state), state), known(parse_severity(severity), std::to_string(severity)),
                              known(parse_confidence(sure), sure), rows::split(places), failing, answering, unmeasured, joined});
}

}  // namespace

void read_incidents(connection& db, edition& out)
{
    if (out.rounds.empty()) return;
    read_platforms(db, out);
    const auto first = out.rounds.front().at.time_since_epoch().count();
    const auto newest = out.rounds.back().at;
    auto nights = db.prepare("SELECT r.at, n.event, n.state, n.severity, n.confidence, n.places, n.failing, n.answering, n.unmeasured, n.joined "
                             "FROM incident_night n JOIN round r ON r.id = n.round_id WHERE n.incident_id = ?1 AND r.at <= ?2 ORDER BY r.at");
    auto members = db.prepare("SELECT m.endpoint_id, e.slug, e.url, r.at FROM incident_member m JOIN endpoint e ON e.id = m.endpoint_id JOIN round r ON r.id = m.joined_id "
                              "WHERE m.incident_id = ?1 ORDER BY e.slug");
    auto s = db.prepare(
        "SELECT i.id, i.code, i.kind, i.key_kind, i.key, i.endpoint_id, e.slug, e.url, o.at, b.at, g.at, i.reason_id, i.detail, i.at_risk, i.sites, i.everybody, i.new_failures, i.global, i.due_at "
        "FROM incident i JOIN round o ON o.id = i.opened_id JOIN round b ON b.id = i.begun_id LEFT JOIN round g ON g.id = i.good_id LEFT JOIN endpoint e ON e.id = i.endpoint_id "
        "WHERE o.at <= ?2 AND (o.at >= ?1 OR NOT EXISTS (SELECT 1 FROM incident_night n WHERE n.incident_id = i.id AND n.state = 'closed')) ORDER BY o.at DESC, i.id");
    for (auto [id, code, kind, key_kind, key, endpoint, slug, url, opened, begun, good, why, detail, at_risk, sites, everybody, failures, global, due] :
         s.rows<number, text, text, text, text, maybe, std::optional<text>, std::optional<text>, number, number, maybe, number, text, number, number, number, number, number, maybe>(
             first, newest.time_since_epoch().count())) {
        incident_row r;
        r.code = code;
        r.kind = known(parse_incident_kind(kind), kind);
        r.key_kind = known(parse_common_key(key_kind), key_kind);
        r.key = key;
        r.endpoint = endpoint;
        r.slug = slug.value_or("");
        r.url = url.value_or("");
        r.opened = from_seconds(opened);
        r.begun = from_seconds(begun);
        if (good) r.last_good = from_seconds(*good);
        r.why = rows::to_reason(why);
        r.detail = detail;
        r.at_risk = at_risk;
        r.sites = sites;
        r.everybody = everybody;
        r.new_failures = failures;
        r.global = global != 0;
        if (due) r.due = from_seconds(*due);
        read_nights_of(nights, id, newest, r);
        for (auto [member, member_slug, member_url, joined] : members.rows<number, text, text, number>(id)) r.members.push_back({member, member_slug, member_url, from_seconds(joined)});
        if (!r.nights.empty()) out.incidents.push_back(std::move(r));
    }
}

}  // namespace rollcall::data
