// The sentences about incidents: each that a reader can meet stands in this file.
#include "render/documents/incidents.hpp"

#include "data/model/numbers.hpp"
#include "data/model/rules.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

using data::grouped;
using data::many;
using data::incident_event;
using data::incident_kind;
using data::incident_state;

const data::incident_night& newest(const data::incident_row& i) { return i.nights.back(); }

std::string servers_with_key(const data::incident_row& i)
{
    const auto n = members_of(i);
    switch (i.key_kind) {
        case data::common_key::error:
        case data::common_key::everything: return grouped(n) + " of " + many(i.everybody, "server");
        default: break;
    }
    // More may have joined than were at risk in the first night.
    const auto of = std::max(i.at_risk, n);
    return grouped(n) + " of " + many(of, "server") + " " + std::string(data::row_of(i.key_kind).words) + " " + i.key;
}

std::string name_of(const roll& r, const data::incident_row& i)
{
    const auto* n = on_roll(r, i.slug);
    return n ? n->name : i.slug;
}

}  // namespace

const entry* on_roll(const roll& r, std::string_view slug)
{
    const auto it = std::ranges::lower_bound(r.entries, slug, {}, [](const entry& n) -> std::string_view { return n.row->slug; });
    return it != r.entries.end() && it->row->slug == slug ? &*it : nullptr;
}

std::string incident_folder(const data::incident_row& i) { return "incidents/" + i.code + "/"; }
bool is_segment(std::string_view s) noexcept { return is_safe_slug(s) && s.find('/') == std::string_view::npos; }

std::int64_t members_of(const data::incident_row& i) { return i.kind == incident_kind::shared ? static_cast<std::int64_t>(i.members.size()) : 1; }

std::int64_t absorbed_by(const data::incident_row& i)
{
    std::int64_t out = 0;
    for (const auto& n : i.nights) out += std::max<std::int64_t>(0, n.joined - 1);
    return out;
}

bool is_open(const data::incident_row& i) { return newest(i).state == incident_state::open; }

std::optional<data::time_point> over_since(const data::incident_row& i)
{
    std::optional<data::time_point> out;
    for (const auto& n : i.nights) {
        if (n.event == incident_event::answered) out = n.at;
        if (n.event == incident_event::again) out.reset();
    }
    if (data::is_notice(i.kind) && newest(i).state == incident_state::closed) return newest(i).at;
    return out;
}

std::string incident_title(const roll& r, const data::incident_row& i)
{
    switch (i.kind) {
        case incident_kind::shared: return servers_with_key(i) + " did not answer" + (newest(i).places.empty() ? "" : " from " + incident_places(r, i));
        case incident_kind::single: return name_of(r, i) + " did not answer our probes" + (newest(i).places.empty() ? "" : " from " + incident_places(r, i));
        case incident_kind::owner: return name_of(r, i) + " answered, but what its owner registered failed";
        case incident_kind::drift: return name_of(r, i) + " changed its tools so that callers may break";
        case incident_kind::certificate: return name_of(r, i) + " showed a certificate about to expire";
        case incident_kind::token: return name_of(r, i) + " was called with a credential about to expire";
    }
    return {};
}

std::string incident_state_words(const roll& r, const data::incident_row& i)
{
    const auto& n = newest(i);
    const auto when = " at the roll call of " + data::to_words(n.at);
    const auto last = r.newest ? " at the last roll call, " + data::to_words(r.newest->at) : std::string();
    if (n.event == incident_event::delisted) return "Closed: no longer listed" + when + ".";
    if (n.event == incident_event::lasting) return "Closed without an answer after " + std::to_string(data::rules::lasting_rounds) + " nights. The pages of the servers go on counting.";
    if (data::is_notice(i.kind)) {
        if (n.state == incident_state::closed) return i.kind == incident_kind::drift ? "A week has passed since." : "Seen no more" + when + ".";
        return i.due ? "It was to expire on " + data::to_words(*i.due) + "." : "Told once; it ends by itself after a week.";
    }
    switch (n.state) {
        case incident_state::open:
            if (i.kind == incident_kind::shared)
                return many(n.failing, "server") + " did not answer" + last + (n.answering > 0 ? "; " + grouped(n.answering) + " did again" : "") +
                       (n.unmeasured > 0 ? "; " + grouped(n.unmeasured) + " were not measured" : "") + ".";
            return (i.kind == incident_kind::owner ? "It still failed" : "It did not answer") + last + ".";
        case incident_state::watch:
            if (i.kind == incident_kind::shared) return grouped(n.answering) + " of " + many(n.answering + n.failing, "server") + " answered again" + when + ". Watched for " + data::in_words(data::rules::watch_rounds) + " nights from then on.";
            return "It answered again" + when + ". One more good night closes this.";
        case incident_state::closed: break;
    }
    const auto over = over_since(i);
    return "Over: answers came again at the roll call of " + data::to_words(over.value_or(n.at)) + ".";
}

std::string incident_places(const roll& r, const data::incident_row& i)
{
    const auto& places = newest(i).places;
    if (places.empty()) return r.one_region() ? places_in_words(*r.edition) : "everywhere that was probed from (" + places_in_words(*r.edition) + ")";
    std::string out;
    for (std::size_t k = 0; k < places.size(); ++k) {
        const auto it = std::ranges::find(r.edition->regions, places[k], &data::region_row::code);
        const auto place = it == r.edition->regions.end() ? std::string("a place that is not known") : place_of(*r.edition, it->id);
        if (k > 0) out += k + 1 == places.size() ? " and " : ", ";
        out += place;
    }
    return out;
}

}  // namespace rollcall::render
