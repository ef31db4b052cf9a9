// Could it be chance? The two figures that a group of failures is tested with.
#pragma once

#include <cstdint>
#include <vector>

namespace rollcall::audit::incident {

// P(X >= k) for X ~ Binomial(n, p), 0 <= p <= 1: summed from the largest term on, exact to about 1e-10 relative;
// 0 where it is below the smallest double. 1 for k <= 0, 0 for k > n.
double binomial_tail(std::int64_t k, std::int64_t n, double p);

// How much likelier k of n failures are at their own rate than at the rate p0 (0 < p0 < 1): natural logarithm,
// binomial coefficients cancelled out. 0 where they failed no more often than p0.
double log_likelihood_gain(std::int64_t k, std::int64_t n, double p0);

// Benjamini and Hochberg's adjusted p-values, in the order of the input (J. R. Statist. Soc. B 57 (1995) 289):
// below q, the share of false discoveries among those is at most q.
std::vector<double> benjamini_hochberg(const std::vector<double>& p);

}  // namespace rollcall::audit::incident
