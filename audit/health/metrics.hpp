// Numbers of a health document under names and units that mean the same everywhere.
#pragma once

#include "audit/health/limits.hpp"
#include "audit/health/report.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace rollcall::audit::health {

// A member as a metric. Numbers, and texts that are a number with a unit ("12 ms", "00:00:00.0123"). null only under a
// name that we know: then the figure is missing, which can mean something. Empty for anything else, and for numbers
// that measure nothing (ids, ports, times of day).
// `in_pool`: the member belongs to a pool of connections, where "total" and "queued" have their own meaning.
std::optional<metric> metric_of(std::string_view member, const nlohmann::ordered_json& value, bool in_pool);

// The worst row of `limits` that these metrics of one object break; of equals the first.
const limit_row* broken_limit(std::span<const metric> metrics);

}  // namespace rollcall::audit::health
