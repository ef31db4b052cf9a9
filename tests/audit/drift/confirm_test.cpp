#include "audit/drift/confirm.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <vector>

using namespace rollcall::audit::drift;
using rollcall::data::era;

namespace {

// "ab/ab/cb": three rounds of two regions; '.' is no list, a capital letter one of the older era. Digits are lists of
// one contract in other words.
std::vector<sighting> seen(std::string_view text)
{
    std::vector<sighting> out;
    std::int64_t round = 1, region = 1;
    for (const char c : text) {
        if (c == '/') {
            ++round;
            region = 1;
            continue;
        }
        const bool wording = c >= '0' && c <= '9';
        if (c != '.') out.push_back({round, region, c >= 'a' || wording ? era::modern : era::legacy, wording ? 1u : static_cast<std::uint32_t>(c), c});
        ++region;
    }
    return out;
}

}  // namespace

TEST_CASE("a change of tools is confirmed by two regions or the only one, and not if it is taken back")
{
    struct row { const char* lists; unsigned regions; const char* change; };
    const row rows[]{
        {"a", 1, ""},
        {"a/a", 1, ""},
        {"a/b", 1, "ab"},
        {"a/b/b", 1, ""},       // confirmed the night before
        {"a/./b", 1, "ab"},
        {"a/b/c", 1, "bc"},
        {"a/b/a", 1, ""},       // comes and goes
        {"a/b/.", 1, ""},       // not seen tonight
        {"A/b", 1, ""},         // another era
        {"a/B/c", 1, "ac"},
        {"aa/bb", 2, "ab"},
        {"aa/ba", 2, ""},       // regions disagree
        {"aa/b.", 2, ""},       // one region alone
        {"ac/bb", 2, ""},       // not from the same old list
        {"aac/bbb", 3, "ab"},
        {"aaa/bbc", 3, ""},
        {"aa/bb/aa", 2, ""},
        {"aa/ab/bb", 2, "ab"},  // one region after the other, until they agree
        {"aa/bb/bb", 2, ""},
        {"aab/bb./bbb", 3, ""}, // the third had it before
        {"aaa/bb./bbb", 3, ""}, // confirmed the night before, though the third shows it only now
        {"a/b/a/c", 1, ""},
        {"a/a/b/c/c", 1, ""},
        {"aaaaa/aaaaa/bbbbb", 5, "ab"},
        {"aaaaa/aaaaa/bbbba", 5, ""},
        {"aaaaa/aaaab/abbbb", 5, ""},
        {"aaaaa/aaaab/bbbbb", 5, "ab"},
        {"aacde/aacde/bbbbb", 5, "ab"},
        {"abcde/abcde/fffff", 5, ""},
        {"a..../b..../bbbbb", 5, ""},
        {"a...a/b...b/.....", 5, ""},
        {"11/11/22", 2, "12"},  // only the wording changed
        {"12/12/33", 2, ""},
        {"11/22/33", 2, "23"},  // words that change with every look
        {"1a/2a/aa", 2, ""},
        {"12/34/aa", 2, "1a"},  // the contract changed, whatever the words were
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.lists << ", regions: " << r.regions)
        {
            auto window = seen(r.lists);
            const auto tonight = 1 + std::count(r.lists, r.lists + std::string_view(r.lists).size(), '/');
            const std::string_view change = r.change;
            const auto expected = change.empty() ? std::nullopt : std::optional(confirmed{change[0], change[1]});
            std::mt19937 order(7);
            for (int i = 0; i < 5; ++i) {
                const auto got = confirm_change(window, tonight, r.regions);
                CHECK(got == expected);
                std::ranges::shuffle(window, order);
            }
        }
}

TEST_CASE("a contract is back when every region of the round shows it, and enough of them")
{
    CHECK(is_back(seen("aa/bb/aa"), 3, 'a', 2));
    CHECK_FALSE(is_back(seen("aa/bb/aa"), 3, 'b', 2));
    CHECK_FALSE(is_back(seen("aa/bb/ab"), 3, 'a', 2));
    CHECK_FALSE(is_back(seen("aa/bb/a."), 3, 'a', 2));
    CHECK(is_back(seen("a/b/a"), 3, 'a', 1));
    CHECK_FALSE(is_back(seen("a/b/."), 3, 'a', 1));
}
