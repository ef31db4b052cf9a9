#include "data/model/night_cells.hpp"
#include "render/chart/chart.hpp"
#include "render/documents/latency.hpp"

#include <algorithm>
#include <cmath>

namespace rollcall::render {
namespace {

constexpr int width = 720, height = 96;

struct timed_night { int day; std::string date; std::vector<std::uint32_t> ms; };  // day: 0 is the newest round's

std::vector<timed_night> timed_nights(const roll& r, const entry& n, int nights)
{
    std::vector<timed_night> out;
    const auto today = std::chrono::floor<std::chrono::days>(r.newest->at);
    for (const auto& night : n.row->nights) {
        const auto it = r.rounds.find(night.round);
        if (it == r.rounds.end()) continue;
        const auto day = (today - std::chrono::floor<std::chrono::days>(it->second->at)).count();
        if (day < 0 || day >= nights) continue;
        timed_night one{static_cast<int>(day), data::to_date(it->second->at), {}};
        for (const auto& c : data::unpack_cells(night.cells))
            if (c.ms) one.ms.push_back(*c.ms);
        std::ranges::sort(one.ms);
        if (!one.ms.empty()) out.push_back(std::move(one));
    }
    return out;
}

std::uint32_t middle(const std::vector<std::uint32_t>& sorted) { return sorted[(sorted.size() - 1) / 2]; }

// A night of the table that says the same.
std::string row_of(const timed_night& n)
{
    std::string out = "<tr><th scope=\"row\">" + n.date + "</th>";
    for (const auto ms : {n.ms.front(), middle(n.ms), n.ms.back()}) out.append("<td>").append(std::to_string(ms)).append("</td>");
    return out += "</tr>\n";
}

// The dots of a night stand above one another, each told from the one before, to a whole unit: there are hundreds.
template <class Y>
std::string dots_of(const std::string& at, const std::vector<std::uint32_t>& ms, const Y& y)
{
    std::string out;
    std::int64_t before = 0;
    for (const auto one : ms) {
        const auto here = static_cast<std::int64_t>(std::llround(y(one)));
        if (out.empty()) out = "M" + at + std::to_string(here) + "h0";
        else if (here != before) out += "m0" + std::string(here < before ? "" : " ") + std::to_string(here - before) + "h0";
        before = here;
    }
    return out;
}

// 100, 200, 500, 1000, ...: the first that nothing stands above.
std::uint32_t scale_for(std::uint32_t most)
{
    for (std::uint32_t power = 100;; power *= 10)
        for (const auto step : {power, power * 2, power * 5})
            if (step >= most || step >= 1'000'000) return step;
}

}  // namespace

std::optional<figure> pace_figure(const roll& r, const entry& n)
{
    if (!r.newest) return {};
    const int nights = n.row->nights.size() <= 30 ? 30 : strip_nights;
    const auto timed = timed_nights(r, n, nights);
    std::vector<std::uint32_t> all;
    for (const auto& night : timed) all.insert(all.end(), night.ms.begin(), night.ms.end());
    std::ranges::sort(all);
    const auto latency = latency_document(all);
    if (timed.size() < 3 || latency["p50_ms"].is_null()) return {};

    const auto top = scale_for(all.back());
    const auto x = [&](int day) { return width * (nights - 0.5 - day) / nights; };
    const auto y = [&](std::uint32_t ms) { return height - 4 - (height - 8.0) * ms / top; };
    figure f;
    std::string dots, line;
    f.columns = {{"date", "Night"}, {"fastest", "Fastest, ms"}, {"median", "Median, ms"}, {"slowest", "Slowest, ms"}};
    const timed_night* before = nullptr;
    for (const auto& night : timed) {
        const auto at = place(x(night.day)) + " ";
        dots += dots_of(at, night.ms, y);
        line += (before && before->day == night.day + 1 ? "L" : "M") + at + place(y(middle(night.ms)));
        before = &night;
    }
    for (auto it = timed.rbegin(); it != timed.rend(); ++it) f.rows_made += row_of(*it);
    f.id = f.kind = "pace";
    f.finding = "Half of its answers came within " + latency["p50_ms"].dump() + " ms" +
                (latency["p95_ms"].is_null() ? std::string() : ", 95 % within " + latency["p95_ms"].dump() + " ms") + ".";
    f.description = "A dot for each answer, by night and region, newest on the right, from 0 ms at the bottom to " + std::to_string(top) + " ms at the top; the line joins the medians of nights in a row. The table below has the times.";
    f.drawing = {width, height, {{"ground", "M0 " + std::to_string(height - 4) + "H" + std::to_string(width)}, {"ground", "M0 4H" + std::to_string(width)}, {"dots", dots}, {"line", line}}};
    f.ticks = month_ticks(r.newest->at, nights);
    f.legend = {{"ink", "time waited for the server; the upper line is at " + std::to_string(top) + " ms"}};
    f.caption = "Times waited for the server, by night";
    f.data = "api/v1/history/" + n.row->slug + ".json";
    return f;
}

}  // namespace rollcall::render
