#include "audit/intake/intake.hpp"
#include "audit/intake/reading.hpp"
#include "audit/net/tls.hpp"
#include "tests/catch.hpp"

#include <map>

using namespace rollcall;
using namespace rollcall::audit;

namespace {

std::string row(const std::string& name, const std::string& url)
{
    return R"({"server":{"name":")" + name + R"(","description":"d","version":"1","remotes":[{"type":"streamable-http","url":")" + url + R"("}]}})";
}

std::string page_text(const std::string& rows, const std::string& next = {})
{
    return R"({"servers":[)" + rows + R"(],"metadata":{)" + (next.empty() ? "" : R"("nextCursor":")" + next + "\"") + "}}";
}

// A registry that serves these texts in turn; an empty one is a connection that is cut.
page_source serve(std::vector<std::string> texts)
{
    return [texts, turn = std::make_shared<std::size_t>(0)](const std::string&) -> std::variant<std::string, page_error> {
        if (*turn >= texts.size() || texts[*turn].empty()) return page_error{"was cut off after 10 bytes"};
        return texts[(*turn)++];
    };
}

const adapter& official() { return *find_adapter("mcp-registry"); }

data::configuration config_with(std::vector<std::string> ids)
{
    data::configuration c;
    for (const auto& id : ids) {
        data::registry_source s;
        s.id = id;
        s.name = id;
        s.kind = "mcp-registry";
        s.url = id + ".json";
        c.registries.push_back(s);
    }
    c.regions.emplace_back().id = "local";
    return c;
}

struct kitchen {
    data::connection db{":memory:"};
    data::ledger store{db, [](std::string_view t) { return sha256(t); }};
    data::configuration config;
    std::map<std::string, std::vector<std::string>> texts;
    std::vector<std::string> said;

    intake_result night(const char* at)
    {
        intake_options o;
        o.pages = [this](const data::registry_source& s) { return serve(texts[s.id]); };
        o.say = [this](const std::string& line) { said.push_back(line); };
        return take_in(store, config, *data::parse_time(at), "config", o);
    }
};

}  // namespace

TEST_CASE("a reading ends as exhausted, partial or failed, and says where")
{
    struct test { const char* name; std::vector<std::string> pages; const char* outcome; const char* problem; std::size_t listings; };
    const test tests[] = {
        {"two pages", {page_text(row("a", "https://a.dev/mcp"), "n"), page_text(row("b", "https://b.dev/mcp"))}, "exhausted", "", 2},
        {"an empty registry", {page_text("")}, "exhausted", "", 0},
        {"cut off on the first page", {""}, "failed", "was cut off", 0},
        {"cut off on the second page", {page_text(row("a", "https://a.dev/mcp"), "n"), ""}, "partial", "page 2", 1},
        {"not JSON", {"<html>"}, "failed", "page 1", 0},
        {"truncated JSON", {page_text(row("a", "https://a.dev/mcp")).substr(0, 40)}, "failed", "page 1", 0},
        {"an error body is not an end", {page_text(row("a", "https://a.dev/mcp"), "n"), R"({"error":"slow down"})"}, "partial", "page 2", 1},
        {"a cursor that comes back", {page_text(row("a", "https://a.dev/mcp"), "n"), page_text(row("b", "https://b.dev/mcp"), "n")}, "partial", "cursor_loop", 2},
        {"empty pages without end", {page_text("", "1"), page_text("", "2"), page_text("", "3")}, "partial", "page_guard", 0},
    };
    for (const auto& t : tests) {
        DYNAMIC_SECTION(t.name)
        {
            const auto r = read_registry(official(), "list.json", serve(t.pages));
            CHECK(r.outcome == t.outcome);
            CHECK(r.problem.find(t.problem) != std::string::npos);
            CHECK(r.listings.size() == t.listings);
        }
    }
}

TEST_CASE("a registry larger than its cap ends partial")
{
    const auto r = read_registry(official(), "list.json", serve({page_text(row("a", "https://a.dev/mcp"), "n"), page_text(row("b", "https://b.dev/mcp"))}), {10, 200});
    CHECK(r.outcome == "partial");
    CHECK(r.problem.find("larger than") != std::string::npos);
}

TEST_CASE("one name and version on two pages is one listing")
{
    const auto r = read_registry(official(), "list.json", serve({page_text(row("a", "https://a.dev/mcp"), "n"), page_text(row("a", "https://a.dev/mcp"))}));
    CHECK(r.listings.size() == 1);
    CHECK(r.duplicates == 1);
}

TEST_CASE("a registry that fails keeps its last good listing, and the others go on")
{
    kitchen k;
    k.config = config_with({"one", "two"});
    k.texts["one"] = {page_text(row("a", "https://a.dev/mcp"))};
    k.texts["two"] = {page_text(row("b", "https://b.dev/mcp"))};
    const auto first = k.night("2026-11-20T02:30:00Z");
    CHECK(first.all_good);
    CHECK(first.round.frozen == 2);

    k.texts["one"] = {"{\"servers\": 7}"};
    k.texts["two"] = {page_text(row("b", "https://b.dev/mcp") + "," + row("c", "https://c.dev/mcp"))};
    k.said.clear();
    const auto second = k.night("2026-11-21T02:30:00Z");
    CHECK_FALSE(second.all_good);
    CHECK(second.round.frozen == 3);
    REQUIRE(k.said.size() == 2);
    CHECK(k.said[0].starts_with("one: failed: page 1 (one.json"));
    CHECK(k.said[0].ends_with("the last good listing stays in use"));
}

TEST_CASE("a registry that suddenly lists less than half keeps its last good listing")
{
    kitchen k;
    k.config = config_with({"one"});
    std::string many;
    for (int i = 0; i < 20; ++i) many += (i ? "," : "") + row("s" + std::to_string(i), "https://s" + std::to_string(i) + ".dev/mcp");
    k.texts["one"] = {page_text(many)};
    CHECK(k.night("2026-11-20T02:30:00Z").round.frozen == 20);
    k.texts["one"] = {page_text(row("s1", "https://s1.dev/mcp"))};
    const auto second = k.night("2026-11-21T02:30:00Z");
    CHECK_FALSE(second.all_good);
    CHECK(second.round.frozen == 20);
}

TEST_CASE("the spelling of the highest-ranking registry is probed, and one endpoint is frozen once")
{
    kitchen k;
    k.config = config_with({"first", "second"});
    k.texts["first"] = {page_text(row("a", "https://a.dev/mcp/"))};
    k.texts["second"] = {page_text(row("x", "https://A.dev/mcp"))};
    const auto night = k.night("2026-11-20T02:30:00Z");
    CHECK(night.round.frozen == 1);
    const auto pending = k.store.pending(night.round.id, k.store.region("local", "", ""));
    REQUIRE(pending.size() == 1);
    CHECK(pending.front().url == "https://a.dev/mcp");
    CHECK(pending.front().probed_url == "https://a.dev/mcp/");
}

TEST_CASE("what is never probed is stored with its class and counted")
{
    kitchen k;
    k.config = config_with({"one"});
    k.config.opt_out = {"left.dev"};
    k.texts["one"] = {page_text(row("a", "https://a.dev/mcp") + "," + row("t", "https://{tenant}.b.dev/mcp") + "," + row("p", "https://10.0.0.1/mcp") + "," +
                           row("u", "https://me:pw@c.dev/mcp") + "," + row("o", "https://api.left.dev/mcp") +
                           R"(,{"server":{"name":"stdio","description":"d","version":"1"}})")};
    const auto night = k.night("2026-11-20T02:30:00Z");
    std::map<std::string, std::int64_t> funnel(night.funnel.begin(), night.funnel.end());
    CHECK(funnel["rows"] == 6);
    CHECK(funnel["eligible"] == 1);
    for (const auto* code : {"templated", "private_address", "userinfo", "opted_out", "stdio_only"}) {
        CAPTURE(code);
        CHECK(funnel["excluded:" + std::string(code)] == 1);
    }
    // The password of a listing is nowhere.
    auto all = k.db.prepare("SELECT count(*) FROM listing WHERE listed_url LIKE '%pw%' OR name LIKE '%pw%'");
    CHECK(std::get<0>(*all.row<std::int64_t>()) == 0);
}

TEST_CASE("hostile names are stored as they are and break nothing")
{
    kitchen k;
    k.config = config_with({"one"});
    k.texts["one"] = {page_text(row("'); DROP TABLE cell; --", "https://a.dev/mcp") + "," + row("<script>\\u0000\\u202e", "https://b.dev/mcp"))};
    CHECK(k.night("2026-11-20T02:30:00Z").round.frozen == 2);
    CHECK(std::get<0>(*k.db.prepare("SELECT count(*) FROM cell").row<std::int64_t>()) == 0);
}

TEST_CASE("an enabled registry of an unknown kind is the operator's mistake")
{
    kitchen k;
    k.config = config_with({"one"});
    k.config.registries.front().kind = "cline-catalog";
    CHECK_THROWS_AS(k.night("2026-11-20T02:30:00Z"), data::config_error);
}
