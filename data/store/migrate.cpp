#include "data/store/migrate.hpp"

#include "data/model/reason.hpp"
#include "data/model/verdict.hpp"
#include "data/store/sqlite.hpp"

#include <string>

namespace rollcall::data {
namespace {

std::size_t version_of(connection& db)
{
    const auto [version] = *db.prepare("PRAGMA user_version").row<std::int64_t>();
    return static_cast<std::size_t>(version);
}

[[noreturn]] void refuse(connection& db, std::size_t have, std::size_t known, const char* remedy)
{
    throw store_error(db.path() + ": the store has schema version " + std::to_string(have) + ", this program knows " +
                          std::to_string(known) + "; " + remedy, SQLITE_SCHEMA);
}

// The words behind the integers, so that a downloaded file explains itself. What is right already is not touched:
// opening a store must not change its bytes.
void refresh_lookups(connection& db)
{
    transaction all(db);
    auto reasons = db.prepare("INSERT INTO reason (id, code, class, label, mode) VALUES (?1, ?2, ?3, ?4, ?5) "
                              "ON CONFLICT (id) DO UPDATE SET label = excluded.label, mode = excluded.mode WHERE label <> excluded.label OR mode <> excluded.mode");
    for (const auto& row : all_reasons())
        reasons.execute(static_cast<std::int64_t>(row.value), row.code, std::string(1, letter(class_of(row.value))),
                        row.label, code_of(row.mode));
    auto states = db.prepare("INSERT INTO state (id, code, label) VALUES (?1, ?2, ?3) "
                             "ON CONFLICT (id) DO UPDATE SET label = excluded.label WHERE label <> excluded.label");
    for (const auto& row : all_states()) states.execute(static_cast<std::int64_t>(row.value), row.code, row.label);
    auto buckets = db.prepare("INSERT INTO bucket (id, code, label) VALUES (?1, ?2, ?3) "
                              "ON CONFLICT (id) DO UPDATE SET label = excluded.label WHERE label <> excluded.label");
    for (const auto& row : all_buckets()) buckets.execute(static_cast<std::int64_t>(row.value), row.code, row.label);
    all.commit();
}

}  // namespace

void migrate(connection& db, std::span<const std::string_view> steps)
{
    const auto have = version_of(db);
    if (have > steps.size()) refuse(db, have, steps.size(), "use a newer program");
    for (std::size_t i = have; i < steps.size(); ++i) {
        transaction step(db);
        db.run(std::string(steps[i]).c_str());
        db.run(("PRAGMA user_version = " + std::to_string(i + 1)).c_str());
        step.commit();
    }
    refresh_lookups(db);
}

void require_readable(connection& db)
{
    constexpr std::size_t oldest = 8;  // since then nothing has come that has to be there
    const auto have = version_of(db), known = migrations().size();
    if (have > known) refuse(db, have, known, "use a newer program");
    if (have < oldest) refuse(db, have, known, "run `rollcall-audit judge` once to bring it up to date");
}

}  // namespace rollcall::data
