#include "audit/incident/night.hpp"

#include "audit/incident/calling.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace rollcall::audit::incident {

using data::incident_event;
using data::incident_kind;
using data::incident_state;

calling::calling(const evening& tonight, const std::vector<standing>& before) : tonight_(tonight), servers_(tonight.servers), before_(before)
{
    std::ranges::sort(servers_, {}, &server::endpoint);
    std::ranges::sort(before_, {}, &standing::code);
    for (std::size_t i = 0; i < tonight.rounds.size(); ++i) position_.emplace(tonight.rounds[i].id, static_cast<std::ptrdiff_t>(i));
    for (const auto& s : before_) codes_.insert(s.code);
}

std::ptrdiff_t calling::rounds_since(std::int64_t id) const
{
    const auto it = position_.find(id);
    const auto last = static_cast<std::ptrdiff_t>(tonight_.rounds.size()) - 1;
    return it == position_.end() ? last + 1 : last - it->second;
}

const server* calling::find(std::int64_t endpoint) const
{
    const auto it = std::ranges::lower_bound(servers_, endpoint, {}, &server::endpoint);
    return it != servers_.end() && it->endpoint == endpoint ? &*it : nullptr;
}

std::string calling::unique(std::string code)
{
    auto free = code;
    for (int n = 2; !codes_.insert(free).second; ++n) free = code + "-" + std::to_string(n);
    return free;
}

void calling::add(change c)
{
    std::ranges::sort(c.joined);
    const auto there = std::ranges::find(changes_, c.now.code, [](const change& o) { return o.now.code; });
    if (there == changes_.end()) {
        changes_.push_back(std::move(c));
        return;
    }
    // Two steps came upon the same incident: one night, one change.
    std::vector<std::int64_t> joined;
    std::ranges::set_union(there->joined, c.joined, std::back_inserter(joined));
    if (c.event == incident_event::seen || (c.event == incident_event::grew && there->event != incident_event::seen)) c.event = there->event;
    *there = {std::move(c.now), c.event, std::move(joined)};
}

std::vector<change> calling::take()
{
    const auto order = [](const change& c) { return std::tuple(c.now.kind, c.now.code); };
    std::ranges::stable_sort(changes_, {}, order);
    return std::move(changes_);
}

void enter(standing& s, incident_state state, std::int64_t round)
{
    s.state = state;
    s.since = round;
}

std::vector<change> call_night(const evening& tonight, const std::vector<standing>& before)
{
    if (tonight.rounds.empty()) return {};
    calling night(tonight, before);
    follow_shared(night);
    find_shared(night);
    find_regional(night);
    follow_single(night);
    follow_notices(night);
    return night.take();
}

tally tally_of(const std::vector<change>& changes)
{
    tally t;
    for (const auto& c : changes) {
        if (c.now.kind == incident_kind::shared && !c.joined.empty()) {
            ++t.firings;
            ++t.notices;
            t.events += static_cast<std::int64_t>(c.joined.size());
        } else if (c.now.kind == incident_kind::single && c.event == incident_event::opened) {
            ++t.notices;
            ++t.events;
        }
    }
    return t;
}

std::string in_words(const std::vector<change>& changes)
{
    std::int64_t opened = 0, closed = 0, warnings = 0, cards = 0, absorbed = 0;
    for (const auto& c : changes) {
        const bool notice = data::is_notice(c.now.kind);
        (notice ? warnings : opened) += c.event == incident_event::opened;
        // A shared outage is over once most answer again; that it is watched for a week is no news.
        const bool shared = c.now.kind == incident_kind::shared;
        if (!notice)
            closed += (shared && c.event == incident_event::answered) || (!shared && c.event == incident_event::closed) ||
                      c.event == incident_event::lasting || c.event == incident_event::delisted;
        if (c.joined.size() > 1) {
            ++cards;
            absorbed += static_cast<std::int64_t>(c.joined.size()) - 1;
        }
    }
    std::string out;
    const auto say = [&](const std::string& part) { out += (out.empty() ? "" : ", ") + part; };
    const auto many = [](std::int64_t n, const std::string& one) { return std::to_string(n) + " " + one + (n == 1 ? "" : "s"); };
    if (opened > 0) say(many(opened, "incident") + " opened");
    if (closed > 0) say((opened > 0 ? std::to_string(closed) : many(closed, "incident")) + " closed");
    if (cards > 0) say(many(cards, "notice") + (cards == 1 ? " absorbs " : " absorb ") + std::to_string(absorbed));
    if (warnings > 0) say(many(warnings, "warning"));
    return out;
}

}  // namespace rollcall::audit::incident
