#include "render/documents/documents.hpp"

#include "render/chart/chart.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/sample.hpp"

#include <algorithm>
#include <cmath>

namespace rollcall::render::tests {
namespace {

const entry& find(const roll& r, const std::string& slug)
{
    const auto it = std::ranges::find_if(r.entries, [&](const entry& n) { return n.row->slug == slug; });
    REQUIRE(it != r.entries.end());
    return *it;
}

}  // namespace

TEST_CASE("slugs that are safe as paths", "[documents]")
{
    struct row { std::string slug; bool safe; };
    const row table[] = {{"mcp.example.com/mcp", true}, {"mcp.example.com", true}, {"a.b_8443/mcp~0a1b2c3d", true}, {"a.b/mcp/v1", true},
                         {"", false}, {"/a", false}, {"a/", false}, {"a//b", false}, {"../a", false}, {"a/..", false}, {"a/.git", false},
                         {"a b", false}, {"a/%2e", false}, {"a/<b>", false}, {"by/x", false}, {"a/by", true},
                         {"a/index.html/x", false}, {"a/mcp.json/x", false}, {"a/x.svg", false}, {std::string(201, 'a'), false},
                         {"caf\xC3\xA9/mcp", false}};
    for (const auto& r : table)
        DYNAMIC_SECTION("'" << r.slug.substr(0, 30) << "'") { CHECK(is_safe_slug(r.slug) == r.safe); }
}

TEST_CASE("an endpoint with an unsafe or taken slug is left out and named", "[documents]")
{
    auto e = first_night();
    e.endpoints[0].slug = "../../etc/passwd";
    e.endpoints[2].slug = e.endpoints[1].slug;
    const auto r = call_roll(e, "https://x.example");
    CHECK(r.base_url == "https://x.example/");
    CHECK(r.refused == std::vector<std::string>{"../../etc/passwd", e.endpoints[1].slug});
    CHECK(r.entries.size() == e.endpoints.size() - 2);
}

TEST_CASE("a state older than 36 hours is not shown as a state", "[documents]")
{
    const auto e = sample_edition();
    struct row { const char* now; data::state state; };
    const row table[] = {{"2026-11-21T02:30:00Z", data::state::up}, {"2026-11-22T14:30:00Z", data::state::up}, {"2026-11-22T14:30:01Z", data::state::unknown}};
    for (const auto& t : table)
        DYNAMIC_SECTION(t.now)
        {
            const auto r = call_roll(e, "https://x.example/", data::parse_time(t.now));
            const auto d = server_document(r, find(r, "mcp.almanac.example/mcp"));
            CHECK(d["state"] == data::code_of(t.state));
            CHECK(d["observed_at"] == "2026-11-21T02:30:00Z");
            CHECK(d["generated_at"] == "2026-11-21T02:30:00Z");
            CHECK(d["fresh_until"] == "2026-11-22T14:30:00Z");
        }
}

TEST_CASE("uptime counts measured nights of the last 30, missed nights and unmeasured ones apart", "[documents]")
{
    data::edition e;
    const auto start = *data::parse_time("2026-01-01T02:30:00Z");
    data::endpoint_row row;
    row.slug = "a.example/mcp";
    for (int i = 0; i < 40; ++i) {
        if (i == 35) continue;  // no round that night
        e.rounds.push_back({i + 1, start + std::chrono::days(i), true, "1", 1});
        const bool valid = i != 36, good = i != 38 && i >= 10;
        row.nights.push_back({i + 1, good ? data::state::up : data::state::down, good && valid, valid, good ? data::reason::ok : data::reason::http_5xx});
    }
    row.observed_round = 40;
    row.state = data::state::up;
    row.why = data::reason::ok;
    e.endpoints.push_back(row);
    const auto r = call_roll(e, "https://x.example/");
    CHECK(server_document(r, r.entries[0])["uptime_30d"].dump() == R"({"ok":27,"n":28,"low":82.3,"high":99.4})");
    CHECK(strip_words(r, r.entries[0], 90) == "answered on 27, did not answer on 11, was not measured on 1 of 39 nights");
}

TEST_CASE("the summary's shares sum to 100.0 and its counts to the roll", "[documents]")
{
    const auto e = sample_edition();
    const auto d = summary_document(call_roll(e, "https://x.example/"));
    std::int64_t states = 0, buckets = 0, tenths = 0;
    for (const auto& [state, count] : d["states"].items()) states += count.get<std::int64_t>();
    for (const auto& b : d["buckets"]) {
        buckets += b["count"].get<std::int64_t>();
        if (!b["share"].is_null()) tenths += std::lround(b["share"].get<double>() * 10);
    }
    CHECK(states == 61);
    CHECK(buckets == 61);
    CHECK(tenths == 1000);
    CHECK(d["buckets"].size() == data::all_buckets().size());
    CHECK(d["changes"]["first_seen"].dump() == R"({"count":1,"first":["lexicon.example/mcp"]})");
}

TEST_CASE("runs of nights with the same state, newest first", "[documents]")
{
    const auto e = sample_edition();
    const auto r = call_roll(e, "https://x.example/");
    const auto runs = runs_of(r, find(r, "mcp.kiln.example/mcp"), 90);
    REQUIRE(runs.size() >= 2);
    CHECK(runs[0].last == "2026-11-21");
    CHECK(runs[0].state == data::state::down);
    std::int64_t nights = 0;
    for (const auto& run : runs) nights += run.nights;
    CHECK(nights == 88);
}

TEST_CASE("places in words", "[documents]")
{
    struct row { std::vector<data::region_row> regions; const char* words; };
    const row table[] = {{{}, "nowhere yet"}, {{{1, "local", "", ""}}, "one region, whose place is not known"}, {{{1, "fra", "Frankfurt", "DE"}}, "one region, Frankfurt"},
                         {{{1, "a", "Oslo", ""}, {2, "b", "Lima", ""}, {3, "c", "", ""}}, "Oslo, Lima and a place that is not known"}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.words)
        {
            data::edition e;
            e.regions = r.regions;
            CHECK(places_in_words(e) == r.words);
        }
}

TEST_CASE("quarters", "[documents]")
{
    CHECK(quarter_of(*data::parse_time("2026-01-01")) == "2026-Q1");
    CHECK(quarter_of(*data::parse_time("2026-03-31")) == "2026-Q1");
    CHECK(quarter_of(*data::parse_time("2026-04-01")) == "2026-Q2");
    CHECK(quarter_of(*data::parse_time("2026-12-31")) == "2026-Q4");
}

TEST_CASE("CSV cells do not become formulas", "[documents]")
{
    struct row { document value; const char* cell; };
    const row table[] = {{"a", "a"}, {"=1+1", "'=1+1"}, {"@x", "'@x"}, {"-1", "'-1"}, {-1, "-1"}, {nullptr, ""}, {"a,b", "\"a,b\""}, {"a\"b", "\"a\"\"b\""}, {2.5, "2.5"}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.cell) { CHECK(csv_cell(r.value) == r.cell); }
    CHECK(csv({{{"a", 1}, {"b", "x"}}, {{"a", 2}, {"b", nullptr}}}) == "a,b\r\n1,x\r\n2,\r\n");
}

TEST_CASE("bytes that are not UTF-8 do not stop a document", "[documents]")
{
    CHECK(published({{"a", "\xFF"}}) == "{\n  \"a\": \"\xEF\xBF\xBD\"\n}\n");
}

TEST_CASE("a document is printed so that what belongs together stands on one line, and reads back as it was", "[documents]")
{
    const std::string words(90, 'x');
    struct row { const char* what; document value; std::string text; };
    const row table[] = {
        {"plain values", {{"a", nullptr}, {"b", true}, {"c", -7}, {"d", 18446744073709551615u}, {"e", 0.5}}, "{\n  \"a\": null,\n  \"b\": true,\n  \"c\": -7,\n  \"d\": 18446744073709551615,\n  \"e\": 0.5\n}\n"},
        {"what fits into a line", {{"a", {{"b", {1, 2}}, {"c", document::object()}}}}, "{\n  \"a\": {\"b\":[1,2],\"c\":{}}\n}\n"},
        {"what is escaped", {{"a\"", "\\ \n \x7f \u00e9"}}, "{\n  \"a\\\"\": \"\\\\ \\n \x7f \u00e9\"\n}\n"},
        {"a list that fills its lines", {{"a", {words, words, words}}}, "{\n  \"a\": [\n    \"" + words + "\",\"" + words + "\",\n    \"" + words + "\"\n  ]\n}\n"},
        {"a list of what is no plain value", {{"a", {{{"b", words}}, {{"b", words}}, {{"b", 1}}}}}, "{\n  \"a\": [\n    {\"b\":\"" + words + "\"},\n    {\"b\":\"" + words + "\"},\n    {\"b\":1}\n  ]\n}\n"},
        {"nothing", document::object(), "{}\n"},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.what)
        {
            CHECK(published(r.value) == r.text);
            CHECK(document::parse(published(r.value)) == r.value);
        }
}

TEST_CASE("what went wrong with a registry is told without the paths of the operator's machine", "[documents]")
{
    data::registry_row file, web;
    file.url = "/srv/our lists/servers.txt";
    web.url = "https://registry.example/v0/servers";
    struct { const data::registry_row& g; const char *text, *told; } rows[] = {
        {file, "", ""},
        {file, "/srv/our lists/servers.txt: line 7: not a URL: \"<b>\"", "its file: line 7: not a URL: \"<b>\""},
        {file, "cannot read /home/operator/x.txt: no such file", "cannot read a file: no such file"},
        {file, "file:///etc/x (see \"~/x\", ../y, C:\\x)", "a file (see \"a file\", a file, a file)"},
        {web, "HTTP 503 from https://registry.example/v0/servers", "HTTP 503 from https://registry.example/v0/servers"},
        {web, "page 3 of 7 and/or 1/2", "page 3 of 7 and/or 1/2"},
        {web, "/var/lib/x", "a file"},
    };
    for (const auto& row : rows) CHECK(problem_of(row.g, row.text) == row.told);
}

}  // namespace rollcall::render::tests
