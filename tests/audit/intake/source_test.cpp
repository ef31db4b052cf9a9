#include "audit/intake/intake.hpp"
#include "audit/intake/source.hpp"
#include "audit/net/tls.hpp"
#include "tests/catch.hpp"

#include <map>

using namespace rollcall;
using namespace rollcall::audit;

namespace {

std::string row(const std::string& name, const std::string& more = {})
{
    return R"({"server":{"name":")" + name + R"(","version":"1","remotes":[{"type":"sse","url":"https://)" + name + R"(.dev/mcp"}]})" + more + "}";
}

std::string text_of(const std::vector<std::string>& names, const std::string& next = {})
{
    std::string rows;
    for (const auto& n : names) (rows += rows.empty() ? "" : ",") += n.starts_with('{') ? n : row(n);
    return R"({"servers":[)" + rows + R"(],"metadata":{)" + (next.empty() ? "" : R"("nextCursor":")" + next + "\"") + "}}";
}

// The pages of a registry, with what they can be recognised by.
struct shelf final : page_server {
    std::map<std::string, page> pages;  // by what follows "version=latest", the last of the fixed parameters
    std::vector<std::string> asked;
    std::string broken;                 // this one cannot be had

    std::variant<page, page_error> get(const std::string& location, const page_marks& known) override
    {
        const auto tail = location.substr(location.find("latest") + 6);
        asked.push_back(tail + (known.empty() ? "" : " if not " + known.etag));
        if (!broken.empty() && tail == broken) return page_error{"HTTP 503"};
        const auto it = pages.find(tail);
        if (it == pages.end()) return page_error{"HTTP 404"};
        if (!known.empty() && known.etag == it->second.marks.etag) return page{{}, known, true};
        return it->second;
    }
};

struct kitchen {
    data::connection db{":memory:"};
    data::ledger store{db, [](std::string_view t) { return sha256(t); }};
    data::registry_source source{};
    source_options how{};
    shelf server{};
    const adapter* format = find_adapter("mcp-registry");

    kitchen()
    {
        source.id = "one";
        source.url = "https://registry.dev/v0.1/servers";
        how.made_with = "a";
    }

    // A night: reads, stores, settles; what a person is told.
    std::string night(const char* when)
    {
        const auto at = *data::parse_time(when);
        server.asked.clear();
        const auto id = store.registry({"one", "One", source.url, "", 1});
        const auto before = data::standing(db, id).read_at;
        const auto got = read_source(db, id, source, *format, at, server, how);
        data::transaction all(db);
        if (got.used)
            for (const auto& l : got.read.listings) {
                int ordinal = 0;
                for (const auto& r : l.remotes) {
                    data::listing_facts facts;
                    facts.name = l.name;
                    facts.listed_url = r.url;
                    facts.ordinal = ordinal++;
                    facts.description = l.description;
                    facts.published_at = l.published_at;
                    facts.exclusion = l.status == "deleted" ? "deleted" : "none";
                    store.listing(id, facts, at);
                }
            }
        const auto changes = settle(store, id, *format, at, got, how);
        all.commit();
        return words_for("one", got, changes, before, at);
    }

    std::string listed()
    {
        std::string out;
        auto s = db.prepare("SELECT name FROM listing WHERE delisted_at IS NULL ORDER BY name");
        for (auto [name] : s.rows<std::string>()) (out += out.empty() ? "" : " ") += name;
        return out;
    }

    std::string told(const char* sql)
    {
        std::string out;
        auto s = db.prepare(sql);
        for (auto [text] : s.rows<std::string>()) (out += out.empty() ? "" : "; ") += text;
        return out;
    }
};

}  // namespace

TEST_CASE("what has not changed is not read again, and is as fresh as if it were")
{
    kitchen k;
    k.server.pages = {{"", {text_of({"a", "b"}, "n"), {"\"1\"", ""}}}, {"&cursor=n", {text_of({"c"}), {"\"2\"", ""}}}};
    CHECK(k.night("2026-11-19T02:30:00Z") == "one: 3 rows, 3 accepted, 0 rejected, 3 remotes");
    CHECK(k.night("2026-11-20T02:30:00Z") == "one: unchanged, 3 remotes");
    CHECK(k.server.asked == std::vector<std::string>{" if not \"1\"", "&cursor=n if not \"2\""});
    CHECK(k.listed() == "a b c");
    CHECK(k.told("SELECT DISTINCT date(last_seen, 'unixepoch') FROM listing") == "2026-11-20");
    CHECK(k.told("SELECT date(read_at, 'unixepoch') || ' ' || rows || ' ' || remotes FROM registry") == "2026-11-20 3 3");

    SECTION("a first page that changed is used as it came")
    {
        k.server.pages[""] = {text_of({"a"}), {"\"3\"", ""}};
        CHECK(k.night("2026-11-21T02:30:00Z") == "one: 1 rows, 1 accepted, 0 rejected, 1 remotes; 0 new, 2 gone");
        CHECK(k.server.asked == std::vector<std::string>{" if not \"1\""});
        CHECK(k.listed() == "a");
    }
    SECTION("after a later page that changed, all are read")
    {
        k.server.pages["&cursor=n"] = {text_of({"c", "d"}), {"\"3\"", ""}};
        CHECK(k.night("2026-11-21T02:30:00Z") == "one: 4 rows, 4 accepted, 0 rejected, 4 remotes; 1 new, 0 gone");
        CHECK(k.server.asked == std::vector<std::string>{" if not \"1\"", "&cursor=n if not \"2\"", "", "&cursor=n"});
    }
    SECTION("a registry that cannot be asked is stale, not unchanged")
    {
        k.server.broken = "&cursor=n";
        CHECK(k.night("2026-11-21T02:30:00Z") ==
              "one: failed: page 2 (https://registry.dev/v0.1/servers?limit=100&version=latest&cursor=n): HTTP 503; stale for 1 day, the last good listing stays in use");
        CHECK(k.listed() == "a b c");
    }
    SECTION("what was made with other settings is read anew")
    {
        k.how.made_with = "b";
        CHECK(k.night("2026-11-21T02:30:00Z") == "one: 3 rows, 3 accepted, 0 rejected, 3 remotes");
        CHECK(k.server.asked == std::vector<std::string>{"", "&cursor=n"});
    }
    SECTION("a page without a mark may change unseen: then none is asked for by its mark")
    {
        k.server.pages["&cursor=n"] = {text_of({"c"}), {}};
        CHECK(k.night("2026-11-21T02:30:00Z") == "one: 3 rows, 3 accepted, 0 rejected, 3 remotes");
        CHECK(k.night("2026-11-22T02:30:00Z") == "one: 3 rows, 3 accepted, 0 rejected, 3 remotes");
        CHECK(k.server.asked == std::vector<std::string>{"", "&cursor=n"});
    }
}

TEST_CASE("between two whole readings only what changed is asked for, and absence means nothing")
{
    kitchen k;
    k.source.whole_every_days = 7;
    k.server.pages[""] = {text_of({"a", "b", "c"}), {}};
    k.night("2026-11-19T02:30:00Z");

    k.server.pages[""] = {text_of({"d", row("b", R"(,"_meta":{"io.modelcontextprotocol.registry/official":{"status":"deleted"}})")}), {}};
    CHECK(k.night("2026-11-20T02:30:00Z") == "one: 2 rows, 2 accepted, 0 rejected, 2 remotes (changes only); 1 new, 0 gone");
    CHECK(k.told("SELECT name || ' ' || exclusion FROM listing WHERE delisted_at IS NULL ORDER BY name") == "a none; b deleted; c none; d none");
    CHECK(k.told("SELECT rows || ' ' || remotes FROM registry") == "3 3");  // of the whole reading; a, c and d are listed

    k.server.pages[""] = {text_of({"a", "c", "d"}), {}};
    CHECK(k.night("2026-11-26T02:30:00Z") == "one: 3 rows, 3 accepted, 0 rejected, 3 remotes; 0 new, 1 gone");
    CHECK(k.listed() == "a c d");
}

TEST_CASE("the address of what changed")
{
    const auto* format = find_adapter("mcp-registry");
    CHECK(format->page_url(format->changes_url("https://r.dev/v0.1/servers", "2026-11-20T02:30:00Z"), "c") ==
          "https://r.dev/v0.1/servers?updated_since=2026-11-20T02%3A30%3A00Z&include_deleted=true&limit=100&version=latest&cursor=c");
    CHECK(format->changes_url("saved.json", "2026-11-20T02:30:00Z") == "saved.json");
}

TEST_CASE("a listing that shrank is not believed, until somebody has looked")
{
    struct test { const char* name; const char* outcome; std::int64_t now, before; bool own; bool doubted; };
    const test tests[] = {
        {"a third", "exhausted", 4, 12, false, true},   {"half", "exhausted", 6, 12, false, false}, {"just below half", "exhausted", 5, 12, false, true},
        {"none", "exhausted", 0, 3, false, true},       {"few of few", "exhausted", 1, 9, false, false}, {"few of ten", "exhausted", 4, 10, false, true},
        {"the first", "exhausted", 0, 0, false, false}, {"one's own", "exhausted", 1, 30, true, false},  {"a partial one, however long", "partial", 30, 12, false, true},
    };
    for (const auto& t : tests)
        DYNAMIC_SECTION(t.name)
        {
            registry_reading r;
            r.outcome = t.outcome;
            if (r.outcome != "exhausted") r.problem = "page 2: HTTP 500";
            CHECK(doubt(r, t.now, t.before, t.own).empty() != t.doubted);
        }

    kitchen k;
    std::vector<std::string> many;
    for (int i = 10; i < 22; ++i) many.push_back("s" + std::to_string(i));
    k.server.pages[""] = {text_of(many), {}};
    k.night("2026-11-17T02:30:00Z");
    k.server.pages[""] = {text_of({"s10", "s11", "s12", "s13"}), {}};
    CHECK(k.night("2026-11-20T02:30:00Z") ==
          "one: not believed: lists 4 remotes, fewer than half of the 12 of its last good reading (if it is right: --accept-smaller one); stale for 3 days, the last good listing stays in use");
    CHECK(k.told("SELECT stale || ' ' || remotes || ' ' || outcome FROM registry") == "1 12 exhausted");
    CHECK(k.listed().size() == many.size() * 4 - 1);
    k.how.accept_smaller = true;
    CHECK(k.night("2026-11-21T02:30:00Z") == "one: 4 rows, 4 accepted, 0 rejected, 4 remotes; 0 new, 8 gone");
    CHECK(k.listed() == "s10 s11 s12 s13");
}

TEST_CASE("an entry of a list kept by hand is delisted after three good readings without it, and comes back")
{
    kitchen k;
    k.format = find_adapter("markdown");
    k.source.url = "latest";
    const auto list = [](const std::vector<std::string>& names) {
        std::string out;
        for (const auto& n : names) out += "- [" + n + "](https://" + n + ".dev) `https://" + n + ".dev/mcp`\n";
        return out;
    };
    const auto serve = [&](const std::vector<std::string>& names, const char* etag) { k.server.pages[""] = {list(names), {etag, ""}}; };
    serve({"a", "b", "c"}, "\"1\"");
    k.night("2026-11-01T02:30:00Z");
    serve({"a", "b"}, "\"2\"");
    k.night("2026-11-02T02:30:00Z");
    CHECK(k.listed() == "https://a.dev/mcp https://b.dev/mcp https://c.dev/mcp");
    // A night without a good reading counts for nothing.
    k.server.broken = "";
    k.server.pages[""] = {"<html>", {}};
    k.night("2026-11-03T02:30:00Z");
    // One that has not changed counts: the entry is still missing.
    serve({"a", "b"}, "\"2\"");
    CHECK(k.night("2026-11-04T02:30:00Z").starts_with("one: unchanged"));
    CHECK(k.listed() == "https://a.dev/mcp https://b.dev/mcp https://c.dev/mcp");
    CHECK(k.night("2026-11-05T02:30:00Z").starts_with("one: unchanged"));
    CHECK(k.listed() == "https://a.dev/mcp https://b.dev/mcp");
    CHECK(k.told("SELECT date(first_seen, 'unixepoch') || ' ' || date(last_seen, 'unixepoch') || ' ' || date(delisted_at, 'unixepoch') FROM listing WHERE delisted_at IS NOT NULL") ==
          "2026-11-01 2026-11-01 2026-11-05");

    serve({"a", "b", "c"}, "\"4\"");
    CHECK(k.night("2026-11-06T02:30:00Z") == "one: 3 rows, 3 accepted, 0 rejected, 3 remotes; 1 new, 0 gone");
    CHECK(k.told("SELECT date(at, 'unixepoch') || ' ' || what FROM listing_event ORDER BY at") == "2026-11-05 delisted; 2026-11-06 relisted");
    CHECK(k.told("SELECT date(at, 'unixepoch') || ' ' || kind || ' ' || outcome || ' ' || used FROM registry_reading ORDER BY at") ==
          "2026-11-01 whole exhausted 1; 2026-11-02 whole exhausted 1; 2026-11-03 whole failed 0; 2026-11-04 unchanged exhausted 1; "
          "2026-11-05 unchanged exhausted 1; 2026-11-06 whole exhausted 1");
}

TEST_CASE("descriptions are kept where they may be")
{
    kitchen k;
    k.server.pages[""] = {R"([{"name":"a","description":"words","remotes":[{"url":"https://a.dev/"}]}])", {}};
    k.night("2026-11-01T02:30:00Z");
    CHECK(k.told("SELECT description FROM listing") == "words");
    k.source.descriptions = false;
    k.night("2026-11-02T02:30:00Z");
    CHECK(k.told("SELECT description FROM listing").empty());
}

TEST_CASE("of several versions of a name one stays")
{
    struct version { const char *name, *number, *published; bool latest; };
    struct test { const char* name; std::vector<version> rows; const char* stays; std::size_t gone; };
    const test tests[] = {
        {"the latest", {{"a", "2", "2026-02", true}, {"a", "3", "2026-03", false}}, "a@2", 1},
        {"of two latest the newer", {{"a", "1", "2026-01", true}, {"a", "2", "2026-02", true}, {"a", "0", "2025-01", true}}, "a@2", 2},
        {"of equals the last", {{"a", "1", "", true}, {"a", "2", "", true}}, "a@2", 1},
        {"of none the newest", {{"a", "2", "2026-02", false}, {"a", "1", "2026-01", false}}, "a@2", 1},
        {"names differ by case, and keep their order", {{"B", "1", "", true}, {"b", "1", "", false}, {"a", "1", "", true}}, "B@1 b@1 a@1", 0},
    };
    for (const auto& t : tests)
        DYNAMIC_SECTION(t.name)
        {
            std::vector<listing> rows;
            for (const auto& v : t.rows) {
                listing l;
                l.name = v.name;
                l.version = v.number;
                l.published_at = v.published;
                l.latest = v.latest;
                rows.push_back(l);
            }
            CHECK(keep_latest(rows) == t.gone);
            std::string stays;
            for (const auto& l : rows) {
                stays += (stays.empty() ? "" : " ") + l.name + "@" + l.version;
                CHECK(l.latest);
            }
            CHECK(stays == t.stays);
        }
}

TEST_CASE("rows balance, whatever becomes of them")
{
    const std::vector<std::string> pages{
        R"({"servers":[{"name":"a","version":"1","_meta":{"io.modelcontextprotocol.registry/official":{"isLatest":false}}},{"name":"a","version":"2"},7,{"name":""}],"metadata":{"nextCursor":"n"}})",
        R"({"servers":[{"name":"a","version":"2"},{"name":"b"},{"server":5}]})"};
    std::size_t turn = 0;
    const auto r = read_registry(*find_adapter("mcp-registry"), "x", [&](const std::string&) { return std::variant<std::string, page_error>(pages[turn++]); });
    CHECK(r.outcome == "exhausted");
    CHECK(r.rows == 7);
    CHECK(r.listings.size() == 2);
    CHECK(r.superseded == 1);
    CHECK(r.duplicates == 1);
    CHECK(r.rejected_rows == 3);
    CHECK(r.rejections == std::map<std::string, std::size_t, std::less<>>{{"name", 1}, {"shape", 2}});
    CHECK(r.rejected.back().where == "page 2/servers/2/server");
}
