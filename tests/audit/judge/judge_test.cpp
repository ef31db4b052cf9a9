#include "audit/judge/judge.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <vector>

using namespace rollcall::audit;
using rollcall::data::bucket;
using rollcall::data::reason;
using rollcall::data::state;

namespace {

reason reason_for(char letter)
{
    switch (letter) {
        case 'P': return reason::ok;
        case 'S': return reason::slow;
        case 'A': return reason::auth_bare;
        case 'W': return reason::waf_block;
        case 'M': return reason::list_shape;
        case 'H': return reason::http_404;
        case 'T': return reason::tcp_refused;
        default: return reason::budget;
    }
}

// "PPA/PPP": two rounds of three regions; '-' is no cell at all.
std::vector<mark> marks(std::string_view text, std::string_view contracts = {})
{
    std::vector<mark> out;
    std::int64_t round = 1, region = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '/') {
            ++round;
            region = 1;
            continue;
        }
        if (text[i] != '-') {
            std::string contract;
            if (i < contracts.size() && contracts[i] != ' ') contract = std::string("1") + contracts[i];
            out.push_back({round, region, reason_for(text[i]), contract});
        }
        ++region;
    }
    return out;
}

}  // namespace

TEST_CASE("the bucket of a window")
{
    struct row { const char* cells; unsigned regions; bucket expected; std::uint32_t flags; };
    const row rows[] = {
        // one region
        {"P", 1, bucket::unmeasured, 0},
        {"P/U/U", 1, bucket::unmeasured, 0},
        {"P/P", 1, bucket::healthy_stable, 0},
        {"P/U/P", 1, bucket::healthy_stable, 0},
        {"P/S", 1, bucket::slow, 0},
        {"P/P/S", 1, bucket::healthy_stable, 0},
        {"T/T/T", 1, bucket::transport_dead, 0},
        {"A/A/A", 1, bucket::auth_walled, 0},
        {"W/W", 1, bucket::bot_walled, 0},
        {"M/M", 1, bucket::schema_malformed, 0},
        {"H/H/T", 1, bucket::mcp_dead, 0},
        {"H/T", 1, bucket::mcp_dead, 0},      // a tie goes to the furthest layer
        {"A/M", 1, bucket::auth_walled, 0},
        {"M/W", 1, bucket::schema_malformed, 0},
        {"P/T/P", 1, bucket::healthy_stable, 1},  // one stray cell: a blip
        {"P/T/T", 1, bucket::flapping, 0},
        // several regions
        {"PP", 2, bucket::unmeasured, 0},
        {"P-/P-", 2, bucket::unmeasured, 0},
        {"PP/PP", 2, bucket::healthy_stable, 0},
        {"PT/PT", 2, bucket::regionally_degraded, 0},
        {"PPT/PPT/PPT", 3, bucket::regionally_degraded, 0},
        {"PPT/PPP/PPP", 3, bucket::healthy_stable, 1},
        {"PTT/PPP/PPP", 3, bucket::flapping, 0},
        {"TTT/TTT/TTT", 3, bucket::transport_dead, 0},
        {"TTU/TTU/TTU", 3, bucket::transport_dead, 0},
        {"AAT/AAT", 3, bucket::auth_walled, 0},
        {"UUU/UUU", 3, bucket::unmeasured, 0},
        {"", 3, bucket::unmeasured, 0},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.cells << " from " << r.regions)
        {
            const auto all = marks(r.cells);
            CHECK(judge_window(all, r.regions) == bucket_result{r.expected, r.flags});
        }
    }
}

TEST_CASE("a changed tool contract is drift only when it is the same change, seen often enough, and stays")
{
    using namespace rollcall::data;
    struct row { const char* cells; const char* contracts; unsigned regions; bucket expected; std::uint32_t flags; };
    const row rows[] = {
        {"P/P/P", "a a a", 1, bucket::healthy_stable, 0},
        {"P/P/P", "a b b", 1, bucket::healthy_drifted, 0},
        {"P/P/P", "a b c", 1, bucket::healthy_drifted, 0},
        {"P/P/P", "a b a", 1, bucket::healthy_stable, flag_unstable_catalogue},
        {"PP/PP/PP", "aa bb bb", 2, bucket::healthy_drifted, 0},
        {"PP/PP/PP", "aa ba bb", 2, bucket::healthy_stable, flag_catalogue_split},
        {"PP/PP/PP", "ab ab ab", 2, bucket::healthy_stable, flag_catalogue_split},
        {"PU/PU/PP", "a  b  bb", 2, bucket::healthy_stable, 0},  // seen changing from one region only
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.cells << " " << r.contracts)
        {
            std::string contracts(r.contracts);
            const auto all = marks(r.cells, contracts);
            CHECK(judge_window(all, r.regions) == bucket_result{r.expected, r.flags});
        }
    }
    SECTION("a change of era is not drift")
    {
        const std::vector<mark> all{{1, 1, reason::ok, "1a"}, {2, 1, reason::ok, "2b"}};
        CHECK(judge_window(all, 1) == bucket_result{bucket::healthy_stable});
    }
}

TEST_CASE("the state of a night")
{
    struct row { const char* cells; state expected; reason why; bool valid, good; };
    const row rows[] = {
        {"", state::unknown, reason::interrupted, false, false},
        {"U", state::unknown, reason::budget, false, false},
        {"P", state::up, reason::ok, true, true},
        {"S", state::degraded, reason::slow, true, true},
        {"A", state::gated, reason::auth_bare, true, false},
        {"W", state::gated, reason::waf_block, true, false},
        {"M", state::down, reason::list_shape, true, false},
        {"H", state::down, reason::http_404, true, false},
        {"T", state::down, reason::tcp_refused, true, false},
        {"PPT", state::up, reason::ok, true, true},
        {"PT", state::degraded, reason::tcp_refused, true, false},
        {"PTT", state::degraded, reason::tcp_refused, true, false},
        {"PPPTT", state::degraded, reason::tcp_refused, true, true},
        {"TUU", state::down, reason::tcp_refused, true, false},
        {"ATT", state::down, reason::tcp_refused, true, false},
        {"AT", state::gated, reason::auth_bare, true, false},
        {"SSP", state::degraded, reason::slow, true, true},
        {"SPP", state::up, reason::ok, true, true},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION('"' << r.cells << '"')
        {
            const auto all = marks(r.cells);
            CHECK(judge_night(all) == night_result{r.expected, r.why, r.valid, r.good});
        }
    }
}

TEST_CASE("a streak grows with the same state and starts anew with another")
{
    const night_result down{state::down, reason::http_404, true, false};
    CHECK(streak_after(down, std::nullopt) == 1);
    CHECK(streak_after(down, std::pair(state::down, std::int64_t{8})) == 9);
    CHECK(streak_after(down, std::pair(state::up, std::int64_t{8})) == 1);
}

TEST_CASE("every combination of 8 classes in 3 rounds from 2 regions has exactly one bucket, in any order of rows")
{
    static constexpr std::string_view letters = "PSAWMHTU";
    std::mt19937 random(7);
    for (unsigned code = 0; code < 262'144; ++code) {
        std::vector<mark> all;
        for (unsigned i = 0; i < 6; ++i)
            all.push_back({1 + i / 2, 1 + i % 2, reason_for(letters[(code >> (3 * i)) & 7]), {}});
        const auto once = judge_window(all, 2);
        if (code % 64 == 0) {
            std::ranges::shuffle(all, random);
            if (judge_window(all, 2) != once) FAIL("order matters for combination " << code);
        }
        const auto bad = std::ranges::count_if(all, [](const mark& m) {
            const auto c = rollcall::data::class_of(m.why);
            return rollcall::data::is_valid(c) && !rollcall::data::is_good(c);
        });
        const bool healthy = once.bucket == bucket::healthy_stable || once.bucket == bucket::slow;
        if (healthy && bad > 1) FAIL("combination " << code << " has " << bad << " bad cells and is healthy");
    }
    SUCCEED();
}

TEST_CASE("what an owner registered counts behind a login, and makes `up` degraded, never worse")
{
    using rollcall::audit::behind;
    // Letters in pairs: the public cell, and the owner's check: w works, f fails (canary), c credential refused, . none.
    const auto with_owner = [](std::string_view text) {
        std::vector<mark> out;
        std::int64_t round = 1, region = 1;
        for (std::size_t i = 0; i + 1 < text.size(); i += 2, ++region) {
            if (text[i] == '/') {
                ++round;
                region = 0;
                --i;
                continue;
            }
            mark m{round, region, reason_for(text[i]), {}};
            const char o = text[i + 1];
            m.owner = o == '.' ? behind::nobody : o == 'w' ? behind::works : behind::failing;
            m.owner_why = o == 'f' ? reason::canary_failed : o == 'c' ? reason::credential_refused : reason::ok;
            m.credentialed = o != '.' && text[i] == 'A';
            out.push_back(m);
        }
        return out;
    };
    struct row { const char* cells; state expected; reason why; };
    const row nights[] = {
        {"A.", state::gated, reason::auth_bare},
        {"Aw", state::up, reason::ok},
        {"Ac", state::degraded, reason::credential_refused},
        {"Pw", state::up, reason::ok},
        {"Pf", state::degraded, reason::canary_failed},
        {"Tf", state::down, reason::tcp_refused},
        {"PfPwPw", state::up, reason::ok},
        {"PfPfPw", state::degraded, reason::canary_failed},
        {"AwAwTw", state::up, reason::ok},
        {"AwTwTw", state::degraded, reason::tcp_refused},
        {"PfPw", state::up, reason::ok},
    };
    for (const auto& r : nights)
        DYNAMIC_SECTION(r.cells)
        {
            const auto got = judge_night(with_owner(r.cells));
            CHECK(got.state == r.expected);
            CHECK(got.why == r.why);
            CHECK(got.flags == (r.cells[0] == 'A' && r.cells[1] != '.' ? rollcall::data::flag_with_credential : 0u));
        }
    CHECK(judge_window(with_owner("Aw/Aw/Aw"), 1).bucket == bucket::healthy_stable);
    CHECK(judge_window(with_owner("Ac/Aw/Ac"), 1).bucket == bucket::credential_degraded);
    CHECK(judge_window(with_owner("Ac/Aw/Aw"), 1).bucket == bucket::healthy_stable);
    CHECK(judge_window(with_owner("Pf/Pf"), 1).bucket == bucket::credential_degraded);
    CHECK(judge_window(with_owner("A./A."), 1).bucket == bucket::auth_walled);
    CHECK(judge_window(with_owner("Tf/Tf"), 1).bucket == bucket::transport_dead);
}
