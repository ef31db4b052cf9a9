// The pages that explain: the method from the tables that the programs themselves use, and the hand-written ones.
#include "data/model/numbers.hpp"
#include "data/model/rules.hpp"
#include "data/statistics/quantile.hpp"
#include "render/documents/drift.hpp"
#include "render/documents/regions.hpp"
#include "render/documents/registries.hpp"
#include "render/pages/docs.hpp"
#include "render/pages/drift_view.hpp"
#include "render/pages/incident_view.hpp"
#include "render/pages/reference.hpp"

#include <array>
#include <cmath>
#include <set>

namespace rollcall::render {
namespace {

bool is_mail(std::string_view contact) { return contact.starts_with("mailto:"); }

document contact_of(const roll& r)
{
    const auto& c = r.edition->contact;
    return {{"contact", is_mail(c) ? c.substr(7) : c}, {"contact_link", c}, {"by_mail", is_mail(c)}};
}

document reasons_by_class()
{
    auto out = document::array();
    std::string_view open;
    for (const auto& row : data::all_reasons()) {
        const auto label = data::label_of(data::class_of(row.value));
        if (label != open) {
            out.push_back({{"letter", std::string(1, data::letter(data::class_of(row.value)))}, {"label", label}, {"rows", document::array()}});
            open = label;
        }
        out.back()["rows"].push_back({{"code", row.code}, {"label", row.label}, {"meaning", row.meaning}, {"fix", row.fix},
                                      {"mode", row.mode == data::failure_mode::none ? std::string() : std::string(data::code_of(row.mode))}});
    }
    return out;
}

// Somebody to write to, and a time after which the file is not to be believed (RFC 9116 wants both). Each night puts it off.
constexpr std::chrono::days expiry{180};

bool has_security(const roll& r) { return r.newest && !r.edition->contact.empty(); }

document grades()
{
    auto out = document::array();
    for (const auto& [grade, more] : {std::pair{"breaking", "A call that was right may fail or mean something else, or a result may surprise its reader: a tool or parameter is gone or has another name, more must be sent, a type or list of "
                                                            "values became narrower, a default changed, a promise (read-only, not destructive) was withdrawn; of results, a field may be missing or hold more than before."},
                                      std::pair{"additive", "All old calls and readers still work: a new tool, a new parameter that may be left out, anything that accepts more, results that promise more."},
                                      std::pair{"wording", "Titles, descriptions, and words of a schema that assert nothing. Programs do not look at them; models do."}}) {
        auto row = grade_mark(grade);
        row["more"] = more;
        out.push_back(std::move(row));
    }
    return out;
}

// "0.2" of 2 in a thousand.
std::string per_cent_of_mille(std::int64_t mille) { return std::to_string(mille / 10) + (mille % 10 == 0 ? "" : "." + std::to_string(mille % 10)); }

// The figures that the programs go by; what is the operator's choice as the store says it.
document rules_view(const roll& r)
{
    namespace rules = data::rules;
    using data::in_words;
    const auto setting = [&](const char* name, std::string usual) {
        const auto it = r.edition->settings.find(name);
        return it == r.edition->settings.end() ? usual : it->second;
    };
    const auto number = [](auto n) { return std::to_string(n); };
    const auto window = setting("window_rounds", number(rules::usual_window));
    return {{"slow", setting("slow_s", number(std::chrono::seconds(rules::usual_slow).count()))}, {"window", window.size() == 1 ? in_words(window[0] - '0') : window},
            {"retry_after", setting("retry_after_s", number(std::chrono::seconds(rules::usual_retry_after).count()))}, {"uptime_nights", uptime_nights}, {"fewest_p50", statistics::least_samples(50)}, {"fewest_p95", statistics::least_samples(95)},
            {"fewest_rounds", in_words(rules::fewest_rounds)}, {"always", in_words(rules::rounds_of_always)}, {"stray", in_words(static_cast<std::int64_t>(rules::stray_one_in))},
            {"lasting", rules::lasting_rounds}, {"failures", rules::fewest_failures}, {"at_risk", rules::fewest_at_risk}, {"sites", rules::fewest_sites}, {"least", rules::least_per_cent},
            {"lift", in_words(rules::least_lift)}, {"floor", per_cent_of_mille(rules::floor_per_mille)}, {"chance", number(std::llround(1.0 / rules::most_chance))},
            {"global", rules::global_per_cent}, {"everything", rules::everything_per_cent}, {"precise", rules::precise_per_cent}, {"alike", rules::alike_per_cent}, {"over", rules::over_per_cent}, {"large", rules::large_per_cent},
            {"watch", in_words(rules::watch_rounds)}, {"merge", in_words(rules::merge_rounds)}, {"expiry", rules::expiry_warning.count()},
            {"controls", in_words(rules::controls_of_eight)}, {"ours", in_words(rules::ours_of_ten)}, {"lone", rules::lone_per_cent}, {"lone_unknown", rules::lone_per_cent_unknown},
            {"usual", in_words(static_cast<std::int64_t>(rules::nights_to_be_usual))}, {"deviations", in_words(rules::deviations)}};
}

}  // namespace

void write_method(const page_writer& w)
{
    document d{{"classes", reasons_by_class()}, {"buckets", document::array()}, {"states", document::array()},
               {"warnings", document::array()}, {"postures", document::array()}, {"rungs", document::array()}, {"places", places_in_words(*w.roll().edition)}, {"fresh_hours", freshness.count()}, {"grades", grades()}, {"severities", severities()}};
    const auto rules = rules_view(w.roll());
    d["rules"] = rules;
    for (const auto& b : data::all_buckets())
        d["buckets"].push_back({{"code", b.code}, {"label", b.label}, {"meaning", b.meaning}, {"style", data::code_of(b.group)}, {"group", data::label_of(b.group)}});
    const auto hours = std::to_string(freshness.count());
    const std::array<std::string, 5> meanings{
        "It answered the last roll call: as MCP defines, within " + rules["slow"].get<std::string>() + " seconds, from everywhere or all places but one of three or more.",
        "It answered, but slowly, or not from everywhere.",
        "It did not answer our probe as an MCP server from anywhere, after a retry where one can help.",
        "It asked for a credential or payment, or a wall stood before it. That is not a failure, and says nothing of what is behind.",
        "It was not measured within " + hours + " hours. A measurement that is too old is not shown as a state.",
    };
    for (std::size_t i = 0; i < meanings.size(); ++i)
        d["states"].push_back({{"mark", mark_of(data::all_states()[i].value)}, {"code", data::all_states()[i].code}, {"meaning", meanings[i]}});
    for (const auto& p : data::all_postures())
        if (p.value != data::posture::unknown) d["postures"].push_back({{"letter", std::string(1, p.letter)}, {"code", p.code}, {"label", p.label}, {"meaning", p.meaning}});
    for (const auto& row : data::all_rungs())
        d["rungs"].push_back({{"code", row.code}, {"label", row.label}, {"fix", row.fix}, {"decides", row.decides}});
    for (const auto& row : data::all_warnings()) d["warnings"].push_back({{"code", row.code}, {"words", row.words}});
    w.page({"docs/method/index.html", "Method", "How the roll is called, and what every word on these pages means.", "docs"}, "method.html", std::move(d));
}

void write_hand_written(const page_writer& w)
{
    const auto& r = w.roll();
    auto probed = contact_of(r);
    probed["site"] = r.edition->site_name;
    probed["base"] = r.base_url;
    probed["places"] = places_in_words(*r.edition);
    // What the auditor wrote down of its manners; a store of an earlier one has less.
    for (const char* name : {"operator_name", "user_agent", "per_site_per_second", "per_site_connections", "retries", "retry_after_s", "total_s", "transcripts_days"}) {
        const auto it = r.edition->settings.find(name);
        probed[name] = it == r.edition->settings.end() ? std::string() : it->second;
    }
    if (probed["retries"] == "0") probed["retries"] = "";
    probed["plural"] = probed["retries"] != "1";
    probed["has_security"] = has_security(r);
    w.page({"docs/probed/index.html", "We probed you", "Who we are, why our requests are in your log, and how to be left out.", "docs"}, "probed.html", std::move(probed));
    w.page({"404.html", "Not found", "There is no such page.", ""}, "404.html", {{"search", search_html(w, root_of(r, "404.html"))}});
}

namespace {

// Pages worth finding, sorted.
std::set<std::string> pages_of(const roll& r)
{
    std::set<std::string> paths{"", "servers/", "reports/", "incidents/", "platforms/", "registries/", "regions/", "drift/", "docs/"};
    for (const auto& p : doc_pages()) paths.insert(p.folder);
    if (r.newest) paths.insert("reports/" + quarter_of(r.newest->at) + "/");
    for (const auto& i : r.edition->incidents)
        if (i.kind == data::incident_kind::shared && has_page(i)) paths.insert(incident_folder(i));
    for (const auto& g : platforms_of(r)) paths.insert("platforms/" + g.name + "/");
    for (const auto& g : r.edition->registries) paths.insert(registry_folder(g));
    for (const auto& g : r.edition->regions) paths.insert(region_folder(g));
    for (const auto& d : drifts_of(r)) paths.insert(d.folder);
    for (const auto& n : r.entries) paths.insert("servers/" + n.row->slug + "/");
    return paths;
}

}  // namespace

void write_sitemap(const page_writer& w, const std::vector<std::string>& urls, const sitemap_limits& most)
{
    std::vector<document> parts(1, document::array());
    std::size_t bytes = 0;
    for (const auto& url : urls) {
        const auto size = url.size() * 6 + 32;  // every character may be escaped
        if (!parts.back().empty() && (parts.back().size() == most.urls || bytes + size > most.bytes)) {
            parts.push_back(document::array());
            bytes = 0;
        }
        parts.back().push_back(url);
        bytes += size;
    }
    if (parts.size() == 1) return w.file("sitemap.xml", w.templates().render("sitemap.xml", {{"urls", parts[0]}}));
    auto index = document::array();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto path = "sitemaps/" + std::to_string(i + 1) + ".xml";
        w.file(path, w.templates().render("sitemap.xml", {{"urls", parts[i]}}));
        index.push_back(w.roll().base_url + path);
    }
    w.file("sitemap.xml", w.templates().render("sitemaps.xml", {{"urls", index}}));
}

void write_well_known(const page_writer& w)
{
    const auto& r = w.roll();
    auto d = contact_of(r);
    d["base"] = r.base_url;
    d["site"] = r.edition->site_name;
    d["expires"] = r.newest ? data::to_rfc3339(r.newest->at + expiry) : std::string();
    w.file(".well-known/probing.txt", w.templates().render("probing.txt", d));
    if (has_security(r)) w.file(".well-known/security.txt", w.templates().render("security.txt", d));
    w.file("robots.txt", w.templates().render("robots.txt", d));
    std::vector<std::string> urls;
    for (const auto& p : pages_of(r)) urls.push_back(r.base_url + p);
    write_sitemap(w, urls);
}

}  // namespace rollcall::render
