#include "data/store/prune.hpp"

#include "data/store/ledger.hpp"
#include "data/store/lock.hpp"
#include "data/store/reader.hpp"
#include "tests/data/store/support.hpp"
#include "tests/support/scratch.hpp"

#include "tests/catch.hpp"

#include <fstream>

using namespace rollcall::data;
using namespace rollcall::tests;
namespace fs = std::filesystem;

namespace {

std::string message_of(const std::function<void()>& deed)
{
    try {
        deed();
    } catch (const store_error& e) {
        return e.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("what no row refers to any more is garbage, and nothing else is")
{
    const scratch_folder folder;
    connection db((folder.path / "store.sqlite").string());
    ledger store(db, toy_digest);
    fill_list(store, 30, at("2026-11-20T02:30:00Z"));
    const auto region = store.region("east", "", "");
    const auto round = store.newest_round()->id;
    for (int e = 1; e <= 30; ++e) put(db, store, round, region, e, random_cell(static_cast<unsigned>(e)));
    const auto whole = dump(folder.path / "store.sqlite");
    CHECK(collect_garbage(db) == 0);

    // A change of tools keeps the lists that it is between, whatever became of the cells.
    const auto first = number(db, "SELECT min(id) FROM manifest"), last = number(db, "SELECT max(id) FROM manifest");
    REQUIRE(first < last);
    db.prepare("INSERT INTO drift (round_id, endpoint_id, before_id, after_id, grade, changes) VALUES (?1, 1, ?2, ?3, 'breaking', x'')").execute(round, first, last);
    db.run("DELETE FROM cell WHERE endpoint_id > 10");
    CHECK(collect_garbage(db) > 0);
    for (const auto* sql : {"SELECT count(*) FROM answer WHERE id NOT IN (SELECT answer_id FROM cell WHERE answer_id IS NOT NULL)",
                            "SELECT count(*) FROM path WHERE id NOT IN (SELECT path_id FROM cell WHERE path_id IS NOT NULL)",
                            "SELECT count(*) FROM auth WHERE id NOT IN (SELECT auth_id FROM answer WHERE auth_id IS NOT NULL)",
                            "SELECT count(*) FROM pragma_foreign_key_check"}) {
        CAPTURE(sql);
        CHECK(number(db, sql) == 0);
    }
    CHECK(number(db, "SELECT count(*) FROM manifest WHERE id IN (" + std::to_string(first) + ", " + std::to_string(last) + ")") == 2);
    CHECK(number(db, "PRAGMA foreign_keys") == 1);

    // And probing goes on as before.
    for (int e = 11; e <= 30; ++e) put(db, store, round, region, e, random_cell(static_cast<unsigned>(e)));
    CHECK(number(db, "SELECT count(*) FROM pragma_foreign_key_check") == 0);
}

TEST_CASE("what was erased is nowhere in a file that was compacted")
{
    const scratch_folder folder;
    const auto file = folder.path / "store.sqlite";
    connection db(file.string());
    ledger store(db, toy_digest);
    fill_list(store, 3, at("2026-11-20T02:30:00Z"));
    cell c;
    c.why = reason::http_404;
    c.answer.http_status = 404;
    c.answer.detail = "a sentence that somebody wants to be forgotten";
    put(db, store, store.newest_round()->id, store.region("east", "", ""), 1, c);
    CHECK((bytes_of(file) + bytes_of(file.string() + "-wal")).find("wants to be forgotten") != std::string::npos);
    db.run("DELETE FROM cell");
    CHECK(collect_garbage(db) == 1);
    compact(db);
    CHECK(bytes_of(file).find("wants to be forgotten") == std::string::npos);
    CHECK(bytes_of(file.string() + "-wal").empty());
}

TEST_CASE("a published copy is one file, whole or not there, and replaces nothing but a store")
{
    const scratch_folder folder;
    const auto file = folder.path / "store.sqlite", copy = folder.path / "copy.sqlite";
    connection db(file.string());
    ledger store(db, toy_digest);
    fill_list(store, 5, at("2026-11-20T02:30:00Z"));
    publish_copy(db, copy);
    CHECK(dump(copy) == dump(file));
    fill_list(store, 9, at("2026-11-21T02:30:00Z"));
    publish_copy(db, copy);
    CHECK(dump(copy) == dump(file));
    for (const auto* end : {"-wal", "-shm", ".part"}) CHECK_FALSE(fs::exists(copy.string() + end));
    CHECK_FALSE(read_edition(copy).endpoints.size() > 0);  // nothing is judged yet

    CHECK(message_of([&] { publish_copy(db, file); }) == file.string() + ": is the store itself, expected another file for its copy");
    const auto letter = folder.path / "letter.txt";
    std::ofstream(letter) << std::string(5000, 'l');
    CHECK(message_of([&] { publish_copy(db, letter); }) == letter.string() + ": not a Rollcall store (file is not a database)");
    CHECK(bytes_of(letter) == std::string(5000, 'l'));
    connection other((folder.path / "other.sqlite").string());
    ledger used(other, toy_digest);
    CHECK(message_of([&] { publish_copy(db, folder.path / "other.sqlite"); }).find("is in use by another program") != std::string::npos);
    CHECK(message_of([&] { publish_copy(db, folder.path / "missing" / "copy.sqlite"); }).find("missing") != std::string::npos);
}

TEST_CASE("a store belongs to one run at a time, and to the next as soon as that ends")
{
    const scratch_folder folder;
    const auto file = (folder.path / "store.sqlite").string();
    {
        const store_lock first(file);
        connection db(file);
        ledger store(db, toy_digest);
        CHECK(message_of([&] { store_lock second(file); }) == file + ": another run is using this store; wait for it to end, or give this one a file of its own");
        // Readers are not kept out.
        CHECK_NOTHROW(connection(file, connection::mode::read_only));
    }
    CHECK_NOTHROW(store_lock(file));
    CHECK(message_of([&] { store_lock third((folder.path / "missing" / "store.sqlite").string()); }).find("cannot be opened for writing: No such file or directory") != std::string::npos);
}

TEST_CASE("numbers that were learned in a transaction are forgotten when it is rolled back")
{
    connection db(":memory:");
    ledger store(db, toy_digest);
    fill_list(store, 2, at("2026-11-20T02:30:00Z"));
    const auto region = store.region("east", "", "");
    const auto round = store.newest_round()->id;
    const auto named = [](const char* name) {
        cell c;
        c.why = reason::ok;
        c.answer.http_status = 200;
        c.answer.server_name = name;
        return c;
    };
    {
        transaction lost(db);
        store.record(round, region, 1, named("lost"));
    }
    put(db, store, round, region, 2, named("other"));
    put(db, store, round, region, 1, named("lost"));
    CHECK(number(db, "SELECT count(*) FROM answer a JOIN cell c ON c.answer_id = a.id WHERE c.endpoint_id = 1 AND a.server_name = 'lost'") == 1);
}
