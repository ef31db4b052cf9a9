// The other direction of merging: a small store for one part of one round.
#include "data/store/merge.hpp"

#include "data/model/reason.hpp"
#include "data/store/migrate.hpp"
#include "data/store/sqlite.hpp"


#include <system_error>

namespace rollcall::data {
namespace {

void copy_rows(connection& from, connection& into, const std::string& table, const std::string& where, std::int64_t round)
{
    std::string columns, marks;
    std::size_t n = 0;
    auto names = from.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid");
    for (auto [name] : names.rows<std::string>(table)) {
        columns += (n == 0 ? "" : ", ") + name;
        marks += (n == 0 ? "?" : ", ?") + std::to_string(n + 1);
        ++n;
    }
    auto rows = from.prepare("SELECT " + columns + " FROM " + table + where);
    auto add = into.prepare("INSERT INTO " + table + " (" + columns + ") VALUES (" + marks + ")");
    std::vector<column_value> row, args;
    if (!where.empty()) args.emplace_back(round);
    rows.begin(args);
    while (rows.next(row)) add.execute_with(row);
}

// What earlier nights taught about each endpoint of the round: from the cells, or, where the store is a shard itself,
// from what it was told.
constexpr const char* lessons =
    "SELECT f.endpoint_id, "
    "coalesce((SELECT a.era FROM cell c JOIN answer a ON a.id = c.answer_id WHERE c.endpoint_id = f.endpoint_id AND c.round_id = g.round_id AND c.region_id = g.region_id), m.era, 0), "
    "coalesce((SELECT a.transport FROM cell c JOIN answer a ON a.id = c.answer_id WHERE c.endpoint_id = f.endpoint_id AND c.round_id = g.round_id AND c.region_id = g.region_id), m.transport, 0), "
    "max(coalesce(v.round_id, 0), coalesce(m.asked, 0)), coalesce(o.contract_hash, m.contract_behind) "
    "FROM frozen f LEFT JOIN remembered m ON m.endpoint_id = f.endpoint_id "
    // Bare columns beside max() are those of the row that has it.
    "LEFT JOIN (SELECT endpoint_id, region_id, max(round_id) AS round_id FROM cell WHERE round_id < ?1 AND round_id >= ?1 - 3 AND reason_id < 300 AND answer_id IS NOT NULL "
    "GROUP BY endpoint_id) g ON g.endpoint_id = f.endpoint_id "
    "LEFT JOIN (SELECT endpoint_id, max(round_id) AS round_id FROM cell WHERE round_id < ?1 AND reason_id <> ?2 GROUP BY endpoint_id) v ON v.endpoint_id = f.endpoint_id "
    "LEFT JOIN (SELECT endpoint_id, contract_hash, max(round_id) AS round_id FROM owner_check WHERE round_id < ?1 AND contract_hash IS NOT NULL GROUP BY endpoint_id) o "
    "ON o.endpoint_id = f.endpoint_id WHERE f.round_id = ?1";

}  // namespace

void write_shard(connection& db, std::int64_t round, const std::filesystem::path& file)
{
    namespace fs = std::filesystem;
    if (fs::exists(file)) throw store_error(file.string() + ": stands there already, expected a new file; a shard that was begun is gone on with by `probe`", SQLITE_CANTOPEN);
    auto part = file;
    part += ".part";
    std::error_code ignored;
    fs::remove(part, ignored);
    try {
        {
            connection shard(part.string());
            migrate(shard);
            transaction all(shard);
            copy_rows(db, shard, "setting", "", round);
            copy_rows(db, shard, "region", "", round);
            copy_rows(db, shard, "round", " WHERE id = ?1", round);
            copy_rows(db, shard, "endpoint", " WHERE id IN (SELECT endpoint_id FROM frozen WHERE round_id = ?1)", round);
            copy_rows(db, shard, "frozen", " WHERE round_id = ?1", round);
            auto known = db.prepare(lessons);
            auto add = shard.prepare("INSERT INTO remembered (endpoint_id, era, transport, asked, contract_behind) VALUES (?1, ?2, ?3, ?4, ?5)");
            std::vector<column_value> row;
            const column_value args[] = {round, static_cast<std::int64_t>(reason::budget)};
            known.begin(args);
            while (known.next(row)) add.execute_with(row);
            // A round is one list: what the other parts do is not known here.
            shard.run("UPDATE round SET state = 'frozen'");
            all.commit();
        }
        fs::rename(part, file);
    } catch (const fs::filesystem_error& e) {
        fs::remove(part, ignored);
        throw store_error(file.string() + ": " + e.code().message(), SQLITE_IOERR);
    } catch (...) {
        fs::remove(part, ignored);
        throw;
    }
}

}  // namespace rollcall::data
