#include "render/pages/map.hpp"

#include "render/chart/figure.hpp"
#include "render/documents/regions.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <array>

namespace rollcall::render {
namespace {

// As script/world-map projects: two units a degree, from 84 degrees north to 58 south.
constexpr double width = 720, height = 284, north = 84;
constexpr double letter = 7.4, line = 15, away = 9;  // pixels, of a label

struct area { double left, top, right, bottom; };

bool meet(const area& a, const area& b) { return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom; }

std::size_t letters_of(const std::string& utf8)
{
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

// The label's box on a map of `wide` pixels.
area area_of(const pin& p, const label_place& at, double wide)
{
    const double x = p.x / 100 * wide + at.dx, y = p.y / 100 * wide * height / width + at.dy;
    const double long_ = static_cast<double>(letters_of(p.label)) * letter;
    const double left = at.anchor == std::string_view("start") ? x : at.anchor == std::string_view("end") ? x - long_ : x - long_ / 2;
    return {left, y - line + 3, left + long_, y + 3};
}

// The first side on which the label meets nothing; none if it always does.
std::optional<label_place> free_side(const std::vector<pin>& pins, std::size_t i, const std::vector<area>& taken, double wide)
{
    constexpr std::array sides{label_place{static_cast<int>(away), 5, "start", false}, label_place{-static_cast<int>(away), 5, "end", false}, label_place{0, -8, "middle", false},
                               label_place{0, 19, "middle", false}};
    for (const auto& side : sides) {
        const auto box = area_of(pins[i], side, wide);
        bool free = box.left >= 0 && box.right <= wide && box.top >= 0;
        for (const auto& t : taken) free = free && !meet(box, t);
        for (std::size_t k = 0; free && k < pins.size(); ++k) {
            const double x = pins[k].x / 100 * wide, y = pins[k].y / 100 * wide * height / width;
            free = k == i || !meet(box, {x - 5, y - 5, x + 5, y + 5});
        }
        if (free) return side;
    }
    return {};
}

}  // namespace

std::vector<label_place> places_of_labels(const std::vector<pin>& pins)
{
    constexpr double phone = 280, desk = 700;
    std::vector<label_place> out;
    std::vector<area> taken_on_phone, taken_on_desk;
    for (std::size_t i = 0; i < pins.size(); ++i) {
        auto side = free_side(pins, i, taken_on_phone, phone);
        const bool crowded = !side;
        if (crowded) side = free_side(pins, i, taken_on_desk, desk).value_or(label_place{static_cast<int>(away), 5, "start", false});
        side->crowded = crowded;
        if (!crowded) taken_on_phone.push_back(area_of(pins[i], *side, phone));
        taken_on_desk.push_back(area_of(pins[i], *side, desk));
        out.push_back(*side);
    }
    return out;
}

std::string map_html(const page_writer& w)
{
    const auto& r = w.roll();
    std::vector<pin> pins;
    for (const auto& g : r.edition->regions) {
        if (!g.latitude || !g.longitude) continue;
        const auto* checked = r.newest ? self_check(r, g.id, r.newest->id) : nullptr;
        pins.push_back({(*g.longitude + 180) * 2 / width * 100, (north - *g.latitude) * 2 / height * 100, clean(region_name(r, g), 40), !checked || !checked->down});
    }
    if (pins.empty()) return {};
    const auto labels = places_of_labels(pins);
    document d{{"title", "Probed from " + places_in_words(*r.edition)}, {"description", "A map of the world with a mark at each city that is probed from. The table has the same cities."}, {"cities", document::array()}};
    for (std::size_t i = 0; i < pins.size(); ++i) {
        const auto& p = pins[i];
        d["cities"].push_back({{"x", place(p.x)}, {"y", place(p.y)}, {"city", p.label}, {"icon", p.well ? "\u25cf" : "\u25b2"}, {"style", p.well ? "up" : "degraded"}, {"dx", labels[i].dx},
                               {"dy", labels[i].dy}, {"anchor", labels[i].anchor}, {"crowded", labels[i].crowded}});
    }
    return w.templates().render("_map.html", d);
}

}  // namespace rollcall::render
