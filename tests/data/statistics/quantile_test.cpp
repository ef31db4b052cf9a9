#include "data/statistics/quantile.hpp"

#include "tests/catch.hpp"

#include <numeric>
#include <vector>

using namespace rollcall::statistics;

TEST_CASE("a percentile wants as many samples as can bound it", "[statistics]")
{
    struct row { unsigned p; std::size_t n; };
    for (const auto& r : {row{50, 5}, row{75, 11}, row{90, 29}, row{95, 59}, row{99, 299}})
        DYNAMIC_SECTION("p" << r.p)
        {
            CHECK(least_samples(r.p) == r.n);
            std::vector<std::uint32_t> samples(r.n);
            std::iota(samples.begin(), samples.end(), 1u);
            CHECK(percentile(samples, r.p).has_value());
            samples.pop_back();
            CHECK_FALSE(percentile(samples, r.p).has_value());
        }
}

TEST_CASE("a percentile is a sample: the smallest that so many do not exceed", "[statistics]")
{
    const auto one_to = [](std::uint32_t n) {
        std::vector<std::uint32_t> out(n);
        std::iota(out.begin(), out.end(), 1u);
        return out;
    };
    struct row { std::uint32_t n; unsigned p; std::uint32_t expected; };
    // The nearest rank: ceil(p/100 * n).
    for (const auto& r : {row{5, 50, 3}, row{6, 50, 3}, row{7, 50, 4}, row{100, 50, 50}, row{100, 95, 95}, row{59, 95, 57}, row{60, 95, 57}, row{61, 95, 58}, row{1000, 99, 990}})
        DYNAMIC_SECTION("p" << r.p << " of " << r.n)
        {
            CHECK(percentile(one_to(r.n), r.p) == r.expected);
        }
    CHECK_FALSE(percentile({}, 50).has_value());
    const std::vector<std::uint32_t> same(8, 120);
    CHECK(percentile(same, 50) == 120u);
}

TEST_CASE("ranks that enclose a percentile agree with the tables of the sign test", "[statistics]")
{
    // Of the median: the critical values of the sign test at two-sided 5 % (W. J. Conover, "Practical Nonparametric
    // Statistics", table A3): no interval for five samples, 1 and 6 of six, 2 and 9 of ten, 6 and 15 of twenty, 10 and 21 of thirty.
    struct row { std::size_t n; unsigned p; std::size_t low, high; };
    for (const auto& r : {row{5, 50, 0, 6}, row{6, 50, 1, 6}, row{10, 50, 2, 9}, row{20, 50, 6, 15}, row{30, 50, 10, 21}, row{100, 50, 40, 61}, row{30, 95, 26, 31}})
        DYNAMIC_SECTION("p" << r.p << " of " << r.n)
        {
            const auto got = percentile_ranks(r.n, r.p);
            CHECK(got.low == r.low);
            CHECK(got.high == r.high);
        }
    const auto many = percentile_ranks(100'000, 99);
    CHECK(many.low == 98'938);
    CHECK(many.high == 99'062);
}
