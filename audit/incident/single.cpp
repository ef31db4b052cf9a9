// One server that stopped answering after it had answered.
#include "audit/incident/calling.hpp"

#include <algorithm>

namespace rollcall::audit::incident {
namespace {

using data::incident_event;
using data::incident_kind;
using data::incident_state;

bool is_bad(trouble t) { return t == trouble::all || t == trouble::some; }

std::vector<std::int64_t> bad_regions(const outcome& o)
{
    std::vector<std::int64_t> out;
    for (const auto& c : o.cells)
        if (failed(c)) out.push_back(c.region);
    std::ranges::sort(out);
    return out;
}

// Each measured round with what it says.
struct read_night { const outcome* o; trouble t; };
std::vector<read_night> read_nights(const server& s)
{
    std::vector<read_night> out;
    for (const auto* o : measured(s)) out.push_back({o, trouble_of(*o, out.empty() ? nullptr : out.back().o)});
    return out;
}

bool answered(const outcome& o) { return o.state == data::state::up || o.state == data::state::degraded; }

void see(standing& s, const outcome& o, bool bad)
{
    s.seen = bad ? counts{1, 0, 0} : counts{0, 1, 0};
    if (!bad) return;
    const bool everywhere = o.state == data::state::down;
    s.places = everywhere ? std::vector<std::int64_t>{} : bad_regions(o);
    // An incident is as grave as its worst night.
    const auto now = everywhere ? data::severity::p2 : data::severity::p3;
    if (s.severity == data::severity{} || now < s.severity) s.severity = now;
}

// Goes on with an incident that is there.
void follow(calling& night, standing& s)
{
    const auto was = s;
    const auto* server = night.find(*s.endpoint);
    if (!server || server->nights.empty() || server->nights.back().round != night.round()) {
        enter(s, incident_state::closed, night.round());
        s.seen = {0, 0, 1};
        night.add({s, incident_event::delisted, {}});
        return;
    }
    auto event = incident_event::seen;
    if (const auto* o = tonight_of(*server, night.round())) {
        const bool bad = is_bad(read_nights(*server).back().t);
        see(s, *o, bad);
        if (!bad) {
            const bool twice = s.state == incident_state::watch;
            enter(s, twice ? incident_state::closed : incident_state::watch, night.round());
            event = twice ? incident_event::closed : incident_event::answered;
        } else if (s.state == incident_state::watch) {
            enter(s, incident_state::open, night.round());
            event = incident_event::again;
        } else if (s.severity != was.severity) {
            event = incident_event::changed;
        }
    }
    if (s.state == incident_state::open && night.rounds_since(s.opened) >= lasting_rounds) {
        enter(s, incident_state::closed, night.round());
        event = incident_event::lasting;
    }
    if (event != incident_event::seen) night.add({s, event, {}});
}

void maybe_open(calling& night, const server& server)
{
    const auto* o = tonight_of(server, night.round());
    if (!o) return;
    const auto nights = read_nights(server);
    if (!is_bad(nights.back().t)) return;
    // Back to the first bad round of this run; a stray failure that goes on belongs to it.
    std::size_t first = nights.size() - 1;
    while (first > 0 && nights[first - 1].t != trouble::none) --first;
    const auto had_answered = std::find_if(nights.begin(), nights.begin() + static_cast<std::ptrdiff_t>(first), [](const read_night& n) { return answered(*n.o); });
    if (first == 0 || had_answered == nights.begin() + static_cast<std::ptrdiff_t>(first)) return;
    const bool confirmed = first + 1 < nights.size() || bad_regions(*o).size() >= 2;
    if (!confirmed) return;

    standing s;
    s.kind = incident_kind::single;
    s.endpoint = server.endpoint;
    s.code = night.unique(night.date() + "-" + server.identity);
    s.opened = night.round();
    s.begun = nights[first].o->round;
    s.last_good = nights[first - 1].o->round;
    const auto tells = std::ranges::find_if(o->cells, [&](const sighting& c) { return failed(c) && c.why == o->why; });
    const auto any = tells != o->cells.end() ? tells : std::ranges::find_if(o->cells, failed);
    s.why = any == o->cells.end() ? o->why : any->why;
    s.detail = any == o->cells.end() ? std::string() : any->signature;
    see(s, *o, true);
    enter(s, incident_state::open, night.round());
    night.add({s, incident_event::opened, {}});
}

}  // namespace

void follow_single(calling& night)
{
    std::set<std::int64_t> has_one;
    for (auto& s : night.before()) {
        if (s.kind != incident_kind::single || s.state == incident_state::closed) continue;
        has_one.insert(*s.endpoint);
        follow(night, s);
    }
    for (const auto& server : night.servers())
        if (!has_one.contains(server.endpoint) && !night.covered().contains(server.endpoint)) maybe_open(night, server);
}

}  // namespace rollcall::audit::incident
