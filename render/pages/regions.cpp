// Regions: the cities that are probed from, and a page for each.
#include "render/documents/regions.hpp"

#include "data/model/numbers.hpp"
#include "data/statistics/proportion.hpp"
#include "render/pages/compositions.hpp"
#include "render/pages/map.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

using data::grouped;
constexpr std::size_t shown_servers = 100, shown_nights = 30;

std::int64_t count_of(const document& seen, sight s) { return seen[std::string(row_of(s).code)].get<std::int64_t>(); }

std::int64_t total_of(const document& seen)
{
    std::int64_t total = 0;
    for (const auto& [code, count] : seen.items()) total += count.get<std::int64_t>();
    return total;
}

std::int64_t good_of(const document& seen) { return count_of(seen, sight::answered) + count_of(seen, sight::slow); }

figure sights_figure(const data::region_row& g, const std::string& name, const document& seen)
{
    std::vector<std::int64_t> counts;
    for (std::size_t i = 0; i < sight_count; ++i) counts.push_back(count_of(seen, static_cast<sight>(i)));
    const auto shares = statistics::shares_in_tenths(counts);
    auto parts = document::array();
    for (std::size_t i = 0; i < sight_count; ++i) {
        const auto& s = row_of(static_cast<sight>(i));
        parts.push_back({{"style", data::code_of(s.style)}, {"label", s.label}, {"icon", data::row_of(s.style).icon}, {"count", counts[i]}, {"share", per_cent(shares[i])}});
    }
    return composition_figure("region-" + g.code, grouped(good_of(seen)) + " of " + grouped(total_of(seen)) + " servers answered " + name,
                              "One bar of all servers by what was seen from here at the last roll call. The list below has the counts.", parts);
}

// Where its word stood at the last roll call: a sign, a style and words.
document standing(const document& self_check)
{
    if (self_check.is_null()) return {{"icon", data::row_of(data::state::unknown).icon}, {"style", "unknown"}, {"words_of", "not checked"}};
    if (self_check["counted"] == false) return {{"icon", "\u25b2"}, {"style", "degraded"}, {"words_of", "not counted"}};
    return {{"icon", "\u25cf"}, {"style", "up"}, {"words_of", "counted"}};
}

document steps_view(const page_writer& w, const document& steps)
{
    document v{{"rows", document::array()}, {"bars", ""}};
    std::vector<step_time> bars;
    for (const auto& s : steps) {
        if (s["n"] == 0) continue;
        const auto ms = [&](const char* key) { return s[key].is_null() ? document("–") : document(s[key].dump() + " ms"); };
        v["rows"].push_back({{"label", s["label"]}, {"n", s["n"]}, {"p50", ms("p50_ms")}, {"p95", ms("p95_ms")}});
        if (s["p50_ms"].is_number()) bars.push_back({s["label"].get_ref<const std::string&>(), s["p50_ms"].get<std::int64_t>()});
    }
    if (!bars.empty()) v["bars"] = waterfall_html(w.templates(), "Median time of each step, one after the other", bars, "");
    return v;
}

void write_region(const page_writer& w, const data::region_row& g)
{
    const auto& r = w.roll();
    auto d = region_document(r, g);
    w.file("api/v1/regions/" + g.code + ".json", published(d));
    const auto path = region_folder(g) + "index.html";
    const auto name = clean(region_name(r, g), 80);
    const auto& seen = d["seen"];
    const auto total = total_of(seen);
    document v{{"code", g.code}, {"name", name}, {"country", clean(g.country, 80)}, {"several", !r.one_region()}, {"nights", d["nights"]}};
    v["called"] = r.newest ? document{{"when", moment(r.newest->at)}} : document(nullptr);
    v["good"] = good_of(seen);
    v["total"] = total;
    v["figure"] = total == 0 ? std::string() : published_figure(w, sights_figure(g, g.city.empty() ? "our probes" : "our probes from " + name, seen), path);
    v["standing"] = standing(d["self_check"]);
    v["check"] = d["self_check"];
    if (v["check"].is_object()) {
        v["check"]["note"] = v["check"]["note"].is_null() ? std::string() : clean(v["check"]["note"].get<std::string>(), 300);
        v["check"]["has_compared"] = v["check"]["compared"] != 0;
    }
    v["times"] = steps_view(w, d["steps"]);
    v["has_times"] = !v["times"]["rows"].empty();
    v["alone"] = document::array();
    for (const auto& s : d["servers_only_silent_here"])
        if (v["alone"].size() < shown_servers) v["alone"].push_back({{"slug", s["slug"]}, {"name", clean(s["name"].get<std::string>(), 120)}, {"reason_label", s["reason_label"]}});
    v["alone_count"] = d["servers_only_silent_here"].size();
    v["alone_more"] = d["servers_only_silent_here"].size() > shown_servers ? document(d["servers_only_silent_here"].size() - shown_servers) : document(nullptr);
    v["lost"] = document::array();
    for (const auto& n : d["not_counted"])
        if (v["lost"].size() < shown_nights) v["lost"].push_back({{"date", n["date"]}, {"why", clean(n["why"].get<std::string>(), 300)}});
    v["has_lost"] = !v["lost"].empty();
    v["all_counted"] = v["lost"].empty() && d["nights"] != 0;
    v["has_alone"] = !v["alone"].empty();
    v["lost_count"] = d["not_counted"].size();
    auto table = document::array();
    for (const auto& s : d["steps"]) table.push_back({{"step", s["step"]}, {"n", s["n"]}, {"p50_ms", s["p50_ms"]}, {"p95_ms", s["p95_ms"]}});
    w.file("figures/region-" + g.code + "-steps.csv", csv(table));
    w.page({path, clean(name, 60), "What was seen from " + name + " at the last roll call, and whether it was believed.", "regions"}, "region.html", std::move(v));
}

}  // namespace

void write_regions(const page_writer& w)
{
    const auto& r = w.roll();
    const auto all = regions_document(r);
    w.file("api/v1/regions.json", published(all));
    const auto& regions = r.edition->regions;
    document d{{"count", regions.size()}, {"any", !regions.empty()}, {"several", regions.size() > 1}, {"alone", regions.size() == 1}, {"places", places_in_words(*r.edition)}, {"map", map_html(w)}, {"regions", document::array()}};
    d["called"] = r.newest ? document{{"when", moment(r.newest->at)}} : document(nullptr);
    auto table = document::array();
    for (std::size_t i = 0; i < regions.size(); ++i) {
        const auto& row = all["regions"][i];
        d["regions"].push_back({{"folder", region_folder(regions[i])}, {"name", clean(region_name(r, regions[i]), 80)}, {"country", clean(regions[i].country, 80)}, {"standing", standing(row["self_check"])},
                                {"good", good_of(row["seen"])}, {"total", total_of(row["seen"])}, {"lost", row["not_counted"].size()}, {"nights", row["nights"]}, {"alone", row["only_silent_here"]}});
        table.push_back({{"region", row["region"]}, {"city", row["city"]}, {"country", row["country"]}});
        table.back().update(row["seen"]);
    }
    w.file("figures/regions.csv", csv(table));
    for (const auto& g : regions)
        if (!region_folder(g).empty()) write_region(w, g);
    w.page({"regions/index.html", "Regions", "The places that servers are probed from, and what each of them saw.", "regions"}, "regions.html", std::move(d));
}

}  // namespace rollcall::render
