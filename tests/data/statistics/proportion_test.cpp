#include "data/statistics/proportion.hpp"

#include "tests/catch.hpp"

#include <cmath>
#include <numeric>
#include <vector>

using namespace rollcall::statistics;

TEST_CASE("Wilson intervals agree with published values", "[statistics]")
{
    struct row { std::int64_t ok, n; double low, high; };
    const row table[] = {{29, 30, 83.3, 99.4},    {0, 10, 0.0, 27.8},       {3, 20, 5.2, 36.0},       {0, 30, 0.0, 11.4},
                         {248, 2414, 9.1, 11.5},  {39, 2414, 1.2, 2.2},     {871, 2414, 34.2, 38.0},  {649, 2414, 25.2, 28.7},
                         {41, 88, 36.5, 56.9},    {30, 30, 88.6, 100.0},    {0, 0, 0.0, 100.0}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.ok << " of " << r.n)
        {
            const auto got = wilson(r.ok, r.n);
            CHECK(std::lround(got.low * 10) == std::lround(r.low * 10));
            CHECK(std::lround(got.high * 10) == std::lround(r.high * 10));
        }
}

TEST_CASE("Wilson intervals agree with the table of a well-known comparison", "[statistics]")
{
    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998)
    // 857-872, table I, method 3: to four places.
    struct row { std::int64_t ok, n; double low, high; };
    const row table[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0000, 0.1611}, {1, 29, 0.0061, 0.1718}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.ok << " of " << r.n)
        {
            const auto got = wilson_proportion(r.ok, r.n);
            CHECK(std::lround(got.low * 10000) == std::lround(r.low * 10000));
            CHECK(std::lround(got.high * 10000) == std::lround(r.high * 10000));
        }
}

TEST_CASE("printed shares sum to exactly 100.0", "[statistics]")
{
    using list = std::vector<std::int64_t>;
    struct row { const char* name; list counts, tenths; };
    const row table[] = {
        {"the published quarter", {248, 39, 88, 311, 871, 649, 176, 32}, {103, 16, 36, 129, 361, 269, 73, 13}},
        {"thirds", {1, 1, 1}, {334, 333, 333}},
        {"nothing", {0, 0}, {0, 0}},
        {"one row", {7}, {1000}},
        {"a row too small to print", {9999, 1}, {1000, 0}},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name)
        {
            const auto got = shares_in_tenths(r.counts);
            CHECK(got == r.tenths);
            const auto sum = std::accumulate(got.begin(), got.end(), std::int64_t{0});
            CHECK((sum == 1000 || std::accumulate(r.counts.begin(), r.counts.end(), std::int64_t{0}) == 0));
        }
}
