// The figures that stand beside counts: intervals and shares. Pure arithmetic, tested against published values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rollcall::render {

struct interval { double low, high; };  // per cent, rounded to one decimal

// The 95 % Wilson score interval of `ok` successes in `n` trials. 0..100 where n is 0: nothing is known.
interval wilson(std::int64_t ok, std::int64_t n) noexcept;

// Shares of a whole in tenths of a per cent that sum to exactly 1000 (largest remainder; ties to the earlier
// row). All zero where the counts are. Counts must not be negative.
std::vector<std::int64_t> shares_in_tenths(std::span<const std::int64_t> counts);

// A value rounded to one decimal, so that documents print 83.3 and not 83.29999.
double one_decimal(double value) noexcept;

}  // namespace rollcall::render
