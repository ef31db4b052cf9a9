// The words in which a change of a tool's contract is told: what changed, on which side, and by which rule it is
// breaking, additive or wording.
//
// Grades are a caller's: somebody wrote calls against the old contract and reads results by the old output schema.
#pragma once

#include "audit/drift/review.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::drift {

// Worst first.
enum class grade : std::uint8_t {
    breaking,  // a call that was right may fail or mean something else, or a result may surprise its reader
    additive,  // all old calls and readers still work
    wording,   // nothing that a program looks at
};
inline constexpr std::size_t grade_count = 3;
std::string_view code_of(grade g) noexcept;   // "breaking"
std::string_view label_of(grade g) noexcept;  // "Breaking"

// Where in the tool. What narrows an input is breaking; of an output, what widens it.
enum class side : std::uint8_t { tool, input, output };
std::string_view code_of(side s) noexcept;

enum class kind : std::uint8_t {
    tool_added, tool_removed, tool_renamed,
    parameter_added,           // optional
    required_parameter_added,
    parameter_removed, parameter_renamed, parameter_now_required, parameter_now_optional,
    result_field_added, result_field_removed, result_field_renamed, result_field_now_optional, result_field_now_always,
    type_widened, type_narrowed, type_changed,
    enum_widened, enum_narrowed, enum_changed,
    alternative_added, alternative_removed,                        // of anyOf or oneOf
    constraint_tightened, constraint_loosened, constraint_changed,  // minimum, maxLength, pattern, ...
    default_changed,
    undeclared_refused, undeclared_allowed,                         // additionalProperties
    output_schema_added, output_schema_removed,
    promise_withdrawn, promise_made,                                // annotations: read-only, not destructive, ...
    wording_changed,  // title, description
    note_changed,     // a keyword that asserts nothing
    not_compared,     // too deep or too tangled to be compared to the end
};

struct kind_row {
    kind value;
    std::string_view code;   // stable
    std::string_view label;  // "parameter now required"
    grade usual;             // for a parameter; the rule of the change itself decides
};
std::span<const kind_row> all_kinds() noexcept;  // in enum order
const kind_row& row_of(kind k) noexcept;

enum class rule : std::uint8_t {
    tool_gone, name_gone, must_send_more, call_refused, call_means_other, result_surprises, result_missing,
    promise_withdrawn, cannot_tell,
    tool_new, may_send_more, call_accepted, default_stated, result_more, result_stricter, promise_made,
    words_only, asserts_nothing,
};

struct rule_row {
    rule value;
    std::string_view code;  // stable
    drift::grade grade;
    std::string_view sentence;
};
std::span<const rule_row> all_rules() noexcept;  // in enum order
const rule_row& row_of(rule r) noexcept;

struct change {
    kind what = kind::not_compared;
    drift::side side = drift::side::tool;
    rule why = rule::cannot_tell;
    std::string tool{};     // its name in the earlier list; of an added tool, in the later
    std::string renamed{};  // its name in the later list, where that is another
    std::string place{};    // JSON pointer inside the tool, of the later list, or where that has none, of the earlier
    std::string subject{};  // the parameter or field as a person would write it: "filter.tags[]"; empty: all of it
    std::string keyword{};  // "maximum", "description", "readOnlyHint"; empty if the kind says it
    std::string before{}, after{};  // JSON texts; empty where there was or is nothing
    std::vector<sign> signs{};    // what a person should look at before trusting the new text

    drift::grade grade() const noexcept { return row_of(why).grade; }
    bool for_review() const noexcept { return !signs.empty(); }
};

// "now requires `region`": to be put behind the tool's name. Text of strangers is shortened and made safe to show.
std::string predicate_of(const change& c);
// "search_orders now requires `region`"
std::string sentence_of(const change& c);

}  // namespace rollcall::audit::drift
