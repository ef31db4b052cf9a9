// Every combination of classes in three rounds from two regions, judged twice: by the program and by the rules as
// they are written down, put into other words here.
#include "audit/judge/judge.hpp"

#include "tests/audit/judge/marks.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>

using namespace rollcall::audit;
using namespace rollcall::audit::tests;
using rollcall::data::bucket;

namespace {

// A window as letters: [round][region].
using window = std::array<std::array<char, 2>, 3>;

bool good(char c) { return c == 'P' || c == 'S'; }

struct verdict { bucket value; bool blip; };

// "Fewer than 2 valid rounds or regions: unmeasured. Nothing bad: healthy, slow if at least half of the good cells are.
// All bad: by the most frequent class, ties to the furthest layer. Else a region always bad (in two rounds or more) and
// one always good: regional. No round with two bad regions, and at most one bad cell or a tenth: healthy, a blip. Else
// it comes and goes."
verdict by_the_book(const window& w)
{
    std::string valid, bad;
    int valid_rounds = 0;
    bool two_in_a_round = false;
    for (const auto& round : w) {
        std::string seen;
        for (const char c : round)
            if (c != 'U') seen += c;
        valid_rounds += !seen.empty();
        std::string failed = seen;
        std::erase_if(failed, good);
        two_in_a_round = two_in_a_round || failed.size() == 2;
        valid += seen;
        bad += failed;
    }
    bool always_bad = false, always_good = false;
    int valid_regions = 0;
    for (std::size_t region = 0; region < 2; ++region) {
        std::string column;
        for (const auto& round : w)
            if (round[region] != 'U') column += round[region];
        valid_regions += !column.empty();
        if (column.empty()) continue;
        const auto fine = std::ranges::count_if(column, good);
        always_bad = always_bad || (fine == 0 && column.size() >= 2);
        always_good = always_good || fine == static_cast<std::ptrdiff_t>(column.size());
    }
    if (valid_rounds < 2 || valid_regions < 2) return {bucket::unmeasured, false};
    const auto slow = std::ranges::count(valid, 'S');
    const auto healthy = 2 * slow >= static_cast<std::ptrdiff_t>(valid.size() - bad.size()) ? bucket::slow : bucket::healthy_stable;
    if (bad.empty()) return {healthy, false};
    if (bad.size() == valid.size()) {
        // From the furthest layer down: a later class wins only by being more frequent.
        char most = 'A';
        for (const char c : {'M', 'W', 'H', 'T'})
            if (std::ranges::count(bad, c) > std::ranges::count(bad, most)) most = c;
        static const std::map<char, bucket> names{{'A', bucket::auth_walled}, {'M', bucket::schema_malformed}, {'W', bucket::bot_walled}, {'H', bucket::mcp_dead}, {'T', bucket::transport_dead}};
        return {names.at(most), false};
    }
    if (always_bad && always_good) return {bucket::regionally_degraded, false};
    if (!two_in_a_round && (bad.size() <= 1 || 10 * bad.size() <= valid.size())) return {healthy, true};
    return {bucket::flapping, false};
}

}  // namespace

TEST_CASE("all 262,144 combinations of 8 classes in 3 rounds from 2 regions have the one bucket that the rules give")
{
    std::map<bucket, std::size_t> count;
    std::mt19937 random(7);
    for (unsigned code = 0; code < 262'144; ++code) {
        window w{};
        std::vector<mark> all;
        for (unsigned i = 0; i < 6; ++i) {
            const char letter = letters[(code >> (3 * i)) & 7];
            w[i / 2][i % 2] = letter;
            all.push_back({1 + i / 2, 1 + i % 2, reason_for(letter)});
        }
        if (code % 16 == 0) std::ranges::shuffle(all, random);
        const auto got = judge_window(all, 2);
        const auto expected = by_the_book(w);
        if (got != bucket_result{expected.value, expected.blip ? rollcall::data::flag_blip : 0u})
            FAIL("combination " << code << ": " << rollcall::data::code_of(got.bucket) << ", by the rules " << rollcall::data::code_of(expected.value));
        ++count[got.bucket];
        // Total in the stricter view as well.
        const auto published = rollcall::data::published_as(got.bucket, strict_facts_of(all));
        if (published.has_value() == (got.bucket == bucket::unmeasured)) FAIL("combination " << code << " in the published view");
    }
    std::size_t sum = 0;
    std::string table;
    for (const auto& [b, n] : count) {
        sum += n;
        table += "\n  " + std::string(rollcall::data::code_of(b)) + " " + std::to_string(n);
    }
    INFO(table);
    CHECK(sum == 262'144);
    CHECK(count.size() == 10);  // all but drift and owners' checks, which these cells do not have
}
