#include "tests/audit/incident/nights.hpp"
#include "tests/catch.hpp"

namespace rollcall::audit::incident::tests {
namespace {

using lines = std::vector<std::string>;

// Everything that a server's nights bring about, with the night in front.
lines life_of(const lines& nights)
{
    week w;
    w.add(nights);
    lines out;
    for (std::size_t n = 1; n <= nights.size(); ++n)
        for (const auto& line : told(w.play())) out.push_back(std::to_string(n) + " " + line);
    return out;
}

}  // namespace

TEST_CASE("when the incident of one server opens and closes", "[incident]")
{
    struct row { const char* what; lines nights, told; };
    const row table[] = {
        {"one region: in the second bad round", {".", "x", "x", ".", "."}, {"3 opened P2 2026-11-03-id1", "4 answered P2 2026-11-03-id1", "5 closed P2 2026-11-03-id1"}},
        {"one region: a stray night is nothing", {".", "x", ".", "x", "."}, {}},
        {"two regions: at once", {"..", "xx", "..", ".."}, {"2 opened P2 2026-11-02-id1", "3 answered P2 2026-11-02-id1", "4 closed P2 2026-11-02-id1"}},
        {"two of three regions: at once, and less grave", {"...", "xx.", "...", "..."}, {"2 opened P3 2026-11-02-id1", "3 answered P3 2026-11-02-id1", "4 closed P3 2026-11-02-id1"}},
        {"one of three regions: in the second round, from the same place", {"...", "..x", "..x", "...", "..."}, {"3 opened P3 2026-11-03-id1", "4 answered P3 2026-11-03-id1", "5 closed P3 2026-11-03-id1"}},
        {"one of three regions, another each night: nothing", {"...", "..x", ".x.", "x..", "..."}, {}},
        {"it gets worse, and stays as grave as its worst night", {"...", "xx.", "xxx", "xx.", "...", "..."}, {"2 opened P3 2026-11-02-id1", "3 changed P2 2026-11-02-id1", "5 answered P2 2026-11-02-id1", "6 closed P2 2026-11-02-id1"}},
        {"it fails again before the second good round: one incident", {".", "x", "x", ".", "x", ".", "."}, {"3 opened P2 2026-11-03-id1", "4 answered P2 2026-11-03-id1", "5 again P2 2026-11-03-id1", "6 answered P2 2026-11-03-id1", "7 closed P2 2026-11-03-id1"}},
        {"a round without a measurement neither opens nor closes", {".", "x", "-", "x", ".", "-", "."}, {"4 opened P2 2026-11-04-id1", "5 answered P2 2026-11-04-id1", "7 closed P2 2026-11-04-id1"}},
        {"a server that never answered has a state, not an incident", {"x", "x", "x", "x"}, {}},
        {"a server behind a gate has none either", {"a", "a", "x", "x", "x"}, {}},
        {"a gate is an answer: the outage is over", {"..", "xx", "aa", "aa"}, {"2 opened P2 2026-11-02-id1", "3 answered P2 2026-11-02-id1", "4 closed P2 2026-11-02-id1"}},
        {"it leaves the roll", {"..", "xx", " "}, {"2 opened P2 2026-11-02-id1", "3 delisted P2 2026-11-02-id1"}},
        {"it revives and dies again: two incidents", {"..", "xx", "..", "..", "xx"}, {"2 opened P2 2026-11-02-id1", "3 answered P2 2026-11-02-id1", "4 closed P2 2026-11-02-id1", "5 opened P2 2026-11-05-id1"}},
        {"what its owner registered fails twice", {".", "o", "o", ".", "."}, {"3 opened P4 2026-11-03-id1-owner", "4 answered P4 2026-11-03-id1-owner", "5 closed P4 2026-11-03-id1-owner"}},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.what) { CHECK(life_of(r.nights) == r.told); }
}

TEST_CASE("between the last good round and the first bad one", "[incident]")
{
    week w;
    w.add({".", "-", "x", "x"});
    for (int i = 0; i < 3; ++i) CHECK(w.play().empty());
    const auto opened = w.play();
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].now.last_good == 1);
    CHECK(opened[0].now.begun == 3);
    CHECK(opened[0].now.opened == 4);
    CHECK(opened[0].now.why == data::reason::tcp_timeout);
}

TEST_CASE("after thirty rounds not answering is how a server is", "[incident]")
{
    week w;
    w.add({"..", "xx"});
    w.play();
    CHECK(told(w.play()) == lines{"opened P2 2026-11-02-id1"});
    for (int i = 0; i < 29; ++i) CHECK(w.play().empty());
    CHECK(told(w.play()) == lines{"lasting P2 2026-11-02-id1"});
    CHECK(w.play().empty());
}

TEST_CASE("what is about to happen is told once, and taken back when it moved or passed", "[incident]")
{
    week w;
    w.add({"."});
    const auto day = [](int n, int hours) { return *data::parse_time("2026-11-01T02:30:00Z") + std::chrono::days(n - 1) + std::chrono::hours(hours); };
    std::optional<data::time_point> certificate = day(5, 0), token = day(3, 1);
    bool broken = false;
    const auto alter = [&](evening& e) {
        e.servers[0].certificate_until = certificate;
        e.servers[0].token_until = token;
        e.servers[0].broke_callers = broken;
    };
    // 72 hours before, to the second.
    CHECK(told(w.play(alter)) == lines{"opened P3 2026-11-01-id1-token"});
    broken = true;
    CHECK(told(w.play(alter)) == lines{"opened P3 2026-11-02-id1-drift", "opened P3 2026-11-02-id1-certificate"});
    broken = false;
    token = day(33, 0);
    CHECK(told(w.play(alter)) == lines{"closed P3 2026-11-01-id1-token"});
    certificate = day(95, 0);
    CHECK(told(w.play(alter)) == lines{"closed P3 2026-11-02-id1-certificate"});
    for (int i = 5; i < 9; ++i) CHECK(w.play(alter).empty());
    CHECK(told(w.play(alter)) == lines{"closed P3 2026-11-02-id1-drift"});
    // One that runs out and is not renewed.
    certificate = day(11, 0);
    CHECK(told(w.play(alter)) == lines{"opened P3 2026-11-10-id1-certificate"});
    CHECK(told(w.play(alter)) == lines{"closed P3 2026-11-10-id1-certificate"});
    CHECK(w.standing_now().empty());
}

}  // namespace rollcall::audit::incident::tests
