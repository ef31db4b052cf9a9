#include "render/chart/timeline.hpp"

#include <algorithm>
#include <array>

namespace rollcall::render {
namespace {

constexpr std::size_t longest = 60, narrowest = 24;  // fewer nights are not drawn as wide slabs
constexpr int column_width = 12, ink = 10, height = 60;

}  // namespace

figure timeline_figure(const std::string& finding, const std::vector<tallied_night>& nights, const std::string& data, const char* failed)
{
    const auto from = nights.size() - std::min(nights.size(), longest);
    std::int64_t most = 1;
    for (std::size_t i = from; i < nights.size(); ++i) most = std::max(most, nights[i].answering + nights[i].failing + nights[i].unmeasured);

    figure f;
    std::array<std::string, 3> paths;
    constexpr std::array styles{"f-up", "f-down", "f-unknown"};
    for (std::size_t i = from; i < nights.size(); ++i) {
        const auto& n = nights[i];
        const std::array counts{n.answering, n.failing, n.unmeasured};
        const auto x = column_width * static_cast<int>(i - from) + 1;
        double y = height;
        for (std::size_t k = 0; k < counts.size(); ++k) {
            const double h = static_cast<double>(height * counts[k]) / static_cast<double>(most);
            y -= h;
            if (counts[k] > 0) paths[k] += box(x, y, ink, h);
        }
        f.rows.push_back({{"date", data::to_date(n.at)}, {"answering", n.answering}, {"failing", n.failing}, {"unmeasured", n.unmeasured}});
    }
    const auto width = column_width * static_cast<int>(std::max(narrowest, nights.size() - from));
    f.id = f.kind = "timeline";
    f.finding = finding;
    f.description = "One column a roll call, newest on the right: from the bottom the servers that answered, then those that " + std::string(failed) + ", then those that were not measured. The table below has the counts.";
    f.drawing = {width, height + 1, {{"ground", "M0 60.5H" + std::to_string(width)}}};
    // The columns begin on the left, and may end long before the right.
    const auto end = 100.0 * static_cast<double>(nights.size() - from) / static_cast<double>(std::max(narrowest, nights.size() - from));
    f.ticks = day_ticks(nights[from].at, 0.0, nights.back().at);
    f.ticks.back().at = std::max(end, f.ticks.size() > 1 ? 25.0 : 12.0);
    f.legend = {{"up", "answered"}, {"down", failed}};
    if (!paths[2].empty()) f.legend.push_back({"unknown", "not measured"});
    for (std::size_t k = 0; k < paths.size(); ++k) f.drawing.marks.push_back({styles[k], std::move(paths[k])});
    f.caption = std::string("Servers of this incident, by roll call") + (from > 0 ? "; the last 60" : "");
    f.columns = {{"date", "Roll call"}, {"answering", "Answered"}, {"failing", "Failed"}, {"unmeasured", "Not measured"}};
    f.data = data;
    return f;
}

}  // namespace rollcall::render
