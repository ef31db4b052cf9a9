// What holds for windows of any size, tried on many: seeded, so that a failure can be looked at again.
#include "audit/judge/judge.hpp"

#include "tests/audit/judge/marks.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <string>

using namespace rollcall::audit;
using namespace rollcall::audit::tests;
using rollcall::data::bucket;

namespace {

struct sample { std::vector<mark> marks; unsigned regions; };

// One to twelve rounds from one to six regions, some endpoints nearly always good, some never.
sample draw(std::mt19937& random)
{
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    sample s;
    s.regions = 1 + below(6);
    const auto rounds = 1 + below(12);
    const auto kind = below(4);
    const auto contracts = 1 + below(3);
    for (unsigned round = 1; round <= rounds; ++round)
        for (unsigned region = 1; region <= s.regions; ++region) {
            if (below(10) == 0) continue;
            const auto roll = below(100);
            const char letter = kind == 0   ? roll < 95 ? 'P' : letters[below(8)]
                                : kind == 1 ? letters[2 + below(5)]
                                : kind == 2 ? region == 1 ? 'T' : 'P'
                                            : letters[below(8)];
            mark m{round, region, reason_for(letter)};
            if (letter == 'P' || letter == 'S') {
                m.contract = 1 + below(contracts);
                m.era = rollcall::data::era::modern;
            }
            if (below(20) == 0) {
                m.owner = below(2) == 0 ? behind::works : behind::failing;
                m.owner_why = m.owner == behind::works ? rollcall::data::reason::ok : rollcall::data::reason::canary_failed;
                m.credentialed = below(2) == 0;
            }
            s.marks.push_back(m);
        }
    return s;
}

bool valid(const mark& m) { return rollcall::data::is_valid(rollcall::data::class_of(m.why)); }
bool healthy(bucket b) { return b == bucket::healthy_stable || b == bucket::healthy_drifted || b == bucket::slow || b == bucket::credential_degraded; }

std::string told(const sample& s)
{
    std::string out = std::to_string(s.regions) + " regions:";
    for (const auto& m : s.marks)
        out += " " + std::to_string(m.round) + "." + std::to_string(m.region) + rollcall::data::letter(rollcall::data::class_of(m.why)) + std::to_string(m.contract);
    return out;
}

constexpr int samples = 2000;

}  // namespace

TEST_CASE("the order of rows, rows twice, and cells that are no evidence change no verdict")
{
    std::mt19937 random(11);
    for (int i = 0; i < samples; ++i) {
        auto s = draw(random);
        INFO(told(s));
        const auto window = judge_window(s.marks, s.regions);
        const auto night = judge_night(s.marks);
        const auto strict = strict_facts_of(s.marks);
        auto other = s.marks;
        std::ranges::shuffle(other, random);
        REQUIRE(judge_window(other, s.regions) == window);
        REQUIRE(judge_night(other) == night);
        REQUIRE(strict_facts_of(other) == strict);
        const auto once = other;
        for (const auto& m : once)
            if (random() % 2 == 0) other.push_back(m);
        REQUIRE(judge_window(other, s.regions) == window);
        if (std::ranges::any_of(once, valid)) REQUIRE(judge_night(other) == night);
        other = once;
        std::erase_if(other, [](const mark& m) { return !valid(m); });
        REQUIRE(judge_window(other, s.regions) == window);
        for (std::int64_t round = 1; round < 20; round += 3) other.push_back({round, 7, rollcall::data::reason::region_down, 9});
        REQUIRE(judge_window(other, s.regions) == window);
        if (night.valid) REQUIRE(judge_night(other) == night);
        REQUIRE(strict_facts_of(other) == strict);
    }
}

TEST_CASE("the numbers of rounds, regions and contracts are only names")
{
    std::mt19937 random(12);
    for (int i = 0; i < samples; ++i) {
        const auto s = draw(random);
        INFO(told(s));
        auto renamed = s.marks;
        for (auto& m : renamed) {
            m.round = m.round * 7 + 20'000;
            m.region = 100 - m.region;
            if (m.contract != 0) m.contract = 1000 - m.contract;
        }
        REQUIRE(judge_window(renamed, s.regions) == judge_window(s.marks, s.regions));
        REQUIRE(judge_night(renamed) == judge_night(s.marks));
    }
}

TEST_CASE("more good cells never make a good endpoint a bad one, and more bad cells never make a bad one good")
{
    std::mt19937 random(13);
    int good_ones = 0, bad_ones = 0;
    for (int i = 0; i < samples; ++i) {
        auto s = draw(random);
        INFO(told(s));
        const auto before = judge_window(s.marks, s.regions);
        auto more = s.marks;
        const auto count = [&](bool bad) { return std::ranges::count_if(s.marks, [&](const mark& m) { return valid(m) && rollcall::data::is_good(rollcall::data::class_of(m.why)) != bad; }); };
        const std::int64_t round = 13;
        if (healthy(before.bucket)) {
            ++good_ones;
            for (std::int64_t region = 1; region <= s.regions; ++region) more.push_back({round, region, rollcall::data::reason::ok});
            REQUIRE(healthy(judge_window(more, s.regions).bucket));
        } else if (before.bucket != bucket::unmeasured && count(false) == 0) {
            ++bad_ones;
            for (std::int64_t region = 1; region <= s.regions; ++region) more.push_back({round, region, rollcall::data::reason::http_404});
            REQUIRE_FALSE(healthy(judge_window(more, s.regions).bucket));
        }
    }
    CHECK(good_ones > 250);
    CHECK(bad_ones > 250);
}

TEST_CASE("with one region configured nothing is judged by place, and few bad cells are all that is forgiven")
{
    std::mt19937 random(14);
    for (int i = 0; i < samples; ++i) {
        const auto s = draw(random);
        INFO(told(s));
        REQUIRE(judge_window(s.marks, 1).bucket != bucket::regionally_degraded);
        const auto got = judge_window(s.marks, s.regions);
        std::size_t all = 0, bad = 0;
        for (const auto& m : s.marks) {
            const bool stranger_refused = rollcall::data::class_of(m.why) == rollcall::data::cell_class::auth && m.credentialed;
            all += valid(m);
            bad += valid(m) && !stranger_refused && !rollcall::data::is_good(rollcall::data::class_of(m.why));
        }
        if (healthy(got.bucket)) REQUIRE(bad <= std::max<std::size_t>(1, all / 10));
        REQUIRE(((got.flags & rollcall::data::flag_blip) != 0) == (healthy(got.bucket) && bad > 0));
        const auto night = judge_night(s.marks);
        REQUIRE(night.valid == (all > 0));
        REQUIRE((night.state == rollcall::data::state::unknown) == (all == 0));
        REQUIRE(night.good == (2 * (all - bad) > all));
    }
}
