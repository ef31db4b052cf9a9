#include "audit/incident/chance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rollcall::audit::incident {
namespace {

double log_term(std::int64_t k, std::int64_t n, double p)
{
    const auto lgamma_of = [](std::int64_t v) { return std::lgamma(static_cast<double>(v)); };
    return lgamma_of(n + 1) - lgamma_of(k + 1) - lgamma_of(n - k + 1) + static_cast<double>(k) * std::log(p) + static_cast<double>(n - k) * std::log1p(-p);
}

}  // namespace

double binomial_tail(std::int64_t k, std::int64_t n, double p)
{
    if (k <= 0) return 1;
    if (k > n || p <= 0) return 0;
    if (p >= 1) return 1;
    // Each term from the one before; what is left out is below the last digit.
    double term = std::exp(log_term(k, n, p)), sum = 0;
    if (term == 0) {
        // Far below the mean the first terms vanish and the rest is all there is; far above it, nothing is.
        if (static_cast<double>(k) > static_cast<double>(n) * p) return 0;
        return 1 - std::exp(log_term(k - 1, n, p));
    }
    for (auto i = k; i <= n; ++i) {
        sum += term;
        const double next = term * static_cast<double>(n - i) / static_cast<double>(i + 1) * p / (1 - p);
        if (next < term && next < sum * 1e-17) break;
        term = next;
    }
    return std::min(1.0, sum);
}

double log_likelihood_gain(std::int64_t k, std::int64_t n, double p0)
{
    const auto kd = static_cast<double>(k), nd = static_cast<double>(n);
    if (n <= 0 || kd / nd <= p0) return 0;
    const double rate = kd / nd;
    const double failed = kd * std::log(rate / p0);
    return k == n ? failed : failed + (nd - kd) * std::log((1 - rate) / (1 - p0));
}

std::vector<double> benjamini_hochberg(const std::vector<double>& p)
{
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
    std::vector<double> out(p.size());
    double least = 1;
    for (std::size_t rank = p.size(); rank > 0; --rank) {
        const auto i = order[rank - 1];
        least = std::min(least, p[i] * static_cast<double>(p.size()) / static_cast<double>(rank));
        out[i] = least;
    }
    return out;
}

}  // namespace rollcall::audit::incident
