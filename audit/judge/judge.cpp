#include "audit/judge/judge.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace rollcall::audit {
namespace {

using data::bucket;
using data::cell_class;

bool bad(const mark& m) { return !data::is_good(data::class_of(m.why)); }

std::vector<mark> valid_of(std::span<const mark> marks)
{
    std::vector<mark> out;
    for (const auto& m : marks) {
        if (!data::is_valid(data::class_of(m.why))) continue;
        out.push_back(m);
        if (m.credentialed && data::class_of(m.why) == cell_class::auth) out.back().why = data::reason::ok;
    }
    // Rows may come in any order; everything below reads them in one.
    std::ranges::sort(out, {}, [](const mark& m) { return std::tuple(m.round, m.region, m.why, m.contract); });
    return out;
}

// The most frequent class; ties go to the furthest layer.
cell_class modal_class(const std::vector<mark>& marks)
{
    std::map<cell_class, std::size_t> count;
    for (const auto& m : marks) ++count[data::class_of(m.why)];
    return std::ranges::max_element(count, {}, [](const auto& c) { return std::pair(c.second, data::depth_of(c.first)); })->first;
}

// The most frequent reason of that class; ties go to the lower code.
data::reason modal_reason(const std::vector<mark>& marks, cell_class of)
{
    std::map<data::reason, std::size_t> count;
    for (const auto& m : marks)
        if (data::class_of(m.why) == of) ++count[m.why];
    return std::ranges::max_element(count, {}, [](const auto& c) { return std::pair(c.second, -static_cast<int>(c.first)); })->first;
}

bucket bucket_of(cell_class c)
{
    switch (c) {
        case cell_class::auth: return bucket::auth_walled;
        case cell_class::malformed: return bucket::schema_malformed;
        case cell_class::wall: return bucket::bot_walled;
        case cell_class::http: return bucket::mcp_dead;
        case cell_class::transport: return bucket::transport_dead;
        case cell_class::pass:
        case cell_class::slow:
        case cell_class::unusable: break;
    }
    return bucket::unmeasured;
}

struct contract_story { bool drifted = false, unstable = false, split = false; };

// What the tool contracts of the window say, region by region: drift is the same change, from the same old to
// the same new contract, seen by two regions (or by the only one).
contract_story read_contracts(const std::vector<mark>& valid, unsigned regions)
{
    contract_story story;
    std::map<std::int64_t, std::vector<std::string>> by_region;
    std::map<std::int64_t, std::set<std::string>> by_round;
    for (const auto& m : valid) {
        if (m.contract.empty()) continue;
        by_round[m.round].insert(m.contract);
        auto& seen = by_region[m.region];
        if (seen.empty() || seen.back() != m.contract) seen.push_back(m.contract);
    }
    for (const auto& [round, contracts] : by_round) story.split |= contracts.size() > 1;

    std::map<std::pair<std::string, std::string>, unsigned> changes;
    for (const auto& [region, seen] : by_region) {
        if (std::set(seen.begin(), seen.end()).size() < seen.size()) story.unstable = true;  // A-B-A
        for (std::size_t i = 1; i < seen.size(); ++i) {
            // Contracts of different eras are not compared: the first character is the era.
            if (seen[i - 1].front() == seen[i].front()) ++changes[{seen[i - 1], seen[i]}];
        }
    }
    const unsigned needed = regions > 1 ? 2 : 1;
    for (const auto& [change, times] : changes) story.drifted |= times >= needed;
    story.drifted &= !story.unstable && !story.split;
    return story;
}

// Most of the owner's checks among these marks failed: the most frequent reason, ties to the lower code.
std::optional<data::reason> owner_trouble(const std::vector<mark>& marks)
{
    std::map<data::reason, std::size_t> count;
    std::size_t checks = 0, failing = 0;
    for (const auto& m : marks) {
        checks += m.owner != behind::nobody;
        if (m.owner != behind::failing) continue;
        ++failing;
        ++count[m.owner_why];
    }
    if (failing * 2 <= checks) return std::nullopt;
    return std::ranges::max_element(count, {}, [](const auto& c) { return std::pair(c.second, -static_cast<int>(c.first)); })->first;
}

bool fails_behind(const std::vector<mark>& valid)
{
    std::map<std::int64_t, std::vector<mark>> by_round;
    for (const auto& m : valid) by_round[m.round].push_back(m);
    return std::ranges::count_if(by_round, [](const auto& r) { return owner_trouble(r.second).has_value(); }) >= 2;
}

bucket_result healthy(const std::vector<mark>& valid, unsigned regions, std::uint32_t flags)
{
    if (fails_behind(valid)) return {bucket::credential_degraded, flags};
    const auto story = read_contracts(valid, regions);
    if (story.unstable) flags |= data::flag_unstable_catalogue;
    if (story.split) flags |= data::flag_catalogue_split;
    if (story.drifted) return {bucket::healthy_drifted, flags};
    const auto good = std::ranges::count_if(valid, [](const mark& m) { return !bad(m); });
    const auto slow = std::ranges::count_if(valid, [](const mark& m) { return data::class_of(m.why) == cell_class::slow; });
    return {slow * 2 >= good ? bucket::slow : bucket::healthy_stable, flags};
}

}  // namespace

bucket_result judge_window(std::span<const mark> marks, unsigned regions)
{
    const auto valid = valid_of(marks);
    std::set<std::int64_t> rounds, seen_regions, bad_regions, good_regions;
    std::map<std::int64_t, std::size_t> bad_in_round;
    std::size_t bad_count = 0;
    for (const auto& m : valid) {
        rounds.insert(m.round);
        seen_regions.insert(m.region);
        if (bad(m)) {
            ++bad_count;
            ++bad_in_round[m.round];
        }
    }
    if (rounds.size() < 2 || (regions > 1 && seen_regions.size() < 2)) return {bucket::unmeasured};
    if (bad_count == 0) return healthy(valid, regions, 0);
    if (bad_count == valid.size()) return {bucket_of(modal_class(valid))};

    for (const auto region : seen_regions) {
        const auto in_region = [&](const mark& m) { return m.region == region; };
        if (std::ranges::all_of(valid, [&](const mark& m) { return !in_region(m) || bad(m); })) bad_regions.insert(region);
        if (std::ranges::all_of(valid, [&](const mark& m) { return !in_region(m) || !bad(m); })) good_regions.insert(region);
    }
    if (!bad_regions.empty() && !good_regions.empty()) return {bucket::regionally_degraded};
    const bool scattered = std::ranges::all_of(bad_in_round, [](const auto& r) { return r.second < 2; });
    if (scattered && bad_count <= std::max<std::size_t>(1, valid.size() / 10)) return healthy(valid, regions, data::flag_blip);
    return {bucket::flapping};
}

namespace {

night_result judge_cells(std::span<const mark> marks, const std::vector<mark>& valid)
{
    using data::state;
    if (valid.empty()) {
        const auto why = marks.empty() ? data::reason::interrupted
                                       : std::ranges::min(marks, {}, [](const mark& m) { return std::tuple(m.region, m.why); }).why;
        return {state::unknown, why, false, false};
    }
    std::vector<mark> bad_marks, good_marks;
    for (const auto& m : valid) (bad(m) ? bad_marks : good_marks).push_back(m);
    const bool good_night = good_marks.size() * 2 > valid.size();

    if (good_marks.empty()) {
        const auto of = modal_class(bad_marks);
        const bool gated = of == cell_class::auth || of == cell_class::wall;
        return {gated ? state::gated : state::down, modal_reason(bad_marks, of), true, false};
    }
    const auto slow = static_cast<std::size_t>(
        std::ranges::count_if(good_marks, [](const mark& m) { return data::class_of(m.why) == cell_class::slow; }));
    const auto good_class = modal_class(good_marks);
    if (bad_marks.empty()) {
        const bool mostly_slow = slow * 2 > valid.size();
        return {mostly_slow ? state::degraded : state::up, modal_reason(good_marks, good_class), true, good_night};
    }
    if (bad_marks.size() == 1 && valid.size() >= 3 && slow * 2 <= valid.size())
        return {state::up, modal_reason(good_marks, good_class), true, good_night};
    return {state::degraded, modal_reason(bad_marks, modal_class(bad_marks)), true, good_night};
}

}  // namespace

night_result judge_night(std::span<const mark> marks)
{
    const auto valid = valid_of(marks);
    auto night = judge_cells(marks, valid);
    if (std::ranges::any_of(valid, &mark::credentialed)) night.flags |= data::flag_with_credential;
    if (night.state != data::state::up) return night;
    if (const auto trouble = owner_trouble(valid)) {
        night.state = data::state::degraded;
        night.why = *trouble;
    }
    return night;
}

std::int64_t streak_after(const night_result& tonight, std::optional<std::pair<data::state, std::int64_t>> before)
{
    return before && before->first == tonight.state ? before->second + 1 : 1;
}

}  // namespace rollcall::audit
