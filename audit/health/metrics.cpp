#include "audit/health/metrics.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/health/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace rollcall::audit::health {
namespace {

struct name_row { std::string_view name, ours, unit; bool only_in_pool = false; };

constexpr std::array names{
    name_row{"total_count", "pool_total", "", true},
    name_row{"total", "pool_total", "", true},
    name_row{"size", "pool_total", "", true},
    name_row{"pool_total", "pool_total", ""},
    name_row{"idle", "pool_idle", "", true},
    name_row{"available", "pool_idle", "", true},
    name_row{"idle_count", "pool_idle", ""},
    name_row{"pool_idle", "pool_idle", ""},
    name_row{"waiting", "pool_waiting", "", true},
    name_row{"queued", "pool_waiting", "", true},
    name_row{"connection_queue", "pool_waiting", ""},
    name_row{"waiting_count", "pool_waiting", ""},
    name_row{"wait_queue_size", "pool_waiting", ""},
    name_row{"pool_waiting", "pool_waiting", ""},
    name_row{"utilization", "pool_utilization", "ratio", true},
    name_row{"utilisation", "pool_utilization", "ratio", true},
    name_row{"pool_utilization", "pool_utilization", "ratio"},
    name_row{"latency_ms", "latency_ms", "ms"},
    name_row{"response_ms", "latency_ms", "ms"},
    name_row{"response_time_ms", "latency_ms", "ms"},
    name_row{"response_time", "latency_ms", "ms"},
    name_row{"age_secs", "age_s", "s"},
    name_row{"age_seconds", "age_s", "s"},
    name_row{"last_event_secs_ago", "age_s", "s"},
    name_row{"last_fire_secs_ago", "age_s", "s"},
    name_row{"threshold_secs", "threshold_s", "s"},
    name_row{"threshold_seconds", "threshold_s", "s"},
    name_row{"lag_secs", "lag_s", "s"},
    name_row{"lag_seconds", "lag_s", "s"},
    name_row{"broker_count", "broker_count", ""},
    name_row{"workers", "worker_count", ""},
    name_row{"worker_count", "worker_count", ""},
    name_row{"stuck", "stuck_count", ""},
    name_row{"stuck_jobs", "stuck_count", ""},
    name_row{"oldest_non_terminal_secs", "non_terminal_age_s", "s"},
    name_row{"oldest_unreported_secs", "unreported_age_s", "s"},
    name_row{"error_rate", "error_rate", "ratio"},
    name_row{"expansion_ms", "expansion_ms", "ms"},
    name_row{"subscriptions", "subscriptions", ""},
};

struct suffix_row { std::string_view suffix, ours, unit; double factor; };

// How a name that is not ours ends says its unit. The first row that fits.
constexpr std::array suffixes{
    suffix_row{"_ms", "_ms", "ms", 1},
    suffix_row{"_millis", "_ms", "ms", 1},
    suffix_row{"_milliseconds", "_ms", "ms", 1},
    suffix_row{"_secs_ago", "_age_s", "s", 1},
    suffix_row{"_seconds_ago", "_age_s", "s", 1},
    suffix_row{"_secs", "_s", "s", 1},
    suffix_row{"_seconds", "_s", "s", 1},
    suffix_row{"_bytes", "_bytes", "bytes", 1},
    suffix_row{"_utilization", "_utilization", "ratio", 1},
    suffix_row{"_percent", "_ratio", "ratio", 0.01},
    suffix_row{"_pct", "_ratio", "ratio", 0.01},
};

// Numbers that identify or date something.
bool measures_nothing(std::string_view name)
{
    static constexpr std::array whole{"id", "pid", "port", "timestamp", "ts", "time", "date", "version", "code", "status", "status_code", "level", "upstream_status",
                                      "build", "year", "seq", "offset", "position", "order"};
    return std::ranges::find(whole, name) != whole.end() || name.ends_with("_id") || name.ends_with("_at") || name.ends_with("_timestamp") ||
           name.ends_with("_version") || name.ends_with("_port");
}

// A digit or more, as std::from_chars takes them; what follows goes to `rest`.
std::optional<double> number_in(std::string_view text, std::string_view& rest)
{
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
    rest = trim(text.substr(static_cast<std::size_t>(end - text.data())));
    return value;
}

// "00:00:00.0123456", as .NET writes spans of time: milliseconds.
std::optional<double> span_of_time(std::string_view text)
{
    if (text.size() < 8 || text.size() > 24 || text[2] != ':' || text[5] != ':') return std::nullopt;
    std::string_view rest;
    const auto hours = number_in(text.substr(0, 2), rest), minutes = number_in(text.substr(3, 2), rest), seconds = number_in(text.substr(6), rest);
    if (!hours || !minutes || !seconds || !rest.empty()) return std::nullopt;
    return (*hours * 3600 + *minutes * 60 + *seconds) * 1000;
}

struct quantity { double value; std::string_view unit; };

std::optional<quantity> quantity_of(std::string_view text)
{
    if (const auto span = span_of_time(text)) return quantity{*span, "ms"};
    std::string_view unit;
    const auto value = number_in(text, unit);
    if (!value) return std::nullopt;
    if (unit == "ms") return quantity{*value, "ms"};
    if (unit == "s") return quantity{*value, "s"};
    if (unit == "%") return quantity{*value / 100, "ratio"};
    return std::nullopt;
}

const name_row* row_of(std::string_view name, bool in_pool)
{
    for (const auto& row : names)
        if (row.name == name && (in_pool || !row.only_in_pool)) return &row;
    return nullptr;
}

metric named(const std::string& name, double value, bool in_pool)
{
    if (const auto* row = row_of(name, in_pool)) {
        // Some count utilisation in percent. 1.2 can be a pool that is overdrawn; 45 cannot.
        if (row->unit == "ratio" && value > 1.5 && value <= 100) value /= 100;
        return {std::string(row->ours), value, std::string(row->unit), true};
    }
    for (const auto& s : suffixes)
        if (name.size() > s.suffix.size() && name.ends_with(s.suffix))
            return {name.substr(0, name.size() - s.suffix.size()) + std::string(s.ours), value * s.factor, std::string(s.unit), false};
    return {name, value, name == "bytes" ? "bytes" : "", false};
}

const metric* find(std::span<const metric> metrics, std::string_view name)
{
    const auto found = std::ranges::find(metrics, name, &metric::name);
    return found == metrics.end() ? nullptr : &*found;
}

bool breaks(const limit_row& row, std::span<const metric> metrics)
{
    const auto* m = find(metrics, row.metric);
    if (!m) return false;
    const auto* other = row.other.empty() ? nullptr : find(metrics, row.other);
    const bool has_other = other && other->value;
    if (row.how == comparison::null_beside_zero) return !m->value && has_other && *other->value == 0;
    if (!m->value) return false;
    switch (row.how) {
        case comparison::above: return *m->value > row.limit;
        case comparison::at_least: return *m->value >= row.limit;
        case comparison::equal: return *m->value == row.limit;
        case comparison::at_least_other: return has_other && *m->value >= *other->value;
        case comparison::null_beside_zero: break;
    }
    return false;
}

}  // namespace

std::optional<metric> metric_of(std::string_view member, const nlohmann::ordered_json& value, bool in_pool)
{
    auto name = snake(member);
    if (name.empty() || measures_nothing(name)) return std::nullopt;
    if (value.is_null()) {
        const auto* row = row_of(name, in_pool);
        if (!row) return std::nullopt;
        return metric{std::string(row->ours), std::nullopt, std::string(row->unit), true};
    }
    if (value.is_number()) {
        const auto number = value.get<double>();
        if (!std::isfinite(number)) return std::nullopt;
        return named(name, number, in_pool);
    }
    if (!value.is_string()) return std::nullopt;
    const auto q = quantity_of(trim(value.get_ref<const std::string&>()));
    if (!q) return std::nullopt;
    if (name == "duration" || name == "total_duration") name = "latency";
    // The unit stands in the value: it must not be read from the name a second time.
    const auto suffix = q->unit == "ratio" ? std::string("_ratio") : "_" + std::string(q->unit);
    const auto full = name.ends_with(suffix) || row_of(name, in_pool) ? name : name + suffix;
    const auto* row = row_of(name, in_pool);
    const bool seconds_for_ms = row && row->unit == "ms" && q->unit == "s";
    auto out = named(full, seconds_for_ms ? q->value * 1000 : q->value, in_pool);
    if (!out.known) out.unit = q->unit;
    return out;
}

const limit_row* broken_limit(std::span<const metric> metrics)
{
    const limit_row* worst = nullptr;
    for (const auto& row : limits)
        if (breaks(row, metrics) && (!worst || worse(row.becomes, worst->becomes))) worst = &row;
    return worst;
}

}  // namespace rollcall::audit::health
