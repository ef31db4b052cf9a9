// What a piece of work costs in a process of its own, so that its peak of memory is its own.
#pragma once

#include <functional>

namespace rollcall::bench {

struct cost { double seconds = 0, cpu_seconds = 0, peak_mib = 0; };

// Throws if the work throws.
cost measured(const std::function<void()>& work);

}  // namespace rollcall::bench
