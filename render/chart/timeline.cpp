#include "render/chart/timeline.hpp"

#include <algorithm>
#include <array>

namespace rollcall::render {
namespace {

constexpr std::size_t longest = 60;
constexpr int column = 12, height = 60;  // of a column 10 are ink

}  // namespace

std::string timeline_html(const template_set& t, const std::string& title, const std::vector<tallied_night>& nights)
{
    const auto from = nights.size() - std::min(nights.size(), longest);
    std::int64_t most = 1;
    for (std::size_t i = from; i < nights.size(); ++i) most = std::max(most, nights[i].answering + nights[i].failing + nights[i].unmeasured);

    std::array<std::string, 3> paths;
    constexpr std::array styles{"up", "down", "unknown"};
    auto rows = document::array();
    for (std::size_t i = from; i < nights.size(); ++i) {
        const auto& n = nights[i];
        const std::array counts{n.answering, n.failing, n.unmeasured};
        const auto x = column * static_cast<int>(i - from) + 1;
        std::int64_t below = 0;
        for (std::size_t k = 0; k < counts.size(); ++k) {
            const auto bottom = height - below * height / most, top = height - (below + counts[k]) * height / most;
            if (counts[k] > 0) paths[k] += "M" + std::to_string(x) + " " + std::to_string(top) + "h10V" + std::to_string(bottom) + "h-10z";
            below += counts[k];
        }
        rows.push_back({{"date", data::to_date(n.at)}, {"answering", n.answering}, {"failing", n.failing}, {"unmeasured", n.unmeasured}});
    }
    document d{{"title", title}, {"width", column * static_cast<int>(std::max<std::size_t>(24, nights.size() - from))}, {"height", height}, {"rows", std::move(rows)}};
    d["paths"] = document::array();
    for (std::size_t k = 0; k < paths.size(); ++k)
        if (!paths[k].empty()) d["paths"].push_back({{"style", styles[k]}, {"d", paths[k]}});
    d["cut"] = from > 0;
    return t.render("_timeline.html", d);
}

}  // namespace rollcall::render
