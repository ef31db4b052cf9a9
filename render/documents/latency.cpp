#include "render/documents/latency.hpp"

#include "data/model/night_cells.hpp"
#include "data/statistics/quantile.hpp"

#include <algorithm>

namespace rollcall::render {

std::map<std::int64_t, std::vector<std::uint32_t>> times_by_region(const data::endpoint_row& e)
{
    std::map<std::int64_t, std::vector<std::uint32_t>> out;
    for (const auto& night : e.nights)
        for (const auto& c : data::unpack_cells(night.cells))
            if (c.ms) out[c.region].push_back(*c.ms);
    for (auto& [region, times] : out) std::ranges::sort(times);
    return out;
}

document latency_document(const std::vector<std::uint32_t>& times)
{
    const auto of = [&](unsigned p) {
        const auto ms = statistics::percentile(times, p);
        return ms ? document(*ms) : document(nullptr);
    };
    return {{"n", times.size()}, {"p50_ms", of(50)}, {"p95_ms", of(95)}};
}

}  // namespace rollcall::render
