// Shares of a whole and how sure they are. Pure arithmetic, tested against published worked examples.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rollcall::statistics {

struct interval { double low, high; };

// The 95 % score interval of `ok` successes in `n` trials, as proportions: E. B. Wilson, "Probable inference, the law
// of succession, and statistical inference", Journal of the American Statistical Association 22 (1927) 209-212.
// 0 to 1 where n is 0: nothing is known.
interval wilson_proportion(std::int64_t ok, std::int64_t n) noexcept;

// The same in per cent, rounded to one decimal.
interval wilson(std::int64_t ok, std::int64_t n) noexcept;

// Shares of a whole in tenths of a per cent that sum to exactly 1000 (largest remainder, the method of Hamilton; ties
// to the earlier row). All zero where the counts are. Counts must not be negative.
std::vector<std::int64_t> shares_in_tenths(std::span<const std::int64_t> counts);

// A value rounded to one decimal, so that documents print 83.3 and not 83.29999.
double one_decimal(double value) noexcept;

}  // namespace rollcall::statistics
