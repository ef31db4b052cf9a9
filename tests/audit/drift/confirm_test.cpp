#include "audit/drift/confirm.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <vector>

using namespace rollcall::audit::drift;
using rollcall::data::era;

namespace {

// "ab/ab/cb": three rounds of two regions; '.' is no list, a capital letter one of the older era.
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
        if (c != '.') out.push_back({round, region, c >= 'a' ? era::modern : era::legacy, c});
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
                CHECK(confirm_change(window, tonight, r.regions) == expected);
                std::ranges::shuffle(window, order);
            }
        }
}
