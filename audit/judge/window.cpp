#include "audit/judge/valid.hpp"
#include "data/model/rules.hpp"

#include <algorithm>
#include <vector>

namespace rollcall::audit {
namespace {

using data::bucket;
using data::cell_class;

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

// In two rounds or more, most of what the owner registered failed.
bool fails_behind(std::span<const mark> valid)
{
    int failing = 0;
    for (auto from = valid.begin(); from != valid.end();) {
        const auto to = std::find_if(from, valid.end(), [&](const mark& m) { return m.round != from->round; });
        failing += owner_trouble({from, to}).has_value();
        from = to;
    }
    return failing >= static_cast<int>(data::rules::rounds_of_always);
}

bucket_result healthy(std::span<const mark> valid, unsigned regions, std::uint32_t flags)
{
    const auto story = read_contracts(valid, regions);
    if (story.unstable) flags |= data::flag_unstable_catalogue;
    if (story.split) flags |= data::flag_catalogue_split;
    if (fails_behind(valid)) return {bucket::credential_degraded, flags};
    if (story.drifted) return {bucket::healthy_drifted, flags};
    const auto good = std::ranges::count_if(valid, [](const mark& m) { return !is_bad(m); });
    const auto slow = std::ranges::count_if(valid, [](const mark& m) { return data::class_of(m.why) == cell_class::slow; });
    return {slow * 2 >= good ? bucket::slow : bucket::healthy_stable, flags};
}

struct tally { std::int64_t region; std::size_t good = 0, bad = 0; };

}  // namespace

bucket_result judge_window(std::span<const mark> marks, unsigned regions)
{
    const auto valid = valid_of(marks);
    std::vector<tally> by_region;  // a handful: looked through faster than a map
    std::size_t rounds = 0, bad = 0, worst_round = 0, bad_in_round = 0;
    for (std::size_t i = 0; i < valid.size(); ++i) {
        if (i == 0 || valid[i].round != valid[i - 1].round) {
            ++rounds;
            bad_in_round = 0;
        }
        auto region = std::ranges::find(by_region, valid[i].region, &tally::region);
        if (region == by_region.end()) region = by_region.insert(region, tally{valid[i].region});
        if (is_bad(valid[i])) {
            ++region->bad;
            ++bad;
            worst_round = std::max(worst_round, ++bad_in_round);
        } else {
            ++region->good;
        }
    }
    if (rounds < data::rules::fewest_rounds || (regions > 1 && by_region.size() < data::rules::fewest_rounds)) return {bucket::unmeasured};
    if (bad == 0) return healthy(valid, regions, 0);
    if (bad == valid.size()) return {bucket_of(modal_class(valid))};

    // "Always" takes two rounds: one stray failure of a region that was measured once is a blip, not a place.
    const bool lost_somewhere = std::ranges::any_of(by_region, [](const tally& r) { return r.good == 0 && r.bad >= data::rules::rounds_of_always; });
    const bool fine_somewhere = std::ranges::any_of(by_region, [](const tally& r) { return r.bad == 0; });
    if (regions > 1 && lost_somewhere && fine_somewhere) return {bucket::regionally_degraded};
    const bool scattered = worst_round < 2 && bad <= std::max<std::size_t>(1, valid.size() / data::rules::stray_one_in);
    if (scattered && !(regions > 1 && lost_somewhere)) return healthy(valid, regions, data::flag_blip);
    return {bucket::flapping};
}

data::strict_facts strict_facts_of(std::span<const mark> marks)
{
    data::strict_facts out;
    std::vector<mark> bad;
    for (const auto& m : valid_of(marks)) {
        if (is_bad(m)) bad.push_back(m);
        out.late |= data::class_of(m.why) == cell_class::slow;
        out.no_tools |= m.why == data::reason::ok_zero_tools;
    }
    if (!bad.empty()) out.bad = modal_class(bad);
    return out;
}

}  // namespace rollcall::audit
