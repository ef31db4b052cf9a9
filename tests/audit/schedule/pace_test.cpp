#include "audit/schedule/pace.hpp"

#include "tests/catch.hpp"

using rollcall::audit::pace;
using std::chrono::milliseconds;

namespace {

// Looks every 100 ms at a delay; returns how many were allowed at the end.
struct stopwatch {
    pace p;
    pace::time_point now;
    explicit stopwatch(std::size_t most) : p(most, milliseconds(1000), pace::time_point(std::chrono::hours(1))), now(std::chrono::hours(1)) {}
    std::size_t look(int times, milliseconds late, milliseconds worst)
    {
        for (int i = 0; i < times; ++i) p.look(late, worst, now += milliseconds(100));
        return p.allowed();
    }
    std::size_t calm(int times) { return look(times, milliseconds(0), milliseconds(20)); }
};

}  // namespace

TEST_CASE("a crowd is let in by hundreds")
{
    stopwatch s(1000);
    CHECK(s.p.allowed() == 100);
    CHECK(s.calm(1) == 200);
    CHECK(s.calm(20) == 1000);
    CHECK(stopwatch(7).p.allowed() == 7);
}

TEST_CASE("a short delay only makes it hold its breath")
{
    stopwatch s(1000);
    s.calm(20);
    CHECK(s.look(5, milliseconds(300), milliseconds(300)) == 1000);
    CHECK(s.p.out_of_breath());
    CHECK(s.calm(1) == 1000);
    CHECK_FALSE(s.p.out_of_breath());
    CHECK(s.p.times_shrunk() == 0);
    CHECK(s.p.lowest() == 1000);
}

TEST_CASE("a delay that spoils measurements shrinks the number in flight, and one that stays does so again and again")
{
    stopwatch s(1000);
    s.calm(20);
    CHECK(s.look(1, milliseconds(0), milliseconds(1200)) == 750);
    CHECK(s.look(19, milliseconds(0), milliseconds(1200)) == 750);  // at most every two seconds
    CHECK(s.look(1, milliseconds(0), milliseconds(1200)) == 562);
    stopwatch t(1000);
    t.calm(20);
    CHECK(t.look(50, milliseconds(300), milliseconds(300)) == 1000);  // not yet five seconds
    CHECK(t.look(1, milliseconds(300), milliseconds(300)) == 750);
    CHECK(t.look(20, milliseconds(300), milliseconds(300)) == 562);
    CHECK(t.look(500, milliseconds(300), milliseconds(300)) == 125);  // an eighth, and no further
    CHECK(t.p.lowest() == 125);
    CHECK(stopwatch(7).look(500, milliseconds(2000), milliseconds(2000)) == 7);
}

TEST_CASE("when the trouble is over, it grows again, slowly")
{
    stopwatch s(1000);
    s.calm(20);
    s.look(91, milliseconds(400), milliseconds(400));
    const auto low = s.p.allowed();
    CHECK(low < 500);
    CHECK(s.calm(9) == low);           // a calm second first
    CHECK(s.calm(10) >= low + 180);    // a fifth of all a second
    CHECK(s.calm(10) <= low + 420);
    CHECK(s.calm(100) == 1000);
    CHECK(s.p.times_shrunk() >= 2);
    CHECK(s.p.lowest() == low);
}
