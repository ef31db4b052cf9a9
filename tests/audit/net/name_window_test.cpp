#include "audit/net/name_window.hpp"

#include "tests/catch.hpp"

using rollcall::audit::name_window;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const name_window::time_point start{std::chrono::hours(1)};

void answers(name_window& w, int in_time, int late, milliseconds after)
{
    for (int i = 0; i < in_time; ++i) w.answered(milliseconds(20), start + after);
    for (int i = 0; i < late; ++i) w.answered(milliseconds(2100), start + after);
}

}  // namespace

TEST_CASE("answers in time let more names be asked at once, up to a bound")
{
    name_window w(milliseconds(2000));
    CHECK(w.allowed() == 500);
    answers(w, 100, 0, milliseconds(0));
    CHECK(w.allowed() == 600);
    answers(w, 10'000, 0, milliseconds(100));
    CHECK(w.allowed() == 2000);
    CHECK_FALSE(w.overrun(start + milliseconds(100)));
}

TEST_CASE("a resolver is overrun if a tenth of its answers needed a second try, of enough")
{
    struct row { int in_time, late; bool overrun; };
    for (const auto& r : {row{0, 0, false}, row{0, 9, false}, row{0, 10, true}, row{95, 5, false}, row{90, 10, true}, row{9, 1, true}, row{8, 1, false}}) {
        INFO(r.in_time << " in time, " << r.late << " late");
        name_window w(milliseconds(2000));
        answers(w, r.in_time, r.late, milliseconds(0));
        CHECK(w.overrun(start) == r.overrun);
        CHECK_FALSE(w.overrun(start + seconds(30)));  // that was long ago
    }
}

TEST_CASE("an overrun resolver is asked half as much, at most once a try's time")
{
    name_window w(milliseconds(2000));
    answers(w, 0, 100, milliseconds(0));
    CHECK(w.allowed() == 250);
    answers(w, 0, 100, milliseconds(2000));
    CHECK(w.allowed() == 125);
    for (int i = 2; i < 20; ++i) answers(w, 0, 10, milliseconds(2000 * i));
    CHECK(w.allowed() == 20);
}
