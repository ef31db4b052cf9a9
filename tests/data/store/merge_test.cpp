#include "data/store/merge.hpp"

#include "data/store/ledger.hpp"
#include "data/store/migrate.hpp"
#include "data/store/operator_log.hpp"
#include "data/store/sqlite.hpp"
#include "tests/data/store/support.hpp"
#include "tests/support/scratch.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace rollcall::data;
using namespace rollcall::tests;
namespace fs = std::filesystem;

namespace {

constexpr int endpoints = 40;
const char* const regions[] = {"east", "north", "west"};

// A store with a frozen list, and parts of its round, each probed in a shard of its own.
struct night {
    scratch_folder folder;
    fs::path main = folder.path / "main.sqlite";
    std::vector<fs::path> parts;

    explicit night(unsigned seed, bool overlapping = true)
    {
        {
            connection db(main.string());
            ledger store(db, toy_digest);
            fill_list(store, endpoints, at("2026-11-20T02:30:00Z"));
            for (const auto* code : regions) store.region(code, "", "");
            // A night before, so that the parts have something to remember.
            auto before = store.newest_round();
            for (int e = 1; e <= endpoints; ++e) put(db, store, before->id, 1, e, random_cell(seed * 1000 + static_cast<unsigned>(e)));
            freeze_again(store, at("2026-11-21T02:30:00Z"));
        }
        std::mt19937 random(seed);
        for (int part = 0; part < 6; ++part) {
            const auto file = folder.path / ("part-" + std::to_string(part) + ".sqlite");
            {
                connection db(main.string());
                ledger store(db, toy_digest);
                write_shard(db, store.newest_round()->id, file);
            }
            connection db(file.string());
            ledger store(db, toy_digest);
            const auto round = store.newest_round()->id;
            const auto region = static_cast<std::int64_t>(part % 3) + 1;
            for (int e = 1; e <= endpoints; ++e) {
                const bool mine = (e % 2 == part / 3);
                // Some are measured in two parts, with different results.
                if (mine || (overlapping && random() % 5 == 0)) put(db, store, round, region, e, random_cell(static_cast<unsigned>(random())));
            }
            store.set_round_state(round, "probed");
            parts.push_back(file);
        }
    }

    fs::path copy(const std::string& name) const
    {
        const auto to = folder.path / name;
        fs::copy_file(main, to, fs::copy_options::overwrite_existing);
        return to;
    }

    merged merge(const fs::path& into, const std::vector<fs::path>& shards) const
    {
        connection db(into.string());
        ledger store(db, toy_digest);
        return merge_into(db, shards, toy_digest, at("2026-11-21T05:00:00Z"));
    }
};

std::string message_of(const night& n, const fs::path& into, const std::vector<fs::path>& shards)
{
    try {
        n.merge(into, shards);
    } catch (const store_error& e) {
        return e.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("parts merged in any order, grouping and repetition give the same store")
{
    for (unsigned seed = 1; seed <= 4; ++seed) {
        const night n(seed);
        const auto whole = n.copy("whole.sqlite");
        n.merge(whole, n.parts);
        const auto expected = dump(whole);
        REQUIRE(expected.find("cell ") != std::string::npos);

        std::mt19937 random(seed);
        for (int trial = 0; trial < 6; ++trial) {
            auto order = n.parts;
            std::shuffle(order.begin(), order.end(), random);
            CAPTURE(seed, trial);
            // One by one.
            const auto singly = n.copy("singly.sqlite");
            for (const auto& part : order) n.merge(singly, {part});
            CHECK(dump(singly) == expected);
            // In two groups, one of which is merged into one of its own members first; and everything twice.
            const auto group = n.folder.path / "group.sqlite";
            fs::copy_file(order[0], group, fs::copy_options::overwrite_existing);
            n.merge(group, {order[1], order[2]});
            const auto grouped = n.copy("grouped.sqlite");
            n.merge(grouped, {order[3], group, order[4]});
            n.merge(grouped, {order[5], order[3], order[0]});
            CHECK(dump(grouped) == expected);
        }
    }
}

TEST_CASE("a merge that brings nothing new changes no byte")
{
    const night n(7);
    const auto into = n.copy("into.sqlite");
    n.merge(into, n.parts);
    const auto bytes = bytes_of(into);
    const auto again = n.merge(into, n.parts);
    CHECK(again.added == 0);
    CHECK(again.replaced == 0);
    CHECK(again.rounds.empty());
    CHECK(bytes_of(into) == bytes);
}

TEST_CASE("every cell that was probed arrives with all that belongs to it, and the round must be judged again")
{
    const night n(9, /*overlapping=*/false);
    const auto into = n.copy("into.sqlite");
    {
        connection db(into.string());
        ledger(db, toy_digest).set_round_state(ledger(db, toy_digest).newest_round()->id, "judged");
    }
    const auto told = n.merge(into, n.parts);
    CHECK(told.shards == 6);
    CHECK(told.added == 3 * endpoints);
    CHECK(told.cells == 3 * endpoints);
    CHECK(told.replaced + told.kept + told.left_out == 0);
    CHECK(told.rounds == std::vector<std::string>{"2026-11-21"});
    connection db(into.string());
    CHECK(number(db, "SELECT count(*) FROM round WHERE state = 'probed'") == 1);
    for (const auto& part : n.parts) {
        connection from(part.string(), connection::mode::read_only);
        for (const auto* table : {"answer", "path", "manifest", "auth"}) {
            INFO(part << " " << table);
            const std::string key = std::string(table) == "manifest" ? "full_hash" : "key";
            auto rows = from.prepare("SELECT " + key + " FROM " + table);
            for (auto [hash] : rows.rows<blob>())
                CHECK(db.prepare(std::string("SELECT count(*) FROM ") + table + " WHERE " + key + " = ?1").row<std::int64_t>(hash) == std::tuple<std::int64_t>(1));
        }
    }
    CHECK(number(db, "SELECT count(*) FROM pragma_foreign_key_check") == 0);
    const auto log = operator_log(db, toy_digest).lines();
    REQUIRE(log.size() == 1);
    CHECK(log.front().what == "merge");
    CHECK(log.front().detail == "120 cells added, 0 replaced, from part-0.sqlite, part-1.sqlite, part-2.sqlite, part-3.sqlite, part-4.sqlite, part-5.sqlite");
}

TEST_CASE("of a cell that was measured twice the better evidence stands")
{
    struct row { const char* name; reason first, second; std::uint8_t tries_first, tries_second; bool second_wins; };
    const row rows[] = {
        {"evidence over none", reason::budget, reason::tcp_timeout, 1, 1, true},
        {"none never over evidence", reason::http_5xx, reason::interrupted, 1, 4, false},
        {"an answer over a failure", reason::tcp_timeout, reason::ok, 2, 1, true},
        {"a failure never over an answer", reason::slow, reason::http_5xx, 1, 2, false},
        {"more tries over fewer", reason::http_5xx, reason::tcp_timeout, 1, 2, true},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.name)
        {
            const night n(3, false);
            const auto shard = [&](const char* name, reason why, std::uint8_t tries) {
                const auto file = n.folder.path / name;
                {
                    connection db(n.main.string());
                    ledger store(db, toy_digest);
                    write_shard(db, store.newest_round()->id, file);
                }
                connection db(file.string());
                ledger store(db, toy_digest);
                cell c;
                c.why = why;
                c.tries = tries;
                c.transcript = std::string("> seen in ") + name;
                put(db, store, store.newest_round()->id, 1, 1, c);
                return file;
            };
            const auto first = shard("first.sqlite", r.first, r.tries_first), second = shard("second.sqlite", r.second, r.tries_second);
            for (const bool reversed : {false, true}) {
                CAPTURE(reversed);
                const auto into = n.copy("into.sqlite");
                n.merge(into, reversed ? std::vector{second, first} : std::vector{first, second});
                connection db(into.string());
                CHECK(number(db, "SELECT reason_id FROM cell WHERE round_id = (SELECT max(id) FROM round)") == static_cast<std::int64_t>(r.second_wins ? r.second : r.first));
                // The transcript is of the measurement that stands.
                CHECK(transcript_of(db, 1, 1) == std::string("> seen in ") + (r.second_wins ? "second.sqlite" : "first.sqlite"));
            }
        }
}

TEST_CASE("what does not belong together is refused by name, and nothing comes in")
{
    const night n(5);
    const auto into = n.copy("into.sqlite");
    const auto before = bytes_of(into);
    const auto bad = n.folder.path / "bad.sqlite";
    const auto changed = [&](const char* sql) {
        fs::remove(bad);
        fs::copy_file(n.parts[1], bad);
        connection db(bad.string());
        db.run(sql);
    };
    const auto refused = bad.string() + ": does not belong to this store: ";

    changed("UPDATE round SET list_hash = 'another'");
    CHECK(message_of(n, into, {n.parts[0], bad}) == refused + "the round of 2026-11-21 has another frozen list there than here; freeze the list once, and probe it everywhere");
    changed("UPDATE round SET config_hash = 'another'");
    CHECK(message_of(n, into, {n.parts[0], bad}) == refused + "the round of 2026-11-21 has another configuration there than here; use the same files under data/ for every part of a round");
    changed("UPDATE round SET tool_version = '9.9'");
    CHECK(message_of(n, into, {n.parts[0], bad}) == refused + "the round of 2026-11-21 has another version of the program there than here; use one version for every part of a round");
    changed("UPDATE round SET at = at + 60");
    CHECK(message_of(n, into, {n.parts[0], bad}) == refused + "the round of 2026-11-21 has another nominal time there than here; freeze the list once, and probe it everywhere");
    changed("UPDATE endpoint SET slug = 'elsewhere' WHERE id = 3");
    CHECK(message_of(n, into, {n.parts[0], bad}).find("stands at \"elsewhere\" there and at \"e3.test/mcp\" here") != std::string::npos);
    changed("PRAGMA user_version = 3");
    CHECK(message_of(n, into, {n.parts[0], bad}).find("its schema has version 3, this program's") != std::string::npos);

    fs::remove(bad);
    CHECK(message_of(n, into, {n.parts[0], bad}) == bad.string() + ": cannot be opened: No such file or directory");
    std::ofstream(bad) << std::string(9000, 'x');
    CHECK(message_of(n, into, {n.parts[0], bad}) == bad.string() + ": not a Rollcall store (file is not a database)");
    fs::resize_file(bad, 0);
    CHECK(message_of(n, into, {n.parts[0], bad}) == bad.string() + ": not a Rollcall store (another program's database, or an empty file)");

    // A page in the middle overwritten; and a file cut off.
    fs::copy_file(n.parts[1], bad, fs::copy_options::overwrite_existing);
    {
        std::fstream file(bad, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(fs::file_size(bad) / 2 / 4096 * 4096));
        file << std::string(4096, '\x5a');
    }
    CHECK(message_of(n, into, {n.parts[0], bad}).find(bad.string() + ": is damaged (") == 0);
    fs::copy_file(n.parts[1], bad, fs::copy_options::overwrite_existing);
    fs::resize_file(bad, fs::file_size(bad) / 2 / 4096 * 4096);
    CHECK(message_of(n, into, {n.parts[0], bad}).find(bad.string() + ": is damaged (") == 0);

    CHECK(message_of(n, into, {n.parts[0], into}) == into.string() + ": is the very store to merge into");
    CHECK(bytes_of(into) == before);
}

TEST_CASE("what was forgotten does not come back with a shard")
{
    const night n(11, false);
    const auto into = n.copy("into.sqlite");
    {
        connection db(into.string());
        db.run("PRAGMA foreign_keys = OFF; DELETE FROM cell WHERE endpoint_id = 4; DELETE FROM frozen WHERE endpoint_id = 4; DELETE FROM endpoint WHERE id = 4;"
               "INSERT INTO tombstone (slug, removed_at) VALUES ('e4.test/mcp', 0)");
    }
    const auto told = n.merge(into, n.parts);
    CHECK(told.left_out == 3);
    CHECK(told.added == 3 * (endpoints - 1));
    connection db(into.string());
    CHECK(number(db, "SELECT count(*) FROM endpoint WHERE slug = 'e4.test/mcp'") == 0);
}

TEST_CASE("a shard has the round's list, what was learned about it, and nothing else")
{
    const night n(13);
    connection main(n.main.string());
    ledger store(main, toy_digest);
    const auto file = n.folder.path / "fresh.sqlite";
    write_shard(main, store.newest_round()->id, file);
    CHECK_THROWS_AS(write_shard(main, store.newest_round()->id, file), store_error);
    connection db(file.string());
    ledger part(db, toy_digest);
    CHECK(number(db, "SELECT count(*) FROM round") == 1);
    CHECK(number(db, "SELECT count(*) FROM cell") == 0);
    CHECK(number(db, "SELECT count(*) FROM answer") == 0);
    const auto round = store.newest_round()->id;
    const auto there = part.pending(round, 1), here = store.pending(round, 1);
    REQUIRE(there.size() == static_cast<std::size_t>(endpoints));
    REQUIRE(here.size() == there.size());
    bool some_era = false;
    for (std::size_t i = 0; i < here.size(); ++i) {
        CAPTURE(here[i].url);
        CHECK(there[i].id == here[i].id);
        CHECK(there[i].url == here[i].url);
        CHECK(there[i].remembered_era == here[i].remembered_era);
        CHECK(there[i].remembered_transport == here[i].remembered_transport);
        some_era = some_era || here[i].remembered_era != era::unknown;
    }
    CHECK(some_era);
}

TEST_CASE("each table of the schema travels, is judged anew, or stays where it is: none is forgotten")
{
    connection db(":memory:");
    migrate(db);
    std::set<std::string> known;
    for (const auto& row : table_fates()) CHECK(known.insert(std::string(row.table)).second);
    auto tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    for (auto [name] : tables.rows<std::string>()) {
        CAPTURE(name);
        CHECK(known.erase(name) == 1);
    }
    CHECK(known.empty());
}
