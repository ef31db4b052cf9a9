#include "data/store/operator_log.hpp"

#include "data/store/migrate.hpp"
#include "data/store/sqlite.hpp"
#include "tests/data/store/support.hpp"

#include "tests/catch.hpp"

using namespace rollcall::data;
using namespace rollcall::tests;

namespace {

struct logged {
    connection db{":memory:"};
    operator_log log{db, toy_digest};

    logged()
    {
        migrate(db);
        log.append(at("2026-11-20T05:00:00Z"), "judge", "2026-11-20: 9 up");
        log.append(at("2026-11-21T05:00:00Z"), "merge", "120 cells added");
        log.append(at("2026-11-21T05:10:00Z"), "forget", "1 endpoint");
    }
};

}  // namespace

TEST_CASE("the operator log tells what was done, in order, and that nobody changed it since")
{
    logged l;
    const auto lines = l.log.lines();
    REQUIRE(lines.size() == 3);
    CHECK(lines[1].what == "merge");
    CHECK(lines[1].detail == "120 cells added");
    CHECK(lines[1].at == at("2026-11-21T05:00:00Z"));
    CHECK(l.log.first_broken() == 0);
}

TEST_CASE("the schema refuses to change or to take out a line of the operator log")
{
    logged l;
    CHECK_THROWS_AS(l.db.run("UPDATE operator_log SET detail = 'nothing' WHERE id = 2"), store_error);
    CHECK_THROWS_AS(l.db.run("DELETE FROM operator_log WHERE id = 2"), store_error);
    CHECK(l.log.lines().size() == 3);
}

TEST_CASE("a line that was changed, taken out or slipped in behind the schema's back is found")
{
    struct row { const char* sql; std::int64_t broken; };
    const row rows[] = {
        {"UPDATE operator_log SET detail = 'nothing' WHERE id = 2", 2},
        {"UPDATE operator_log SET at = at + 1 WHERE id = 1", 1},
        {"DELETE FROM operator_log WHERE id = 2", 3},
        {"UPDATE operator_log SET hash = zeroblob(32) WHERE id = 3", 3},
        {"INSERT INTO operator_log VALUES (4, 0, 'prune', '', zeroblob(32))", 4},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.sql)
        {
            logged l;
            l.db.run("DROP TRIGGER operator_log_is_not_changed; DROP TRIGGER operator_log_is_not_shortened");
            l.db.run(r.sql);
            CHECK(l.log.first_broken() == r.broken);
        }
}

TEST_CASE("a deed without effect is told once, another between makes it news again")
{
    logged l;
    const auto when = at("2026-11-22T05:00:00Z");
    l.log.append_once(when, "judge", "the same");
    l.log.append_once(when, "judge", "the same");
    CHECK(l.log.lines().size() == 4);
    l.log.append_once(when, "prune", "3 cells");
    l.log.append_once(when, "judge", "the same");
    CHECK(l.log.lines().size() == 6);
    CHECK(l.log.first_broken() == 0);
}

TEST_CASE("a detail is one line of bounded length")
{
    logged l;
    l.log.append(at("2026-11-22T05:00:00Z"), "merge", "two\nlines\x1b[31m");
    CHECK(l.log.lines().back().detail == "two lines [31m");
    std::string long_text(499, 'x');
    long_text += "\xc3\xa4\xc3\xa4";  // would be cut within a character
    l.log.append(at("2026-11-22T05:00:00Z"), "merge", long_text);
    CHECK(l.log.lines().back().detail == std::string(499, 'x'));
    CHECK(l.log.first_broken() == 0);
}
