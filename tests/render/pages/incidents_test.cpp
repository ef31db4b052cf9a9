#include "render/documents/incidents.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/golden.hpp"
#include "tests/render/support/sample.hpp"

#include <algorithm>

namespace rollcall::render::tests {
namespace {

using tree = std::map<std::string, std::string>;

const tree& sample()
{
    static const tree site = rendered(sample_edition());
    return site;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t times(const std::string& text, const std::string& part)
{
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
    return n;
}

}  // namespace

TEST_CASE("the card of a shared outage says what, where and since when, what was seen and how it stood", "[incidents]")
{
    const auto& page = sample().at("incidents/2026-11-20-hosting-example/index.html");
    CHECK(has(page, "<h1 class=\"name\"><bdi>12 of 14 servers on hosting.example did not answer</bdi></h1>"));
    CHECK(has(page, "Last answer at <time datetime=\"2026-11-19T02:30:00Z\">"));
    CHECK(has(page, "failure at <time datetime=\"2026-11-20T02:30:00Z\">"));
    CHECK(has(page, "hosting answered in its place"));
    CHECK(has(page, "Possibly a shared cause."));
    CHECK(has(page, "11 servers did not answer at the last roll call, 21 November 2026, 02:30 UTC; 1 did again."));
    CHECK(has(page, "this outage alone was more than a tenth of all"));
    CHECK_FALSE(has(page, "caused by"));
    CHECK_FALSE(has(page, " dead"));
}

TEST_CASE("a page lists a hundred members and says how many more there are", "[incidents]")
{
    const auto& page = sample().at("incidents/2026-10-21-issuer-b-b/index.html");
    CHECK(times(page, "not on the last roll") == 100);
    CHECK(has(page, "and 40 more in the <a href=\"../../api/v1/incidents/2026-10-21-issuer-b-b.json\">"));
    CHECK(document::parse(sample().at("api/v1/incidents/2026-10-21-issuer-b-b.json"))["members"].size() == 140);
}

TEST_CASE("what stands on the pages of others: the overview, a member, a server alone", "[incidents]")
{
    const auto& overview = sample().at("index.html");
    CHECK(has(overview, "<a href=\"./incidents/2026-11-20-hosting-example/\"><bdi>12 of 14 servers on hosting.example did not answer</bdi></a>"));
    CHECK(has(overview, "1 open of one server each"));
    const auto e = sample_edition();
    const auto& member = e.incidents[2].members.front();
    CHECK(has(sample().at("servers/" + member.slug + "/index.html"), "/incidents/2026-11-20-hosting-example/\"><bdi>12 of 14 servers"));
    const auto& quiet = sample().at("servers/" + e.endpoints[3].slug + "/index.html");
    CHECK_FALSE(has(quiet, "class=\"incident"));
}

TEST_CASE("the list of incidents: what is open first, then by month, with what was absorbed", "[incidents]")
{
    const auto& page = sample().at("incidents/index.html");
    CHECK(has(page, "1 shared outage and 1 incident of one server were open."));
    CHECK(has(page, "November 2026 <span class=\"count\">5</span>"));
    CHECK(has(page, "October 2026 <span class=\"count\">2</span>"));
    CHECK(has(page, "1 shared outage, 1 incident of one server; 139 more would have been told without the shared ones."));
    CHECK(sample().contains("incidents/by/2026-10/index.html"));
    const auto d = document::parse(sample().at("api/v1/incidents.json"));
    CHECK(d["count"] == 7);
    CHECK(d["open"] == 2);
    CHECK(d["absorbed"] == 149);
}

TEST_CASE("the first sentence counts what was open apart from what was only watched still", "[incidents]")
{
    using enum data::incident_state;
    // Of the sample one more, of one server, is watched.
    struct row { data::incident_state shared, single; const char* expected; };
    const row rows[] = {
        {open, open, "1 shared outage and 1 incident of one server were open. 1 incident of one server was being watched, since answers had come again. Each is"},
        {watch, open, "1 incident of one server was open. 1 shared outage and 1 incident of one server were being watched, since answers had come again. Each is"},
        {watch, watch, "No incident was open. 1 shared outage and 2 incidents of one server were being watched, since answers had come again. Each is"},
        {closed, closed, "No incident was open. 1 incident of one server was being watched, since answers had come again. Each is"},
    };
    for (const auto& r : rows) {
        CAPTURE(r.expected);
        auto e = sample_edition();
        for (auto& i : e.incidents)
            if (i.nights.back().state == open && !data::is_notice(i.kind)) i.nights.back().state = i.kind == data::incident_kind::shared ? r.shared : r.single;
        CHECK(has(rendered(e).at("incidents/index.html"), r.expected));
    }
}

TEST_CASE("without incidents the pages say so, and nothing stands on others", "[incidents]")
{
    const auto site = rendered(first_night());
    CHECK(has(site.at("incidents/index.html"), "No incident has been seen."));
    CHECK_FALSE(has(site.at("index.html"), "What fell together"));
    CHECK(document::parse(site.at("api/v1/incidents.json"))["incidents"].empty());
    CHECK(has(site.at("incidents/feed.xml"), "<updated>2026-11-21T02:30:00Z</updated>"));
    data::edition empty;
    CHECK(has(rendered(empty).at("platforms/index.html"), "No three owners share a platform."));
}

TEST_CASE("the feed has one entry an incident for ever, and changes only with its state", "[incidents]")
{
    const auto& feed = sample().at("incidents/feed.xml");
    CHECK(times(feed, "<entry>") == 6);  // two shared ones, and nights that did something to servers alone
    CHECK(has(feed, "<id>tag:status.example.org,2026:incident:2026-11-20-hosting-example</id>"));
    CHECK(has(feed, "<title>Over: 140 of 150 servers with a certificate from &lt;script&gt;"));
    // More members, another count: the same state, so the same entry time.
    auto e = sample_edition();
    for (auto& i : e.incidents)
        if (i.kind == data::incident_kind::shared && i.nights.back().state == data::incident_state::open) CHECK(has(feed, "<updated>" + data::to_rfc3339(i.opened) + "</updated>"));
    CHECK(times(feed, "0a1b2c3d4e5f") == 0);
}

TEST_CASE("a platform is what three owners share", "[incidents]")
{
    const auto e = sample_edition();
    const auto r = call_roll(e, "https://x.example/");
    const auto groups = platforms_of(r);
    REQUIRE(groups.size() == 2);
    CHECK(groups[0].name == "hosting.example");
    CHECK(groups[0].outages.size() == 1);
    CHECK(groups[1].outages.empty());
    const auto d = platforms_document(r, groups);
    for (const auto& p : d["platforms"]) {
        std::int64_t sum = 0;
        for (const auto& [state, n] : p["states"].items()) sum += n.get<std::int64_t>();
        CHECK(sum == p["servers"]);
    }
    CHECK(has(sample().at("platforms/hosting.example/index.html"), "<h1 class=\"name\"><bdi>hosting.example</bdi></h1>"));
}

TEST_CASE("a platform whose name is no folder has no page", "[incidents]")
{
    auto e = sample_edition();
    for (auto& row : e.endpoints) row.platform = "../../etc";
    const auto r = call_roll(e, "https://x.example/");
    CHECK(platforms_of(r).empty());
}

TEST_CASE("the documents of incidents are as they were", "[incidents]")
{
    check_golden("incident.json", sample().at("api/v1/incidents/2026-11-20-hosting-example.json"));
    check_golden("incidents.json", sample().at("api/v1/incidents.json"));
    check_golden("incidents.xml", sample().at("incidents/feed.xml"));
    check_golden("platforms.json", sample().at("api/v1/platforms.json"));
}

}  // namespace rollcall::render::tests
