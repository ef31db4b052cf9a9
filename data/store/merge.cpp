#include "data/store/merge.hpp"

#include "data/model/reason.hpp"
#include "data/store/migrate.hpp"
#include "data/store/operator_log.hpp"
#include "data/store/rows.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/table_union.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace rollcall::data {
namespace {

// Where a cell belongs.
using key = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // round, region, endpoint

std::int64_t whole(const column_value& v) { return std::get<std::int64_t>(v); }

[[noreturn]] void refuse(const std::string& file, const std::string& why)
{
    throw store_error(file + ": does not belong to this store: " + why, SQLITE_MISMATCH);
}

// A shard that was written by the same program and is whole.
connection opened(const std::filesystem::path& file)
{
    connection db(file.string(), connection::mode::sealed);
    const auto version = std::get<0>(*db.prepare("PRAGMA user_version").row<std::int64_t>());
    if (version != static_cast<std::int64_t>(migrations().size()))
        refuse(file.string(), "its schema has version " + std::to_string(version) + ", this program's " + std::to_string(migrations().size()) + "; a store and its shards are written by one program");
    const auto [sound] = *db.prepare("PRAGMA quick_check(1)").row<std::string>();
    if (sound != "ok") throw store_error(file.string() + ": is damaged (" + sound + "); probe that part again", SQLITE_CORRUPT);
    return db;
}

struct round_of_shard { std::int64_t id; std::string date, tool_version, config_hash, list_hash, state, funnel; std::int64_t at, frozen; };

std::vector<round_of_shard> rounds_of(connection& db)
{
    std::vector<round_of_shard> out;
    auto s = db.prepare("SELECT id, date, tool_version, config_hash, list_hash, state, funnel, at, frozen FROM round ORDER BY at");
    using text = std::string;
    for (auto [id, date, tool, config, list, state, funnel, at, frozen] : s.rows<std::int64_t, text, text, text, text, text, text, std::int64_t, std::int64_t>())
        out.push_back({id, date, tool, config, list, state, funnel, at, frozen});
    return out;
}

class merging {
public:
    merging(connection& into, connection& from, merged& told) : into_(into), from_(from), told_(told), rows_(into, from)
    {
        forgotten_ = std::get<0>(*into.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'tombstone'").row<std::int64_t>()) > 0;
        rows_.is_forgotten = [this](const std::string& slug) {
            return forgotten_ && into_.prepare("SELECT 1 FROM tombstone WHERE slug = ?1").row<std::int64_t>(slug).has_value();
        };
    }

    void take_all(std::set<std::string>& gained)
    {
        for (const auto& r : rounds_of(from_)) match(r);
        for (const auto* table : {"region", "endpoint"}) take_numbered(table);
        const auto before = rows_.changes();
        take_cells();
        for (const auto* table : {"transcript", "owner_check"})
            rows_.unite(table, [this](const table_shape& shape, const table_row& row) { return kept_.contains(key_of(shape, row)); });
        for (const auto* table : {"region_visit", "region_control"}) rows_.unite(table);
        if (rows_.changes() > before) changed_ = true;
        for (const auto round : touched_) {
            into_.prepare("UPDATE round SET state = 'probed' WHERE id = ?1 AND state = 'judged'").execute(round);
            gained.insert(std::get<0>(*into_.prepare("SELECT date FROM round WHERE id = ?1").row<std::string>(round)));
        }
    }

    bool changed() const { return changed_ || rows_.changes() > 0; }

private:
    static key key_of(const table_shape& shape, const table_row& row)
    {
        return {whole(row[shape.at("round_id")]), whole(row[shape.at("region_id")]), whole(row[shape.at("endpoint_id")])};
    }

    void take_numbered(const std::string& table)
    {
        auto all = from_.prepare("SELECT id FROM " + table + " ORDER BY id");
        for (auto [id] : all.rows<std::int64_t>()) rows_.number(table, id);
    }

    void match(const round_of_shard& r)
    {
        const auto same = [&](const char* what, const auto& there, const auto& here, const char* remedy) {
            if (there != here) refuse(from_.path(), "the round of " + r.date + " has " + what + " there than here; " + remedy);
        };
        const auto here = into_.prepare("SELECT id, at, tool_version, config_hash, list_hash, state, funnel FROM round WHERE date = ?1")
                              .row<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string, std::string>(r.date);
        // Verdicts do not travel, so nothing arrives judged.
        const std::string state = r.state == "frozen" ? "frozen" : "probed";
        if (!here) {
            // Numbered by its day, as `freeze` does.
            const auto id = r.at / 86400;
            into_.prepare("INSERT INTO round (id, date, at, tool_version, config_hash, frozen, list_hash, state, funnel) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
                .execute(id, r.date, r.at, r.tool_version, r.config_hash, r.frozen, r.list_hash, state, r.funnel);
            rows_.pair_round(r.id, id);
            take_list(r.id);
            changed_ = true;
            return;
        }
        const auto& [id, at, tool, config, list, state_here, funnel] = *here;
        same("another frozen list", r.list_hash, list, "freeze the list once, and probe it everywhere");
        same("another nominal time", r.at, at, "freeze the list once, and probe it everywhere");
        same("another configuration", r.config_hash, config, "use the same files under data/ for every part of a round");
        same("another version of the program", r.tool_version, tool, "use one version for every part of a round");
        rows_.pair_round(r.id, id);
        if (r.funnel > funnel) {
            into_.prepare("UPDATE round SET funnel = ?2 WHERE id = ?1").execute(id, r.funnel);
            changed_ = true;
        }
        if (state_here == "frozen" && state == "probed") {
            into_.prepare("UPDATE round SET state = 'probed' WHERE id = ?1").execute(id);
            changed_ = true;
        }
        if (!into_.prepare("SELECT 1 FROM frozen WHERE round_id = ?1 LIMIT 1").row<std::int64_t>(id)) take_list(r.id);
    }

    void take_list(std::int64_t round_there)
    {
        const auto& shape = rows_.shape("frozen");
        auto list = from_.prepare("SELECT endpoint_id FROM frozen WHERE round_id = ?1");
        for (auto [endpoint] : list.rows<std::int64_t>(round_there)) {
            table_row row(shape.columns.size());
            row[shape.at("round_id")] = round_there;
            row[shape.at("endpoint_id")] = endpoint;
            if (const auto here = rows_.renumbered(shape, row)) rows_.put(shape, *here);
        }
    }

    // Which of two measurements of one cell stands: one that says something about the server over one that does not, an
    // answer over a failure (a failure that is tried again and succeeds is no failure), the one that was tried more often,
    // the one that got further; and then any order, so long as it is always the same.
    static table_row rank(const table_shape& shape, const table_row& spelled_out)
    {
        const auto of = class_of(rows::to_reason(whole(spelled_out[shape.at("reason_id")])));
        table_row out{std::int64_t{is_valid(of)}, std::int64_t{is_good(of)}, spelled_out[shape.at("tries")], spelled_out[shape.at("step")]};
        std::ranges::copy(spelled_out, std::back_inserter(out));
        return out;
    }

    void take_cells()
    {
        const auto& shape = rows_.shape("cell");
        std::string columns;
        for (const auto& c : shape.columns) columns += (columns.empty() ? "" : ", ") + c;
        auto all = from_.prepare("SELECT " + columns + " FROM cell");
        auto on_list = into_.prepare("SELECT 1 FROM frozen WHERE round_id = ?1 AND endpoint_id = ?2");
        table_row raw;
        all.begin({});
        while (all.next(raw)) {
            ++told_.cells;
            // First only where it belongs: what does not come in brings no answer with it.
            const auto place = rows_.renumbered(shape, raw, table_union::part::key);
            if (!place) {
                ++told_.left_out;
                continue;
            }
            const auto at = key_of(shape, *place);
            const auto here = rows_.find(shape, *place);
            if (!here) {
                // Forgotten here since the list was frozen, or never on it.
                if (!on_list.row<std::int64_t>(std::get<0>(at), std::get<2>(at))) {
                    ++told_.left_out;
                    kept_.insert(at);
                    continue;
                }
                ++told_.added;
            } else if (const auto ours = rows_.spelled_out(shape, *here), theirs = rows_.spelled_out(shape, raw, table_union::side::there); ours == theirs) {
                continue;
            } else if (rank(shape, ours) < rank(shape, theirs)) {
                ++told_.replaced;
                // What was seen beside it goes with it.
                for (const auto* table : {"transcript", "owner_check"})
                    into_.prepare("DELETE FROM " + std::string(table) + " WHERE round_id = ?1 AND region_id = ?2 AND endpoint_id = ?3")
                        .execute(std::get<0>(at), std::get<1>(at), std::get<2>(at));
            } else {
                ++told_.kept;
                kept_.insert(at);
                continue;
            }
            if (const auto row = rows_.renumbered(shape, raw)) rows_.put(shape, *row);
            touched_.insert(std::get<0>(at));
        }
    }

    connection& into_;
    connection& from_;
    merged& told_;
    table_union rows_;
    std::set<key> kept_;              // cells of the shard that did not come in
    std::set<std::int64_t> touched_;  // rounds with other cells than before
    bool forgotten_ = false, changed_ = false;
};

}  // namespace

merged merge_into(connection& db, const std::vector<std::filesystem::path>& shards, const digest_function& sha256, time_point at)
{
    merged told;
    std::set<std::string> gained;
    bool changed = false;
    // All or nothing, and nobody else writes meanwhile.
    transaction all(db);
    std::string names;
    for (const auto& file : shards) {
        std::error_code ignored;
        if (std::filesystem::equivalent(file, db.path(), ignored)) throw store_error(file.string() + ": is the very store to merge into", SQLITE_MISUSE);
        auto from = opened(file);
        from.run("BEGIN");
        merging one(db, from, told);
        one.take_all(gained);
        changed = changed || one.changed();
        names += (names.empty() ? "" : ", ") + file.filename().string();
        ++told.shards;
    }
    told.rounds.assign(gained.begin(), gained.end());
    if (changed) {
        operator_log(db, sha256).append(at, "merge", std::to_string(told.added) + " cells added, " + std::to_string(told.replaced) + " replaced, from " + names);
        all.commit();
    }
    return told;
}

}  // namespace rollcall::data
