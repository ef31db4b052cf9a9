#include "audit/judge/judge.hpp"

#include "tests/audit/judge/marks.hpp"
#include "tests/catch.hpp"

#include <vector>

using namespace rollcall::audit;
using namespace rollcall::audit::tests;
using rollcall::data::bucket;
using rollcall::data::era;
using rollcall::data::reason;
using rollcall::data::state;

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
        {"PPPPP/PPPPP/PPPPP", 5, bucket::healthy_stable, 0},
        {"PPPPT/PPPPT/PPPPT", 5, bucket::regionally_degraded, 0},
        {"PTTTT/PTTTT/PTTTT", 5, bucket::regionally_degraded, 0},
        {"TTTTT/TTTTT/TTTTP", 5, bucket::flapping, 0},
        {"PPPPT/PPPPT/PPPPP", 5, bucket::flapping, 0},   // two stray cells of fifteen
        {"UUUUT/PPPPU/PPPPU", 5, bucket::healthy_stable, 1},  // "never from there" takes two rounds
        {"UT/PU/PU", 2, bucket::healthy_stable, 1},
        {"UT/PT/PU", 2, bucket::regionally_degraded, 0},
        {"TP", 2, bucket::unmeasured, 0},
        {"UP/UP/UP", 2, bucket::unmeasured, 0},
        {"UP/UP/UP", 1, bucket::healthy_stable, 0},
        // one region configured, and another that there was before: no verdict by place
        {"PT/PT/P-", 1, bucket::flapping, 0},
        {"P-/P-/-T", 1, bucket::healthy_stable, 1},
        // longer windows forgive one cell in ten, never two in a round, never a whole region
        {"P/P/P/P/P/P/P/P/P/P/P/P/P/P/P/P/P/P/T/T", 1, bucket::healthy_stable, 1},
        {"P/P/P/P/P/P/P/P/P/P/P/P/P/P/P/P/P/T/T/T", 1, bucket::flapping, 0},
        {"PP/PP/PP/PP/PP/PP/PP/PP/PP/TT", 2, bucket::flapping, 0},
        {"PP/PP/PP/PP/PP/PP/PP/PP/PT/TP", 2, bucket::healthy_stable, 1},
        {"TPU/UPT/UPT/UPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU", 3, bucket::regionally_degraded, 0},
        {"TPU/UPT/PPT/PPU/PTU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU/PPU", 3, bucket::flapping, 0},
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
        {"PP/PP/PP", "aa ba bb", 2, bucket::healthy_drifted, flag_catalogue_split},  // seen half-way, then everywhere
        {"PP/PP/PP", "aa aa ba", 2, bucket::healthy_stable, flag_catalogue_split},
        {"PP/PP/PP", "ab ab ab", 2, bucket::healthy_stable, flag_catalogue_split},
        {"PU/PU/PP", "a  b  bb", 2, bucket::healthy_stable, 0},  // seen changing from one region only
        {"PPPPP/PPPPP/PPPPP", "aaaaa aaaaa bbbbb", 5, bucket::healthy_drifted, 0},
        {"PPPPP/PPPPP/PPPPP", "aacde aacde bbbbb", 5, bucket::healthy_drifted, flag_catalogue_split},
        {"PPPPP/PPPPP/PPPPP", "abcde abcde fffff", 5, bucket::healthy_stable, flag_catalogue_split},  // five changes, none the same
        {"PPPPP/PPPPP/PPPPP", "aaaaa aaaaa bbbba", 5, bucket::healthy_stable, flag_catalogue_split},
        {"PPPPP/PPPPP/PPPPP", "aaaaa bbbbb aaaaa", 5, bucket::healthy_stable, flag_unstable_catalogue},
        {"PPPPP/PPPPP/PPPPP", "aaaaa baaaa abbbb", 5, bucket::healthy_stable, flag_unstable_catalogue | flag_catalogue_split},
        {"PPPPP/PPPPP/PPPPP", "a     b     bbbbb", 5, bucket::healthy_stable, 0},  // cut short or unread elsewhere
        {"PPP/PPT/PPP", "aaa bb  bbb", 3, bucket::healthy_drifted, flag_blip},
        {"P/P/P/P/P/P", "a a b b c c", 1, bucket::healthy_drifted, 0},
        {"P/P/P/P/P/P", "a a b b a a", 1, bucket::healthy_stable, flag_unstable_catalogue},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.cells << " " << r.contracts)
        {
            std::string contracts(r.contracts);
            const auto all = marks(r.cells, contracts);
            CHECK(judge_window(all, r.regions) == bucket_result{r.expected, r.flags});
        }
    }
    SECTION("a change of era is not drift, and eras that alternate are no coming and going")
    {
        std::vector<mark> all{{1, 1, reason::ok, 1, era::legacy}, {2, 1, reason::ok, 2, era::modern}};
        CHECK(judge_window(all, 1) == bucket_result{bucket::healthy_stable});
        all.push_back({3, 1, reason::ok, 1, era::legacy});
        CHECK(judge_window(all, 1) == bucket_result{bucket::healthy_stable});
        all.push_back({3, 2, reason::ok, 2, era::modern});
        CHECK(judge_window(all, 2) == bucket_result{bucket::healthy_stable});
        all.push_back({4, 1, reason::ok, 3, era::legacy});
        CHECK(judge_window(all, 1) == bucket_result{bucket::healthy_drifted});
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
