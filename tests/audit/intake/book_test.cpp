#include "audit/intake/book.hpp"
#include "tests/catch.hpp"

#include <map>
#include <random>
#include <set>

namespace {

using namespace rollcall;
using namespace rollcall::audit;

reading_counts read(const char* registry, std::int64_t rows, std::int64_t rejected = 0, std::int64_t superseded = 0, std::int64_t deleted = 0, std::int64_t repeated = 0)
{
    return {registry, registry, false, false, rows, rejected, superseded, deleted, repeated, 0};
}

data::current_listing remote(const char* registry, const char* name, std::int64_t endpoint, const std::string& url, const char* listed = "")
{
    return {registry, name, *listed ? listed : url, "none", "streamable-http", endpoint, url, "h", "s", 1};
}

data::current_listing excluded(const char* registry, const char* name, const char* why, const char* listed = "")
{
    return {registry, name, listed, why, "", 0, "", "", "", 0};
}

const std::vector<reading_counts> readings{read("official", 9, 1, 2, 1), read("docker", 3, 0, 0, 0, 1), read("remote-list", 2)};
const std::vector<data::current_listing> listings{
    remote("official", "a", 1, "https://a.dev/mcp"),
    remote("official", "a", 2, "https://a.dev/sse"),
    remote("official", "b", 1, "https://a.dev/mcp", "https://a.dev/mcp/"),
    remote("official", "c", 3, "https://c.dev/mcp"),
    excluded("official", "d", "stdio_only"),
    excluded("official", "e", "reserved_name", "https://example.com/mcp"),
    excluded("official", "gone", "deleted"),
    remote("docker", "x", 1, "https://a.dev/mcp"),
    excluded("docker", "y", "templated", "https://{tenant}.dev/mcp"),
    remote("remote-list", "https://a.dev/mcp", 1, "https://a.dev/mcp"),
    remote("remote-list", "https://z.dev/mcp", 4, "https://z.dev/mcp"),
    remote("unread", "old", 9, "https://old.dev/mcp"),
};
const std::vector<book_endpoint> endpoints{{1, "a.dev", "a.dev", "a.dev", 2}, {2, "a.dev", "a.dev", "a.dev", 0}, {3, "c.x.dev", "x.dev", "x.dev", 2}, {4, "z.x.dev", "x.dev", "x.dev", 0}};

TEST_CASE("the book counts from rows to eligible endpoints, by registry and together", "[intake]")
{
    const auto book = keep_book(readings, listings, endpoints, 1, 3);
    REQUIRE(book.registries.size() == 3);
    const auto& official = book.registries[0];
    CHECK(official.rows == 9);
    CHECK(official.listings == 5);
    CHECK(official.remotes == 5);
    CHECK(official.distinct == 5);   // with and without a slash
    CHECK(official.canonical == 4);  // example.com has a canonical URL
    CHECK(official.eligible == 3);
    CHECK(official.only_here == 2);
    CHECK(official.excluded == std::map<std::string, std::int64_t>{{"deleted", 1}, {"reserved_name", 1}, {"stdio_only", 1}, {"superseded", 2}});
    CHECK(book.registries[1].eligible == 1);
    CHECK(book.registries[1].canonical == 1);
    CHECK(book.registries[1].excluded == std::map<std::string, std::int64_t>{{"templated", 1}});
    CHECK(book.registries[2].only_here == 1);

    CHECK(book.all.rows == 14);
    CHECK(book.all.listings == 9);
    CHECK(book.all.remotes == 9);
    CHECK(book.all.distinct == 7);
    CHECK(book.all.canonical == 5);
    CHECK(book.all.eligible == 4);
    CHECK(book.both[0][1] == 1);
    CHECK(book.both[0][2] == 1);
    CHECK(book.both[1][2] == 1);
    CHECK(book.times == std::vector<std::int64_t>{3, 0, 1});
    CHECK(book.hosts == 3);
    CHECK(book.sites == 2);
    CHECK(book.marks == std::map<std::string, std::int64_t>{{"query", 2}});
    CHECK(book.frozen == 3);
}

TEST_CASE("a registry whose last good listing is in use is counted by what is kept of it", "[intake]")
{
    auto tonight = readings;
    tonight[0] = read("official", 0, 2, 1);
    tonight[0].kept = tonight[0].standing = true;
    const auto book = keep_book(tonight, listings, endpoints, 0, 4);
    CHECK(book.registries[0].rows == 9);
    CHECK(book.registries[0].deleted == 1);
    CHECK(book.registries[0].listings == 5);
    CHECK(book.registries[0].eligible == 3);
}

TEST_CASE("every book balances, whatever the registries say", "[intake]")
{
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::vector<reading_counts> some{read("a", 0), read("b", 0), read("c", 0)};
        std::vector<data::current_listing> rows;
        std::set<std::pair<std::size_t, std::string>> names;
        for (int i = 0; i < 60; ++i) {
            const auto r = random() % 3;
            auto& counts = some[r];
            ++counts.rows;
            const auto kind = random() % 8;
            const auto name = "n" + std::to_string(random() % 40);
            const auto id = static_cast<std::int64_t>(random() % 20 + 1);
            if (kind == 0) ++counts.rejected;
            else if (kind == 1) ++counts.superseded;
            else {
                if (!names.emplace(r, name).second) ++counts.repeated;
                rows.push_back(kind == 2 ? excluded(counts.registry.c_str(), name.c_str(), "stdio_only")
                                         : remote(counts.registry.c_str(), name.c_str(), id, "https://e" + std::to_string(id) + ".dev/"));
            }
        }
        const auto book = keep_book(some, rows, {}, 0, 0);
        std::int64_t times = 0, pairs = 0, weighted = 0, listed = 0;
        for (const auto& b : book.registries) {
            CHECK(b.rows == b.rejected + b.superseded + b.deleted + b.repeated + b.listings);
            CHECK(b.distinct >= b.canonical);
            CHECK(b.canonical >= b.eligible);
            CHECK(b.eligible >= b.only_here);
            listed += b.eligible;
        }
        for (std::size_t i = 0; i < book.times.size(); ++i) {
            const auto n = static_cast<std::int64_t>(i) + 1;
            times += book.times[i];
            weighted += book.times[i] * n;
            pairs += book.times[i] * (n * (n - 1) / 2);
        }
        std::int64_t both = 0;
        for (const auto& r : book.both)
            for (const auto n : r) both += n;
        CHECK(times == book.all.eligible);
        CHECK(weighted == listed);
        CHECK(pairs == both);
        CHECK(book.times[0] == book.all.only_here);

        // What is stored is the same book.
        const auto again = book_of({{"a", "a"}, {"b", "b"}, {"c", "c"}}, counts_of(book), overlaps_of(book));
        CHECK(book_tables(again) == book_tables(book));
        CHECK(book_json(again, "2026-11-21", true) == book_json(book, "2026-11-21", true));
    }
}

TEST_CASE("the tables are what a person reads", "[intake]")
{
    CHECK(book_tables(keep_book(readings, listings, endpoints, 1, 3)) ==
          R"(                              official  docker  remote-list  all
rows                                 9       3            2   14
  rejected                           1       0            0    1
  older versions                     2       0            0    2
  withdrawn                          1       0            0    1
  of a name that came before         0       1            0    1
listings                             5       2            2    9
remotes                              5       2            2    9
distinct as listed                   5       2            2    7
canonical URLs                       4       1            2    5
eligible                             3       1            2    4
  listed only here                   2       0            1    3

never probed
  withdrawn by the registry          1       0            0    1
  reserved or internal name          1       0            0    1
  local only, no URL                 1       0            0    1
  older version                      2       0            0    2
  URL to be filled in                0       1            0    1

listed by both  docker  remote-list
official             1            1
docker                            1

Of 4 eligible endpoints are listed: 3 by one, 1 by three.
They stand on 3 hosts, 2 sites, 2 platforms.
Counted, not excluded: 2 with a query.
1 campaign variant of another endpoint: that one is probed in their place.
Frozen for this round: 3.
)");
}

}  // namespace
