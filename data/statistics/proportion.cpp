#include "data/statistics/proportion.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace rollcall::statistics {

double one_decimal(double value) noexcept { return std::round(value * 10.0) / 10.0; }

interval wilson_proportion(std::int64_t ok, std::int64_t n) noexcept
{
    if (n <= 0) return {0.0, 1.0};
    constexpr double z = 1.959963984540054;  // the 97.5th percentile of the normal distribution
    const double size = static_cast<double>(n);
    const double p = static_cast<double>(ok) / size;
    const double middle = p + z * z / (2.0 * size);
    const double reach = z * std::sqrt(p * (1.0 - p) / size + z * z / (4.0 * size * size));
    const double scale = 1.0 + z * z / size;
    return {std::max(0.0, (middle - reach) / scale), std::min(1.0, (middle + reach) / scale)};
}

interval wilson(std::int64_t ok, std::int64_t n) noexcept
{
    const auto [low, high] = wilson_proportion(ok, n);
    return {one_decimal(100.0 * low), one_decimal(100.0 * high)};
}

std::vector<std::int64_t> shares_in_tenths(std::span<const std::int64_t> counts)
{
    const auto total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    std::vector<std::int64_t> out(counts.size(), 0);
    if (total <= 0) return out;
    std::int64_t given = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) given += out[i] = counts[i] * 1000 / total;
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater<>{}, [&](std::size_t i) { return counts[i] * 1000 % total; });
    for (std::size_t i = 0; given < 1000; ++i, ++given) ++out[order[i]];
    return out;
}

}  // namespace rollcall::statistics
