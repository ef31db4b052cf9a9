// What a reader is told of regions and registries, and of a store that an earlier program wrote.
#include "data/store/migrate.hpp"
#include "data/store/reader.hpp"
#include "tests/catch.hpp"
#include "tests/data/store/support.hpp"
#include "tests/support/scratch.hpp"

using namespace rollcall;
using namespace rollcall::data;
using rollcall::tests::at;

TEST_CASE("the place of a region and whom to name for a registry come back as they were written")
{
    tests::scratch_folder folder;
    const auto path = folder.path / "s.sqlite";
    {
        connection db(path.string());
        ledger store(db, tests::toy_digest);
        store.region("oslo", "Oslo", "Norway", 59.9, 10.75);
        store.region("local", "", "");
        store.registry({"own", "Own", "list.txt", "MIT", 1, "the observatory"});
        store.set("user_agent", "Rollcall");
    }
    const auto e = read_edition(path);
    REQUIRE(e.regions.size() == 2);
    CHECK(e.regions[0].latitude == 59.9);
    CHECK(e.regions[0].longitude == 10.75);
    CHECK_FALSE(e.regions[1].latitude.has_value());
    CHECK(e.registries.at(0).attribution == "the observatory");
    CHECK(e.settings.at("user_agent") == "Rollcall");
}

TEST_CASE("a region that moved is where it is now")
{
    tests::scratch_folder folder;
    const auto path = folder.path / "s.sqlite";
    {
        connection db(path.string());
        ledger store(db, tests::toy_digest);
        const auto id = store.region("oslo", "Oslo", "Norway", 59.9, 10.75);
        CHECK(store.region("oslo", "Oslo", "Norway") == id);
    }
    CHECK_FALSE(read_edition(path).regions.at(0).latitude.has_value());
}

TEST_CASE("a store of the schema before is read without being changed, one that is older is refused with what to do")
{
    tests::scratch_folder folder;
    for (std::size_t version = 7; version <= 8; ++version) {
        const auto path = folder.path / (std::to_string(version) + ".sqlite");
        {
            connection db(path.string());
            migrate(db, migrations().first(version));
            db.run("INSERT INTO region (code, city, country) VALUES ('oslo', 'Oslo', 'Norway')");
        }
        if (version == 8) {
            CHECK(read_edition(path).regions.at(0).city == "Oslo");
            connection db(path.string(), connection::mode::read_only);
            CHECK(std::get<0>(*db.prepare("PRAGMA user_version").row<std::int64_t>()) == 8);
        } else {
            std::string said;
            try {
                read_edition(path);
            } catch (const store_error& e) {
                said = e.what();
            }
            CHECK(said.find("run `rollcall-audit judge`") != std::string::npos);
        }
    }
}

TEST_CASE("readings, the book, overlaps and what came and went are told of the newest list")
{
    tests::scratch_folder folder;
    const auto path = folder.path / "s.sqlite";
    {
        connection db(path.string());
        ledger store(db, tests::toy_digest);
        tests::fill_list(store, 2, at("2026-11-20T02:30:00Z"));
        store.set_round_state(store.newest_round()->id, "judged");
        db.run("INSERT INTO registry_reading VALUES (1, 1795142000, 'whole', 'exhausted', 1, 3, 9, 5, 1, 1, 2, '{\"shape\":1,\"not_mcp\":4}', 5, 5, 0, '');"
               "INSERT INTO registry_reading VALUES (1, 1795055600, 'changes', 'failed', 0, 0, 0, 0, 0, 0, 0, 'damaged', 0, 0, 0, 'away');"
               "INSERT INTO book SELECT id, 'own', 'rows', 9 FROM round;"
               "INSERT INTO overlap SELECT id, 'own', 'own', 2 FROM round;"
               "INSERT INTO listing_event VALUES (1, 1795142000, 'gone', 0, 'delisted');"
               "INSERT INTO listing_event VALUES (1, 1700000000, 'long ago', 0, 'delisted')");
    }
    const auto e = read_edition(path);
    REQUIRE(e.readings.size() == 2);
    CHECK(e.readings[0].outcome == "exhausted");
    REQUIRE(e.readings[0].rejections.size() == 2);
    CHECK(e.readings[0].rejections[0].code == "not_mcp");
    CHECK(e.readings[1].rejections.empty());
    REQUIRE(e.book.size() == 1);
    CHECK(e.book[0].count == 9);
    REQUIRE(e.overlaps.size() == 1);
    REQUIRE(e.listing_changes.size() == 1);
    CHECK(e.listing_changes[0].name == "gone");
    CHECK(e.listing_changes[0].slug.empty());
}
