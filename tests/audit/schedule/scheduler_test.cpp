#include "audit/schedule/scheduler.hpp"

#include "audit/net/address_gate.hpp"
#include "audit/net/nothrow.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <stdexcept>

using namespace rollcall::audit;
namespace net = boost::asio;
using std::chrono::milliseconds;

namespace {

struct record {
    std::vector<std::size_t> order;
    std::map<std::size_t, unsigned> attempts;
    std::map<std::string, unsigned> now, most;
    std::vector<std::size_t> given_up;
};

// A job that takes a millisecond and asks for `again` more attempts.
net::awaitable<wish> work(net::io_context& context, record& r, std::string site, std::size_t id, unsigned attempt, unsigned again)
{
    r.order.push_back(id);
    r.attempts[id] = attempt;
    r.most[site] = std::max(r.most[site], ++r.now[site]);
    net::steady_timer t(context, milliseconds(1));
    co_await t.async_wait(nothrow);
    --r.now[site];
    wish w;
    if (attempt <= again) w.again = milliseconds(5);
    co_return w;
}

std::vector<job> jobs_at(const std::vector<std::string>& sites)
{
    std::vector<job> out;
    for (const auto& s : sites) out.push_back({s, static_cast<std::int64_t>(out.size())});
    return out;
}

record play(const std::vector<std::string>& sites, schedule_limits limits, std::uint64_t seed = 1, unsigned again = 0)
{
    net::io_context context{1};
    record r;
    scheduler::events tell;
    tell.over_budget = [&](std::size_t id, unsigned) { r.given_up.push_back(id); };
    scheduler s(context, limits, jobs_at(sites), seed, [&](std::size_t id, unsigned attempt) { return work(context, r, sites[id], id, attempt, again); }, tell);
    s.run();
    CHECK(s.waiting() == 0);
    CHECK(s.in_flight() == 0);
    return r;
}

std::vector<std::string> distinct(std::size_t n)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < n; ++i) out.push_back("site-" + std::to_string(i));
    return out;
}

}  // namespace

TEST_CASE("every job runs once, in an order fixed by the seed")
{
    schedule_limits limits;
    limits.in_flight = 8;
    const auto sites = distinct(100);
    const auto a = play(sites, limits, 42), b = play(sites, limits, 42), c = play(sites, limits, 43);
    CHECK(a.order.size() == 100);
    CHECK(a.attempts.size() == 100);
    CHECK(std::vector(a.order.begin(), a.order.begin() + 8) == std::vector(b.order.begin(), b.order.begin() + 8));
    CHECK(a.order != c.order);
}

TEST_CASE("no site has more jobs in flight than allowed, and one site does not hold up the others")
{
    schedule_limits limits;
    limits.site_requests_per_second = 0;
    limits.site_in_flight = 2;
    std::vector<std::string> sites(50, "crowded");
    for (const auto& s : distinct(50)) sites.push_back(s);
    const auto r = play(sites, limits);
    CHECK(r.order.size() == 100);
    CHECK(r.most.at("crowded") == 2);
}

TEST_CASE("a job that asks for it is tried again")
{
    schedule_limits limits;
    limits.site_requests_per_second = 0;
    const auto r = play(distinct(3), limits, 1, 2);
    CHECK(r.order.size() == 9);
    for (const auto& [id, attempts] : r.attempts) CHECK(attempts == 3);
}

TEST_CASE("what the budget does not allow is given up, not dropped")
{
    schedule_limits limits;
    limits.site_requests_per_second = 4;  // one job a second
    limits.budget = milliseconds(20);
    const auto r = play(std::vector<std::string>(5, "one"), limits);
    CHECK(r.order.size() == 1);
    CHECK(r.given_up.size() == 4);
}

TEST_CASE("the first exception of a job ends the run and is passed on, and so does one of giving up")
{
    net::io_context context{1};
    scheduler s(context, {}, jobs_at(distinct(4)), 1, [](std::size_t, unsigned) -> net::awaitable<wish> { throw std::runtime_error("disk full"); }, {});
    CHECK_THROWS_WITH(s.run(), "disk full");

    schedule_limits limits;
    limits.site_requests_per_second = 4;
    limits.budget = milliseconds(20);
    record r;
    scheduler::events tell;
    tell.over_budget = [](std::size_t, unsigned) { throw std::runtime_error("no space"); };
    const std::vector<std::string> sites(5, "one");
    scheduler late(context, limits, jobs_at(sites), 1, [&](std::size_t id, unsigned attempt) { return work(context, r, "one", id, attempt, 0); }, tell);
    CHECK_THROWS_WITH(late.run(), "no space");
}

TEST_CASE("while our own thread is behind, nothing more begins")
{
    net::io_context context{1};
    unsigned asked = 0, too_early = 0, done = 0;
    schedule_limits limits;
    limits.in_flight = 8;
    scheduler::events tell;
    tell.late_now = [&] { return milliseconds(++asked <= 3 ? 300 : 0); };
    const auto one = [&](std::size_t, unsigned) -> net::awaitable<wish> {
        too_early += asked > 0 && asked <= 3;
        ++done;
        // Long enough for a look at our own delay.
        net::steady_timer t(context, milliseconds(101));
        co_await t.async_wait(nothrow);
        co_return wish{};
    };
    scheduler s(context, limits, jobs_at(distinct(40)), 1, one, tell);
    s.run();
    CHECK(too_early == 0);
    CHECK(done == 40);
}

TEST_CASE("a crowd begins in groups, not in one moment")
{
    net::io_context context{1};
    std::size_t in_first_turn = 0;
    bool first_turn = true;
    schedule_limits limits;
    limits.in_flight = 1000;
    const auto one = [&](std::size_t, unsigned) -> net::awaitable<wish> {
        in_first_turn += first_turn;
        net::steady_timer t(context, milliseconds(20));
        co_await t.async_wait(nothrow);
        first_turn = false;
        co_return wish{};
    };
    scheduler s(context, limits, jobs_at(distinct(400)), 1, one, {});
    s.run();
    CHECK(in_first_turn == 100);
}

TEST_CASE("a probe that waits for a crowded address gives up its slot, and goes on when one is free")
{
    net::io_context context{1};
    address_gate gate(context, {100, 4, 1});  // a connection at a time, and one more every 40 ms
    schedule_limits limits;
    limits.in_flight = 2;
    limits.site_requests_per_second = 0;
    record r;
    std::vector<std::string> order;
    std::size_t inside = 0, most_inside = 0, crowded = 0, most_crowded = 0;
    const auto sites = distinct(14);
    const auto one = [&](std::size_t id, unsigned) -> net::awaitable<wish> {
        const bool popular = id < 4;
        std::optional<address_gate::place> place;
        if (popular) place = co_await gate.enter(net::ip::make_address("203.0.113.7"), {4, false});
        most_inside = std::max(most_inside, ++inside);
        if (popular) most_crowded = std::max(most_crowded, ++crowded);
        net::steady_timer t(context, milliseconds(1));
        co_await t.async_wait(nothrow);
        --inside;
        if (popular) --crowded;
        order.push_back(popular ? "popular" : "other");
        co_return wish{};
    };
    scheduler s(context, limits, jobs_at(sites), 1, one, {});
    gate.report_to(&s);
    s.run();
    CHECK(order.size() == 14);
    CHECK(most_inside <= 2);
    CHECK(most_crowded == 1);
    CHECK(s.most_in_flight() <= 2);
    // Two slots and four who want the one address: had they kept their slots, the others would have had to wait.
    CHECK(std::ranges::count(std::vector(order.end() - 3, order.end()), "popular") == 3);
}

TEST_CASE("a closed gate sends everybody away")
{
    net::io_context context{1};
    address_gate gate(context, {100, 4, 1});
    schedule_limits limits;
    limits.site_requests_per_second = 0;
    std::size_t refused = 0, entered = 0;
    const auto one = [&](std::size_t, unsigned) -> net::awaitable<wish> {
        const auto place = co_await gate.enter(net::ip::make_address("203.0.113.7"), {4, false});
        ++(place ? entered : refused);
        gate.close();
        co_return wish{};
    };
    scheduler s(context, limits, jobs_at(distinct(5)), 1, one, {});
    gate.report_to(&s);
    s.run();
    CHECK(entered == 1);
    CHECK(refused == 4);
}
