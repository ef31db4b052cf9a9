#include "audit/drift/change.hpp"

#include <array>

namespace rollcall::audit::drift {
namespace {

using g = grade;
using k = kind;
using r = rule;

constexpr std::array kinds{
    kind_row{k::tool_added, "tool_added", "tool added", g::additive},
    kind_row{k::tool_removed, "tool_removed", "tool removed", g::breaking},
    kind_row{k::tool_renamed, "tool_renamed", "tool renamed", g::breaking},
    kind_row{k::parameter_added, "parameter_added", "optional parameter added", g::additive},
    kind_row{k::required_parameter_added, "required_parameter_added", "required parameter added", g::breaking},
    kind_row{k::parameter_removed, "parameter_removed", "parameter removed", g::breaking},
    kind_row{k::parameter_renamed, "parameter_renamed", "parameter renamed", g::breaking},
    kind_row{k::parameter_now_required, "parameter_now_required", "parameter now required", g::breaking},
    kind_row{k::parameter_now_optional, "parameter_now_optional", "parameter now optional", g::additive},
    kind_row{k::result_field_added, "result_field_added", "result field added", g::additive},
    kind_row{k::result_field_removed, "result_field_removed", "result field removed", g::breaking},
    kind_row{k::result_field_renamed, "result_field_renamed", "result field renamed", g::breaking},
    kind_row{k::result_field_now_optional, "result_field_now_optional", "result field may be missing", g::breaking},
    kind_row{k::result_field_now_always, "result_field_now_always", "result field always there", g::additive},
    kind_row{k::type_widened, "type_widened", "type widened", g::additive},
    kind_row{k::type_narrowed, "type_narrowed", "type narrowed", g::breaking},
    kind_row{k::type_changed, "type_changed", "type changed", g::breaking},
    kind_row{k::enum_widened, "enum_widened", "more values", g::additive},
    kind_row{k::enum_narrowed, "enum_narrowed", "fewer values", g::breaking},
    kind_row{k::enum_changed, "enum_changed", "other values", g::breaking},
    kind_row{k::alternative_added, "alternative_added", "another form", g::additive},
    kind_row{k::alternative_removed, "alternative_removed", "one form less", g::breaking},
    kind_row{k::constraint_tightened, "constraint_tightened", "constraint tightened", g::breaking},
    kind_row{k::constraint_loosened, "constraint_loosened", "constraint loosened", g::additive},
    kind_row{k::constraint_changed, "constraint_changed", "constraint changed", g::breaking},
    kind_row{k::default_changed, "default_changed", "default changed", g::breaking},
    kind_row{k::undeclared_refused, "undeclared_refused", "undeclared members refused", g::breaking},
    kind_row{k::undeclared_allowed, "undeclared_allowed", "undeclared members allowed", g::additive},
    kind_row{k::output_schema_added, "output_schema_added", "output schema added", g::additive},
    kind_row{k::output_schema_removed, "output_schema_removed", "output schema removed", g::breaking},
    kind_row{k::promise_withdrawn, "promise_withdrawn", "promise withdrawn", g::breaking},
    kind_row{k::promise_made, "promise_made", "promise made", g::additive},
    kind_row{k::wording_changed, "wording_changed", "wording", g::wording},
    kind_row{k::note_changed, "note_changed", "note", g::wording},
    kind_row{k::not_compared, "not_compared", "not compared to the end", g::breaking},
};

constexpr std::array rules{
    rule_row{r::tool_gone, "tool_gone", g::breaking, "A call of a tool that is gone fails."},
    rule_row{r::name_gone, "name_gone", g::breaking, "A call by the old name fails."},
    rule_row{r::must_send_more, "must_send_more", g::breaking, "A call that leaves out what is now required is refused."},
    rule_row{r::call_refused, "call_refused", g::breaking, "A call that was right may be refused now."},
    rule_row{r::call_means_other, "call_means_other", g::breaking, "A call that was right may mean something else now, or be refused."},
    rule_row{r::result_surprises, "result_surprises", g::breaking, "A result may now be one that the old output schema rules out."},
    rule_row{r::result_missing, "result_missing", g::breaking, "A reader may no longer find what the old output schema offered."},
    rule_row{r::promise_withdrawn, "promise_withdrawn", g::breaking,
             "Clients decide by this hint whether to call without asking, or to repeat a call; what it promised no longer holds."},
    rule_row{r::cannot_tell, "cannot_tell", g::breaking, "It cannot be told whether old calls and readers still work, so it counts as if they did not."},
    rule_row{r::tool_new, "tool_new", g::additive, "Nobody calls a tool that was not there."},
    rule_row{r::may_send_more, "may_send_more", g::additive, "A call that leaves it out is still right."},
    rule_row{r::call_accepted, "call_accepted", g::additive, "Every call that was right still is."},
    rule_row{r::default_stated, "default_stated", g::additive, "What had been left open is stated now."},
    rule_row{r::result_more, "result_more", g::additive, "A reader finds all that it found before."},
    rule_row{r::result_stricter, "result_stricter", g::additive, "Every result still fits the old output schema."},
    rule_row{r::promise_made, "promise_made", g::additive, "The tool promises what it did not promise before."},
    rule_row{r::words_only, "words_only", g::wording, "Programs do not look at it; models do."},
    rule_row{r::asserts_nothing, "asserts_nothing", g::wording, "It neither allows nor forbids anything."},
};

template <class Rows>
consteval bool in_order(const Rows& rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].value) != i) return false;
    return true;
}
static_assert(in_order(kinds) && kinds.size() == static_cast<std::size_t>(k::not_compared) + 1);
static_assert(in_order(rules) && rules.size() == static_cast<std::size_t>(r::asserts_nothing) + 1);

constexpr std::array<std::string_view, grade_count> grade_codes{"breaking", "additive", "wording"};
constexpr std::array<std::string_view, grade_count> grade_labels{"Breaking", "Additive", "Wording"};
constexpr std::array<std::string_view, 3> side_codes{"tool", "input", "output"};

}  // namespace

std::string_view code_of(grade v) noexcept { return grade_codes[static_cast<std::size_t>(v)]; }
std::string_view label_of(grade v) noexcept { return grade_labels[static_cast<std::size_t>(v)]; }
std::string_view code_of(side v) noexcept { return side_codes[static_cast<std::size_t>(v)]; }

std::span<const kind_row> all_kinds() noexcept { return kinds; }
const kind_row& row_of(kind v) noexcept { return kinds[static_cast<std::size_t>(v)]; }
std::span<const rule_row> all_rules() noexcept { return rules; }
const rule_row& row_of(rule v) noexcept { return rules[static_cast<std::size_t>(v)]; }

}  // namespace rollcall::audit::drift
