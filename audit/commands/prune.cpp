// prune: what has had its time goes, and the room is given back.
#include "audit/commands/commands.hpp"

#include "audit/net/tls.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"
#include "data/store/lock.hpp"
#include "data/store/operator_log.hpp"
#include "data/store/prune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

namespace rollcall::audit::commands {
namespace {

struct prune_options { std::string config = "data/rollcall.json", db = "rollcall.sqlite", at, out; };

struct counted_table { const char* table; const char* words; };
constexpr counted_table shown[] = {{"cell", "cells"},         {"transcript", "transcripts"}, {"owner_check", "owners' checks"}, {"verdict", "verdicts"},
                                   {"answer", "answers"},     {"path", "paths"},             {"auth", "ladders"},               {"manifest", "lists of tools"}};

std::vector<std::int64_t> counts(data::connection& db)
{
    std::vector<std::int64_t> out;
    for (const auto& row : shown) out.push_back(std::get<0>(*db.prepare(std::string("SELECT count(*) FROM ") + row.table).row<std::int64_t>()));
    return out;
}

std::string mebibytes(std::uintmax_t bytes) { return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20)); }

int prune(const prune_options& o)
{
    namespace fs = std::filesystem;
    const auto config = data::load_configuration(o.config);
    if (!fs::exists(o.db)) throw data::config_error("--db: \"" + o.db + "\" does not exist, expected a store");
    const data::store_lock lock(o.db);
    data::connection db(o.db);
    data::ledger store(db, [](std::string_view text) { return sha256(text); });
    const auto at = nominal_time(o.at);

    const auto size_before = fs::file_size(o.db);
    const auto before = counts(db);
    // From the newest round, not from today: a site that rested for half a year keeps what it last showed.
    if (const auto newest = store.newest_round()) {
        const auto ago = [&](int days) { return newest->at - std::chrono::days(days); };
        const auto& keep = config.rollcall.retention;
        store.expire(ago(keep.transcripts_days), ago(keep.cells_days), ago(keep.nights_days));
    }
    data::collect_garbage(db);
    const auto after = counts(db);

    std::string removed;
    for (std::size_t i = 0; i < before.size(); ++i)
        if (before[i] > after[i]) removed += fmt::format("{}{} {}", removed.empty() ? "" : ", ", before[i] - after[i], shown[i].words);
    if (!removed.empty()) {
        data::transaction all(db);
        data::operator_log(db, [](std::string_view text) { return sha256(text); }).append(at, "prune", removed);
        all.commit();
    }
    fmt::print("removed: {}\n", removed.empty() ? "nothing" : removed);
    try {
        data::compact(db);
        fmt::print("{}: {}, before {}\n", o.db, mebibytes(fs::file_size(o.db)), mebibytes(size_before));
    } catch (const data::store_error& e) {
        if ((e.code & 0xff) != SQLITE_BUSY) throw;
        std::cerr << e.what() << "; the next `prune` will\n";
    }
    if (!o.out.empty()) {
        data::publish_copy(db, o.out);
        fmt::print("{}: {}, for others to read\n", o.out, mebibytes(fs::file_size(o.out)));
    }
    return ok;
}

}  // namespace

void add_prune(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("prune", "Remove what has had its time (see /retention) and give the room back");
    const auto o = std::make_shared<prune_options>();
    command->add_option("--config", o->config, "The settings, for how long things are kept")->capture_default_str();
    command->add_option("--db", o->db, "The store")->capture_default_str();
    command->add_option("--at", o->at, "The time to note in the operator log; default: now");
    command->add_option("--out", o->out, "Then write a compact copy for others to read: one file, replaced whole or not at all");
    command->callback([o, &code] { code = prune(*o); });
}

}  // namespace rollcall::audit::commands
