#include "render/badge/badge.hpp"
#include "render/chart/chart.hpp"
#include "render/pages/incidents.hpp"
#include "render/pages/reproduce.hpp"
#include "render/pages/writer.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <tuple>

namespace rollcall::render {
namespace {

constexpr std::size_t shown_name = 120, shown_text = 600, shown_tools = 120, shown_transcript = 6000, shown_changes = 30;

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

// The steps of a region's cell as bars on a common scale.
document waterfall(const document& region)
{
    std::int64_t total = 0;
    for (const auto& [step, ms] : region["ms"].items()) total += ms.get<std::int64_t>();
    auto out = document::array();
    std::int64_t begun = 0;
    for (std::size_t i = 0; i < data::step_count; ++i) {
        const auto s = static_cast<data::step>(i);
        const auto it = region["ms"].find(std::string(data::code_of(s)));
        if (it == region["ms"].end()) continue;
        const auto ms = it->get<std::int64_t>();
        const auto scale = [&](std::int64_t v) { return total == 0 ? 0 : v * 1000 / total; };
        out.push_back({{"label", data::label_of(s)}, {"ms", ms}, {"x", scale(begun)}, {"w", std::max<std::int64_t>(4, scale(ms))},
                       {"last", data::code_of(s) == region["step"].get<std::string>()}});
        begun += ms;
    }
    return out;
}

// "median 412 ms, 95 % within 1030 ms, of 88 answers in the last 90 nights"; empty where answers are too few.
std::string pace_words(const document& latency)
{
    if (latency["p50_ms"].is_null()) return {};
    std::string out = "median " + latency["p50_ms"].dump() + " ms";
    if (!latency["p95_ms"].is_null()) out += ", 95 % within " + latency["p95_ms"].dump() + " ms";
    return out + ", of " + latency["n"].dump() + " answers in the last 90 nights";
}

document link_or_null(const document& url)
{
    return url.is_string() && is_web_link(url.get<std::string>()) ? url : document(nullptr);
}

void cap(document& d, const char* key, std::size_t characters)
{
    if (d[key].is_string()) d[key] = clean(d[key].get<std::string>(), characters);
}

// The ladder for a page: a sign and words for each rung, since colour alone says nothing.
void dress_ladder(document& auth, const data::auth_facts& facts)
{
    if (!auth.is_object()) return;
    auth["letter"] = std::string(1, data::row_of(facts.posture).letter);
    auth["meaning"] = data::row_of(facts.posture).meaning;
    auth["has_rungs"] = !facts.rungs.empty();
    for (std::size_t i = 0; i < facts.rungs.size(); ++i) {
        const auto& o = facts.rungs[i];
        const bool decides = data::row_of(o.rung).decides;
        const auto [sign, words, style] = o.state == data::rung_state::yes  ? std::tuple("\u2713", "there", "yes")
                                          : o.state == data::rung_state::no ? decides ? std::tuple("\u2717", "missing", "no") : std::tuple("\u2013", "not there", "lesser")
                                                                            : std::tuple("\u00b7", "not reached", "unreached");
        auth["rungs"][i]["sign"] = sign;
        auth["rungs"][i]["words"] = words;
        auth["rungs"][i]["style"] = style;
        cap(auth["rungs"][i], "detail", 200);
    }
}

// Signs and words for the owner's steps, and when the credential ends.
void dress_owner(document& owner, data::time_point now)
{
    if (!owner.is_object()) return;
    cap(owner, "note", 500);
    cap(owner, "health_summary", 200);
    for (auto& step : owner["steps"]) {
        const auto state = step["state"].get<std::string>();
        const auto [sign, words, style] = state == "passed" ? std::tuple("\u2713", "passed", "yes") : state == "failed" ? std::tuple("\u2717", "failed", "no") : std::tuple("\u00b7", "not done", "unreached");
        step["sign"] = sign;
        step["words"] = words;
        step["style"] = style;
        cap(step, "detail", 200);
    }
    owner["ending"] = nullptr;
    if (owner["credential_expires_at"].is_string()) {
        const auto at = data::parse_time(owner["credential_expires_at"].get<std::string>());
        if (const auto words = data::token_words(at, now); !words.empty()) owner["ending"] = words;
    }
    for (auto& h : owner["health"]) {
        for (const char* key : {"component", "reason"}) cap(h, key, 80);
        const auto state = data::parse_state(h["state"].get<std::string>()).value_or(data::state::unknown);
        h["mark"] = document{{"state", data::row_of(state).code}, {"icon", data::row_of(state).icon}};
    }
    owner["has_health"] = !owner["health"].empty();
}

// "`city` is now required" as parts of text and of code.
document parts_of(const std::string& sentence)
{
    auto out = document::array();
    bool code = false;
    for (std::size_t at = 0; at <= sentence.size(); code = !code) {
        const auto end = std::min(sentence.find('`', at), sentence.size());
        if (end > at) out.push_back({{"text", sentence.substr(at, end - at)}, {"code", code}});
        at = end + 1;
    }
    return out;
}

void dress_drifts(document& drifts)
{
    for (auto& d : drifts) {
        const auto& counts = d["counts"];
        std::string words;
        for (const char* grade : {"breaking", "additive", "wording"})
            if (const auto n = counts.value(grade, 0); n > 0) words += (words.empty() ? "" : ", ") + std::to_string(n) + " " + grade;
        d["words"] = words;
        auto shown = document::array();
        for (const auto& c : d["changes"])
            if (shown.size() < shown_changes)
                shown.push_back({{"grade", c["grade"]}, {"parts", parts_of(clean(c["sentence"].get<std::string>(), 300))}, {"review", !c["for_review"].empty()}});
        const auto more = d["changes"].size() - shown.size() + d.value("left_out", std::size_t{0});
        d["changes"] = std::move(shown);
        d["more"] = more;
        d["has_more"] = more > 0;
    }
}

// Did the region's word count in the round that the state is from?
bool counts(const roll& r, const data::endpoint_row& e, std::int64_t region)
{
    const auto* checked = self_check(r, region, e.observed_round);
    return !checked || !checked->down;
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

    cap(d, "name", shown_name);
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
    d["streak_words"] = n.observed && n.state != data::state::unknown ? nights_in_a_row(e.streak) : std::string();
    d["places"] = places_in_words(*r.edition);
    d["incidents"] = incident_cards(w, n, way_to_root("servers/" + e.slug + "/index.html"));
    d["not_from"] = document::array();
    for (const auto& c : e.cells)
        if (!r.one_region() && !data::is_good(data::class_of(c.cell.why)) && counts(r, e, c.region))
            d["not_from"].push_back({{"city", place_of(*r.edition, c.region)}, {"label", data::row_of(c.cell.why).label}});
    d["strip"] = strip_html(w.templates(), r, n, strip_nights, false);
    d["strip_words"] = strip_words(r, n, strip_nights);
    d["runs"] = document::array();
    for (const auto& run : runs_of(r, n, strip_nights)) {
        if (d["runs"].size() == 40) break;
        d["runs"].push_back({{"from", run.first}, {"to", run.first == run.last ? std::string() : run.last}, {"nights", run.nights},
                             {"mark", mark_of(run.state)}, {"label", data::row_of(run.why).label}});
    }
    d["command"] = !working && n.observed && !data::is_of_owner(e.why) ? document{{"text", reproducing_command(e)}} : document(nullptr);
    for (std::size_t i = 0; i < d["regions"].size(); ++i) {
        auto& region = d["regions"][i];
        region["place"] = e.cells.size() == 1 && region["city"].is_null() ? std::string("our one region") : place_of(*r.edition, e.cells[i].region);
        region["steps"] = waterfall(region);
        region["lost"] = region["note"];  // the region's note, not the owner's
        const auto of = data::class_of(e.cells[i].cell.why);
        region["good"] = data::is_good(of);
        region["ended"] = of == data::cell_class::auth || of == data::cell_class::wall ? "gated" : "down";
        region["pace"] = pace_words(region["latency_90d"]);
        region["retried"] = e.cells[i].cell.tries > 1;
        region["transcript"] = clean(e.cells[i].cell.transcript, shown_transcript);
        cap(region, "detail", 300);
    }
    d["has_warnings"] = !d["warnings"].empty();
    d["has_tools"] = !e.tools.empty() || d["tool_count"].is_number();
    d["more_tools"] = e.tools.size() > shown_tools ? e.tools.size() - shown_tools : 0;
    d["has_more_tools"] = e.tools.size() > shown_tools;
    auto tools = document::array();
    for (std::size_t i = 0; i < std::min(e.tools.size(), shown_tools); ++i) tools.push_back(clean(e.tools[i], 80));
    d["tools"] = std::move(tools);
    if (d["protocol"].is_object()) {
        for (const char* key : {"version", "server_name", "server_version"}) cap(d["protocol"], key, 80);
        auto capabilities = document::array();
        for (const auto& c : d["protocol"]["capabilities"])
            if (capabilities.size() < 20) capabilities.push_back(clean(c.get<std::string>(), 40));
        d["protocol"]["capabilities"] = std::move(capabilities);
    }
    dress_ladder(d["auth"], e.auth);
    dress_owner(d["owner"], r.now);
    dress_drifts(d["drifts"]);
    d["has_drifts"] = !d["drifts"].empty();
    d["with_credential"] = (e.flags & data::flag_with_credential) != 0;
    if (d["tls"].is_object()) {
        cap(d["tls"], "issuer", 80);
        if (d["tls"]["not_after"].is_string())
            d["tls"]["expires"] = moment(*data::parse_time(d["tls"]["not_after"].get<std::string>()));
        else
            d["tls"]["expires"] = nullptr;
    }
    for (auto& l : d["listings"]) {
        for (const char* key : {"name", "title", "version"}) cap(l, key, shown_name);
        l["listed_url"] = l["url"];
        for (const char* key : {"description", "listed_url"}) cap(l, key, shown_text);
        l["repository"] = link_or_null(l["repository"]);
        l["website"] = link_or_null(l["website"]);
        const auto code = l["registry"].get<std::string>();
        const auto it = std::ranges::find_if(r.edition->registries, [&](const auto& g) { return g.code == code; });
        l["registry_name"] = it == r.edition->registries.end() ? document(code) : document(it->name);
    }
    d["alias"] = e.alias.empty() ? document(nullptr) : document{{"url", clean(e.alias, shown_text)}};
    d["variants"] = document::array();
    for (const auto& v : r.edition->variants)
        if (v.probed_slug == e.slug && d["variants"].size() < 20) d["variants"].push_back({{"url", clean(v.url, shown_text)}});
    d["has_variants"] = !d["variants"].empty();
    d["badge_text"] = badge.title;
    d["markdown"] = "[![" + badge.label + "](" + r.base_url + "badge/" + e.slug + ".svg)](" + r.base_url + "servers/" + e.slug + "/)";
    const auto name = d["name"].get<std::string>();
    w.page({"servers/" + e.slug + "/index.html", clean(n.name, 60), clean(name, 60) + ": what this MCP server did at each roll call.", "servers"},
           "server.html", std::move(d));
}

}  // namespace rollcall::render
