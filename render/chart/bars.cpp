#include "render/chart/chart.hpp"

#include <algorithm>

namespace rollcall::render {

namespace {

constexpr int width = 720, height = 34;
constexpr double gap = 2.0;

// {style, x, w} of each part that there is.
document pieces_of(const document& parts)
{
    std::int64_t total = 0;
    int shown = 0;
    for (const auto& p : parts) {
        total += p.at("count").get<std::int64_t>();
        shown += p.at("count").get<std::int64_t>() > 0 ? 1 : 0;
    }
    auto out = document::array();
    double x = 0.0;
    for (const auto& p : parts) {
        const auto count = p.at("count").get<std::int64_t>();
        if (count == 0) continue;
        const double w = (width - gap * (shown - 1)) * static_cast<double>(count) / static_cast<double>(total);
        out.push_back({{"style", p.at("style")}, {"icon", p.value("icon", "")}, {"x", x}, {"w", w}});
        x += w + gap;
    }
    return out;
}

}  // namespace

figure composition_figure(const std::string& id, const std::string& finding, const std::string& description, const document& parts)
{
    constexpr double room = 24.0;  // for a sign below its piece
    figure f;
    f.id = id;
    f.kind = "bar";
    f.finding = finding;
    f.description = description;
    f.drawing = {width, height, {}};
    for (const auto& p : pieces_of(parts)) {
        const auto x = p["x"].get<double>(), w = p["w"].get<double>();
        f.drawing.marks.push_back({"f-" + p["style"].get<std::string>(), box(x, 0, w, height)});
        if (w >= room && p["icon"] != "") f.ticks.push_back({100.0 * (x + w / 2) / width, p["icon"].get<std::string>()});
    }
    f.columns = {{"label", "What they did"}, {"count", "Count"}, {"share", "Share, %"}};
    for (const auto& p : parts) {
        const auto text = [&](const char* key) { return p.value(key, std::string()); };
        const auto share = p.value("share", document(nullptr));
        f.legend.push_back({text("style"), text("label"), p.at("count"), share, text("icon"), text("href")});
        f.rows.push_back({{"label", p.at("label")}, {"count", p.at("count")}, {"share", share}});
    }
    f.caption = finding;
    f.data = "figures/" + id + ".csv";
    return f;
}

}  // namespace rollcall::render
