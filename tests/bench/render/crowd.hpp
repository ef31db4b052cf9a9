// A store of made-up servers with ninety nights behind them, the same each time: what a large site is rendered from.
#pragma once

#include <cstddef>
#include <filesystem>

namespace rollcall::bench {

struct crowd { std::size_t servers = 10'000, nights = 90; };

// Writes the store in place of what stands at `file`. Three quarters of the servers answer; one in five has had an outage
// with its incident, a platform went out as a whole one night, one in forty changed its tools, a fifth stands in two registries.
void write_crowd(const std::filesystem::path& file, const crowd& c);

}  // namespace rollcall::bench
