// What a health document says, whatever its shape: a state, the components it speaks of, and what was not understood.
#pragma once

#include "audit/health/families.hpp"
#include "data/model/verdict.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::health {

// up, degraded, down or unknown; no document is gated.
using data::state;

struct metric {
    std::string name;             // snake_case; ours where the meaning is known: pool_waiting, latency_ms, age_s ...
    std::optional<double> value;  // empty: null stood where a number belongs
    std::string unit;             // "ms", "s", "ratio", "bytes", what the document wrote, or empty for a count
    bool known = false;           // one of our names, and so fit for a public page
};

struct component {
    std::string name;    // its path in the document, joined by "/"; one safe line
    state is = state::unknown;
    std::string reason;  // snake_case; empty where there is nothing to explain
    std::vector<metric> metrics;
    std::string note;      // the document's own words: one safe line, secrets masked, never a reason
    bool derived = false;  // a figure beyond our limit decided, not the document's own word
};

// What is odd about a document without making it unreadable. Codes are published: extend, never rename.
enum class oddity : std::uint8_t {
    aggregate_hides_failure,  // it says up as a whole and down of a part
    code_body_conflict,       // HTTP status and text contradict one another
    duplicate_key,            // a name twice in one object: the last one counts
    unknown_word,             // a state in a word that we do not know
    components_cut,           // more components than we list
};
std::string_view code_of(oddity o) noexcept;
std::string_view words_of(oddity o) noexcept;

struct report {
    family form = family::none;
    state is = state::unknown;
    std::string reason;    // of the worst component, or of the answer itself; empty if up
    unsigned status = 0;   // HTTP; 0: not known
    std::string subject;   // what the document is about as a whole: the component's name where it names none
    std::vector<component> components;  // in the document's order
    std::vector<oddity> oddities;       // each once
    std::vector<std::string> recognised, unrecognised;  // places in the document, at most `most_places` each
};

// down is worse than degraded is worse than up; unknown is not on that scale.
constexpr bool worse(state a, state b) noexcept
{
    constexpr auto rank = [](state s) { return s == state::down ? 2 : s == state::degraded ? 1 : s == state::up ? 0 : -1; };
    return rank(a) > rank(b);
}

}  // namespace rollcall::audit::health
