#include "data/store/codec.hpp"
#include "data/store/judging.hpp"
#include "data/store/ledger.hpp"
#include "data/store/registries.hpp"
#include "data/store/migrate.hpp"
#include "data/store/reader.hpp"
#include "data/store/rows.hpp"
#include "tests/support/scratch.hpp"

#include "tests/catch.hpp"

#include <fstream>

using namespace rollcall::data;
using rollcall::tests::scratch_folder;

namespace {

// Not cryptographic; the store only needs texts told apart.
std::string toy_digest(std::string_view text)
{
    std::string out(32, '\0');
    std::uint64_t h = 1469598103934665603u;
    for (std::size_t i = 0; i < text.size() || i < 32; ++i) {
        h = (h ^ static_cast<unsigned char>(i < text.size() ? text[i] : 0)) * 1099511628211u;
        out[i % 32] = static_cast<char>(out[i % 32] ^ static_cast<char>(h >> 32));
    }
    return out;
}

time_point at(const char* text) { return *parse_time(text); }

cell good_cell()
{
    cell c;
    c.why = reason::ok;
    c.reached = step::tools;
    c.ms = {12, 34, 56, 78, 90, 0};
    c.waited_ms = 270;
    c.answer.http_status = 200;
    c.answer.era = era::modern;
    c.answer.transport = transport::streamable_http;
    c.answer.protocol_version = "2026-07-28";
    c.answer.server_name = "x";
    c.answer.capabilities = {"prompts", "tools"};
    c.answer.tool_count = 2;
    c.answer.contract_hash = std::string(64, 'a');
    c.answer.full_hash = std::string(64, 'b');
    c.answer.warnings = {warning::redirect_slash, warning::tool_duplicate};
    c.answer.auth = {posture::open_list,
                     {{rung::prm_found, rung_state::yes, "path"}, {rung::prm_resource, rung_state::no, "it names \"another\""}, {rung::as_found, rung_state::not_reached, ""}},
                     "https://x.test/.well-known/oauth-protected-resource",
                     "https://login.x.test"};
    c.path = {"192.0.2.1", "x.cdn.test", "TLSv1.3", "Test", 1800000000};
    c.manifest = R"([{"inputSchema":{"type":"object"},"name":"one"},{"inputSchema":{"type":"object"},"name":"two"}])";
    return c;
}

struct filled {
    connection db;
    ledger store;
    std::int64_t registry, endpoint, region;
    round_facts round;

    explicit filled(const std::string& path) : db(path), store(db, toy_digest)
    {
        store.set("site_name", "Roll");
        registry = store.registry({"own", "Own", "list.txt", "", 1});
        store.record_reading(registry, {"exhausted", "", 1, 1, 0, 1, false}, at("2026-11-20T02:30:00Z"));
        endpoint = store.endpoint({"https://a.test/mcp", "a.test/mcp", "https://a.test/mcp", "a.test", "a.test", false}, at("2026-11-20T02:30:00Z"));
        listing_facts l{"a", "none", "1.0", "A", "Text", "", "", "active", "https://a.test/mcp", "streamable-http", 0};
        l.endpoint = endpoint;
        store.listing(registry, l, at("2026-11-20T02:30:00Z"));
        region = store.region("local", "", "");
        round = store.freeze(at("2026-11-20T02:30:00Z"), {endpoint}, "hash", "0.1.0", "config", R"({"rows":1,"excluded:templated":3})");
    }

    void record(const round_facts& r, const cell& c)
    {
        transaction all(db);
        store.record(r.id, region, endpoint, c);
        all.commit();
    }
};

}  // namespace

TEST_CASE("times of steps survive their packing, absent ones too")
{
    const step_times rows[] = {{}, {0, 1, 127, 128, 30000, 4294967295u}, {std::nullopt, 5, std::nullopt, 0, std::nullopt, 99999}};
    for (const auto& times : rows) CHECK(unpack_times(pack_times(times)) == times);
    CHECK_THROWS_AS(unpack_times(""), store_error);
    CHECK_THROWS_AS(unpack_times(std::string(40, '\xff')), store_error);
    const std::string none(6, '\0');
    CHECK(unpack_times(none) == step_times{});
    CHECK_THROWS_AS(unpack_times(none + '\0'), store_error);
    CHECK_THROWS_AS(unpack_times("\x80" + none), store_error);
    CHECK_THROWS_AS(unpack_times("\x81\x80\x80\x80\x10" + none.substr(1)), store_error);
}

TEST_CASE("compressed text comes back, damaged text does not")
{
    const std::string text(100'000, 'x');
    CHECK(inflate(deflate(text)) == text);
    CHECK_THROWS_AS(inflate("not zlib"), store_error);
    CHECK_THROWS_AS(inflate(deflate(text).substr(0, 20)), store_error);
    CHECK_THROWS_AS(inflate(deflate(text), 1000), store_error);
    CHECK(inflate(deflate(text), text.size()) == text);
    CHECK_THROWS_AS(inflate(deflate(text), text.size() - 1), store_error);
    CHECK(from_hex(to_hex(std::string("\0\x7f\xff", 3))) == std::string("\0\x7f\xff", 3));
}

TEST_CASE("a stored cell is read back whole")
{
    const scratch_folder folder;
    const auto path = (folder.path / "store.sqlite").string();
    {
        filled f(path);
        f.record(f.round, good_cell());
        f.store.write_verdicts(f.round.id, {{f.endpoint, state::up, reason::ok, std::nullopt, 0, true, true, 1}});
    }
    const auto read = read_edition(path);
    CHECK(read.site_name == "Roll");
    REQUIRE(read.endpoints.size() == 1);
    const auto& e = read.endpoints.front();
    CHECK(e.slug == "a.test/mcp");
    CHECK(e.state == state::up);
    CHECK(e.streak == 1);
    CHECK_FALSE(e.bucket);
    REQUIRE(e.cells.size() == 1);
    const auto& c = e.cells.front().cell;
    CHECK(c.why == reason::ok);
    CHECK(c.ms == good_cell().ms);
    CHECK(c.waited_ms == 270);
    CHECK(c.answer == good_cell().answer);
    CHECK(c.path == good_cell().path);
    CHECK(e.tools == std::vector<std::string>{"one", "two"});
    REQUIRE(e.listings.size() == 1);
    CHECK(e.listings.front().description == "Text");
    REQUIRE(e.nights.size() == 1);
    CHECK(e.nights.front().good);
    REQUIRE(read.excluded.size() == 1);
    CHECK(read.excluded.front().code == "templated");
    CHECK(read.funnel == std::vector<std::pair<std::string, std::int64_t>>{{"rows", 1}, {"probed", 1}, {"measured", 1}});
}

TEST_CASE("what two nights have in common is stored once")
{
    const scratch_folder folder;
    filled f((folder.path / "store.sqlite").string());
    f.record(f.round, good_cell());
    const auto next = f.store.freeze(at("2026-11-21T02:30:00Z"), {f.endpoint}, "hash", "0.1.0", "config", "{}");
    f.record(next, good_cell());
    for (const auto* table : {"answer", "path", "manifest"}) {
        CAPTURE(table);
        CHECK(std::get<0>(*f.db.prepare(std::string("SELECT count(*) FROM ") + table).row<std::int64_t>()) == 1);
    }
    CHECK(std::get<0>(*f.db.prepare("SELECT count(*) FROM cell").row<std::int64_t>()) == 2);
}

TEST_CASE("a tool list that was cut off is kept, and its contract is compared with no other")
{
    const scratch_folder folder;
    filled f((folder.path / "store.sqlite").string());
    cell cut = good_cell();
    cut.answer.warnings = {warning::cursor_empty, warning::list_truncated, warning::tool_duplicate};
    f.record(f.round, cut);
    const auto next = f.store.freeze(at("2026-11-21T02:30:00Z"), {f.endpoint}, "hash", "0.1.0", "config", "{}");
    f.record(next, good_cell());
    std::vector<judged_cell> cells;
    each_cell(f.db, f.round.id, next.id, [&](const judged_cell& c) { cells.push_back(c); });
    REQUIRE(cells.size() == 2);
    CHECK(cells[0].contract == 0);
    CHECK(cells[0].manifest == 0);
    CHECK(cells[1].contract != 0);
    CHECK(cells[1].manifest != 0);
    CHECK(std::get<0>(*f.db.prepare("SELECT count(*) FROM manifest").row<std::int64_t>()) == 1);
}

TEST_CASE("recording a cell again replaces it and its transcript")
{
    const scratch_folder folder;
    filled f((folder.path / "store.sqlite").string());
    cell bad;
    bad.why = reason::http_404;
    bad.transcript = "> POST";
    f.record(f.round, bad);
    f.record(f.round, good_cell());
    CHECK(std::get<0>(*f.db.prepare("SELECT count(*) FROM cell").row<std::int64_t>()) == 1);
    CHECK(std::get<0>(*f.db.prepare("SELECT count(*) FROM transcript").row<std::int64_t>()) == 0);
}

TEST_CASE("an endpoint is pending until its region has a cell, and remembers the era that answered")
{
    const scratch_folder folder;
    filled f((folder.path / "store.sqlite").string());
    REQUIRE(f.store.pending(f.round.id, f.region).size() == 1);
    CHECK(f.store.pending(f.round.id, f.region).front().remembered_era == era::unknown);
    f.record(f.round, good_cell());
    CHECK(f.store.pending(f.round.id, f.region).empty());
    CHECK(f.store.pending(f.round.id, f.region + 1).size() == 1);
    const auto next = f.store.freeze(at("2026-11-21T02:30:00Z"), {f.endpoint}, "hash", "0.1.0", "config", "{}");
    const auto pending = f.store.pending(next.id, f.region);
    REQUIRE(pending.size() == 1);
    CHECK(pending.front().remembered_era == era::modern);
    CHECK(pending.front().remembered_transport == transport::streamable_http);
}

TEST_CASE("retention removes what is older, and nothing else")
{
    const scratch_folder folder;
    filled f((folder.path / "store.sqlite").string());
    cell bad;
    bad.why = reason::http_404;
    bad.transcript = "> POST";
    f.record(f.round, bad);
    f.store.write_verdicts(f.round.id, {{f.endpoint, state::down, reason::http_404, std::nullopt, 0, true, false, 1}});
    const auto count = [&](const char* table) { return std::get<0>(*f.db.prepare(std::string("SELECT count(*) FROM ") + table).row<std::int64_t>()); };
    const auto night = f.round.at, later = night + std::chrono::seconds(1);
    f.store.expire(night, night, night);
    CHECK(count("transcript") == 1);
    f.store.expire(later, night, night);
    CHECK(count("transcript") == 0);
    CHECK(count("cell") == 1);
    f.store.expire(later, later, night);
    CHECK(count("cell") == 0);
    CHECK(count("verdict") == 0);
    CHECK(count("night") == 1);
    f.store.expire(later, later, later);
    CHECK(count("night") == 0);
}

TEST_CASE("a bad reading keeps the last good listing")
{
    const scratch_folder folder;
    filled f((folder.path / "store.sqlite").string());
    REQUIRE(f.store.current_remotes().size() == 1);
    f.store.record_reading(f.registry, {"failed", "page 1: HTTP 500", 0, 0, 0, 0, true}, at("2026-11-21T02:30:00Z"));
    CHECK(f.store.current_remotes().size() == 1);
    CHECK(f.store.remotes_at_last_good_reading(f.registry) == 1);
    // A good reading without the entry delists it.
    f.store.record_reading(f.registry, {"exhausted", "", 0, 0, 0, 0, false}, at("2026-11-22T02:30:00Z"));
    settle_listings(f.db, f.registry, at("2026-11-22T02:30:00Z"), reading_kind::whole, 1);
    CHECK(f.store.current_remotes().empty());
}

TEST_CASE("a store that is not ours, damaged or newer is refused by name")
{
    const scratch_folder folder;
    const auto message_of = [](const std::string& path, connection::mode m) -> std::string {
        try {
            connection db(path, m);
            migrate(db);
        } catch (const store_error& e) {
            return e.what();
        }
        return "accepted";
    };
    const auto foreign = (folder.path / "foreign.sqlite").string();
    {
        sqlite3* raw = nullptr;
        sqlite3_open(foreign.c_str(), &raw);
        sqlite3_exec(raw, "CREATE TABLE t (x)", nullptr, nullptr, nullptr);
        sqlite3_close(raw);
    }
    CHECK(message_of(foreign, connection::mode::read_write) == foreign + ": not a Rollcall store (another program's database, or an empty file)");

    const auto garbage = (folder.path / "garbage.sqlite").string();
    std::ofstream(garbage) << std::string(8192, 'g');
    CHECK(message_of(garbage, connection::mode::read_write).find("file is not a database") != std::string::npos);

    const auto newer = (folder.path / "newer.sqlite").string();
    {
        connection db(newer);
        migrate(db);
        db.run("PRAGMA user_version = 999");
    }
    CHECK(message_of(newer, connection::mode::read_write) ==
          newer + ": the store has schema version 999, this program knows " + std::to_string(migrations().size()) + "; use a newer program");
    CHECK_THROWS_AS(read_edition(newer), store_error);
    CHECK_THROWS_AS(read_edition(folder.path / "missing.sqlite"), store_error);
}

TEST_CASE("a store of every earlier version is brought up to date, and keeps what it holds")
{
    for (std::size_t version = 1; version < migrations().size(); ++version) {
        connection db(":memory:");
        migrate(db, migrations().first(version));
        db.run("INSERT INTO answer (http_status, era, transport, protocol, server_name, server_version, capabilities, final_url, auth_challenge, detail, warnings, key) "
               "VALUES (200, 2, 1, '2026-07-28', 'old', '1', 'tools', '', '', '', '', x'00')");
        migrate(db);
        CHECK(std::get<0>(*db.prepare("PRAGMA user_version").row<std::int64_t>()) == static_cast<std::int64_t>(migrations().size()));
        rows::facts_reader facts(db);
        CHECK(facts.answer(1).server_name == "old");
        CHECK(facts.answer(1).auth == auth_facts{});
    }
}

TEST_CASE("a ladder survives the store, a rung of a later program is left out, damage is refused")
{
    const std::vector<rung_outcome> rungs{{rung::status_401, rung_state::yes, ""}, {rung::as_issuer, rung_state::no, "differs by a trailing slash"}};
    CHECK(unpack_rungs(pack_rungs(rungs)) == rungs);
    CHECK(pack_rungs(rungs) == R"([["status_401","yes",""],["as_issuer","no","differs by a trailing slash"]])");
    CHECK(unpack_rungs(R"([["of_2031","yes",""],["status_401","yes",""]])").size() == 1);
    CHECK_THROWS_AS(unpack_rungs("{}"), store_error);
    CHECK_THROWS_AS(unpack_rungs(R"([["status_401"]])"), store_error);
}

TEST_CASE("opening a store that is up to date changes no byte of it")
{
    const scratch_folder folder;
    const auto path = (folder.path / "store.sqlite").string();
    const auto bytes = [&] {
        std::ifstream in(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    { filled f(path); }
    const auto before = bytes();
    {
        connection db(path);
        ledger store(db, toy_digest);
        store.set("site_name", "Roll");
    }
    CHECK(bytes() == before);
}

TEST_CASE("a transaction that is not committed leaves nothing")
{
    connection db(":memory:");
    migrate(db);
    {
        transaction t(db);
        db.run("INSERT INTO setting VALUES ('a', 'b')");
    }
    CHECK(std::get<0>(*db.prepare("SELECT count(*) FROM setting").row<std::int64_t>()) == 0);
}

TEST_CASE("a statement with the wrong number of arguments is our own bug")
{
    connection db(":memory:");
    migrate(db);
    auto s = db.prepare("SELECT value FROM setting WHERE name = ?1");
    CHECK_THROWS_AS(s.row<std::string>(), std::logic_error);
}

TEST_CASE("the words of the published view stand in the store as in the program")
{
    connection db(":memory:");
    migrate(db);
    std::size_t rows = 0;
    auto s = db.prepare("SELECT id, code, label FROM published ORDER BY id");
    for (auto [id, code, label] : s.rows<std::int64_t, std::string, std::string>()) {
        REQUIRE(published_from(id).has_value());
        CHECK(row_of(*published_from(id)).code == code);
        CHECK(row_of(*published_from(id)).label == label);
        ++rows;
    }
    CHECK(rows == all_published().size());
}
