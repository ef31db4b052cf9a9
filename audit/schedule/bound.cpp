#include "audit/schedule/bound.hpp"

#include <algorithm>
#include <unordered_map>

namespace rollcall::audit {
namespace {

using std::chrono::milliseconds;

// `requests` at a rate, of which a burst comes at once.
milliseconds at_rate(double requests, double burst, double per_second)
{
    if (per_second <= 0 || requests <= burst) return milliseconds(0);
    return std::chrono::duration_cast<milliseconds>(std::chrono::duration<double>((requests - burst) / per_second));
}

struct load {
    double requests = 0;
    milliseconds busy{0};
};

}  // namespace

milliseconds round_bound::whole() const { return std::max({rate, connections, address, slots, chain}); }

milliseconds time_at_rate(std::size_t jobs, const schedule_limits& limits)
{
    const double cost = std::min(limits.requests_a_job, limits.site_burst);
    return at_rate(static_cast<double>(jobs) * cost, limits.site_burst, limits.site_requests_per_second);
}

round_bound bound_of(std::span<const job> jobs, std::span<const job_cost> costs, const schedule_limits& limits, const address_limits& addresses)
{
    const double a_job = std::min(limits.requests_a_job, limits.site_burst);
    std::unordered_map<std::string, load> sites, hosts;
    load all;
    round_bound out;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const auto& c = costs[i];
        auto& site = sites[jobs[i].site];
        site.requests += c.attempts * a_job;
        site.busy += c.busy;
        all.busy += c.busy;
        if (!c.address.empty()) {
            auto& host = hosts[c.address];
            host.requests += c.attempts * std::min<double>(limits.requests_a_job, addresses.burst);
            host.busy += c.busy;
        }
        out.chain = std::max(out.chain, c.busy + c.waits);
    }
    for (const auto& [name, l] : sites) {
        const auto rate = at_rate(l.requests, limits.site_burst, limits.site_requests_per_second);
        const auto connections = l.busy / std::max(1u, limits.site_in_flight);
        if (std::max(rate, connections) > std::max(out.rate, out.connections)) out.site = name;
        out.rate = std::max(out.rate, rate);
        out.connections = std::max(out.connections, connections);
    }
    for (const auto& [name, l] : hosts)
        out.address = std::max({out.address, at_rate(l.requests, addresses.burst, addresses.per_second),
                                milliseconds(l.busy / static_cast<std::int64_t>(std::max<std::size_t>(1, addresses.connections)))});
    out.slots = all.busy / static_cast<std::int64_t>(std::max<std::size_t>(1, limits.in_flight));
    return out;
}

}  // namespace rollcall::audit
