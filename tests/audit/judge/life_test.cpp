#include "audit/judge/life.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <ostream>
#include <random>
#include <string>
#include <vector>

using namespace rollcall::audit;

namespace {

// Night by night, as it is stored: 'g' good, 'b' not, '.' not measured. "G3(2)": first good night in round 3, after
// round 2; "D": death; "R": revival.
std::string lived(std::string_view nights)
{
    std::string out;
    std::optional<turning> last;
    std::vector<measured_night> newest_first;
    for (std::size_t i = 0; i < nights.size(); ++i) {
        if (nights[i] == '.') continue;
        newest_first.insert(newest_first.begin(), {static_cast<std::int64_t>(i + 1), nights[i] == 'g'});
        if (newest_first.size() > nights_to_die + 1) newest_first.pop_back();
        const auto e = turning_point(newest_first, last);
        if (!e) continue;
        last = e->event;
        out += std::string(out.empty() ? "" : " ") + "GDR"[static_cast<int>(e->event)] + std::to_string(e->since) + (e->before ? "(" + std::to_string(*e->before) + ")" : "");
    }
    return out;
}

// The same by looking at the whole life at once: runs of good and of other nights.
std::string told(std::string_view nights)
{
    struct run { bool good; std::vector<std::size_t> rounds; };
    std::vector<run> runs;
    for (std::size_t i = 0; i < nights.size(); ++i) {
        if (nights[i] == '.') continue;
        if (runs.empty() || runs.back().good != (nights[i] == 'g')) runs.push_back({nights[i] == 'g', {}});
        runs.back().rounds.push_back(i + 1);
    }
    std::string out;
    char stands = ' ';
    for (std::size_t k = 0; k < runs.size(); ++k) {
        const auto& r = runs[k];
        const char event = r.good && stands == ' ' ? 'G' : r.good && stands == 'D' && r.rounds.size() >= 2 ? 'R' : !r.good && (stands == 'G' || stands == 'R') && r.rounds.size() >= 3 ? 'D' : ' ';
        if (event == ' ') continue;
        stands = event;
        out += (out.empty() ? "" : " ") + std::string(1, event) + std::to_string(r.rounds.front()) + (k > 0 ? "(" + std::to_string(runs[k - 1].rounds.back()) + ")" : "");
    }
    return out;
}

}  // namespace

TEST_CASE("an endpoint dies after three measured nights without a good one and revives after two good ones")
{
    struct row { const char* nights; const char* events; };
    const row rows[] = {
        {"", ""},
        {"bbbb", ""},                    // never alive
        {"g", "G1"},
        {"bbg", "G3(2)"},
        {"gbb", "G1"},
        {"gbbb", "G1 D2(1)"},
        {"gb.b..b", "G1 D2(1)"},         // nights that were not measured say nothing
        {"gbbgbb", "G1"},
        {"gbbbg", "G1 D2(1)"},
        {"gbbbgg", "G1 D2(1) R5(4)"},
        {"gbbbgbgg", "G1 D2(1) R7(6)"},
        {"gbbbggbbb", "G1 D2(1) R5(4) D7(6)"},
        {"..g...b.b.b", "G3 D7(3)"},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION('"' << r.nights << '"')
        {
            CHECK(lived(r.nights) == r.events);
            CHECK(told(r.nights) == r.events);
        }
}

TEST_CASE("night by night and all at once tell the same life")
{
    std::mt19937 random(5);
    for (int i = 0; i < 5'000; ++i) {
        std::string nights;
        const auto length = 1 + random() % 30;
        const auto often = 1 + random() % 9;
        char now = 'g';
        for (unsigned k = 0; k < length; ++k) {
            if (random() % 10 < often) now = now == 'g' ? 'b' : 'g';
            nights += random() % 8 == 0 ? '.' : now;
        }
        if (lived(nights) != told(nights)) FAIL(nights << ": " << lived(nights) << ", told " << told(nights));
    }
    SUCCEED();
}
