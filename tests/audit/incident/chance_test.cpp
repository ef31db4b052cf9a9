#include "audit/incident/chance.hpp"
#include "tests/catch.hpp"

#include <cmath>

namespace rollcall::audit::incident {

TEST_CASE("the tail of a binomial is the sum of its terms", "[incident]")
{
    struct row { std::int64_t k, n; double p, tail; };
    // By hand, in fractions.
    const row table[] = {{0, 10, 0.5, 1}, {10, 10, 0.5, 1.0 / 1024}, {9, 10, 0.5, 11.0 / 1024}, {5, 10, 0.5, 638.0 / 1024}, {1, 3, 0.1, 0.271},
                         {2, 3, 0.1, 0.028}, {3, 3, 0.1, 0.001}, {4, 3, 0.1, 0}, {1, 4, 0, 0}, {1, 4, 1, 1}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.k << " of " << r.n << " at " << r.p) { CHECK(std::abs(binomial_tail(r.k, r.n, r.p) - r.tail) < 1e-12); }
}

TEST_CASE("the tail of a binomial holds at the far ends", "[incident]")
{
    CHECK(binomial_tail(41, 44, 0.002) < 1e-100);
    CHECK(binomial_tail(41, 44, 0.002) > 0);
    CHECK(binomial_tail(20000, 20000, 0.002) == 0);
    CHECK(binomial_tail(1, 20000, 0.9) == 1);
    CHECK(std::abs(binomial_tail(10000, 20000, 0.5) - 0.5028) < 1e-4);
    for (std::int64_t k = 1; k <= 60; ++k) {
        CAPTURE(k);
        CHECK(binomial_tail(k, 60, 0.3) <= binomial_tail(k - 1, 60, 0.3));
    }
}

TEST_CASE("the gain of a group is what its own rate explains beyond the others'", "[incident]")
{
    CHECK(log_likelihood_gain(0, 10, 0.1) == 0);
    CHECK(log_likelihood_gain(1, 10, 0.1) == 0);
    CHECK(std::abs(log_likelihood_gain(10, 10, 0.1) - 10 * std::log(10)) < 1e-12);
    CHECK(std::abs(log_likelihood_gain(5, 10, 0.1) - (5 * std::log(5.0) + 5 * std::log(0.5 / 0.9))) < 1e-12);
}

TEST_CASE("p-values are adjusted as Benjamini and Hochberg do", "[incident]")
{
    // The example of their paper, table 1 of section 4: at 0.05 the first four are discoveries.
    const std::vector<double> paper{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0};
    const auto adjusted = benjamini_hochberg(paper);
    for (std::size_t i = 0; i < paper.size(); ++i) {
        CAPTURE(i);
        CHECK((adjusted[i] <= 0.05) == (i < 4));
    }
    CHECK(std::abs(adjusted[3] - 0.0095 * 15 / 4) < 1e-12);
    CHECK(benjamini_hochberg({}).empty());
    CHECK(benjamini_hochberg({0.04, 0.01}) == std::vector<double>{0.04, 0.02});
    CHECK(benjamini_hochberg({0.04, 0.04}) == std::vector<double>{0.04, 0.04});
}

}  // namespace rollcall::audit::incident
