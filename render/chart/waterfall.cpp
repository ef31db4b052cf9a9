#include "render/chart/chart.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

// Hundredths of a per cent, as the two decimals of a length.
std::string share(std::int64_t of_ten_thousand) { return place(static_cast<double>(of_ten_thousand) / 100.0) + "%"; }

// Put together here and not by the engine: labels are of our own table and the rest are numbers, thirty rows a server.
std::string row(const step_time& s, std::int64_t x, std::int64_t w, std::string_view style)
{
    std::string out = "<tr><th scope=\"row\">";
    out.append(s.label).append("</th><td class=\"n\">").append(std::to_string(s.ms)).append(" ms</td><td class=\"len\"><svg aria-hidden=\"true\"><rect class=\"f-").append(style);
    return out.append("\" x=\"").append(share(x)).append("\" width=\"").append(share(w)).append("\" height=\"100%\"/></svg></td></tr>\n");
}

}  // namespace

std::string waterfall_html(const template_set& t, const std::string& caption, std::span<const step_time> steps, std::string_view ended)
{
    constexpr std::int64_t width = 10'000, least = 40;  // a step too short to be seen is drawn all the same
    std::int64_t total = 0, begun = 0;
    for (const auto& s : steps) total += s.ms;
    const auto scale = [&](std::int64_t ms) { return total == 0 ? 0 : ms * width / total; };
    std::string rows;
    for (const auto& s : steps) {
        const auto x = std::min(scale(begun), width - least);
        const bool last = &s == &steps.back() && !ended.empty();
        rows += row(s, x, std::max(least, scale(s.ms)), last ? ended : "ink");
        begun += s.ms;
    }
    return t.render("_waterfall.html", members({{"caption", caption}, {"total", total}, {"several", steps.size() > 1}, {"steps", std::move(rows)}}));
}

}  // namespace rollcall::render
