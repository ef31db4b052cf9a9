// The bounds of what is read of a health document, and the figures from which a component is no longer up.
#pragma once

#include "data/model/verdict.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace rollcall::audit::health {

inline constexpr std::size_t most_bytes = 64u << 10;  // of a document
inline constexpr int most_depth = 8;                  // arrays and objects in one another
inline constexpr std::size_t most_members = 512;      // of one object or array
inline constexpr std::size_t most_components = 128;   // listed; more are read, but not kept
inline constexpr std::size_t most_metrics = 16;       // of a component
inline constexpr std::size_t most_places = 20;        // of what was (not) recognised
inline constexpr std::size_t name_bytes = 80;
inline constexpr std::size_t note_bytes = 200;

enum class comparison { above, at_least, equal, at_least_other, null_beside_zero };

// A figure that contradicts a component's word. Such a row only ever worsens: what the document itself calls worse
// stays worse, whatever its figures say.
struct limit_row {
    std::string_view metric;
    comparison how;
    double limit;
    std::string_view other;  // at_least_other: the metric that is the limit; null_beside_zero: the one that is zero
    data::state becomes;
    std::string_view reason;
};

inline constexpr std::array limits{
    // Somebody waits for a connection: every one is taken.
    limit_row{"pool_waiting", comparison::above, 0, "", data::state::degraded, "pool_exhausted"},
    // Nobody waits yet, but the next burst will: nine of ten connections are taken.
    limit_row{"pool_utilization", comparison::above, 0.9, "", data::state::degraded, "pool_saturated"},
    // 0 of 0 connections: no pool was made yet, which proves neither health nor fault.
    limit_row{"pool_utilization", comparison::null_beside_zero, 0, "pool_total", data::state::unknown, "pool_empty"},
    // Data or events older than the document itself allows.
    limit_row{"age_s", comparison::at_least_other, 0, "threshold_s", data::state::degraded, "stale"},
    // A replica further behind than the document itself allows.
    limit_row{"lag_s", comparison::at_least_other, 0, "threshold_s", data::state::degraded, "replica_lag"},
    // The client has no broker left to speak to: nothing is produced or consumed.
    limit_row{"broker_count", comparison::equal, 0, "", data::state::down, "no_brokers"},
    // Jobs are accepted and nobody works on them. Not down: workers may be started on demand.
    limit_row{"worker_count", comparison::equal, 0, "", data::state::degraded, "no_workers"},
    // Jobs that were begun and neither ended nor failed.
    limit_row{"stuck_count", comparison::above, 0, "", data::state::degraded, "stuck"},
    // A workflow that reached no end within an hour waits for something that does not come.
    limit_row{"non_terminal_age_s", comparison::above, 3600, "", data::state::degraded, "workflow_stuck"},
    // Billing events are sent every few minutes; ten without one means that they pile up.
    limit_row{"unreported_age_s", comparison::above, 600, "", data::state::degraded, "billing_unreported"},
    // One notification of a hundred is lost.
    limit_row{"error_rate", comparison::above, 0.01, "", data::state::degraded, "error_rate"},
    // A prompt is expanded as a test; clients give up about then.
    limit_row{"expansion_ms", comparison::at_least, 5000, "", data::state::degraded, "slow"},
};

}  // namespace rollcall::audit::health
