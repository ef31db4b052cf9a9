#include "audit/commands/incidents.hpp"

#include "audit/net/tls.hpp"
#include "audit/url/url.hpp"
#include "data/store/codec.hpp"
#include "data/store/incidents.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace rollcall::audit::commands {
namespace {

using incident::change;
using incident::outcome;
using incident::server;
using incident::standing;

// An incident's code is unique, and so are 48 bits of a digest for all that one night can open.
constexpr std::size_t identity_digits = 12;
// As many rounds as the longest span of an incident's life, and what a night looks back on.
constexpr std::size_t rounds_known = static_cast<std::size_t>(incident::lasting_rounds) + 5;

standing standing_of(const data::incident_record& r)
{
    standing s;
    s.id = r.id;
    s.code = r.code;
    s.kind = r.kind;
    s.key = {r.key_kind, r.key};
    s.places = r.places;
    s.endpoint = r.endpoint;
    s.opened = r.opened;
    s.begun = r.begun;
    s.last_good = r.good;
    s.why = r.why;
    s.detail = r.detail;
    s.at_risk = r.at_risk;
    s.sites = r.sites;
    s.everybody = r.everybody;
    s.new_failures = r.new_failures;
    s.global = r.global;
    s.due = r.due;
    s.state = r.state;
    s.since = r.since;
    s.severity = r.severity;
    s.sure = r.sure;
    s.seen = {r.failing, r.answering, r.unmeasured};
    s.members = r.members;
    return s;
}

data::incident_record record_of(const change& c)
{
    const auto& s = c.now;
    data::incident_record r;
    r.id = s.id;
    r.code = s.code;
    r.kind = s.kind;
    r.key_kind = s.key.kind;
    r.key = s.key.text;
    r.places = s.places;
    r.endpoint = s.endpoint;
    r.opened = s.opened;
    r.begun = s.begun;
    r.good = s.last_good;
    r.why = s.why;
    r.detail = s.detail;
    r.at_risk = s.at_risk;
    r.sites = s.sites;
    r.everybody = s.everybody;
    r.new_failures = s.new_failures;
    r.global = s.global;
    r.due = s.due;
    r.event = c.event;
    r.state = s.state;
    r.since = s.since;
    r.severity = s.severity;
    r.sure = s.sure;
    r.failing = s.seen.failing;
    r.answering = s.seen.answering;
    r.unmeasured = s.seen.unmeasured;
    r.members = c.joined;
    return r;
}

// The newest sight of how an endpoint is reached, of the rounds that are looked at: a night on which it does not
// answer does not say whose it is.
struct way { std::string address, cname, issuer; std::optional<data::time_point> certificate_until; };

std::vector<incident::key> keys_of(const data::endpoint_keys& k)
{
    using data::common_key;
    std::vector<incident::key> out;
    const auto add = [&](common_key kind, const std::string& text) {
        if (!text.empty()) out.push_back({kind, text});
    };
    add(common_key::platform, k.platform);
    add(common_key::cname, k.cname);
    add(common_key::network, k.network);
    add(common_key::issuer, k.issuer);
    return out;
}

// The verdicts of the round that is being judged.
struct judged_now { std::int64_t round; std::span<const data::verdict_row> verdicts; };

// Everything that one night looks at.
class looking {
public:
    looking(data::connection& db, std::int64_t round, const judged_now& judged, std::span<const std::string> platforms)
        : store_(db), round_(round), judged_(judged), platforms_(platforms)
    {
        known_ = store_.rounds_up_to(round, rounds_known, judged.round);
        const auto back = std::min<std::size_t>(known_.size(), static_cast<std::size_t>(incident::rounds_remembered));
        recent_.assign(known_.end() - static_cast<std::ptrdiff_t>(back), known_.end());
        for (const auto& e : store_.endpoints()) places_.emplace(e.id, e);
    }

    incident::evening evening()
    {
        incident::evening out;
        for (const auto& r : known_) out.rounds.push_back({r.id, r.date});
        out.at = known_.back().at;
        out.regions = store_.regions();
        read_nights();
        read_ways();
        const auto broken = store_.broken_callers(round_);
        std::map<std::int64_t, data::time_point> credentials;
        for (const auto& [id, at] : store_.credentials(round_)) credentials.emplace(id, at);
        for (auto& [id, nights] : nights_) {
            const auto& place = places_.at(id);
            server s{id, data::to_hex(sha256(place.url)).substr(0, identity_digits), place.site, {}, std::move(nights)};
            const auto k = keys_for(place);
            s.keys = keys_of(k);
            if (!s.nights.empty() && s.nights.back().round == round_) keys_.push_back(k);
            s.broke_callers = std::ranges::binary_search(broken, id);
            if (const auto it = ways_.find(id); it != ways_.end()) s.certificate_until = it->second.certificate_until;
            if (const auto it = credentials.find(id); it != credentials.end()) s.token_until = it->second;
            out.servers.push_back(std::move(s));
        }
        return out;
    }

    const std::vector<data::endpoint_keys>& keys() const { return keys_; }

private:
    void read_nights()
    {
        std::unordered_map<std::int64_t, std::size_t> order;
        for (std::size_t i = 0; i < recent_.size(); ++i) order.emplace(recent_[i].id, i);
        for (const auto& r : recent_) {
            if (r.id == judged_.round)
                for (const auto& v : judged_.verdicts) nights_[v.endpoint].push_back({r.id, v.state, v.why, v.valid, {}});
            else
                for (const auto& m : store_.marks(r.id)) nights_[m.endpoint].push_back({r.id, m.state, m.why, m.valid, {}});
        }
        for (auto& [id, nights] : nights_) std::ranges::sort(nights, {}, [&](const outcome& o) { return order.at(o.round); });

        // The look of a failure is asked of tonight and of the night before only.
        const auto near = recent_.size() < 2 ? recent_.back().id : std::min(recent_.back().id, recent_[recent_.size() - 2].id);
        const auto looks = store_.looks_of_answers(near);
        for (const auto& c : store_.cells(recent_)) {
            const auto it = nights_.find(c.endpoint);
            if (it == nights_.end()) continue;
            const auto night = std::ranges::find(it->second, c.round, &outcome::round);
            if (night == it->second.end()) continue;
            incident::sighting seen{c.region, c.why, {}};
            const auto look = c.answer ? looks.find(*c.answer) : looks.end();
            const auto known = look != looks.end();
            seen.signature = data::is_good(data::class_of(c.why)) ? std::string()
                                                                 : incident::signature_of(c.why, known ? look->second.http_status : 0u, known ? std::string_view(look->second.detail) : std::string_view());
            night->cells.push_back(std::move(seen));
            if (c.path) paths_[c.endpoint].push_back({order.at(c.round), c.region, *c.path});
        }
        for (auto& [id, nights] : nights_)
            for (auto& o : nights) std::ranges::sort(o.cells, {}, &incident::sighting::region);
    }

    void read_ways()
    {
        const auto first = std::ranges::min(recent_, {}, &data::incident_round::id).id;
        const auto looks = store_.looks_of_paths(first);
        for (auto& [id, seen] : paths_) {
            // Newest first; of one round, the first region's.
            std::ranges::sort(seen, [](const sight& a, const sight& b) { return std::tuple(b.order, a.region) < std::tuple(a.order, b.region); });
            auto& w = ways_[id];
            for (const auto& s : seen) {
                const auto look = looks.find(s.path);
                if (look == looks.end()) continue;
                if (w.address.empty()) w.address = look->second.address;
                if (w.cname.empty()) w.cname = look->second.cname;
                if (w.issuer.empty()) w.issuer = look->second.issuer;
                if (s.order + 1 == recent_.size() && look->second.not_after && !w.certificate_until)
                    w.certificate_until = data::time_point(std::chrono::seconds(*look->second.not_after));
            }
        }
    }

    data::endpoint_keys keys_for(const data::endpoint_place& place) const
    {
        data::endpoint_keys k;
        k.endpoint = place.id;
        k.platform = platform_of(place.host, platforms_);
        const auto it = ways_.find(place.id);
        if (it == ways_.end()) return k;
        k.cname = it->second.cname.empty() ? std::string() : platform_of(it->second.cname, platforms_);
        if (k.cname == k.platform) k.cname.clear();
        k.network = incident::network_of(it->second.address);
        k.issuer = it->second.issuer;
        return k;
    }

    struct sight { std::size_t order; std::int64_t region, path; };

    data::incident_store store_;
    std::int64_t round_;
    const judged_now& judged_;
    std::span<const std::string> platforms_;
    std::vector<data::incident_round> known_, recent_;
    std::map<std::int64_t, data::endpoint_place> places_;
    std::map<std::int64_t, std::vector<outcome>> nights_;
    std::map<std::int64_t, std::vector<sight>> paths_;
    std::map<std::int64_t, way> ways_;
    std::vector<data::endpoint_keys> keys_;
};

std::vector<change> record_one(data::connection& db, std::int64_t round, const judged_now& judged, std::span<const std::string> platforms)
{
    data::incident_store store(db);
    std::vector<standing> before;
    for (const auto& r : store.standing_before(round)) before.push_back(standing_of(r));
    looking look(db, round, judged, platforms);
    const auto changes = incident::call_night(look.evening(), before);
    std::vector<data::incident_record> records;
    for (const auto& c : changes) records.push_back(record_of(c));
    store.write_night(round, records);
    store.write_keys(look.keys());
    return changes;
}

}  // namespace

incidents_recorded record_incidents(data::connection& db, std::int64_t round, std::span<const data::verdict_row> verdicts, std::span<const std::string> platforms)
{
    const judged_now judged{round, verdicts};
    data::transaction all(db);
    data::incident_store store(db);
    store.forget_from(round);
    const auto changes = record_one(db, round, judged, platforms);
    for (const auto later : store.judged_after(round)) record_one(db, later, judged, platforms);
    all.commit();
    return {incident::tally_of(changes), incident::in_words(changes)};
}

}  // namespace rollcall::audit::commands
