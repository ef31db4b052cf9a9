#include "audit/schedule/scheduler.hpp"

#include "audit/net/nothrow.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <numeric>
#include <random>

namespace rollcall::audit {
namespace net = boost::asio;

namespace {

constexpr std::chrono::milliseconds tick_length{100}, worth_a_note{50}, a_breath{100};
// A thousand connections opened in one moment are a thousand handshakes to be computed in the next.
constexpr std::size_t workers_a_breath = 100;

// Fisher-Yates with a generator whose output the standard fixes: the same seed gives the same order everywhere.
std::vector<std::size_t> permutation(std::size_t count, std::uint64_t seed)
{
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937_64 random(seed);
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[static_cast<std::size_t>(random() % i)]);
    return order;
}

}  // namespace

scheduler::scheduler(net::io_context& context, const schedule_limits& limits, const std::vector<std::string>& sites,
                     std::uint64_t seed, work run, given_up over_budget)
    : context_(context), limits_(limits), run_(std::move(run)), over_budget_(std::move(over_budget)), started_(clock::now()), news_(context)
{
    std::unordered_map<std::string, site*> by_name;
    for (const auto job : permutation(sites.size(), seed)) {
        auto& s = by_name[sites[job]];
        if (!s) {
            s = sites_.emplace_back(std::make_unique<site>()).get();
            s->name = sites[job];
            s->tokens = limits_.site_burst;
            s->refilled = started_;
            index_.emplace(s, sites_.size() - 1);
        }
        s->queue.emplace(started_, turn{job, 1});
        ++waiting_;
    }
    for (auto& s : sites_) offer(*s);
}

// When the site's next job may start: its own time, and the site's tokens.
scheduler::clock::time_point scheduler::next_start(site& s, clock::time_point now)
{
    auto at = std::max(s.queue.begin()->first, started_);
    if (limits_.site_requests_per_second <= 0) return at;
    const auto elapsed = std::chrono::duration<double>(now - s.refilled).count();
    s.tokens = std::min<double>(limits_.site_burst, s.tokens + elapsed * limits_.site_requests_per_second);
    s.refilled = now;
    const auto cost = std::min<double>(limits_.requests_a_job, limits_.site_burst);
    if (s.tokens < cost) {
        const auto wait = std::chrono::duration<double>((cost - s.tokens) / limits_.site_requests_per_second);
        at = std::max(at, now + std::chrono::duration_cast<clock::duration>(wait));
    }
    return at;
}

void scheduler::withdraw(site& s)
{
    if (s.ready) ready_.erase({*s.ready, index_.at(&s)});
    s.ready.reset();
}

// Puts the site where workers find it, if it has a job and room for one.
void scheduler::offer(site& s)
{
    withdraw(s);
    if (s.queue.empty() || s.in_flight >= limits_.site_in_flight) return;
    s.ready = next_start(s, clock::now());
    ready_.emplace(*s.ready, index_.at(&s));
    news_.cancel_one();
}

bool scheduler::over_budget(clock::time_point now) const { return limits_.budget.count() > 0 && now - started_ > limits_.budget; }

void scheduler::give_up_rest()
{
    for (auto& s : sites_) {
        withdraw(*s);
        for (const auto& [at, t] : std::exchange(s->queue, {})) {
            --waiting_;
            over_budget_(t.job);
        }
    }
}

net::awaitable<void> scheduler::catch_breath()
{
    net::steady_timer rest(context_);
    do {
        rest.expires_after(a_breath);
        co_await rest.async_wait(nothrow);
    } while (!stopped_ && limits_.out_of_breath && limits_.out_of_breath());
}

net::awaitable<void> scheduler::begin(std::size_t workers)
{
    for (std::size_t i = 0; i < workers && !stopped_; ++i) {
        if (i > 0 && i % workers_a_breath == 0) co_await catch_breath();
        if (waiting_ == 0 && in_flight_ == 0) break;
        net::co_spawn(context_, worker(), [this](std::exception_ptr e) {
            if (e && !failure_) failure_ = e;
            if (e) stop();
        });
    }
}

net::awaitable<void> scheduler::worker()
{
    while (!stopped_) {
        if (limits_.out_of_breath && limits_.out_of_breath()) co_await catch_breath();
        if (stopped_) break;
        const auto now = clock::now();
        if (over_budget(now)) give_up_rest();
        if (ready_.empty() || ready_.begin()->first > now) {
            if (waiting_ == 0 && in_flight_ == 0) break;
            // Until a site's time comes, a job ends, or somebody stops us. Setting the time anew wakes everybody who
            // waits, so it is done only when it must come earlier.
            const auto due = ready_.empty() ? now + std::chrono::seconds(1) : std::min(ready_.begin()->first, now + std::chrono::seconds(1));
            if (news_.expiry() <= now || due < news_.expiry()) news_.expires_at(due);
            co_await news_.async_wait(nothrow);
            continue;
        }
        auto& s = *sites_[ready_.begin()->second];
        withdraw(s);
        const auto next = s.queue.begin()->second;
        s.queue.erase(s.queue.begin());
        s.tokens -= std::min<double>(limits_.requests_a_job, limits_.site_burst);
        ++s.in_flight;
        --waiting_;
        most_in_flight_ = std::max(most_in_flight_, ++in_flight_);
        offer(s);

        const auto again = co_await run_(next.job, next.attempt);

        --in_flight_;
        --s.in_flight;
        if (again) {
            s.queue.emplace(clock::now() + *again, turn{next.job, next.attempt + 1});
            ++waiting_;
        }
        offer(s);
        if (waiting_ == 0 && in_flight_ == 0) news_.cancel();
    }
}

void scheduler::run()
{
    const auto workers = std::min(limits_.in_flight, std::max<std::size_t>(waiting_, 1));
    net::co_spawn(context_, begin(workers), net::detached);
    context_.restart();
    context_.run();
    if (failure_) std::rethrow_exception(failure_);
}

void scheduler::stop()
{
    stopped_ = true;
    news_.cancel();
}

std::pair<std::string, std::size_t> scheduler::longest_queue() const
{
    std::pair<std::string, std::size_t> out;
    for (const auto& s : sites_)
        if (s->queue.size() > out.second) out = {s->name, s->queue.size()};
    return out;
}

lag_meter::lag_meter(net::io_context& context) : timer_(context) {}

void lag_meter::start()
{
    running_ = true;
    due_ = clock::now() + tick_length;
    tick();
}

void lag_meter::stop()
{
    running_ = false;
    timer_.cancel();
}

void lag_meter::tick()
{
    timer_.expires_at(due_);
    timer_.async_wait([this](boost::system::error_code ec) {
        if (ec || !running_) return;
        const auto now = clock::now();
        const auto late = std::chrono::duration_cast<std::chrono::milliseconds>(now - due_);
        last_ = late;
        if (late >= worth_a_note) late_.emplace(now, late);
        while (late_.size() > 1000) late_.erase(late_.begin());
        due_ = now + tick_length;
        tick();
    });
}

std::chrono::milliseconds lag_meter::now() const
{
    if (!running_) return std::chrono::milliseconds(0);
    return std::max(last_, std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - due_));
}

std::chrono::milliseconds lag_meter::worst_since(clock::time_point from) const
{
    std::chrono::milliseconds worst{0};
    for (auto it = late_.lower_bound(from); it != late_.end(); ++it) worst = std::max(worst, it->second);
    return worst;
}

}  // namespace rollcall::audit
