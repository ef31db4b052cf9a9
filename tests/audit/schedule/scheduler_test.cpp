#include "audit/schedule/scheduler.hpp"

#include "audit/net/nothrow.hpp"
#include "tests/catch.hpp"

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
net::awaitable<std::optional<milliseconds>> job(net::io_context& context, record& r, std::string site, std::size_t id, unsigned attempt, unsigned again)
{
    r.order.push_back(id);
    r.attempts[id] = attempt;
    r.most[site] = std::max(r.most[site], ++r.now[site]);
    net::steady_timer t(context, milliseconds(1));
    co_await t.async_wait(nothrow);
    --r.now[site];
    if (attempt <= again) co_return milliseconds(5);
    co_return std::nullopt;
}

record play(const std::vector<std::string>& sites, schedule_limits limits, std::uint64_t seed = 1, unsigned again = 0)
{
    net::io_context context{1};
    record r;
    scheduler s(context, limits, sites, seed,
                [&](std::size_t id, unsigned attempt) { return job(context, r, sites[id], id, attempt, again); },
                [&](std::size_t id) { r.given_up.push_back(id); });
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

TEST_CASE("a site's token bucket spaces its jobs")
{
    schedule_limits limits;
    limits.site_requests_per_second = 400;  // four requests a job: one job in 10 ms
    const auto begun = std::chrono::steady_clock::now();
    const auto r = play(std::vector<std::string>(6, "one"), limits);
    CHECK(r.order.size() == 6);
    CHECK(std::chrono::steady_clock::now() - begun >= milliseconds(45));
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

TEST_CASE("the first exception of a job ends the run and is passed on")
{
    net::io_context context{1};
    scheduler s(context, {}, distinct(4), 1,
                [](std::size_t, unsigned) -> net::awaitable<std::optional<milliseconds>> { throw std::runtime_error("disk full"); },
                [](std::size_t) {});
    CHECK_THROWS_WITH(s.run(), "disk full");
}

TEST_CASE("while our own thread is behind, nothing more begins")
{
    net::io_context context{1};
    unsigned asked = 0, too_early = 0, done = 0;
    schedule_limits limits;
    limits.in_flight = 8;
    limits.out_of_breath = [&] { return ++asked <= 20; };
    const auto work = [&](std::size_t, unsigned) -> net::awaitable<std::optional<milliseconds>> {
        too_early += asked <= 20;
        ++done;
        co_return std::nullopt;
    };
    scheduler s(context, limits, distinct(40), 1, work, [](std::size_t) {});
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
    const auto work = [&](std::size_t, unsigned) -> net::awaitable<std::optional<milliseconds>> {
        in_first_turn += first_turn;
        net::steady_timer t(context, milliseconds(20));
        co_await t.async_wait(nothrow);
        first_turn = false;
        co_return std::nullopt;
    };
    scheduler s(context, limits, distinct(400), 1, work, [](std::size_t) {});
    s.run();
    CHECK(in_first_turn == 100);
}
