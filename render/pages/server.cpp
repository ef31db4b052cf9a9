#include "render/badge/badge.hpp"
#include "render/chart/chart.hpp"
#include "render/pages/dress.hpp"
#include "render/pages/incidents.hpp"
#include "render/pages/reproduce.hpp"
#include "render/pages/writer.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace rollcall::render {
namespace {

constexpr std::size_t shown_name = 120, shown_text = 600, shown_tools = 120, shown_transcript = 6000;

// What it did, to follow "At the last roll call, <time>, it ...". Never in the present tense: the page is older
// than the moment it is read.
std::string deed(const entry& n)
{
    const auto c = data::class_of(n.row->why);
    switch (n.state) {
        case data::state::up: return "it answered";
        case data::state::degraded:
            if (data::is_of_owner(n.row->why)) return "it answered, but what its owner registered failed";
            return c == data::cell_class::slow ? "it answered, but slowly" : "it answered, but not everywhere or not in full";
        case data::state::gated:
            return c == data::cell_class::wall ? "a wall answered in its place" : n.row->why == data::reason::payment ? "it asked for payment" : "it asked for a credential";
        case data::state::down:
            return c == data::cell_class::transport ? "it did not answer our probe" : "it did not answer our probe as an MCP server";
        case data::state::unknown: break;
    }
    return "it was not measured";
}

// The steps of a region's cell, drawn one after the other.
std::string steps_html(const page_writer& w, const data::cell& cell, const std::string& place)
{
    std::vector<step_time> steps;
    for (std::size_t i = 0; i < data::step_count; ++i)
        if (cell.ms[i]) steps.push_back({data::label_of(static_cast<data::step>(i)), *cell.ms[i]});
    if (steps.empty()) return {};
    const auto of = data::class_of(cell.why);
    const bool last_ended = cell.ms[static_cast<std::size_t>(cell.reached)].has_value();
    const std::string_view ended = data::is_good(of) || !last_ended ? "" : of == data::cell_class::auth || of == data::cell_class::wall ? "gated" : of == data::cell_class::unusable ? "unknown" : "down";
    return waterfall_html(w.templates(), "Time of each step from " + place + ", milliseconds", steps, ended);
}

// "median 412 ms, 95 % within 1030 ms, of 88 answers in the last 90 nights"; empty where answers are too few.
std::string pace_words(const document& latency)
{
    if (latency["p50_ms"].is_null()) return {};
    std::string out = "median " + latency["p50_ms"].dump() + " ms";
    if (!latency["p95_ms"].is_null()) out += ", 95 % within " + latency["p95_ms"].dump() + " ms";
    return out + ", of " + latency["n"].dump() + " answers in the last 90 nights";
}

// The figures that a visitor asks for first; each stands below with its grounds.
document tallies_of(const entry& n, const document& d)
{
    auto out = document::array();
    const auto add = [&](const char* label, const document& value, const char* href) { out.push_back({{"label", label}, {"value", value}, {"href", href}}); };
    if (n.measured > 0) add("Answered on", std::to_string(n.good) + " of " + std::to_string(n.measured) + (n.measured == 1 ? " night" : " nights"), "#h-nights");
    if (const auto& p50 = d["latency_90d"]["p50_ms"]; !p50.is_null()) add("Usual time", p50.dump() + " ms", "#h-steps");
    if (d["tool_count"].is_number()) add("Tools", d["tool_count"], "#h-tools");
    if (d["auth"].is_object()) {
        const auto label = d["auth"]["posture_label"].get<std::string>();
        add("Credentials", label.substr(0, label.find(',')), "#h-auth");
    }
    if (d["tls"].is_object() && d["tls"]["left"].is_object()) add("Certificate", d["tls"]["left"]["short"], "#h-tls");
    return out;
}

// The cities in the order of the letters in the history document, for the script that tells of one night.
std::string cities_of(const data::edition& e)
{
    std::string out;
    for (const auto& g : e.regions) out += (out.empty() ? "" : "|") + (g.city.empty() ? std::string("our one region") : g.city);
    return out;
}

// Did the region's word count in the round that the state is from?
bool counts(const roll& r, const data::endpoint_row& e, std::int64_t region)
{
    const auto* checked = self_check(r, region, e.observed_round);
    return !checked || !checked->down;
}

// The state, why, and where not: what stands above the fold.
void fill_verdict(document& d, const page_writer& w, const entry& n)
{
    const auto& r = w.roll();
    const auto& e = *n.row;
    d["mark"] = mark_of(n);
    d["when"] = n.observed ? moment(*n.observed) : document(nullptr);
    d["stale"] = n.observed && n.state == data::state::unknown && r.now - *n.observed > freshness;
    d["deed"] = deed(n);
    const auto& why = data::row_of(e.why);
    // Where a rung of the ladder is missing, that is what to do.
    const auto* missing = data::class_of(e.why) == data::cell_class::auth ? e.auth.missing() : nullptr;
    const auto fix = missing ? data::row_of(missing->rung).fix : why.fix;
    const bool working = n.state == data::state::up;
    d["explained"] = n.observed && !working && n.state != data::state::unknown
                         ? document{{"meaning", why.meaning}, {"fix", fix}, {"reason_label", why.label}, {"code", why.code}}
                         : document(nullptr);
    d["command"] = !working && n.observed && !data::is_of_owner(e.why) ? document{{"text", reproducing_command(e)}} : document(nullptr);
    d["streak_words"] = n.observed && n.state != data::state::unknown ? nights_in_a_row(e.streak) : std::string();
    d["places"] = places_in_words(*r.edition);
    d["several"] = !r.one_region();
    d["with_credential"] = (e.flags & data::flag_with_credential) != 0;
    d["not_from"] = document::array();
    // From where it did not work: of interest only if it was not the same everywhere.
    std::set<data::reason> met;
    for (const auto& c : e.cells)
        if (counts(r, e, c.region)) met.insert(c.cell.why);
    if (met.size() < 2) return;
    for (const auto& c : e.cells)
        if (!data::is_good(data::class_of(c.cell.why)) && counts(r, e, c.region))
            d["not_from"].push_back({{"city", place_of(*r.edition, c.region)}, {"label", data::row_of(c.cell.why).label}});
}

// What each region met, step by step.
void fill_regions(document& d, const page_writer& w, const data::endpoint_row& e)
{
    for (std::size_t i = 0; i < d["regions"].size(); ++i) {
        auto& region = d["regions"][i];
        const auto& cell = e.cells[i].cell;
        const auto place = e.cells.size() == 1 && region["city"].is_null() ? std::string("our one region") : place_of(*w.roll().edition, e.cells[i].region);
        region["place"] = place;
        region["steps"] = steps_html(w, cell, place);
        region["lost"] = region["note"];  // the region's note, not the owner's
        region["pace"] = pace_words(region["latency_90d"]);
        region["retried"] = cell.tries > 1;
        region["transcript"] = clean(cell.transcript, shown_transcript);
        cap(region, "detail", 300);
    }
}

void fill_tools(document& d, const data::endpoint_row& e)
{
    d["has_warnings"] = !d["warnings"].empty();
    d["has_tools"] = !e.tools.empty() || d["tool_count"].is_number();
    d["more_tools"] = e.tools.size() > shown_tools ? e.tools.size() - shown_tools : 0;
    d["has_more_tools"] = e.tools.size() > shown_tools;
    auto tools = document::array();
    for (std::size_t i = 0; i < std::min(e.tools.size(), shown_tools); ++i) tools.push_back(clean(e.tools[i], 80));
    d["tools"] = std::move(tools);
    if (!d["protocol"].is_object()) return;
    for (const char* key : {"version", "server_name", "server_version"}) cap(d["protocol"], key, 80);
    auto capabilities = document::array();
    for (const auto& c : d["protocol"]["capabilities"])
        if (capabilities.size() < 20) capabilities.push_back(clean(c.get<std::string>(), 40));
    d["protocol"]["capabilities"] = std::move(capabilities);
}

void fill_listings(document& d, const data::edition& all, const data::endpoint_row& e)
{
    for (auto& l : d["listings"]) {
        for (const char* key : {"name", "title", "version"}) cap(l, key, shown_name);
        l["listed_url"] = l["url"];
        for (const char* key : {"description", "listed_url"}) cap(l, key, shown_text);
        l["repository"] = link_or_null(l["repository"]);
        l["website"] = link_or_null(l["website"]);
        const auto code = l["registry"].get<std::string>();
        const auto it = std::ranges::find_if(all.registries, [&](const auto& g) { return g.code == code; });
        l["registry_name"] = it == all.registries.end() ? document(code) : document(it->name);
    }
    d["alias"] = e.alias.empty() ? document(nullptr) : document{{"url", clean(e.alias, shown_text)}};
    d["variants"] = document::array();
    for (const auto& v : all.variants)
        if (v.probed_slug == e.slug && d["variants"].size() < 20) d["variants"].push_back({{"url", clean(v.url, shown_text)}});
    d["has_variants"] = !d["variants"].empty();
}

}  // namespace

void write_server(const page_writer& w, const entry& n)
{
    const auto& r = w.roll();
    const auto& e = *n.row;
    auto d = server_document(r, n);
    w.file("api/v1/servers/" + e.slug + ".json", published(d));
    w.file("api/v1/history/" + e.slug + ".json", published(history_document(r, n)));
    w.file("badge/" + e.slug + ".json", published(shields_document(n)));
    const auto badge = badge_of(n);
    w.file("badge/" + e.slug + ".svg", badge_svg(w.templates(), badge));

    const auto path = "servers/" + e.slug + "/index.html", root = way_to_root(path);
    cap(d, "name", shown_name);
    fill_verdict(d, w, n);
    d["incidents"] = incident_cards(w, n, root);
    d["nights_figure"] = figure_html(w.templates(), strip_figure(r, n, strip_nights), root);
    const auto pace = pace_figure(r, n);
    d["pace_figure"] = pace ? figure_html(w.templates(), *pace, root) : std::string();
    d["cities"] = cities_of(*r.edition);
    fill_regions(d, w, e);
    fill_tools(d, e);
    dress_ladder(d["auth"], e.auth);
    dress_owner(d["owner"], r.now);
    dress_drifts(d["drifts"]);
    d["has_drifts"] = !d["drifts"].empty();
    dress_certificate(d["tls"], n.observed);
    d["tallies"] = tallies_of(n, d);
    if (n.measured == 0) d["uptime_30d"] = nullptr;
    fill_listings(d, *r.edition, e);
    d["badge_text"] = badge.title;
    d["markdown"] = "[![" + badge.label + "](" + r.base_url + "badge/" + e.slug + ".svg)](" + r.base_url + "servers/" + e.slug + "/)";
    const auto name = d["name"].get<std::string>();
    w.page({path, clean(n.name, 60), clean(name, 60) + ": what this MCP server did at each roll call.", "servers"}, "server.html", std::move(d));
}

}  // namespace rollcall::render
