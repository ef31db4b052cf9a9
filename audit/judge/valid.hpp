// The evidence among the marks of one endpoint, in one order; shared by the judgements.
#pragma once

#include "audit/judge/judge.hpp"

#include <span>
#include <vector>

namespace rollcall::audit {

inline bool is_bad(const mark& m) { return !data::is_good(data::class_of(m.why)); }

// Valid marks by round and region, one for each; with its owner's credential a refusal is the right answer: good.
std::vector<mark> valid_of(std::span<const mark> marks);

// The most frequent class; ties go to the furthest layer. `marks` must not be empty.
data::cell_class modal_class(std::span<const mark> marks);
// The most frequent reason of that class; ties go to the lower code. There must be one.
data::reason modal_reason(std::span<const mark> marks, data::cell_class of);

// Most of the owner's checks among these marks failed: the most frequent reason, ties to the lower code.
std::optional<data::reason> owner_trouble(std::span<const mark> marks);

// What the tool contracts of the window say.
struct contract_story {
    bool drifted = false;   // the same change, seen by two regions or by the only one, and it stayed
    bool unstable = false;  // a region saw an older contract again
    bool split = false;     // regions saw different contracts in one round
};
// `valid` as valid_of gives it.
contract_story read_contracts(std::span<const mark> valid, unsigned regions);

}  // namespace rollcall::audit
