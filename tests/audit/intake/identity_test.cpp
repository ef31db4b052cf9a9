// What a night makes of listings: one endpoint, one cluster, nobody who asked to be left out.
#include "audit/intake/intake.hpp"
#include "audit/net/tls.hpp"
#include "data/store/identity.hpp"
#include "tests/catch.hpp"

#include <map>
#include <memory>

using namespace rollcall;
using namespace rollcall::audit;

namespace {

std::string row(const std::string& name, const std::string& url, const std::string& more = {}, const std::string& version = "1")
{
    return R"({"server":{"name":")" + name + R"(","description":"words of )" + name + R"(","version":")" + version + R"(","remotes":[{"type":"streamable-http","url":")" + url + R"("}]})" + more + "}";
}

std::string rows(std::initializer_list<std::string> all)
{
    std::string out;
    for (const auto& one : all) out += (out.empty() ? "" : ",") + one;
    return R"({"servers":[)" + out + R"(],"metadata":{}})";
}

struct house {
    data::connection db{":memory:"};
    data::ledger store{db, [](std::string_view t) { return sha256(t); }};
    data::configuration config;
    std::string text;

    house()
    {
        auto& s = config.registries.emplace_back();
        s.id = s.name = "one";
        s.kind = "mcp-registry";
        s.url = "one.json";
        config.regions.emplace_back().id = "local";
    }

    intake_result night(const char* day)
    {
        intake_options o;
        o.pages = [this](const data::registry_source&) {
            return [this](const std::string&) -> std::variant<std::string, page_error> { return text.empty() ? std::variant<std::string, page_error>(page_error{"is away"}) : text; };
        };
        return take_in(store, config, *data::parse_time(day + std::string("T02:30:00Z")), "config", o);
    }

    std::int64_t count(const char* sql) { return std::get<0>(*db.prepare(sql).row<std::int64_t>()); }

    // What a round saw at an endpoint: a good answer at the end of a redirect, or none.
    void answered(const data::round_facts& round, const std::string& url, const std::string& final_url, bool for_good)
    {
        data::cell c;
        c.why = data::reason::ok;
        c.answer.http_status = 200;
        c.answer.final_url = final_url;
        if (for_good) c.answer.warnings = {data::warning::redirect_permanent};
        store.record(round.id, store.region("local", "", ""), store.find_endpoint(url, round.id)->first, c);
    }
};

}  // namespace

TEST_CASE("of a cluster one is frozen, the same one every night, and both numbers are told", "[intake]")
{
    house h;
    h.text = rows({row("a", "https://a.dev/mcp?ref=x"), row("b", "https://a.dev/mcp"), row("c", "https://a.dev/mcp?via=y"), row("d", "https://d.dev/mcp")});
    const auto first = h.night("2026-11-20");
    CHECK(first.book.all.eligible == 4);
    CHECK(first.book.variants == 2);
    CHECK(first.round.frozen == 2);
    CHECK(h.count("SELECT count(*) FROM variant v JOIN endpoint e ON e.id = v.probed_id WHERE e.url = 'https://a.dev/mcp'") == 2);
    // The bare one is gone: the cluster lives on in one of the others, and when it comes back its history goes on.
    h.text = rows({row("a", "https://a.dev/mcp?ref=x"), row("c", "https://a.dev/mcp?via=y"), row("d", "https://d.dev/mcp")});
    CHECK(h.night("2026-11-21").round.frozen == 2);
    CHECK(h.count("SELECT count(*) FROM variant v JOIN endpoint e ON e.id = v.probed_id WHERE e.url = 'https://a.dev/mcp?ref=x'") == 1);
}

TEST_CASE("whoever asks to be left out is not on the next list, not even from a listing that was kept", "[intake]")
{
    house h;
    h.text = rows({row("a", "https://a.dev/mcp"), row("b", "https://mcp.left.dev/mcp")});
    CHECK(h.night("2026-11-20").round.frozen == 2);
    h.config.opt_out = {"left.dev"};
    SECTION("the registry is read")
    {
        const auto second = h.night("2026-11-21");
        CHECK(second.round.frozen == 1);
        CHECK(second.book.all.excluded.at("opted_out") == 1);
        CHECK(second.book.all.rows == 2);
    }
    SECTION("the registry is away")
    {
        h.text.clear();
        const auto second = h.night("2026-11-21");
        CHECK_FALSE(second.all_good);
        CHECK(second.round.frozen == 1);
        CHECK(second.book.registries[0].kept);
        CHECK(second.book.all.excluded.at("opted_out") == 1);
    }
    // Their words are not written down again.
    SECTION("it was never in the store")
    {
        house fresh;
        fresh.config.opt_out = {"left.dev"};
        fresh.text = h.text;
        CHECK(fresh.night("2026-11-20").round.frozen == 1);
        CHECK(fresh.count("SELECT count(*) FROM listing WHERE description LIKE '%words of b%' OR listed_url LIKE '%left.dev%'") == 0);
    }
}

TEST_CASE("an opt-out that names nothing stops the night before anything is read", "[intake]")
{
    house h;
    h.text = rows({row("a", "https://a.dev/mcp")});
    h.config.opt_out = {"a.dev/mcp"};
    CHECK_THROWS_AS(h.night("2026-11-20"), data::config_error);
    CHECK(h.count("SELECT count(*) FROM endpoint") == 0);
}

TEST_CASE("older versions do not take the place of the newest, and what was withdrawn keeps no words", "[intake]")
{
    house h;
    const std::string meta = R"(,"_meta":{"io.modelcontextprotocol.registry/official":{"status":")";
    h.text = rows({row("a", "https://a.dev/v2", meta + R"(active","isLatest":true}})", "2"), row("a", "https://a.dev/v1", meta + R"(active","isLatest":false}})"),
                   row("gone", "https://gone.dev/mcp", meta + R"(deleted","isLatest":true}})")});
    const auto night = h.night("2026-11-20");
    CHECK(night.round.frozen == 1);
    CHECK(night.book.all.rows == 3);
    CHECK(night.book.all.superseded == 1);
    CHECK(night.book.all.deleted == 1);
    CHECK(night.book.all.listings == 1);
    CHECK(h.count("SELECT count(*) FROM endpoint WHERE url = 'https://a.dev/v2'") == 1);
    CHECK(h.count("SELECT count(*) FROM endpoint") == 1);
    CHECK(h.count("SELECT count(*) FROM listing WHERE description LIKE '%words of gone%'") == 0);
    CHECK(h.count("SELECT count(*) FROM listing WHERE name = 'gone' AND exclusion = 'deleted'") == 1);
}

TEST_CASE("an address that moved for good is an alias after three rounds, and both stay on the list", "[intake]")
{
    house h;
    h.text = rows({row("a", "https://mcp.a.dev/old"), row("b", "https://mcp.b.dev/old")});
    for (const auto* day : {"2026-11-20", "2026-11-21", "2026-11-22"}) {
        const auto night = h.night(day);
        CHECK(h.count("SELECT count(*) FROM alias") == 0);
        h.answered(night.round, "https://mcp.a.dev/old", "https://mcp.a.dev/new", true);
        h.answered(night.round, "https://mcp.b.dev/old", "https://mcp.b.dev/new", false);
    }
    const auto fourth = h.night("2026-11-23");
    CHECK(fourth.round.frozen == 2);
    CHECK(h.count("SELECT rounds FROM alias WHERE url = 'https://mcp.a.dev/new'") == 3);
    CHECK(h.count("SELECT count(*) FROM alias") == 1);
}

TEST_CASE("the book of a round is stored and is read as it was written", "[intake]")
{
    house h;
    h.text = rows({row("a", "https://a.dev/mcp"), row("t", "https://{tenant}.dev/mcp"), row("x", "https://x.trycloudflare.com:5001/?token=abcdef"), R"({"server":7})"});
    const auto night = h.night("2026-11-20");
    CHECK(night.book.all.rejected == 1);
    CHECK(book_tables(stored_book(h.db, night.round.id)) == book_tables(night.book));
    CHECK(night.book.marks.at("tunnel") == 1);
    CHECK(night.book.marks.at("secret_in_query") == 1);
    CHECK(h.count("SELECT count(*) FROM endpoint WHERE platform = 'trycloudflare.com'") == 1);
}
