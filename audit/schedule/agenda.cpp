#include "audit/schedule/agenda.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <unordered_map>

namespace rollcall::audit {
namespace {

// Fisher-Yates with a generator whose output the standard fixes: the same seed gives the same order everywhere.
std::vector<std::size_t> permutation(std::size_t count, std::uint64_t seed)
{
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937_64 random(seed);
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[static_cast<std::size_t>(random() % i)]);
    return order;
}

// By the last turn, then by chance; the jobs of one endpoint side by side, in an order of their own.
std::vector<std::size_t> order_of(std::span<const job> jobs, std::uint64_t seed)
{
    auto order = permutation(jobs.size(), seed);
    std::unordered_map<std::int64_t, std::size_t> drawn;  // an endpoint's place: that of its first job
    for (std::size_t place = 0; place < order.size(); ++place) drawn.emplace(jobs[order[place]].endpoint, place);
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return std::pair(jobs[i].last_asked, drawn.at(jobs[i].endpoint)); });
    return order;
}

}  // namespace

agenda::agenda(const schedule_limits& limits, std::span<const job> jobs, std::uint64_t seed, time_point now)
    : limits_(limits), started_(now), site_of_(jobs.size()), asked_(jobs.size()), waiting_(jobs.size())
{
    std::unordered_map<std::string, std::size_t> by_name;
    for (const auto j : order_of(jobs, seed)) {
        const auto [there, is_new] = by_name.emplace(jobs[j].site, sites_.size());
        if (is_new) {
            auto& s = sites_.emplace_back();
            s.name = jobs[j].site;
            s.tokens = limits_.site_burst;
            s.refilled = now;
        }
        site_of_[j] = there->second;
        asked_[j] = jobs[j].last_asked;
        sites_[there->second].fresh.push_back(j);
    }
    rank_in_ready_.resize(sites_.size());
    for (std::size_t i = 0; i < sites_.size(); ++i) place(i, now);
}

double agenda::cost() const { return std::min(limits_.requests_a_job, limits_.site_burst); }

// Its own time, and the tokens of the site. A second look that is due goes before first ones: it was promised.
agenda::time_point agenda::next_turn(site& s, time_point now) const
{
    if (s.left() == 0 || s.in_flight >= limits_.site_in_flight) return never;
    auto at = std::max(s.fresh.empty() ? s.again.begin()->first : started_, s.rests_until);
    if (limits_.site_requests_per_second <= 0) return at;
    const auto elapsed = std::chrono::duration<double>(now - s.refilled).count();
    s.tokens = std::min<double>(limits_.site_burst, s.tokens + elapsed * limits_.site_requests_per_second);
    s.refilled = now;
    if (s.tokens >= cost()) return at;
    // Up to the next tick of the clock: a moment too early would find the bucket not quite full.
    const std::chrono::duration<double> wait((cost() - s.tokens) / limits_.site_requests_per_second);
    return std::max(at, now + std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait) + std::chrono::microseconds(1));
}

agenda::rank agenda::rank_of(std::size_t at) const
{
    const auto& s = sites_[at];
    const auto oldest = s.fresh.empty() ? 0 : asked_[s.fresh.front()];
    return {oldest, std::numeric_limits<std::size_t>::max() - s.left(), at};
}

void agenda::withdraw(std::size_t at)
{
    if (auto& there = rank_in_ready_[at]) {
        ready_.erase(*there);
        there.reset();
    } else if (sites_[at].next != never) {
        later_.erase({sites_[at].next, at});
    }
    sites_[at].next = never;
}

void agenda::place(std::size_t at, time_point now)
{
    withdraw(at);
    auto& s = sites_[at];
    s.next = next_turn(s, now);
    if (s.next == never) return;
    if (s.next <= now)
        ready_.insert(*(rank_in_ready_[at] = rank_of(at)));
    else
        later_.emplace(s.next, at);
}

std::optional<agenda::turn> agenda::begin(time_point now)
{
    while (!later_.empty() && later_.begin()->first <= now) place(later_.begin()->second, now);
    if (ready_.empty() || begun_ >= limits_.in_flight) return std::nullopt;
    const auto at = std::get<2>(*ready_.begin());
    auto& s = sites_[at];
    turn t{};
    if (!s.again.empty() && (s.fresh.empty() || s.again.begin()->first <= now)) {
        t = s.again.begin()->second;
        s.again.erase(s.again.begin());
    } else {
        t = {s.fresh.front(), 1};
        s.fresh.pop_front();
    }
    s.tokens -= cost();
    ++s.in_flight;
    --waiting_;
    ++begun_;
    place(at, now);
    return t;
}

agenda::time_point agenda::due() const
{
    if (begun_ >= limits_.in_flight) return never;
    if (!ready_.empty()) return started_;
    return later_.empty() ? never : later_.begin()->first;
}

void agenda::ended(turn t, time_point now, const wish& w)
{
    const auto at = site_of_[t.job];
    auto& s = sites_[at];
    --s.in_flight;
    --begun_;
    if (w.again) {
        s.again.emplace(now + *w.again, turn{t.job, t.attempt + 1});
        ++waiting_;
    }
    s.rests_until = std::max(s.rests_until, now + w.site_rests);
    place(at, now);
}

std::vector<agenda::turn> agenda::overdue(time_point now)
{
    std::vector<turn> out;
    if (limits_.budget.count() <= 0) return out;
    const auto last_first = started_ + limits_.budget, last_again = last_first + limits_.grace;
    // Once on time, then now and then: second looks are few.
    if (now <= last_first || now < next_sweep_) return out;
    next_sweep_ = now + std::chrono::seconds(1);
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        auto& s = sites_[i];
        for (const auto j : std::exchange(s.fresh, {})) out.push_back({j, 1});
        // Those that could still have their turn in time wait for it.
        for (auto it = now > last_again ? s.again.begin() : s.again.upper_bound(last_again); it != s.again.end(); it = s.again.erase(it)) out.push_back(it->second);
        place(i, now);
    }
    waiting_ -= out.size();
    std::ranges::sort(out, {}, &turn::job);
    return out;
}

std::pair<std::string, std::size_t> agenda::longest_queue() const
{
    std::pair<std::string, std::size_t> out;
    for (const auto& s : sites_)
        if (s.left() > out.second) out = {s.name, s.left()};
    return out;
}

}  // namespace rollcall::audit
