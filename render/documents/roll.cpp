#include "render/documents/roll.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace rollcall::render {
namespace {

using data::state;

bool answered(state s) { return s == state::up || s == state::degraded; }

std::string name_of(const data::endpoint_row& e)
{
    for (const auto& l : e.listings) {
        if (!l.title.empty()) return l.title;
        if (!l.name.empty()) return l.name;
    }
    return e.slug;
}

change change_of(const data::endpoint_row& e, const roll& r)
{
    if (!r.newest || !r.before) return change::none;
    if (e.first_seen > r.before->at) return change::first_seen;
    if (e.nights.empty() || e.nights.back().round != r.newest->id || !e.nights.back().valid) return change::none;
    const auto last = e.nights.back().state;
    for (auto it = e.nights.rbegin() + 1; it != e.nights.rend(); ++it) {
        if (!it->valid) continue;
        if (answered(it->state) && last == state::down) return change::went_silent;
        if (it->state == state::down && answered(last)) return change::came_back;
        break;
    }
    return change::none;
}

}  // namespace

std::string_view code_of(change c) noexcept
{
    constexpr std::array codes{"none", "went_silent", "came_back", "first_seen"};
    return codes[static_cast<std::size_t>(c)];
}

std::string_view label_of(change c) noexcept
{
    constexpr std::array labels{"no change", "stopped answering", "answered again", "called for the first time"};
    return labels[static_cast<std::size_t>(c)];
}

std::string roll::generated_at() const { return newest ? data::to_rfc3339(newest->at) : std::string(); }
std::string roll::fresh_until() const { return newest ? data::to_rfc3339(newest->at + freshness) : std::string(); }

roll call_roll(const data::edition& e, std::string base_url, std::optional<data::time_point> now)
{
    roll r{};
    r.edition = &e;
    r.base_url = std::move(base_url);
    if (!r.base_url.ends_with('/')) r.base_url += '/';
    for (const auto& round : e.rounds) r.rounds.emplace(round.id, &round);
    if (!e.rounds.empty()) r.newest = &e.rounds.back();
    if (e.rounds.size() > 1) r.before = &e.rounds[e.rounds.size() - 2];
    r.now = now.value_or(r.newest ? r.newest->at : data::time_point{});

    std::unordered_set<std::string_view> seen;
    for (const auto& row : e.endpoints) {
        if (!is_safe_slug(row.slug) || !seen.insert(row.slug).second) {
            r.refused.push_back(row.slug);
            continue;
        }
        entry n{&row, state::unknown, {}, 0, 0, change_of(row, r), name_of(row)};
        if (const auto it = r.rounds.find(row.observed_round); it != r.rounds.end()) {
            n.observed = it->second->at;
            if (r.now - *n.observed <= freshness) n.state = row.state;
        }
        for (const auto& night : row.nights) {
            const auto it = r.rounds.find(night.round);
            // What is behind a gate is not measured: such a night is neither a good one nor a bad one.
            if (!night.valid || night.state == state::gated || it == r.rounds.end()) continue;
            if (r.newest->at - it->second->at >= std::chrono::days(uptime_nights)) continue;
            ++n.measured;
            n.good += night.good ? 1 : 0;
        }
        r.entries.push_back(std::move(n));
    }
    std::ranges::sort(r.entries, {}, [](const entry& n) -> std::string_view { return n.row->slug; });
    return r;
}

const data::region_night* self_check(const roll& r, std::int64_t region, std::int64_t round)
{
    const auto it = std::ranges::find_if(r.edition->region_nights, [&](const data::region_night& n) { return n.region == region && n.round == round; });
    return it == r.edition->region_nights.end() ? nullptr : &*it;
}

bool is_safe_slug(std::string_view slug) noexcept
{
    if (slug.empty() || slug.size() > 1000) return false;
    for (bool first = true; !slug.empty(); first = false) {
        const auto end = std::min(slug.find('/'), slug.size());
        const auto segment = slug.substr(0, end);
        const bool last = end == slug.size();
        slug.remove_prefix(last ? end : end + 1);
        if (!last && slug.empty()) return false;  // ends in a slash
        if (segment.empty() || segment.front() == '.' || segment.size() > 200 || (first && segment == "by")) return false;
        const auto fits = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                   c == '~' || c == '-';
        };
        if (!std::ranges::all_of(segment, fits)) return false;
        // A folder of this name would stand where another endpoint's document stands.
        for (const char* ending : {".svg", ".json", ".xml", ".html"})
            if (segment.ends_with(ending)) return false;
    }
    return true;
}

std::string place_of(const data::edition& e, std::int64_t region)
{
    const auto it = std::ranges::find(e.regions, region, &data::region_row::id);
    if (it == e.regions.end() || it->city.empty()) return "a place that is not known";
    return it->city;
}

std::string places_in_words(const data::edition& e)
{
    if (e.regions.empty()) return "nowhere yet";
    if (e.regions.size() == 1) {
        const auto& only = e.regions.front();
        return only.city.empty() ? "one region, whose place is not known" : "one region, " + only.city;
    }
    std::string out;
    for (std::size_t i = 0; i < e.regions.size(); ++i) {
        if (i > 0) out += i + 1 == e.regions.size() ? " and " : ", ";
        out += place_of(e, e.regions[i].id);
    }
    return out;
}

std::string quarter_of(data::time_point t)
{
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(t)};
    return std::to_string(static_cast<int>(date.year())) + "-Q" +
           std::to_string((static_cast<unsigned>(date.month()) + 2) / 3);
}

}  // namespace rollcall::render
