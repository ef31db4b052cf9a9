// The least time that a round can take, from what its jobs need and what the limits allow: no order of work beats it, and
// a good one comes within a few percent.
#pragma once

#include "audit/net/address_budget.hpp"
#include "audit/schedule/agenda.hpp"

#include <chrono>
#include <span>
#include <string>

namespace rollcall::audit {

// What a job turned out to need.
struct job_cost {
    std::chrono::milliseconds busy{0};   // in flight, all its attempts together
    unsigned attempts = 1;
    std::chrono::milliseconds waits{0};  // between its attempts
    std::string address{};               // where its connections went; empty: unknown
};

struct round_bound {
    std::chrono::milliseconds rate{0};         // the largest site's requests at its rate
    std::chrono::milliseconds connections{0};  // the busiest site's time on its few connections
    std::chrono::milliseconds address{0};      // the same two of the busiest address
    std::chrono::milliseconds slots{0};        // everybody's time on all slots
    std::chrono::milliseconds chain{0};        // the longest single job, from its first moment to its last
    std::string site{};                        // whose rate or connections it is
    std::chrono::milliseconds whole() const;   // the greatest of them
};

// `costs` stands beside `jobs`. A budget is not looked at: what it cuts off is not among the jobs.
round_bound bound_of(std::span<const job> jobs, std::span<const job_cost> costs, const schedule_limits& limits, const address_limits& addresses);

// How long a site's jobs take at its rate if each needs one attempt.
std::chrono::milliseconds time_at_rate(std::size_t jobs, const schedule_limits& limits);

}  // namespace rollcall::audit
