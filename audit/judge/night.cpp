#include "audit/judge/valid.hpp"

#include <algorithm>
#include <vector>

namespace rollcall::audit {
namespace {

night_result judge_cells(std::span<const mark> marks, std::span<const mark> valid)
{
    using data::state;
    if (valid.empty()) {
        // Whatever our trouble was, most often.
        const auto why = marks.empty() ? data::reason::interrupted : modal_reason(marks, data::cell_class::unusable);
        return {state::unknown, why, false, false};
    }
    std::vector<mark> bad_marks, good_marks;
    for (const auto& m : valid) (is_bad(m) ? bad_marks : good_marks).push_back(m);
    const bool good_night = good_marks.size() * 2 > valid.size();

    if (good_marks.empty()) {
        const auto of = modal_class(bad_marks);
        const bool gated = of == data::cell_class::auth || of == data::cell_class::wall;
        return {gated ? state::gated : state::down, modal_reason(bad_marks, of), true, false};
    }
    const auto slow = static_cast<std::size_t>(
        std::ranges::count_if(good_marks, [](const mark& m) { return data::class_of(m.why) == data::cell_class::slow; }));
    const bool mostly_slow = slow * 2 > valid.size();
    const bool forgiven = bad_marks.size() == 1 && valid.size() >= 3 && !mostly_slow;
    if (!bad_marks.empty() && !forgiven) return {state::degraded, modal_reason(bad_marks, modal_class(bad_marks)), true, good_night};
    return {mostly_slow ? state::degraded : state::up, modal_reason(good_marks, modal_class(good_marks)), true, good_night};
}

}  // namespace

night_result judge_night(std::span<const mark> marks)
{
    const auto valid = valid_of(marks);
    auto night = judge_cells(marks, valid);
    if (std::ranges::any_of(valid, &mark::credentialed)) night.flags |= data::flag_with_credential;
    if (night.state != data::state::up) return night;
    if (const auto trouble = owner_trouble(valid)) {
        night.state = data::state::degraded;
        night.why = *trouble;
    }
    return night;
}

std::int64_t streak_after(const night_result& tonight, std::optional<std::pair<data::state, std::int64_t>> before)
{
    return before && before->first == tonight.state ? before->second + 1 : 1;
}

}  // namespace rollcall::audit
