#include "data/model/night_cells.hpp"
#include "render/chart/chart.hpp"
#include "render/chart/ranking.hpp"
#include "render/chart/timeline.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/sample.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>

namespace rollcall::render::tests {
namespace {

const template_set& templates()
{
    static const template_set t(std::filesystem::path(ROLLCALL_SOURCE_DIR) / "templates");
    return t;
}

std::size_t times(const std::string& text, std::string_view what)
{
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++n;
    return n;
}

// Each of these stands in the text.
void holds(const std::string& text, std::initializer_list<const char*> all)
{
    for (const auto* one : all) {
        INFO(one);
        CHECK(text.find(one) != std::string::npos);
    }
}

const entry& of(const roll& r, std::string_view slug) { return *std::ranges::find_if(r.entries, [&](const entry& n) { return n.row->slug == slug; }); }

document parts(std::initializer_list<std::pair<const char*, int>> counts)
{
    auto out = document::array();
    for (const auto& [style, count] : counts) out.push_back({{"style", style}, {"label", style}, {"count", count}, {"share", nullptr}, {"icon", "x"}});
    return out;
}

}  // namespace

TEST_CASE("a place has at most two decimals and no ending noughts", "[chart]")
{
    const std::pair<double, const char*> rows[] = {{0, "0"}, {12, "12"}, {12.5, "12.5"}, {12.25, "12.25"}, {12.204, "12.2"}, {12.999, "13"}, {0.05, "0.05"}, {719.996, "720"}};
    for (const auto& [value, text] : rows) CHECK(place(value) == text);
}

TEST_CASE("a figure has its title, its description, its table and where its data is, each tied to the drawing", "[chart]")
{
    const auto f = composition_figure("states", "2 of 3 <servers> answered", "One bar.", parts({{"up", 2}, {"down", 1}}));
    const auto html = figure_html(templates(), f, "../");
    holds(html, {"<figcaption id=\"states-t\">2 of 3 &lt;servers&gt; answered</figcaption>",
                 "aria-labelledby=\"states-t\" aria-describedby=\"states-d\"",
                 "<desc id=\"states-d\">One bar.</desc>",
                 "<summary>The same as a table</summary>",
                 "href=\"../figures/states.csv\""});
    CHECK(times(html, "<th scope=\"row\">") == 2);
}

TEST_CASE("a bar fills its width, leaves out what is nothing, and puts no sign below a sliver", "[chart]")
{
    const auto f = composition_figure("b", "x", "x", parts({{"up", 997}, {"degraded", 0}, {"down", 3}}));
    REQUIRE(f.drawing.marks.size() == 2);
    CHECK(f.drawing.marks[0].path == "M0 0h715.85v34h-715.85z");
    CHECK(f.drawing.marks[1].path == "M717.85 0h2.15v34h-2.15z");
    CHECK(f.ticks.size() == 1);
    CHECK(f.legend.size() == 3);
    CHECK(f.rows.size() == 3);
}

TEST_CASE("the strip of ninety nights is at most one path a state, and its table has every run of them", "[chart]")
{
    const auto e = sample_edition();
    const auto r = call_roll(e, "https://status.example.org/");
    for (const auto& n : r.entries) {
        INFO(n.row->slug);
        const auto f = strip_figure(r, n, strip_nights);
        CHECK(f.drawing.marks.size() <= 6);
        CHECK(f.legend.size() + 1 == f.drawing.marks.size());
        std::int64_t nights = 0;
        for (const auto& row : f.rows) nights += row["count"].get<std::int64_t>();
        if (f.rows.size() < 40) CHECK(nights == static_cast<std::int64_t>(n.row->nights.size()));
    }
}

TEST_CASE("months stand at their first nights, none where its name would be cut", "[chart]")
{
    const auto ticks = month_ticks(*data::parse_time("2026-11-21T02:30:00Z"), 90);
    REQUIRE(ticks.size() == 3);
    CHECK(ticks[0].label == "Sep");
    CHECK(ticks[2].label == "Nov");
    CHECK(ticks[0].at < ticks[1].at);
    CHECK(month_ticks(*data::parse_time("2026-11-03T02:30:00Z"), 90).back().label == "Oct");
    CHECK(month_ticks(*data::parse_time("2026-11-21T02:30:00Z"), 7).empty());
}

TEST_CASE("a trend stacks each night to its whole height and tells the newest as its finding", "[chart]")
{
    auto trend = document::array();
    trend.push_back({{"date", "2026-11-20"}, {"up", 0}, {"degraded", 0}, {"gated", 0}, {"down", 0}, {"measured", 0}});
    trend.push_back({{"date", "2026-11-21"}, {"up", 2}, {"degraded", 1}, {"gated", 0}, {"down", 1}, {"measured", 4}});
    const auto f = trend_figure(trend);
    CHECK(f.finding == "3 of 4 measured servers answered on 21\u00a0November\u00a02026");
    std::ptrdiff_t columns = 0;
    for (const auto& m : f.drawing.marks) columns += std::ranges::count(m.path, 'z');
    CHECK(columns == 3);
    const auto html = figure_html(templates(), f, "./");
    CHECK(html.find("2026-11-21</th>") < html.find("2026-11-20</th>"));  // newest first
}

TEST_CASE("the pace of a server is drawn where its answers are enough to bound a median, and only there", "[chart]")
{
    auto e = sample_edition();
    auto r = call_roll(e, "https://status.example.org/");
    const auto f = pace_figure(r, of(r, "mcp.almanac.example/mcp"));
    REQUIRE(f);
    CHECK(f->finding.starts_with("Half of its answers came within "));
    static const std::regex row("<tr><th scope=\"row\">\\d{4}-\\d\\d-\\d\\d</th><td>(\\d+)</td><td>(\\d+)</td><td>(\\d+)</td></tr>\n");
    int rows = 0;
    auto left = f->rows_made;
    for (std::smatch m; std::regex_search(left, m, row, std::regex_constants::match_continuous); left = m.suffix()) {
        CHECK((std::stoi(m[1]) <= std::stoi(m[2]) && std::stoi(m[2]) <= std::stoi(m[3])));
        ++rows;
    }
    CHECK(rows > 60);
    CHECK(left.empty());
    // The dots of a night are told one from the other: as many as there are answers, none off the drawing.
    std::size_t answers = 0;
    for (const auto& night : of(r, "mcp.almanac.example/mcp").row->nights)
        for (const auto& c : data::unpack_cells(night.cells)) answers += c.ms.has_value();
    const auto& dots = f->drawing.marks[2].path;
    static const std::regex dot("(?:M(\\S+) (\\d+)|m0 ?(-?\\d+))h0");
    std::size_t drawn = 0;
    int y = 0;
    for (std::sregex_iterator it(dots.begin(), dots.end(), dot), end; it != end; ++it, ++drawn) {
        y = (*it)[2].matched ? std::stoi((*it)[2]) : y + std::stoi((*it)[3]);
        CHECK((y >= 0 && y <= f->drawing.height));
    }
    CHECK(drawn > 60);
    CHECK(drawn <= answers);
    const auto first = first_night();
    const auto one = call_roll(first, "https://status.example.org/");
    for (const auto& n : one.entries) CHECK_FALSE(pace_figure(one, n));
}

TEST_CASE("a waterfall lays its steps end to end, inside its width, and sums them", "[chart]")
{
    const step_time steps[] = {{"Name", 10}, {"Connection", 30}, {"Certificate", 60}};
    const auto html = waterfall_html(templates(), "From <here>", steps, "down");
    holds(html, {"<rect class=\"f-ink\" x=\"0%\" width=\"10%\" height=\"100%\"/>",
                 "<rect class=\"f-ink\" x=\"10%\" width=\"30%\" height=\"100%\"/>",
                 "<rect class=\"f-down\" x=\"40%\" width=\"60%\" height=\"100%\"/>",
                 "100 ms",
                 "From &lt;here&gt;"});
    const step_time nothing[] = {{"Name", 0}};
    CHECK(waterfall_html(templates(), "x", nothing, "").find("Together") == std::string::npos);
}

TEST_CASE("a timeline shows the last sixty nights and says that it was cut", "[chart]")
{
    std::vector<tallied_night> nights;
    for (int k = 0; k < 70; ++k) nights.push_back({*data::parse_time("2026-08-01T00:00:00Z") + std::chrono::days(k), 3, 1, 0});
    const auto f = timeline_figure("4 servers", nights, "figures/incidents/x.csv");
    CHECK(f.rows.size() == 60);
    CHECK(f.caption.ends_with("; the last 60"));
    CHECK(f.drawing.width == 720);
    CHECK(f.legend.size() == 2);
    CHECK(f.data == "figures/incidents/x.csv");
    REQUIRE(f.ticks.size() == 2);
    CHECK(f.ticks[0].label == "11 Aug");
    CHECK(f.ticks[1].label == "9 Oct");
    CHECK((f.ticks[1].end && f.ticks[1].at == 100.0));
}

TEST_CASE("days are named below the first and the last column where both find room", "[chart]")
{
    const auto last = *data::parse_time("2026-11-17T00:00:00Z");
    const auto two = day_ticks(last - std::chrono::days(2), 10.0, last);
    REQUIRE(two.size() == 2);
    CHECK(two[0].label == "15 Nov");
    const auto one = day_ticks(last - std::chrono::days(2), 60.0, last);
    REQUIRE(one.size() == 1);
    CHECK(one[0].label == "17 Nov");
}

TEST_CASE("a ranking draws each length against the longest, each interval on one scale, and says both as a table", "[chart]")
{
    ranking g;
    g.id = "r";
    g.finding = "Most: <a>";
    g.description = "One bar a row.";
    g.caption = "Rows";
    g.head = "What";
    g.columns = {"Count"};
    g.rows = {{"<a>", "x/", "ink", {"40"}, 40.0}, {"b", "", "ink", {"10"}, 10.0}};
    g.data = "figures/r.csv";
    const auto bars = ranking_html(templates(), g, "../");
    holds(bars, {"<figcaption id=\"r-t\">Most: &lt;a&gt;</figcaption>",
                 "<a href=\"../x/\">&lt;a&gt;</a>",
                 "d=\"M0 1h100v8H0z\"",
                 "d=\"M0 1h25v8H0z\"",
                 "href=\"../figures/r.csv\""});
    CHECK(times(bars, "<th scope=\"row\">") == 2);

    g.rows = {{"a", "", "working", {"9"}}, {"b", "", "working", {"1"}}};
    g.rows[0].spread = spread{30.0, 20.0, 41.0, 25.0};
    g.rows[1].spread = spread{5.0, 0.0, 12.5};
    CHECK(top_of(g.rows) == 50.0);
    g.top = top_of(g.rows);
    g.axis = true;
    const auto dots = ranking_html(templates(), g, "");
    holds(dots, {"<caption>Rows; drawn from 0 to 50 %</caption>",
                 "M40 5H82",
                 "d=\"M60 0V10\"",
                 "class=\"tick\" d=\"M50 0V10\""});
    CHECK(times(dots, "class=\"tick\"") == 1);
}

TEST_CASE("no cell of a CSV is a formula", "[chart]")
{
    const std::pair<const char*, const char*> rows[] = {{"a", "a"}, {"=1+1", "'=1+1"}, {"+1", "'+1"}, {"-1", "'-1"}, {"@x", "'@x"}, {"\tx", "'\tx"}, {"a,b", "\"a,b\""}, {"say \"x\"", "\"say \"\"x\"\"\""}, {"=a,b", "\"'=a,b\""}};
    for (const auto& [value, cell] : rows) CHECK(csv_cell(value) == cell);
    CHECK(csv_cell(-1) == "-1");
    CHECK(csv_cell(nullptr).empty());
}

}  // namespace rollcall::render::tests
