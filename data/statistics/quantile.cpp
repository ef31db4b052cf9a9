#include "data/statistics/quantile.hpp"

#include <cmath>

namespace rollcall::statistics {

std::size_t least_samples(unsigned p) noexcept
{
    const double share = static_cast<double>(p) / 100.0;
    std::size_t n = 1;
    for (double all_below = share; all_below > 0.05; all_below *= share) ++n;
    return n;
}

std::optional<std::uint32_t> percentile(std::span<const std::uint32_t> sorted, unsigned p) noexcept
{
    if (sorted.size() < least_samples(p)) return std::nullopt;
    const auto rank = (sorted.size() * p + 99) / 100;  // from 1
    return sorted[rank - 1];
}

rank_interval percentile_ranks(std::size_t n, unsigned p) noexcept
{
    // The number of samples at or below the percentile is binomial; summed from the left, in logarithms so that large
    // n do not vanish.
    const double share = static_cast<double>(p) / 100.0, size = static_cast<double>(n);
    const auto chance = [&](std::size_t k) {
        const double hits = static_cast<double>(k);
        return std::exp(std::lgamma(size + 1) - std::lgamma(hits + 1) - std::lgamma(size - hits + 1) + hits * std::log(share) +
                        (size - hits) * std::log1p(-share));
    };
    rank_interval out{0, n + 1};
    double below = 0;  // P(fewer than k)
    for (std::size_t k = 0; k <= n; ++k) {
        if (below <= 0.025) out.low = k;
        below += chance(k);
        if (below >= 0.975) {
            out.high = k + 1;
            break;
        }
    }
    return out;
}

}  // namespace rollcall::statistics
