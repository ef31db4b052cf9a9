#include "render/chart/chart.hpp"

#include <algorithm>

namespace rollcall::render {

std::string waterfall_html(const template_set& t, const std::string& caption, std::span<const step_time> steps, std::string_view ended)
{
    constexpr std::int64_t width = 1000, least = 4;  // a step too short to be seen is drawn all the same
    std::int64_t total = 0, begun = 0;
    for (const auto& s : steps) total += s.ms;
    const auto scale = [&](std::int64_t ms) { return total == 0 ? 0 : ms * width / total; };
    document d{{"caption", caption}, {"total", total}, {"several", steps.size() > 1}, {"steps", document::array()}};
    for (const auto& s : steps) {
        const auto x = std::min(scale(begun), width - least);
        const bool last = &s == &steps.back() && !ended.empty();
        d["steps"].push_back({{"label", s.label}, {"ms", s.ms}, {"x", x}, {"w", std::max(least, scale(s.ms))}, {"style", last ? std::string(ended) : std::string("ink")}});
        begun += s.ms;
    }
    return t.render("_waterfall.html", d);
}

}  // namespace rollcall::render
