#include "render/pages/incident_view.hpp"

#include "render/pages/incidents.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

constexpr std::size_t shown_title = 160, shown_cards = 3, shown_open = 10;

document day_of(data::time_point t) { return {{"at", data::to_rfc3339(t)}, {"day", data::to_date(t)}}; }

}  // namespace

document some(std::int64_t n) { return n > 0 ? document(n) : document(nullptr); }

bool has_page(const data::incident_row& i) { return is_segment(i.code) && i.code != "by"; }

document incident_view(const roll& r, const data::incident_row& i)
{
    const auto& n = i.nights.back();
    const bool grave = n.severity <= data::severity::p2;
    const auto state = n.state == data::incident_state::closed ? data::state::unknown
                       : n.state == data::incident_state::watch || !grave ? data::state::degraded
                                                                          : data::state::down;
    document d{{"title", clean(incident_title(r, i), shown_title)}, {"folder", incident_folder(i)}, {"style", data::code_of(state)}, {"icon", data::row_of(state).icon},
               {"label", data::row_of(i.kind).label}, {"severity", data::code_of(n.severity)}, {"meaning", data::meaning_of(n.severity)}, {"opened", day_of(i.opened)}, {"servers", members_of(i)},
               {"absorbed", some(absorbed_by(i))}, {"absorbed_of", absorbed_by(i) + 1}, {"status", incident_state_words(r, i)}};
    d["state_label"] = data::is_notice(i.kind) ? std::string_view(n.state == data::incident_state::closed ? "over" : "told")
                       : i.kind == data::incident_kind::owner && n.state == data::incident_state::open ? std::string_view("still failing at the last roll call")
                                                                                                         : data::row_of(n.state).label;
    return d;
}

document severities()
{
    auto out = document::array();
    for (const auto s : {data::severity::p1, data::severity::p2, data::severity::p3, data::severity::p4}) out.push_back({{"code", data::code_of(s)}, {"meaning", data::meaning_of(s)}});
    return out;
}

std::string card_html(const page_writer& w, const data::incident_row& i, const std::string& root, bool linked)
{
    const auto& r = w.roll();
    auto d = incident_view(r, i);
    const auto whole = incident_document(r, i);
    d["root"] = root;
    d["link"] = linked && has_page(i);
    d["since"] = nullptr;
    if (!data::is_notice(i.kind)) {
        d["since"] = moment(i.begun);
        d["since"]["where"] = incident_places(r, i);
        d["since"]["good"] = i.last_good ? moment(*i.last_good) : document(nullptr);
    }
    for (const char* part : {"seen", "status", "next"}) d[part] = whole[part];
    const bool goes_on = i.nights.back().state != data::incident_state::closed && !data::is_notice(i.kind);
    d["expected"] = goes_on && r.newest ? moment(r.newest->at + std::chrono::days(1)) : document(nullptr);
    return w.templates().render("_incident_card.html", d);
}

std::string rows_html(const page_writer& w, const incidents& rows, const std::string& root, const std::string& caption)
{
    if (rows.empty()) return {};
    document d{{"root", root}, {"caption", caption}, {"rows", document::array()}};
    for (const auto* i : rows) d["rows"].push_back(incident_view(w.roll(), *i));
    return w.templates().render("_incident_rows.html", d);
}

std::string incident_cards(const page_writer& w, const entry& n, const std::string& root)
{
    std::string out;
    std::size_t shown = 0;
    for (const auto* i : w.incidents_of(n.row->id)) {
        if (i->nights.back().state == data::incident_state::closed || shown == shown_cards) continue;
        out += card_html(w, *i, root, true);
        ++shown;
    }
    return out;
}

std::string open_incidents(const page_writer& w, const std::string& root)
{
    const auto& r = w.roll();
    if (r.edition->incidents.empty()) return {};
    document d{{"root", root}, {"rows", document::array()}};
    std::int64_t singles = 0, absorbed = 0;
    for (const auto& i : r.edition->incidents) {
        absorbed += absorbed_by(i);
        if (data::is_notice(i.kind) || i.nights.back().state == data::incident_state::closed) continue;
        if (i.kind != data::incident_kind::shared) singles += is_open(i);
        else if (d["rows"].size() < shown_open) d["rows"].push_back(incident_view(r, i));
    }
    d["any"] = !d["rows"].empty();
    d["singles"] = some(singles);
    d["absorbed"] = some(absorbed);
    return w.templates().render("_incidents_open.html", d);
}

}  // namespace rollcall::render
