// Shared outages: one incident for many servers.
#include "audit/incident/calling.hpp"

#include <algorithm>
#include <iterator>

namespace rollcall::audit::incident {
namespace {

using data::incident_event;
using data::incident_kind;
using data::incident_state;

// As the incident sees a server tonight: failed, answered, or empty where it was not measured from its places.
std::optional<bool> failed_tonight(const standing& incident, const outcome& o)
{
    if (incident.places.empty()) return failed_from(o, {});
    std::optional<bool> out;
    for (const auto region : incident.places)
        if (const auto one = failed_from(o, region)) out = out.value_or(false) || *one;
    return out;
}

counts count_members(const calling& night, const standing& incident)
{
    counts c;
    for (const auto endpoint : incident.members) {
        const auto* s = night.find(endpoint);
        const auto* o = s ? tonight_of(*s, night.round()) : nullptr;
        const auto bad = o ? failed_tonight(incident, *o) : std::nullopt;
        ++(!bad ? c.unmeasured : *bad ? c.failing : c.answering);
    }
    return c;
}

bool is_on_roll(const calling& night, const standing& incident)
{
    return std::ranges::any_of(incident.members, [&](std::int64_t endpoint) {
        const auto* s = night.find(endpoint);
        return s && !s->nights.empty() && s->nights.back().round == night.round();
    });
}

bool has_key(const server& s, const key& k) { return std::ranges::find(s.keys, k) != s.keys.end(); }

data::severity severity_of(const standing& s) { return s.places.empty() ? data::severity::p1 : data::severity::p2; }

// Failures that are new tonight and belong to an incident that is there: with its key, of its family, and together
// with its failing members enough of all who have the key.
std::vector<std::int64_t> newcomers(const calling& night, const standing& incident, const counts& seen)
{
    if (!incident.places.empty()) return {};
    std::vector<std::int64_t> out;
    std::int64_t population = static_cast<std::int64_t>(incident.members.size());
    for (const auto& s : subjects_of(night.servers(), night.round(), {})) {
        const auto* whole = night.find(s.endpoint);
        if (!has_key(*whole, incident.key) || std::ranges::binary_search(incident.members, s.endpoint)) continue;
        ++population;
        if (s.failed && family_of(s.why) == family_of(incident.why)) out.push_back(s.endpoint);
    }
    const auto failing = seen.failing + static_cast<std::int64_t>(out.size());
    if (failing * 100 < thresholds{}.per_cent * population) out.clear();
    return out;
}

// So many of those measured answer again, and enough were measured to say so.
bool is_over(const counts& c)
{
    const auto seen = c.failing + c.answering;
    return seen > 0 && seen >= c.unmeasured && c.answering * 100 >= over_per_cent * seen;
}

void join(standing& s, const std::vector<std::int64_t>& joined)
{
    std::vector<std::int64_t> all;
    std::ranges::set_union(s.members, joined, std::back_inserter(all));
    s.members = std::move(all);
}

void cover(calling& night, const standing& s)
{
    if (s.state == incident_state::open) night.covered().insert(s.members.begin(), s.members.end());
}

void follow(calling& night, standing& s)
{
    const auto was = s;
    if (!is_on_roll(night, s)) {
        enter(s, incident_state::closed, night.round());
        s.seen = {0, 0, static_cast<std::int64_t>(s.members.size())};
        night.add({s, incident_event::delisted, {}});
        return;
    }
    s.seen = count_members(night, s);
    const bool mergeable = s.state == incident_state::open || night.rounds_since(s.since) <= merge_rounds;
    const auto joined = mergeable ? newcomers(night, s, s.seen) : std::vector<std::int64_t>{};
    join(s, joined);
    s.seen.failing += static_cast<std::int64_t>(joined.size());

    auto event = joined.empty() ? incident_event::seen : incident_event::grew;
    const bool measured = s.seen.failing + s.seen.answering > 0;
    if (s.state == incident_state::open) {
        if (is_over(s.seen)) {
            enter(s, incident_state::watch, night.round());
            event = incident_event::answered;
        } else if (night.rounds_since(s.opened) >= lasting_rounds) {
            enter(s, incident_state::closed, night.round());
            event = incident_event::lasting;
        }
    } else if (measured && !is_over(s.seen)) {
        enter(s, incident_state::open, night.round());
        event = incident_event::again;
    } else if (night.rounds_since(s.since) >= watch_rounds) {
        enter(s, incident_state::closed, night.round());
        event = incident_event::closed;
    }
    cover(night, s);
    if (s != was || event != incident_event::seen) night.add({s, event, joined});
}

std::string code_for(calling& night, const key& k, const std::string& suffix) { return night.unique(night.date() + "-" + slug_of(k) + suffix); }

// The newest round before tonight in which most of the members were measured and answered.
std::optional<std::int64_t> last_good_round(const calling& night, const standing& s)
{
    std::map<std::ptrdiff_t, std::pair<std::int64_t, std::int64_t>> votes;  // rounds ago -> (round, servers)
    for (const auto endpoint : s.members) {
        const auto* one = night.find(endpoint);
        const auto all = measured(*one, s.begun);
        for (auto it = all.rbegin(); it != all.rend(); ++it)
            if (const auto bad = failed_tonight(s, **it); bad && !*bad) {
                auto& vote = votes[night.rounds_since((*it)->round)];
                vote.first = (*it)->round;
                ++vote.second;
                break;
            }
    }
    std::int64_t most = 0;
    std::optional<std::int64_t> out;
    for (const auto& [ago, vote] : votes)
        if (vote.second > most) std::tie(most, out) = std::tuple(vote.second, vote.first);
    return out;
}

void open(calling& night, const firing& f, std::vector<std::int64_t> places, std::int64_t begun, const std::string& suffix)
{
    // The same key, soon after: the same incident.
    for (auto& s : night.before()) {
        const bool same = s.kind == incident_kind::shared && s.key == f.key && s.places == places && s.state != incident_state::closed;
        if (!same || (s.state == incident_state::watch && night.rounds_since(s.since) > merge_rounds)) continue;
        std::vector<std::int64_t> joined;
        std::ranges::set_difference(f.members, s.members, std::back_inserter(joined));
        join(s, joined);
        s.seen = count_members(night, s);
        const bool reopened = s.state == incident_state::watch;
        if (reopened) enter(s, incident_state::open, night.round());
        cover(night, s);
        night.add({s, reopened ? incident_event::again : incident_event::grew, joined});
        return;
    }
    standing s;
    s.kind = incident_kind::shared;
    s.key = f.key;
    s.code = code_for(night, f.key, suffix);
    s.places = std::move(places);
    s.opened = night.round();
    s.begun = begun;
    s.why = f.why;
    s.detail = f.signature;
    s.at_risk = f.at_risk;
    s.sites = f.sites;
    s.everybody = f.everybody;
    s.new_failures = f.new_failures;
    s.global = f.global && s.places.empty();
    s.members = f.members;
    s.last_good = last_good_round(night, s);
    s.severity = severity_of(s);
    s.sure = f.sure;
    s.seen = count_members(night, s);
    enter(s, incident_state::open, night.round());
    cover(night, s);
    night.add({s, incident_event::opened, s.members});
}

std::vector<std::int64_t> all_regions(const calling& night)
{
    std::set<std::int64_t> out;
    for (const auto& s : night.servers())
        for (const auto& o : s.nights)
            for (const auto& c : o.cells) out.insert(c.region);
    return {out.begin(), out.end()};
}

}  // namespace

void follow_shared(calling& night)
{
    for (auto& s : night.before())
        if (s.kind == incident_kind::shared && s.state != incident_state::closed) follow(night, s);
}

void find_shared(calling& night)
{
    auto subjects = subjects_of(night.servers(), night.round(), {});
    std::erase_if(subjects, [&](const subject& s) { return night.covered().contains(s.endpoint); });
    for (const auto& f : detect(subjects)) open(night, f, {}, night.round(), "");
}

// One region alone may be at fault itself: its group must fire in the round before and go on failing tonight, or
// fire from two regions in one night.
void find_regional(calling& night)
{
    const auto& rounds = night.tonight().rounds;
    const auto regions = all_regions(night);
    if (regions.size() < 2) return;

    struct seen_from { firing found; std::vector<std::int64_t> regions; std::int64_t begun; };
    std::map<key, seen_from> confirmed;
    const auto note = [&](const firing& f, const std::vector<std::int64_t>& from, std::int64_t begun) {
        const auto [it, is_new] = confirmed.emplace(f.key, seen_from{f, from, begun});
        if (is_new) return;
        std::vector<std::int64_t> all;
        std::ranges::set_union(it->second.found.members, f.members, std::back_inserter(all));
        it->second.found.members = std::move(all);
        for (const auto r : from)
            if (std::ranges::find(it->second.regions, r) == it->second.regions.end()) it->second.regions.push_back(r);
        it->second.begun = night.rounds_since(begun) > night.rounds_since(it->second.begun) ? begun : it->second.begun;
    };

    std::map<key, std::vector<std::pair<std::int64_t, firing>>> tonight;
    for (const auto region : regions) {
        auto subjects = subjects_of(night.servers(), night.round(), region);
        std::erase_if(subjects, [&](const subject& s) { return night.covered().contains(s.endpoint); });
        for (auto& f : detect(subjects)) tonight[f.key].emplace_back(region, std::move(f));
        if (rounds.size() < 2) continue;
        const auto last = rounds[rounds.size() - 2].id;
        for (auto f : detect(subjects_of(night.servers(), last, region))) {
            std::erase_if(f.members, [&](std::int64_t endpoint) {
                const auto* o = tonight_of(*night.find(endpoint), night.round());
                return night.covered().contains(endpoint) || !o || o->state == data::state::down || !failed_from(*o, region).value_or(false);
            });
            const auto left = static_cast<std::int64_t>(f.members.size());
            if (left >= thresholds{}.failures && left * 100 >= thresholds{}.per_cent * f.at_risk) note(f, {region}, last);
        }
    }
    for (const auto& [k, seen] : tonight)
        if (seen.size() > 1 || confirmed.contains(k))
            for (const auto& [region, f] : seen) note(f, {region}, night.round());

    for (auto& [k, c] : confirmed) {
        std::ranges::sort(c.regions);
        c.found.sure = c.regions.size() > 1 && c.found.alike ? c.found.sure : data::confidence::possible;
        std::string suffix = "-from";
        for (const auto r : c.regions) {
            const auto it = night.tonight().regions.find(r);
            suffix += "-" + slug_of({data::common_key::none, it == night.tonight().regions.end() ? std::to_string(r) : it->second});
        }
        open(night, c.found, c.regions, c.begun, suffix);
    }
}

}  // namespace rollcall::audit::incident
