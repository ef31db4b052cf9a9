#include "render/chart/chart.hpp"

#include <algorithm>
#include <array>

namespace rollcall::render {
namespace {

constexpr int cell_width = 6;  // of which 4 are ink
constexpr int ground = 17;     // where the line is
constexpr int strip_height = 29;
constexpr std::size_t most_runs = 40;

// Where the middle of a state's mark stands. An even stroke over a dash pattern draws a run of nights in a few bytes;
// how thick it is, the style sheet says.
constexpr const char* middle_of(data::state s)
{
    switch (s) {
        case data::state::up: return "10";
        case data::state::degraded: return "13";
        case data::state::down: return "22.5";
        case data::state::gated:
        case data::state::unknown: break;
    }
    return "17";
}

struct marked { int day; const data::night* night; };  // day: 0 is the newest round's

std::vector<marked> marks_of(const roll& r, const entry& n, int nights)
{
    std::vector<marked> out;
    if (!r.newest) return out;
    const auto today = std::chrono::floor<std::chrono::days>(r.newest->at);
    for (const auto& night : n.row->nights) {
        const auto it = r.rounds.find(night.round);
        if (it == r.rounds.end()) continue;
        const auto day = (today - std::chrono::floor<std::chrono::days>(it->second->at)).count();
        if (day >= 0 && day < nights) out.push_back({static_cast<int>(day), &night});
    }
    return out;
}

data::state shown(const data::night& n) { return n.valid ? n.state : data::state::unknown; }

std::array<std::string, 5> paths_of(const roll& r, const entry& n, int nights)
{
    std::array<std::string, 5> paths;
    const auto marks = marks_of(r, n, nights);
    for (std::size_t i = 0; i < marks.size();) {
        const auto state = shown(*marks[i].night);
        std::size_t end = i + 1;
        while (end < marks.size() && shown(*marks[end].night) == state && marks[end].day == marks[end - 1].day - 1) ++end;
        const int x = cell_width * (nights - 1 - marks[i].day) + 1;
        const auto length = cell_width * static_cast<int>(end - i) - 2;
        paths[static_cast<std::size_t>(state)] += "M" + std::to_string(x) + " " + middle_of(state) + "h" + std::to_string(length);
        i = end;
    }
    return paths;
}

}  // namespace

std::string strip_words(const roll& r, const entry& n, int nights)
{
    std::array<int, 5> counts{};
    const auto marks = marks_of(r, n, nights);
    for (const auto& m : marks) ++counts[static_cast<std::size_t>(shown(*m.night))];
    if (marks.empty()) return "no roll call yet";
    constexpr std::array words{"answered on ", "answered in part on ", "did not answer on ", "asked for a credential or stood behind a wall on ",
                               "was not measured on "};
    std::string out;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        if (!out.empty()) out += ", ";
        out += words[i] + std::to_string(counts[i]);
    }
    return out + " of " + std::to_string(marks.size()) + (marks.size() == 1 ? " night" : " nights");
}

std::vector<run> runs_of(const roll& r, const entry& n, int nights)
{
    std::vector<run> out;
    const auto marks = marks_of(r, n, nights);
    int expected = -1;
    for (auto it = marks.rbegin(); it != marks.rend(); ++it) {
        const auto& night = *it->night;
        const auto date = data::to_date(r.rounds.at(night.round)->at);
        const bool joins = !out.empty() && it->day == expected && out.back().state == shown(night) && out.back().why == night.why;
        if (!joins) out.push_back({date, date, shown(night), night.why, 0});
        out.back().first = date;
        ++out.back().nights;
        expected = it->day + 1;
    }
    return out;
}

std::string strip_html(const template_set& t, const roll& r, const entry& n, int nights, bool small)
{
    document d{{"width", cell_width * nights}, {"ground", ground}, {"small", small}, {"words", strip_words(r, n, nights)}};
    d["paths"] = document::array();
    const auto paths = paths_of(r, n, nights);
    for (const auto& s : data::all_states())
        if (const auto& p = paths[static_cast<std::size_t>(s.value)]; !p.empty()) d["paths"].push_back({{"state", s.code}, {"d", p}});
    return t.render("_strip.html", d);
}

figure strip_figure(const roll& r, const entry& n, int nights)
{
    // What the heights say, in the order of states.
    constexpr std::array looks{"tall: answered", "half as tall: answered in part", "below the line: did not answer", "on the line: credential or wall", "thin: not measured"};
    figure f;
    f.id = f.kind = "nights";
    f.finding = "It " + strip_words(r, n, nights) + ".";
    f.description = "One mark a night over " + std::to_string(nights) + " nights, newest on the right: above the line it answered, below it did not, on the line there was a credential or a wall. The table below has every run of nights.";
    f.drawing = {cell_width * nights, strip_height, {{"ground", "M0 " + std::to_string(ground) + "H" + std::to_string(cell_width * nights)}}};
    auto paths = paths_of(r, n, nights);
    for (const auto& s : data::all_states()) {
        auto& p = paths[static_cast<std::size_t>(s.value)];
        if (p.empty()) continue;
        f.legend.push_back({std::string(s.code), looks[static_cast<std::size_t>(s.value)]});
        f.drawing.marks.push_back({"s-" + std::string(s.code), std::move(p)});
    }
    if (r.newest) f.ticks = month_ticks(r.newest->at, nights);
    f.caption = "Nights with the same state, newest first";
    f.columns = {{"nights", "Nights", false}, {"count", "Count"}, {"did", "What it did", false}, {"reason", "Reason", false}};
    for (const auto& run : runs_of(r, n, nights)) {
        if (f.rows.size() == most_runs) break;
        f.rows.push_back({{"nights", run.first == run.last ? run.first : run.first + " to " + run.last}, {"count", run.nights},
                          {"did", data::row_of(run.state).label}, {"reason", data::row_of(run.why).label}});
    }
    f.data = f.source = "api/v1/history/" + n.row->slug + ".json";
    return f;
}

}  // namespace rollcall::render
