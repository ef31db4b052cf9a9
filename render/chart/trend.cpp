#include "data/model/numbers.hpp"
#include "render/chart/chart.hpp"

#include <algorithm>
#include <array>

namespace rollcall::render {
namespace {

using data::grouped;
constexpr int width = 720, height = 120;
constexpr std::array states{"up", "degraded", "gated", "down"};

}  // namespace

figure trend_figure(const document& trend)
{
    const auto last = *data::parse_time(trend.back().at("date").get<std::string>());
    const auto first = *data::parse_time(trend.front().at("date").get<std::string>());
    const auto span = last - first;
    const int nights = span < std::chrono::days(7) ? 7 : span < std::chrono::days(30) ? 30 : strip_nights;
    const double cell = static_cast<double>(width) / nights, ink = cell - std::min(cell * 0.3, 8.0);
    std::array<std::string, states.size()> paths;
    for (const auto& night : trend) {
        const auto day = (last - *data::parse_time(night.at("date").get<std::string>())) / std::chrono::days(1);
        const auto measured = night.at("measured").get<double>();
        if (measured <= 0.0) continue;
        double y = height;
        for (std::size_t i = 0; i < states.size(); ++i) {
            const double h = height * night.at(states[i]).get<double>() / measured;
            if (h <= 0.0) continue;
            y -= h;
            paths[i] += box(cell * (nights - 1 - static_cast<double>(day)) + (cell - ink) / 2, y, ink, h);
        }
    }
    const auto& newest = trend.back();
    const auto answered = newest.at("up").get<std::int64_t>() + newest.at("degraded").get<std::int64_t>();
    figure f;
    f.id = f.kind = "trend";
    f.finding = grouped(answered) + " of " + grouped(newest.at("measured").get<std::int64_t>()) + " measured servers answered on " + day_in_words(last);
    f.description = "One column a night over " + std::to_string(nights) + " nights, newest on the right: from the bottom those that answered, answered in part, asked for a credential or stood behind a wall, and did not answer. The table below has the counts.";
    f.drawing = {width, height + 2, {{"ground", "M0 121H720"}}};
    for (std::size_t i = 0; i < states.size(); ++i) f.drawing.marks.push_back({std::string("f-") + states[i], paths[i]});
    f.ticks = nights < strip_nights ? day_ticks(first, 100.0 * static_cast<double>(nights - 1 - span / std::chrono::days(1)) / nights, last) : month_ticks(last, nights);
    f.legend = {{"down", "did not answer"}, {"gated", "gated"}, {"degraded", "in part"}, {"up", "answered"}};
    f.caption = "Servers on today’s roll, by night";
    f.columns = {{"date", "Night"}, {"up", "Answered"}, {"degraded", "In part"}, {"gated", "Gated"}, {"down", "No answer"}, {"measured", "Measured"}};
    f.rows = trend;
    f.newest_first = true;
    f.data = "figures/trend.csv";
    return f;
}

}  // namespace rollcall::render
