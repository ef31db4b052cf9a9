#include "render/pages/incidents.hpp"

#include "data/model/numbers.hpp"
#include "data/model/rules.hpp"
#include "render/chart/chart.hpp"
#include "render/chart/timeline.hpp"
#include "render/pages/incident_view.hpp"
#include "render/pages/paging.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <map>

namespace rollcall::render {
namespace {

using data::grouped;
using data::many;
using data::incident_kind;
using data::incident_state;

constexpr std::size_t shown_rows = 100, shown_updates = 60;

std::string month_of(data::time_point t) { return data::to_date(t).substr(0, 7); }

// "November 2026"
std::string month_words(data::time_point t)
{
    const auto words = data::to_words(t);
    const auto from = words.find(' ') + 1;
    return words.substr(from, words.find(',') - from);
}

document section_of(const page_writer& w, const incidents& all, const std::string& root, const std::string& caption)
{
    if (all.empty()) return nullptr;
    const incidents first(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), shown_rows)));
    return {{"count", all.size()}, {"html", rows_html(w, first, root, caption)}, {"more", some(static_cast<std::int64_t>(all.size() - first.size()))}};
}

struct month { std::string id, words; incidents all, shared; };

// Newest first, as the edition is.
std::vector<month> months_of(const roll& r)
{
    std::vector<month> out;
    for (const auto& i : r.edition->incidents) {
        if (out.empty() || out.back().id != month_of(i.opened)) out.push_back({month_of(i.opened), month_words(i.opened), {}, {}});
        out.back().all.push_back(&i);
        if (i.kind == incident_kind::shared) out.back().shared.push_back(&i);
    }
    return out;
}

document month_view(const page_writer& w, const month& m)
{
    document d{{"month", m.id}, {"words", m.words}, {"count", m.all.size()}, {"rows", document::array()}};
    std::size_t singles = 0, notices = 0;
    std::int64_t absorbed = 0;
    for (const auto* i : m.all) {
        singles += i->kind == incident_kind::single || i->kind == incident_kind::owner;
        notices += data::is_notice(i->kind);
        absorbed += absorbed_by(*i);
    }
    for (const auto* i : m.shared)
        if (d["rows"].size() < shown_rows) d["rows"].push_back(incident_view(w.roll(), *i));
    std::string parts;
    const auto add = [&](std::size_t n, std::string_view one, std::string_view more) {
        if (n > 0) parts += (parts.empty() ? "" : ", ") + many(n, one) + std::string(more);
    };
    add(m.shared.size(), "shared outage", "");
    add(singles, "incident", " of one server");
    add(notices, "notice", "");
    d["summary"] = parts + (absorbed > 0 ? "; " + grouped(absorbed) + " more would have been told without the shared ones." : ".");
    return d;
}

// "2 shared outages and 1 incident of one server", without what there is none of; empty if that is both.
std::string counted(std::size_t shared, std::size_t single)
{
    const auto of_one = single > 0 ? many(single, "incident") + " of one server" : std::string();
    if (shared == 0) return of_one;
    return many(shared, "shared outage") + (of_one.empty() ? "" : " and " + of_one);
}

// What was not closed after the last roll call: what was open, and what was only watched still.
std::string standfirst_of(std::size_t open_shared, std::size_t open_single, std::size_t watched_shared, std::size_t watched_single)
{
    const auto verb = [](std::size_t n) { return n == 1 ? " was " : " were "; };
    const auto open = counted(open_shared, open_single), watched = counted(watched_shared, watched_single);
    auto words = open.empty() ? "No incident was open." : open + verb(open_shared + open_single) + "open.";
    if (!watched.empty()) words += " " + watched + verb(watched_shared + watched_single) + "being watched, since answers had come again.";
    return words;
}

void write_overview_of_incidents(const page_writer& w, const std::vector<month>& months)
{
    const auto& r = w.roll();
    const std::string path = "incidents/index.html", root = way_to_root(path);
    incidents shared, singles, notices;
    for (const auto& i : r.edition->incidents) {
        if (i.nights.back().state == incident_state::closed) continue;
        (i.kind == incident_kind::shared ? shared : data::is_notice(i.kind) ? notices : singles).push_back(&i);
    }
    const auto open_shared = static_cast<std::size_t>(std::ranges::count_if(shared, [](const auto* i) { return is_open(*i); }));
    const auto open_single = static_cast<std::size_t>(std::ranges::count_if(singles, [](const auto* i) { return is_open(*i); }));
    document d;
    d["when"] = r.newest ? moment(r.newest->at) : document(nullptr);
    d["any"] = !r.edition->incidents.empty();
    d["severities"] = d["any"] ? severities() : document::array();
    d["standfirst"] = standfirst_of(open_shared, open_single, shared.size() - open_shared, singles.size() - open_single);
    d["cards"] = document::array();
    for (std::size_t i = 0; i < std::min(shared.size(), std::size_t{12}); ++i) d["cards"].push_back({{"html", card_html(w, *shared[i], root, true)}});
    d["has_cards"] = !d["cards"].empty();
    d["singles"] = section_of(w, singles, root, "Incidents of one server that are not closed");
    d["notices"] = section_of(w, notices, root, "Notices that are not over");
    d["months"] = document::array();
    for (const auto& m : months) d["months"].push_back(month_view(w, m));
    // Named first: which argument is made first is the compiler's choice, and one of them takes the document away.
    const auto standfirst = d["standfirst"].get<std::string>();
    w.page({path, "Incidents", standfirst, "incidents"}, "incidents.html", std::move(d));
}

void write_month(const page_writer& w, const month& m)
{
    const auto folder = "incidents/by/" + m.id + "/";
    const paging paged{folder, folder, m.all.size(), shown_rows};
    for (std::size_t page = 1; page <= paged.pages(); ++page) {
        const auto path = paged.folder_of(page) + "index.html";
        const auto from = static_cast<std::ptrdiff_t>(paged.first(page)), to = static_cast<std::ptrdiff_t>(paged.end(page));
        document d{{"words", m.words}, {"count", m.all.size()}, {"severities", severities()}};
        d["html"] = rows_html(w, incidents(m.all.begin() + from, m.all.begin() + to), way_to_root(path), "Incidents and notices of " + m.words);
        d["paging"] = paging_html(w, paged, page, way_to_root(path));
        w.page({path, titled("Incidents of " + m.words, page), "Incidents and notices that were opened in " + m.words + ".", "incidents"}, "incident_month.html", std::move(d));
    }
}

// Of one server: what its own nights say. Of many: what was counted, which holds until it was counted anew.
std::vector<tallied_night> timeline_of(const roll& r, const data::incident_row& i)
{
    std::vector<tallied_night> out;
    const auto* n = i.kind == incident_kind::shared ? nullptr : on_roll(r, i.slug);
    const auto end = i.nights.back().state == incident_state::closed ? i.nights.back().at : r.newest->at;
    for (const auto& round : r.edition->rounds) {
        if (round.at < i.last_good.value_or(i.begun) || round.at > end) continue;
        tallied_night t{round.at};
        const auto later = std::ranges::upper_bound(i.nights, round.at, {}, &data::incident_night::at);
        if (later == i.nights.begin()) {
            (round.at < i.begun ? t.answering : t.failing) = i.nights.front().failing + i.nights.front().answering;
        } else {
            const auto& night = *(later - 1);
            t.answering = night.answering;
            t.failing = night.failing;
            t.unmeasured = night.unmeasured;
        }
        if (i.kind != incident_kind::shared && n) {
            const auto own = std::ranges::find(n->row->nights, round.id, &data::night::round);
            if (own == n->row->nights.end() || !own->valid) t = {round.at, 0, 0, 1};
        }
        out.push_back(t);
    }
    return out;
}

std::string event_words(const data::incident_row& i, const data::incident_night& n)
{
    const auto failing = grouped(n.failing), all = grouped(n.failing + n.answering + n.unmeasured);
    const bool shared = i.kind == incident_kind::shared;
    using e = data::incident_event;
    switch (n.event) {
        case e::opened: return data::is_notice(i.kind) ? "Told." : shared ? "Opened: " + failing + " servers did not answer." : "Opened.";
        case e::grew: return grouped(n.joined) + " more did not answer: " + failing + " of " + all + ".";
        case e::changed: return "It failed from more places: now " + std::string(data::code_of(n.severity)) + ".";
        case e::answered: return shared ? "Over: " + grouped(n.answering) + " of " + all + " answered again. Watched from here on." : "It answered again.";
        case e::again: return shared ? "Failed again: " + failing + " of " + all + "." : "It failed again.";
        case e::closed: return data::is_notice(i.kind) ? "Over." : "Closed.";
        case e::lasting: return "Closed without an answer after " + std::to_string(data::rules::lasting_rounds) + " nights.";
        case e::delisted: return "Closed: no longer listed.";
        case e::seen: break;
    }
    return failing + " of " + all + " did not answer" + (n.unmeasured > 0 ? ", " + grouped(n.unmeasured) + " were not measured." : ".");
}

void write_incident(const page_writer& w, const data::incident_row& i)
{
    const auto& r = w.roll();
    auto d = incident_document(r, i);
    w.file("api/v1/incidents/" + i.code + ".json", published(d));
    const auto path = incident_folder(i) + "index.html", root = way_to_root(path);
    const auto title = d["title"].get<std::string>();
    d["title"] = clean(title, 200);
    d["card"] = card_html(w, i, root, false);
    const auto nights = data::is_notice(i.kind) || !r.newest ? std::vector<tallied_night>{} : timeline_of(r, i);
    d["has_timeline"] = nights.size() > 1;
    d["timeline"] = std::string();
    if (nights.size() > 1) {
        const auto f = timeline_figure(clean(title, 160), nights, "figures/incidents/" + i.code + ".csv", i.kind == incident_kind::owner ? "failed what its owner registered" : "did not answer");
        w.file(f.data, csv(f.rows));
        d["timeline"] = figure_html(w.templates(), f, root);
    }
    d["updates"] = document::array();
    for (auto it = i.nights.rbegin(); it != i.nights.rend() && d["updates"].size() < shown_updates; ++it)
        d["updates"].push_back({{"when", moment(it->at)}, {"words_of", event_words(i, *it)}});
    const auto* n = i.slug.empty() ? nullptr : on_roll(r, i.slug);
    d["server"] = n ? document{{"slug", n->row->slug}, {"name", clean(n->name, 120)}} : document(nullptr);
    d["gone"] = n ? std::string() : clean(i.slug, 200);
    if (d["shared"].is_object()) {
        auto& s = d["shared"];
        s["members_count"] = i.members.size();
        s["by_words"] = i.key_kind == data::common_key::everything ? "nothing but the night" : i.key_kind == data::common_key::error ? "the same failure" : data::row_of(i.key_kind).code;
        s["absorbed"] = absorbed_by(i);
        s["more"] = some(static_cast<std::int64_t>(i.members.size()) - static_cast<std::int64_t>(shown_rows));
        s["members"] = document::array();
        for (const auto& m : d["members"]) {
            if (s["members"].size() == shown_rows) break;
            auto row = m;
            row["name"] = clean(row["name"].get<std::string>(), 120);
            row["joined"] = row["joined_at"].get<std::string>().substr(0, 10);
            const auto* one = on_roll(r, row["slug"].get<std::string>());
            row["mark"] = one ? mark_of(*one) : document(nullptr);
            s["members"].push_back(std::move(row));
        }
    }
    w.page({path, clean(title, 60), clean(title, 140) + ": what the roll calls saw.", "incidents"}, "incident.html", std::move(d));
}

}  // namespace

void write_incidents(const page_writer& w)
{
    const auto& r = w.roll();
    const auto months = months_of(r);
    write_overview_of_incidents(w, months);
    for (const auto& m : months) write_month(w, m);
    for (const auto& i : r.edition->incidents)
        if (has_page(i)) write_incident(w, i);
    w.file("api/v1/incidents.json", published(incidents_document(r)));
}

}  // namespace rollcall::render
