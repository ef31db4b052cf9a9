// A round in virtual time: the agenda and the address budget as the scheduler uses them, and jobs that take as long as the
// test says. An hour of it takes a second.
#pragma once

#include "audit/net/address_budget.hpp"
#include "audit/schedule/agenda.hpp"
#include "audit/schedule/bound.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <vector>

namespace rollcall::tests {

using std::chrono::milliseconds;
using virtual_time = audit::agenda::time_point;

// What one attempt of a job takes, and what it asks for at its end.
struct attempt_plan {
    milliseconds takes{0};
    audit::wish then{};
};

struct virtual_round {
    std::vector<audit::job> jobs;
    std::vector<std::string> addresses{};  // by job; empty: no address is known
    audit::schedule_limits limits{};
    audit::address_limits per_address{0, 0, 1'000'000};
    std::uint64_t seed = 1;
    std::function<attempt_plan(std::size_t job, unsigned attempt)> run;

    // What came of it.
    struct start { milliseconds at; std::size_t job; unsigned attempt; };
    std::vector<start> starts{};               // of their conversations: after any wait for an address
    std::vector<audit::agenda::turn> given_up{};
    std::vector<audit::job_cost> costs{};
    milliseconds took{0};
    std::size_t most_in_flight = 0;
    std::map<std::string, unsigned> most_at_site{}, most_at_address{};

    void play()
    {
        const virtual_time began{std::chrono::hours(1)};
        audit::schedule_limits without_slots = limits;
        without_slots.in_flight = std::numeric_limits<std::size_t>::max();
        audit::agenda plan(without_slots, jobs, seed, began);
        audit::address_budget budget(per_address);
        costs.assign(jobs.size(), {});

        struct happening {
            virtual_time at;
            std::size_t order;
            std::function<void()> what;
            bool operator>(const happening& o) const { return std::tie(at, order) > std::tie(o.at, o.order); }
        };
        std::priority_queue<happening, std::vector<happening>, std::greater<>> coming;
        std::size_t order = 0, aside = 0;
        virtual_time now = began;
        std::map<std::string, std::deque<audit::agenda::turn>> doors;
        std::map<std::string, unsigned> at_site, at_address;
        const auto in_flight = [&] { return plan.begun() - aside; };
        const auto at = [&](virtual_time when, std::function<void()> what) { coming.push({when, order++, std::move(what)}); };

        std::function<void(audit::agenda::turn)> converse;
        const auto enter = [&](const std::string& address) { return budget.enter(boost::asio::ip::make_address(address), limits.requests_a_job, false, now); };
        std::function<void(const std::string&)> knock = [&](const std::string& address) {
            for (auto& queue = doors[address]; !queue.empty();) {
                if (const auto again = enter(address)) {
                    if (*again != audit::address_budget::never) at(*again, [&, address] { knock(address); });
                    return;
                }
                const auto t = queue.front();
                queue.pop_front();
                --aside;
                converse(t);
            }
        };
        converse = [&](audit::agenda::turn t) {
            const auto p = run(t.job, t.attempt);
            starts.push_back({std::chrono::duration_cast<milliseconds>(now - began), t.job, t.attempt});
            const auto& site = jobs[t.job].site;
            const std::string address = addresses.empty() ? std::string() : addresses[t.job];
            auto& most = most_at_site[site];
            most = std::max(most, ++at_site[site]);
            if (!address.empty()) most_at_address[address] = std::max(most_at_address[address], ++at_address[address]);
            auto& c = costs[t.job];
            c.busy += p.takes;
            c.attempts = t.attempt;
            c.address = address;
            if (p.then.again) c.waits += *p.then.again;
            at(now + p.takes, [&, t, p, site, address] {
                --at_site[site];
                if (!address.empty()) {
                    --at_address[address];
                    budget.leave(boost::asio::ip::make_address(address));
                    knock(address);
                }
                plan.ended(t, now, p.then);
            });
        };
        const auto begin = [&](audit::agenda::turn t) {
            if (addresses.empty() || addresses[t.job].empty()) return converse(t);
            const auto& address = addresses[t.job];
            auto& queue = doors[address];
            if (queue.empty() && !enter(address)) return converse(t);
            ++aside;
            queue.push_back(t);
            if (queue.size() == 1) knock(address);
        };
        while (!plan.done()) {
            for (const auto& t : plan.overdue(now)) given_up.push_back(t);
            while (in_flight() < limits.in_flight) {
                const auto t = plan.begin(now);
                if (!t) break;
                begin(*t);
                most_in_flight = std::max(most_in_flight, in_flight());
            }
            auto next = in_flight() < limits.in_flight ? plan.due() : audit::agenda::never;
            // The scheduler looks at the budget once a second.
            if (limits.budget.count() > 0 && plan.waiting() > 0) next = std::min(next, std::max(now + milliseconds(1000), began + limits.budget + milliseconds(1)));
            if (!coming.empty() && coming.top().at <= next) {
                now = std::max(now, coming.top().at);
                const auto what = coming.top().what;
                coming.pop();
                what();
            } else if (next != audit::agenda::never) {
                now = std::max(now, next);
            } else {
                break;  // nothing can happen any more
            }
        }
        took = std::chrono::duration_cast<milliseconds>(now - began);
    }

    audit::round_bound bound() const { return audit::bound_of(jobs, costs, limits, per_address); }
};

}  // namespace rollcall::tests
