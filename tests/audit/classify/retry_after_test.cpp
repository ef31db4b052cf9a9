#include "audit/classify/retry_after.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit;

TEST_CASE("a wait is asked for in seconds, or until a date on the server's own clock")
{
    struct row { const char* name; const char* wait; const char* date; int expected; };  // -1: nothing readable
    const char* const now = "Wed, 11 Nov 2026 02:30:00 GMT";
    for (const auto& r : std::vector<row>{
             {"none", "", now, -1},
             {"seconds", "120", "", 120},
             {"zero", "0", "", 0},
             {"seconds between spaces", " 7 ", "", 7},
             {"a week is no more than a day", "604800", "", 86'400},
             {"beyond any number", "99999999999999999999", "", 86'400},
             {"a date", "Wed, 11 Nov 2026 02:31:30 GMT", now, 90},
             {"a date in another year", "Fri, 01 Jan 2027 00:00:00 GMT", now, 86'400},
             {"a date that has passed", "Wed, 11 Nov 2026 02:29:00 GMT", now, 0},
             {"a date without the server's clock", "Wed, 11 Nov 2026 02:31:30 GMT", "", -1},
             {"a date against no date", "Wed, 11 Nov 2026 02:31:30 GMT", "yesterday", -1},
             {"negative", "-5", now, -1},
             {"a fraction", "1.5", now, -1},
             {"words", "soon", now, -1},
             {"a month that does not exist", "Wed, 11 Nox 2026 02:31:30 GMT", now, -1},
             {"a day that does not exist", "Wed, 31 Feb 2026 02:31:30 GMT", now, -1},
             {"an hour that does not exist", "Wed, 11 Nov 2026 24:31:30 GMT", now, -1},
             {"another zone", "Wed, 11 Nov 2026 02:31:30 CET", now, -1}}) {
        DYNAMIC_SECTION(r.name)
        {
            const auto got = patience_asked_for({429, {{"retry-after", r.wait}, {"date", r.date}}, ""});
            CHECK((got ? static_cast<int>(got->count()) : -1) == r.expected);
        }
    }
}
