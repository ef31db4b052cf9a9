#include "audit/schedule/scheduler.hpp"

#include "audit/net/nothrow.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <limits>

namespace rollcall::audit {
namespace net = boost::asio;

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds between_looks{100};

// Whoever stands aside holds no slot, so the agenda itself counts none: the pace does.
schedule_limits without_slots(schedule_limits l)
{
    l.in_flight = std::numeric_limits<std::size_t>::max();
    return l;
}

}  // namespace

scheduler::scheduler(net::io_context& context, const schedule_limits& limits, std::span<const job> jobs, std::uint64_t seed, work run, events tell)
    : context_(context),
      run_(std::move(run)),
      tell_(std::move(tell)),
      plan_(without_slots(limits), jobs, seed, clock::now()),
      pace_(limits.in_flight, tell_.too_late, clock::now()),
      news_(context),
      last_look_(clock::now())
{
}

void scheduler::note_in_flight() { most_in_flight_ = std::max(most_in_flight_, in_flight()); }

void scheduler::give_up_rest(clock::time_point now)
{
    const auto late = plan_.overdue(now);
    try {
        for (const auto& t : late) tell_.over_budget(t.job, t.attempt);
    } catch (...) {
        if (!failure_) failure_ = std::current_exception();
        stopped_ = true;
    }
}

net::awaitable<void> scheduler::carry_out(agenda::turn t)
{
    wish w;
    try {
        auto running = run_(t.job, t.attempt);
        w = co_await std::move(running);
    } catch (...) {
        if (!failure_) failure_ = std::current_exception();
        stopped_ = true;
    }
    plan_.ended(t, clock::now(), w);
    news_.cancel();
}

void scheduler::begin_what_may(clock::time_point now)
{
    // Those who stood aside were begun before.
    while (!returning_.empty() && in_flight() < pace_.allowed()) {
        auto* const waiting = returning_.front();
        returning_.pop_front();
        --aside_;
        note_in_flight();
        waiting->cancel();
    }
    if (stopped_ || pace_.out_of_breath()) return;
    while (in_flight() < pace_.allowed()) {
        const auto t = plan_.begin(now);
        if (!t) break;
        note_in_flight();
        net::co_spawn(context_, carry_out(*t), net::detached);
    }
}

scheduler::clock::time_point scheduler::next_look(clock::time_point now) const
{
    if (stopped_) return now + 1s;
    // While the pace holds something back, it is what we wait for.
    if (in_flight() >= pace_.allowed() || pace_.out_of_breath()) return now + between_looks;
    return std::clamp(plan_.due(), now, now + 1s);
}

net::awaitable<void> scheduler::dispatch()
{
    while (plan_.begun() > 0 || (!stopped_ && plan_.waiting() > 0)) {
        const auto now = clock::now();
        if (now - last_look_ >= between_looks) {
            pace_.look(tell_.late_now ? tell_.late_now() : 0ms, tell_.worst_since ? tell_.worst_since(last_look_) : 0ms, now);
            last_look_ = now;
        }
        if (!stopped_) give_up_rest(now);
        begin_what_may(now);
        if (plan_.begun() == 0 && (stopped_ || plan_.waiting() == 0)) break;
        // Until a site's time comes, a job ends, or somebody stops us.
        news_.expires_at(next_look(now));
        co_await news_.async_wait(nothrow);
    }
    if (tell_.ended) tell_.ended();
}

void scheduler::run()
{
    net::co_spawn(context_, dispatch(), [this](std::exception_ptr e) {
        if (e && !failure_) failure_ = e;
        if (e) context_.stop();
    });
    context_.restart();
    context_.run();
    if (failure_) std::rethrow_exception(failure_);
}

void scheduler::stop()
{
    stopped_ = true;
    news_.cancel();
}

void scheduler::step_aside()
{
    ++aside_;
    news_.cancel();
}

net::awaitable<void> scheduler::step_back()
{
    net::steady_timer turn(context_, clock::time_point::max());
    returning_.push_back(&turn);
    news_.cancel();
    co_await turn.async_wait(nothrow);
}

}  // namespace rollcall::audit
