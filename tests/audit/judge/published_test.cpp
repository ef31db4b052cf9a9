// The published quarter, made anew: cells of 2,414 endpoints from five regions over three rounds, in every shape that
// the eight buckets have, must come out as the published figures.
#include "audit/judge/judge.hpp"
#include "data/statistics/proportion.hpp"

#include "tests/audit/judge/marks.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <iostream>
#include <random>
#include <string>

using namespace rollcall::audit;
using namespace rollcall::audit::tests;
using rollcall::data::bucket;
using rollcall::data::cell_class;
using rollcall::data::published_bucket;
using rollcall::data::reason;

namespace {

constexpr std::int64_t rounds = 3, regions = 5;
enum region : std::int64_t { us_east = 1, us_west, eu_west, singapore, sao_paulo };

// An endpoint's fifteen cells: `at` gives the letter of each.
std::vector<mark> window(const std::function<char(std::int64_t round, std::int64_t region)>& at, const std::function<std::uint32_t(std::int64_t, std::int64_t)>& contract = {})
{
    std::vector<mark> out;
    for (std::int64_t round = 1; round <= rounds; ++round)
        for (std::int64_t region = 1; region <= regions; ++region) {
            mark m{round, region, reason_for(at(round, region))};
            if (rollcall::data::is_good(rollcall::data::class_of(m.why))) {
                m.contract = contract ? contract(round, region) : 1;
                m.era = rollcall::data::era::modern;
            }
            out.push_back(m);
        }
    return out;
}

// The endpoint number `i` of those of one published bucket: shapes take turns.
std::vector<mark> endpoint(published_bucket of, int i, std::mt19937& random)
{
    const auto any = [&](std::string_view from) { return from[random() % from.size()]; };
    const auto all = [](char c) { return [c](std::int64_t, std::int64_t) { return c; }; };
    // Mostly one class, with what else befalls such servers here and there.
    const auto mostly = [&](char c, std::string_view others) {
        std::array<char, 15> cells{};
        cells.fill(c);
        for (unsigned k = 0; k < random() % 6; ++k) cells[random() % 15] = any(others);
        return [cells](std::int64_t round, std::int64_t region) { return cells[static_cast<std::size_t>((round - 1) * regions + region - 1)]; };
    };
    switch (of) {
        case published_bucket::healthy_stable: return i % 5 == 0 ? window(mostly('P', "U")) : window(all('P'));
        case published_bucket::healthy_drifted: {
            const auto when = 2 + i % 2;
            return window(all('P'), [when](std::int64_t round, std::int64_t) { return round < when ? 1u : 2u; });
        }
        // 41 of the 88 failed from Singapore.
        case published_bucket::regionally_degraded: {
            const auto lost = i < 41 ? singapore : std::array{us_east, us_west, eu_west, sao_paulo}[static_cast<std::size_t>(i) % 4];
            const char how = "TAWH"[i % 4];
            return window([=](std::int64_t, std::int64_t region) { return region == lost ? how : 'P'; });
        }
        case published_bucket::auth_walled: return window(mostly('A', "TUH"));
        case published_bucket::transport_dead:
            // One in ten comes and goes: good once, and two bad regions in a round.
            if (i % 10 == 0) return window([](std::int64_t round, std::int64_t region) { return round == 2 && region == eu_west ? 'P' : 'T'; });
            return window(mostly('T', "UHA"));
        case published_bucket::mcp_dead:
            switch (i % 8) {
                case 0: return window(all('S'));                      // slow is not healthy there
                case 1: return window(all('Z'));                      // nor is an empty list
                case 2: return window(mostly('W', "U"));              // walls had no word of their own
                case 3: return window([](std::int64_t round, std::int64_t region) { return round == 1 && region == us_west ? 'S' : 'P'; });
                case 4: return window([](std::int64_t round, std::int64_t region) { return round == 3 && region == us_west ? 'H' : 'P'; });  // a blip
                case 5: return window([](std::int64_t round, std::int64_t) { return round == 2 ? 'H' : 'P'; });                              // flaps
                default: return window(mostly('H', "TUA"));
            }
        case published_bucket::schema_malformed: return window(mostly('M', "HTU"));
        case published_bucket::credential_degraded: {
            auto out = window(all('A'));
            for (auto& m : out) {
                m.credentialed = true;
                m.owner = m.round == 1 + i % 3 ? behind::works : behind::failing;
                m.owner_why = m.owner == behind::works ? reason::ok : reason::credential_expired;
            }
            return out;
        }
    }
    return {};
}

}  // namespace

TEST_CASE("36,210 cells give the published quarter exactly, and shares that sum to 100.0")
{
    constexpr std::array<int, 8> expected{248, 39, 88, 311, 871, 649, 176, 32};
    std::mt19937 random(2026);
    std::vector<std::vector<mark>> endpoints;
    for (const auto& row : rollcall::data::all_published())
        for (int i = 0; i < expected[static_cast<std::size_t>(row.value)]; ++i) endpoints.push_back(endpoint(row.value, i, random));
    std::ranges::shuffle(endpoints, random);

    std::size_t cells = 0, lost_in_singapore = 0;
    std::array<std::int64_t, 8> counts{};
    std::array<std::int64_t, 12> ours{};
    for (auto& marks : endpoints) {
        cells += marks.size();
        std::ranges::shuffle(marks, random);
        const auto judged = judge_window(marks, regions);
        const auto published = rollcall::data::published_as(judged.bucket, strict_facts_of(marks));
        REQUIRE(published.has_value());
        ++counts[static_cast<std::size_t>(*published)];
        ++ours[static_cast<std::size_t>(judged.bucket)];
        lost_in_singapore += judged.bucket == bucket::regionally_degraded &&
                             std::ranges::all_of(marks, [](const mark& m) { return m.region != singapore || m.why != reason::ok; });
    }
    CHECK(endpoints.size() == 2414);
    CHECK(cells == 36'210);
    CHECK(lost_in_singapore == 41);

    const auto shares = rollcall::statistics::shares_in_tenths(counts);
    std::int64_t sum = 0;
    std::printf("%zu endpoints, %zu cells, five regions, three rounds:\n", endpoints.size(), cells);
    for (const auto& row : rollcall::data::all_published()) {
        const auto at = static_cast<std::size_t>(row.value);
        CHECK(counts[at] == expected[at]);
        sum += shares[at];
        std::printf("  %-32.*s %5lld  %5.1f %%\n", static_cast<int>(row.label.size()), row.label.data(), static_cast<long long>(counts[at]), static_cast<double>(shares[at]) / 10.0);
    }
    std::printf("  %-32s %5zu  %5.1f %%\n", "", endpoints.size(), static_cast<double>(sum) / 10.0);
    std::printf("the same endpoints in our own buckets:\n");
    for (const auto& row : rollcall::data::all_buckets())
        if (const auto n = ours[static_cast<std::size_t>(row.value)]; n > 0) std::printf("  %-32.*s %5lld\n", static_cast<int>(row.code.size()), row.code.data(), static_cast<long long>(n));
    std::fflush(stdout);
    CHECK(sum == 1000);
    CHECK(std::vector<std::int64_t>(shares.begin(), shares.end()) == std::vector<std::int64_t>{103, 16, 36, 129, 361, 269, 73, 13});
}

TEST_CASE("every bucket reads in the published view, whatever else the window held")
{
    using rollcall::data::published_as;
    using rollcall::data::strict_facts;
    struct row { bucket ours; strict_facts facts; const char* theirs; };
    const row rows[] = {
        {bucket::healthy_stable, {}, "healthy_stable"},
        {bucket::healthy_stable, {{}, true, false}, "mcp_dead"},
        {bucket::healthy_stable, {{}, false, true}, "mcp_dead"},
        {bucket::healthy_stable, {cell_class::transport, false, false}, "transport_dead"},
        {bucket::healthy_stable, {cell_class::auth, true, true}, "auth_walled"},
        {bucket::healthy_drifted, {}, "healthy_drifted"},
        {bucket::healthy_drifted, {cell_class::malformed, false, false}, "schema_malformed"},
        {bucket::slow, {{}, true, false}, "mcp_dead"},
        {bucket::slow, {cell_class::transport, true, false}, "transport_dead"},
        {bucket::credential_degraded, {cell_class::transport, true, true}, "credential_degraded"},
        {bucket::regionally_degraded, {cell_class::transport, true, true}, "regionally_degraded"},
        {bucket::flapping, {cell_class::wall, false, false}, "mcp_dead"},
        {bucket::flapping, {cell_class::transport, false, false}, "transport_dead"},
        {bucket::flapping, {cell_class::auth, false, false}, "auth_walled"},
        {bucket::auth_walled, {cell_class::auth, false, false}, "auth_walled"},
        {bucket::bot_walled, {cell_class::wall, false, false}, "mcp_dead"},
        {bucket::schema_malformed, {cell_class::malformed, false, false}, "schema_malformed"},
        {bucket::mcp_dead, {cell_class::http, false, false}, "mcp_dead"},
        {bucket::transport_dead, {cell_class::transport, false, false}, "transport_dead"},
    };
    for (const auto& r : rows) {
        INFO(rollcall::data::code_of(r.ours));
        const auto got = published_as(r.ours, r.facts);
        REQUIRE(got.has_value());
        CHECK(rollcall::data::code_of(*got) == r.theirs);
    }
    CHECK_FALSE(published_as(bucket::unmeasured, {}).has_value());
}
