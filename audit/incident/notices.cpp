// What is no outage: what owners registered failed, callers will break, something is about to expire.
#include "audit/incident/calling.hpp"

#include <algorithm>

namespace rollcall::audit::incident {
namespace {

using data::incident_event;
using data::incident_kind;
using data::incident_state;

bool owner_failed(const outcome& o) { return o.valid && data::is_of_owner(o.why); }

standing notice(calling& night, const server& server, incident_kind kind, data::severity severity)
{
    standing s;
    s.kind = kind;
    s.endpoint = server.endpoint;
    s.code = night.unique(night.date() + "-" + server.identity + "-" + std::string(data::code_of(kind)));
    s.opened = s.begun = night.round();
    s.severity = severity;
    enter(s, incident_state::open, night.round());
    return s;
}

void close(calling& night, standing& s, incident_event why = incident_event::closed)
{
    enter(s, incident_state::closed, night.round());
    night.add({s, why, {}});
}

// Two rounds in a row with trouble behind the login; closed after two without.
void follow_owner(calling& night, const server& server, standing* there)
{
    const auto nights = measured(server);
    if (nights.empty() || nights.back()->round != night.round()) return;
    const bool bad = owner_failed(*nights.back());
    if (there) {
        if (bad && there->state == incident_state::watch) {
            enter(*there, incident_state::open, night.round());
            there->seen = {1, 0, 0};
            night.add({*there, incident_event::again, {}});
        } else if (!bad) {
            there->seen = {0, 1, 0};
            if (there->state == incident_state::watch) return close(night, *there);
            enter(*there, incident_state::watch, night.round());
            night.add({*there, incident_event::answered, {}});
        }
        return;
    }
    if (!bad || nights.size() < 2 || !owner_failed(*nights[nights.size() - 2])) return;
    auto s = notice(night, server, incident_kind::owner, data::severity::p4);
    auto first = nights.end() - 1;
    while (first != nights.begin() && owner_failed(**(first - 1))) --first;
    s.begun = (*first)->round;
    if (first != nights.begin()) s.last_good = (*(first - 1))->round;
    s.why = nights.back()->why;
    s.seen = {1, 0, 0};
    night.add({s, incident_event::opened, {}});
}

// From some days before the moment; closed when the moment has moved, passed, or is not seen any more.
void follow_expiry(calling& night, const server& server, standing* there, incident_kind kind, std::optional<data::time_point> until)
{
    const auto now = night.tonight().at;
    // A night without a sight of it says nothing.
    if (!until && there && now < *there->due) return;
    const bool near = until && *until > now && *until - now <= expiry_warning;
    if (there && (!near || *until != *there->due)) {
        close(night, *there);
        there = nullptr;
    }
    if (there || !near) return;
    auto s = notice(night, server, kind, data::severity::p3);
    s.due = until;
    night.add({s, incident_event::opened, {}});
}

void follow_drift(calling& night, const server& server, standing* there)
{
    if (server.broke_callers) {
        if (there) close(night, *there);
        night.add({notice(night, server, incident_kind::drift, data::severity::p3), incident_event::opened, {}});
    } else if (there && night.rounds_since(there->opened) >= watch_rounds) {
        close(night, *there);
    }
}

}  // namespace

void follow_notices(calling& night)
{
    std::map<std::pair<std::int64_t, incident_kind>, standing*> there;
    for (auto& s : night.before())
        if (s.endpoint && s.kind != incident_kind::single && s.state != incident_state::closed) there[{*s.endpoint, s.kind}] = &s;
    for (auto& [which, s] : there) {
        const auto* server = night.find(which.first);
        if (!server || server->nights.empty() || server->nights.back().round != night.round()) {
            close(night, *s, incident_event::delisted);
            s = nullptr;
        }
    }
    for (const auto& server : night.servers()) {
        if (server.nights.empty() || server.nights.back().round != night.round()) continue;
        const auto find = [&](incident_kind kind) {
            const auto it = there.find({server.endpoint, kind});
            return it == there.end() ? nullptr : it->second;
        };
        follow_owner(night, server, find(incident_kind::owner));
        follow_drift(night, server, find(incident_kind::drift));
        follow_expiry(night, server, find(incident_kind::certificate), incident_kind::certificate, server.certificate_until);
        follow_expiry(night, server, find(incident_kind::token), incident_kind::token, server.token_until);
    }
}

}  // namespace rollcall::audit::incident
