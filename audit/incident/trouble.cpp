#include "audit/incident/trouble.hpp"

#include <algorithm>

namespace rollcall::audit::incident {
namespace {

std::size_t failures(const outcome& o) { return static_cast<std::size_t>(std::ranges::count_if(o.cells, failed)); }

bool failed_there(const outcome& o, std::int64_t region)
{
    return std::ranges::any_of(o.cells, [&](const sighting& s) { return s.region == region && failed(s); });
}

}  // namespace

bool failed(const sighting& s) noexcept
{
    const auto c = data::class_of(s.why);
    return c == data::cell_class::transport || c == data::cell_class::http || c == data::cell_class::malformed;
}

trouble trouble_of(const outcome& now, const outcome* before) noexcept
{
    if (!now.valid) return trouble::unmeasured;
    if (now.state == data::state::down) return trouble::all;
    const auto n = failures(now);
    if (n == 0) return trouble::none;
    if (n >= 2) return trouble::some;
    const auto it = std::ranges::find_if(now.cells, failed);
    return before && failed_there(*before, it->region) ? trouble::some : trouble::stray;
}

std::vector<const outcome*> measured(const server& s, std::optional<std::int64_t> before)
{
    std::vector<const outcome*> out;
    for (const auto& o : s.nights) {
        if (before && o.round == *before) break;
        if (o.valid) out.push_back(&o);
    }
    return out;
}

const outcome* tonight_of(const server& s, std::int64_t round) noexcept
{
    return !s.nights.empty() && s.nights.back().round == round && s.nights.back().valid ? &s.nights.back() : nullptr;
}

std::optional<bool> failed_from(const outcome& o, std::optional<std::int64_t> region) noexcept
{
    if (!o.valid) return {};
    if (!region) return o.state == data::state::down;
    const auto it = std::ranges::find(o.cells, *region, &sighting::region);
    if (it == o.cells.end()) return {};
    return failed(*it);
}

bool at_risk(const server& s, std::int64_t round, std::optional<std::int64_t> region)
{
    int seen = 0, good = 0;
    bool before = false;
    for (auto it = s.nights.rbegin(); it != s.nights.rend() && seen < 3; ++it) {
        if (it->round == round) before = true;
        else if (const auto bad = failed_from(*it, region); before && bad) {
            if (seen++ == 0 && *bad) return false;
            // A gate is no failure, but nobody has seen the server behind it answer.
            good += !*bad && (it->state == data::state::up || it->state == data::state::degraded);
        }
    }
    return good >= 2;
}

std::vector<subject> subjects_of(const std::vector<server>& servers, std::int64_t round, std::optional<std::int64_t> region)
{
    std::vector<subject> out;
    for (const auto& s : servers) {
        const auto it = std::ranges::find(s.nights, round, &outcome::round);
        if (it == s.nights.end()) continue;
        const auto bad = failed_from(*it, region);
        if (!bad || !at_risk(s, round, region)) continue;
        if (region && it->state == data::state::down) continue;
        subject one{s.endpoint, s.site, s.keys, *bad};
        if (*bad) {
            const auto tells = std::ranges::find_if(it->cells, [&](const sighting& c) { return failed(c) && (region ? c.region == *region : c.why == it->why); });
            const auto any = tells != it->cells.end() ? tells : std::ranges::find_if(it->cells, failed);
            one.why = any != it->cells.end() ? any->why : it->why;
            if (any != it->cells.end()) one.signature = any->signature;
            one.vantages = static_cast<unsigned>(failures(*it));
        }
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace rollcall::audit::incident
