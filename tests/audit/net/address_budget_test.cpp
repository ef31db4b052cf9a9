#include "audit/net/address_budget.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit;
using boost::asio::ip::make_address;
using std::chrono::milliseconds;

namespace {

const auto here = make_address("203.0.113.7"), there = make_address("2001:db8::1");
const address_budget::time_point start{std::chrono::hours(1)};

}  // namespace

TEST_CASE("an address takes two seconds' worth of requests at once, then its rate")
{
    address_budget b(limits_of(20, 1000));
    for (int i = 0; i < 10; ++i) CHECK_FALSE(b.enter(here, 4, false, start));
    const auto again = b.enter(here, 4, false, start);
    REQUIRE(again);
    CHECK(*again >= start + milliseconds(200));
    CHECK(*again < start + milliseconds(201));
    CHECK_FALSE(b.enter(there, 4, false, start));  // another one
    CHECK_FALSE(b.enter(here, 4, false, *again));
    CHECK(b.enter(here, 1, false, *again));
    CHECK(b.connections(here) == 11);
}

TEST_CASE("an address has so many connections, and more only for those who have one")
{
    address_budget b(limits_of(1000, 3));
    for (int i = 0; i < 3; ++i) CHECK_FALSE(b.enter(here, 1, false, start));
    CHECK(b.enter(here, 1, false, start) == address_budget::never);
    CHECK_FALSE(b.enter(here, 1, true, start));
    b.leave(here);
    CHECK(b.enter(here, 1, false, start) == address_budget::never);  // three again
    b.leave(here);
    CHECK_FALSE(b.enter(here, 1, false, start));
    b.leave(there);  // nobody was there
    CHECK(b.connections(there) == 0);
}

TEST_CASE("parts of a round share what an address is given")
{
    struct row { unsigned shards; double per_second; std::size_t connections; };
    for (const auto& r : {row{1, 20, 32}, row{4, 5, 8}, row{64, 0.3125, 1}}) {
        const auto l = limits_of(20, 32, r.shards);
        CHECK(l.per_second == r.per_second);
        CHECK(l.connections == r.connections);
    }
    // What costs more than a burst is taken as a burst: it never waits for ever.
    address_budget b(limits_of(20, 32, 64));
    CHECK_FALSE(b.enter(here, 4, false, start));
    b.leave(here);  // of a sixty-fourth of 32 connections one is left
    const auto again = b.enter(here, 4, false, start);
    REQUIRE(again);
    CHECK(*again != address_budget::never);
    CHECK_FALSE(b.enter(here, 4, false, *again));
}
