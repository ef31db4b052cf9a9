// merge, shard: one round in many files, and together again.
#include "audit/commands/commands.hpp"

#include "audit/net/tls.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"
#include "data/store/lock.hpp"
#include "data/store/merge.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

namespace rollcall::audit::commands {
namespace {

struct merge_options { std::string into, at; std::vector<std::string> shards; };
struct shard_options { std::string db = "rollcall.sqlite", at; std::vector<std::string> out; };

std::string digest(std::string_view text) { return sha256(text); }

std::string counted(std::size_t n, const char* one, const char* many) { return fmt::format("{} {}", n, n == 1 ? one : many); }

void require_store(const std::string& option, const std::string& file, const char* expected)
{
    if (!std::filesystem::exists(file)) throw data::config_error(option + ": \"" + file + "\" does not exist, expected " + expected);
}

int merge(const merge_options& o)
{
    require_store("--into", o.into, "the store in which the round's list was frozen");
    const data::store_lock lock(o.into);
    data::connection db(o.into);
    const data::ledger store(db, digest);  // brings an older store up to date
    const auto told = data::merge_into(db, {o.shards.begin(), o.shards.end()}, digest, nominal_time(o.at));

    auto line = fmt::format("{} with {} read: {}", counted(told.shards, "file", "files"), counted(told.cells, "cell", "cells"),
                            told.added + told.replaced > 0 ? fmt::format("{} added", told.added) : "nothing new");
    if (const auto twice = told.replaced + told.kept; twice > 0) line += fmt::format("; {} measured twice, of which {} newly taken", twice, told.replaced);
    if (told.left_out > 0) line += fmt::format("; {} left out, of endpoints that are not on the list", told.left_out);
    fmt::print("{}\n", line);
    for (const auto& date : told.rounds) fmt::print("to be judged: {}\n", date);
    return ok;
}

int shard(const shard_options& o)
{
    require_store("--db", o.db, "the store in which the round's list was frozen");
    const data::store_lock lock(o.db);
    data::connection db(o.db);
    data::ledger store(db, digest);
    const auto round = o.at.empty() ? store.newest_round() : store.round_on(data::to_date(nominal_time(o.at)));
    if (!round) throw data::config_error(o.db + ": there is no frozen list" + (o.at.empty() ? "" : " of that date") + "; run `rollcall-audit intake` first");
    for (const auto& file : o.out) data::write_shard(db, round->id, file);
    fmt::print("{} of the list of {}: {}\n", counted(o.out.size(), "copy", "copies"), round->date, counted(static_cast<std::size_t>(round->frozen), "endpoint", "endpoints"));
    return ok;
}

}  // namespace

void add_merge(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("merge", "Take what was probed elsewhere into one store: in any order, any number of times");
    const auto o = std::make_shared<merge_options>();
    command->add_option("--into", o->into, "The store to merge into: the one in which the list was frozen")->required();
    command->add_option("shard", o->shards, "Stores of regions and shards; they are only read")->required();
    command->add_option("--at", o->at, "The time to note in the operator log; default: now");
    command->callback([o, &code] { code = merge(*o); });
}

void add_shard(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("shard", "Write small stores with a round's frozen list and no history, to be probed elsewhere and merged");
    const auto o = std::make_shared<shard_options>();
    command->add_option("--db", o->db, "The store in which the list was frozen")->capture_default_str();
    command->add_option("--at", o->at, "The round's time; default: the newest round");
    command->add_option("--out", o->out, "The files to write, all alike")->required();
    command->callback([o, &code] { code = shard(*o); });
}

}  // namespace rollcall::audit::commands
