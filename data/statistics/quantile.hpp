// Percentiles of few samples: one is printed only where the samples can bound it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace rollcall::statistics {

// How many samples the p-th percentile (0 < p < 100) needs: the fewest for which the largest of them is above the true
// percentile with 95 % confidence, (p/100)^n <= 0.05. So the median wants 5, p75 11, p95 59 and p99 299.
std::size_t least_samples(unsigned p) noexcept;

// The p-th percentile by nearest rank: the smallest sample that p % of the samples do not exceed. Empty for fewer than
// least_samples(p). `sorted` in rising order.
std::optional<std::uint32_t> percentile(std::span<const std::uint32_t> sorted, unsigned p) noexcept;

// Between which samples the true percentile lies with at least 95 % confidence: order statistics, 2.5 % in each tail
// (W. J. Conover, "Practical Nonparametric Statistics", 3rd ed., section 3.2). Ranks count from 1; 0 and n + 1 stand
// for no bound on that side.
struct rank_interval { std::size_t low, high; };
rank_interval percentile_ranks(std::size_t n, unsigned p) noexcept;

}  // namespace rollcall::statistics
