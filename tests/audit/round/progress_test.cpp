#include "audit/round/progress.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a line says how far it is, how fast, and what it waits for")
{
    struct row { progress_counts counts; seconds elapsed; const char* line; };
    for (const auto& r : std::vector<row>{
             {{9000, 0, 0, {}}, seconds(1), "0 of 9,000 done, 0 answered, 0 a second"},
             {{9000, 1200, 700, {512, 0, "", 0}}, seconds(30), "1,200 of 9,000 done, 700 answered, 40 a second, 3 min left; 512 in flight"},
             {{9000, 8900, 700, {100, 12, "x.dev", 1200}}, seconds(100), "8,900 of 9,000 done, 700 answered, 89 a second, 1 s left; 100 in flight, 12 waiting for an address; longest queue: x.dev 1,200"},
             {{10, 2, 1, {0, 3, "x.dev", 1}}, seconds(1), "2 of 10 done, 1 answered, 2 a second, 4 s left; 3 waiting for an address"},
             {{10, 10, 9, {}}, seconds(5), "10 of 10 done, 9 answered, 2 a second"}})
        CHECK(progress_line(r.counts, r.elapsed) == r.line);
}

TEST_CASE("bare counts travel from one process to another")
{
    const progress_counts c{9000, 1200, 700, {512, 3, "x.dev", 12}};
    const auto line = counts_line(c);
    CHECK(line.back() == '\n');
    const auto back = parse_counts(line.substr(0, line.size() - 1));
    REQUIRE(back);
    CHECK(counts_line(*back) == line);
    CHECK(parse_counts(counts_line({1, 1, 1, {}})));
    for (const char* other : {"", "1 2 3 4 5 6", "\x1e", "\x1e""1 2 3 4 5", "\x1e""a 2 3 4 5 6", "region r1: 12 endpoints"}) CHECK_FALSE(parse_counts(other));
}

TEST_CASE("a log gets a line every ten seconds, a terminal a live one, quiet nothing")
{
    const auto begin = progress::clock::time_point(seconds(1000));
    struct row { progress_style style; std::size_t lines; };
    for (const auto& r : {row{progress_style::quiet, 0}, row{progress_style::plain, 3}, row{progress_style::live, 101}, row{progress_style::counts, 51}}) {
        std::vector<std::string> lines;
        progress p(3, r.style, [&](const std::string& text) {
            if (text != "\n") lines.push_back(text);
        }, begin);
        p.count(rollcall::data::cell_class::pass);
        for (int ms = 0; ms <= 25'000; ms += 250) p.tick(begin + milliseconds(ms));
        p.count(rollcall::data::cell_class::http);
        p.count(rollcall::data::cell_class::pass);
        p.done(begin + seconds(26));
        CHECK(lines.size() == r.lines);
        if (r.style == progress_style::plain) CHECK(lines.back() == "3 of 3 done, 2 answered, 0 a second\n");
    }
}
