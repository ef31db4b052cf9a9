#include "render/documents/documents.hpp"

#include "data/statistics/proportion.hpp"

#include <algorithm>
#include <array>

namespace rollcall::render {
namespace {

document states_of(const roll& r)
{
    document d = document::object();
    for (const auto& s : data::all_states())
        d[std::string(s.code)] = std::ranges::count(r.entries, s.value, &entry::state);
    return d;
}

// All buckets in their order. An endpoint without a bucket was measured too little, so it is counted there, and
// "unmeasured" has no share: it is no part of what shares are of.
document buckets_of(const roll& r)
{
    const auto rows = data::all_buckets();
    std::vector<std::int64_t> counts(rows.size(), 0);
    for (const auto& n : r.entries) ++counts[static_cast<std::size_t>(n.row->bucket.value_or(data::bucket::unmeasured))];
    auto measured = counts;
    measured[static_cast<std::size_t>(data::bucket::unmeasured)] = 0;
    std::int64_t total = 0;
    for (const auto c : measured) total += c;
    const auto shares = statistics::shares_in_tenths(measured);
    auto out = document::array();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool counted = rows[i].value != data::bucket::unmeasured && total > 0;
        const auto [low, high] = statistics::wilson(counts[i], total);
        out.push_back({{"bucket", rows[i].code},
                       {"label", rows[i].label},
                       {"group", data::code_of(rows[i].group)},
                       {"count", counts[i]},
                       {"share", counted ? document(per_cent(shares[i])) : document(nullptr)},
                       {"low", counted ? document(low) : document(nullptr)},
                       {"high", counted ? document(high) : document(nullptr)}});
    }
    return out;
}

// Of each round: how many of the endpoints on today's roll were measured, and how many were in each state.
document trend_of(const roll& r)
{
    std::map<std::int64_t, std::array<std::int64_t, 5>> counts;
    for (const auto& n : r.entries)
        for (const auto& night : n.row->nights)
            if (night.valid) ++counts[night.round][static_cast<std::size_t>(night.state)];
    auto out = document::array();
    for (const auto& round : r.edition->rounds) {
        if (r.newest->at - round.at >= std::chrono::days(strip_nights)) continue;
        document d{{"date", data::to_date(round.at)}, {"complete", round.complete}, {"listed", round.frozen}};
        std::int64_t measured = 0;
        const auto it = counts.find(round.id);
        for (const auto& s : data::all_states()) {
            const auto c = it == counts.end() ? 0 : it->second[static_cast<std::size_t>(s.value)];
            if (s.value == data::state::unknown) continue;
            measured += c;
            d[std::string(s.code)] = c;
        }
        d["measured"] = measured;
        out.push_back(std::move(d));
    }
    return out;
}

document changes_of(const roll& r)
{
    document d = document::object();
    for (const auto c : {change::went_silent, change::came_back, change::first_seen}) {
        auto slugs = document::array();
        std::int64_t count = 0;
        for (const auto& n : r.entries) {
            if (n.change != c) continue;
            if (++count <= 10) slugs.push_back(n.row->slug);
        }
        d[std::string(code_of(c))] = {{"count", count}, {"first", std::move(slugs)}};
    }
    return d;
}

document reasons_of(const roll& r)
{
    std::map<data::reason, std::int64_t> counts;
    for (const auto& n : r.entries)
        if (n.state == data::state::down || n.state == data::state::gated) ++counts[n.row->why];
    std::vector<std::pair<data::reason, std::int64_t>> rows(counts.begin(), counts.end());
    std::ranges::stable_sort(rows, std::greater<>{}, [](const auto& row) { return row.second; });
    auto out = document::array();
    for (const auto& [why, count] : rows)
        out.push_back({{"reason", data::code_of(why)}, {"reason_label", data::row_of(why).label}, {"count", count}});
    return out;
}

// A region, and whether its word counted at the last roll call.
document region_of(const roll& r, const data::region_row& g)
{
    document d{{"region", g.code},
               {"city", g.city.empty() ? document(nullptr) : document(g.city)},
               {"country", g.country.empty() ? document(nullptr) : document(g.country)}};
    const auto* checked = r.newest ? self_check(r, g.id, r.newest->id) : nullptr;
    d["counted"] = checked ? document(!checked->down) : document(nullptr);
    d["note"] = checked && !checked->why.empty() ? document(checked->why) : document(nullptr);
    d["controls"] = checked && checked->controls_total > 0 ? document{{"ok", checked->controls_ok}, {"n", checked->controls_total}} : document(nullptr);
    auto& dates = d["not_counted"] = document::array();
    for (const auto& night : r.edition->region_nights)
        if (night.region == g.id && night.down)
            if (const auto it = r.rounds.find(night.round); it != r.rounds.end()) dates.push_back(data::to_date(it->second->at));
    return d;
}

}  // namespace

document summary_document(const roll& r)
{
    const auto& e = *r.edition;
    auto d = opened(r, "summary");
    d["observed_at"] = r.newest ? document(r.generated_at()) : document(nullptr);
    d["site"] = e.site_name;
    d["servers"] = r.entries.size();
    d["states"] = states_of(r);
    d["buckets"] = buckets_of(r);
    d["reasons"] = reasons_of(r);
    d["changes"] = changes_of(r);
    d["trend"] = r.newest ? trend_of(r) : document::array();
    d["registries"] = document::array();
    for (const auto& g : e.registries)
        d["registries"].push_back({{"registry", g.code},
                                   {"name", g.name},
                                   {"url", address_of(g)},
                                   {"licence", g.licence.empty() ? document(nullptr) : document(g.licence)},
                                   {"rows", g.rows},
                                   {"accepted", g.accepted},
                                   {"rejected", g.rejected},
                                   {"outcome", g.outcome.empty() ? document(nullptr) : document(g.outcome)},
                                   {"read_at", g.read_at ? document(data::to_rfc3339(*g.read_at)) : document(nullptr)},
                                   {"stale", g.stale},
                                   {"problem", g.problem.empty() ? document(nullptr) : document(problem_of(g, g.problem))}});
    d["regions"] = document::array();
    for (const auto& g : e.regions) d["regions"].push_back(region_of(r, g));
    d["funnel"] = document::array();
    for (const auto& [step, count] : e.funnel) d["funnel"].push_back({{"step", step}, {"count", count}});
    d["excluded"] = document::array();
    for (const auto& x : e.excluded) d["excluded"].push_back({{"class", x.code}, {"count", x.count}});
    return d;
}

}  // namespace rollcall::render
