// From cells to verdicts. Pure: the same cells give the same verdict, in any order, at any time.
//
// The bucket speaks of a window of rounds, the state of the last round alone; see the method page.
#pragma once

#include "data/model/cell.hpp"
#include "data/model/published.hpp"
#include "data/model/reason.hpp"
#include "data/model/verdict.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace rollcall::audit {

// What an owner's record gave in the round and region of a cell.
enum class behind : std::uint8_t {
    nobody,   // there is no record
    works,
    failing,  // credential, test call or health document
};

// One cell of the window. Of several for one round and region the one with the lowest reason counts.
struct mark {
    std::int64_t round;    // grows with time
    std::int64_t region;
    data::reason why;
    std::uint32_t contract = 0;  // the tool contract: equal numbers, equal contracts; 0 without a whole list
    data::era era = data::era::unknown;  // contracts of different eras are not compared
    // A refusal is the right answer to a stranger; with a record, what counts is what is behind it.
    behind owner = behind::nobody;
    data::reason owner_why = data::reason::ok;
    bool credentialed = false;
};

struct bucket_result {
    data::bucket bucket;
    std::uint32_t flags = 0;
    bool operator==(const bucket_result&) const = default;
};

// Exactly one bucket for the marks of one endpoint. `regions` is the number of regions configured (at least 1):
// with one there is no regional bucket, and two valid rounds are enough to be measured.
bucket_result judge_window(std::span<const mark> marks, unsigned regions);

// What the stricter view that others published asks of the same marks; see data::published_as.
data::strict_facts strict_facts_of(std::span<const mark> marks);

struct night_result {
    data::state state;
    data::reason why;  // of the cell that decided: the modal reason of the deciding class
    bool valid;        // at least one cell is evidence
    bool good;         // more than half of the valid cells are good
    std::uint32_t flags = 0;
    bool operator==(const night_result&) const = default;
};

// The state of one endpoint from the marks of one round; state unknown if none is valid.
night_result judge_night(std::span<const mark> marks);

// Nights in a row with this state: `before` is the newest valid night's state and its streak, if there was one.
std::int64_t streak_after(const night_result& tonight, std::optional<std::pair<data::state, std::int64_t>> before);

}  // namespace rollcall::audit
