// How long servers took: percentiles over the nights that are shown, from good cells alone.
#pragma once

#include "data/model/edition.hpp"
#include "render/documents/documents.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace rollcall::render {

// Times of the endpoint's good cells in its nights, milliseconds in rising order, by region.
std::map<std::int64_t, std::vector<std::uint32_t>> times_by_region(const data::endpoint_row& e);

// {"n": 88, "p50_ms": 412, "p95_ms": 1030}: a percentile is null where the times are too few to bound it, fewer than 5
// for p50 and 59 for p95. `times` in rising order.
document latency_document(const std::vector<std::uint32_t>& times);

}  // namespace rollcall::render
