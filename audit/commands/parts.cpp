// A round in N processes on one machine: each probes its part of the sites into a store of its own, and all are merged.
#include "audit/commands/children.hpp"
#include "audit/commands/commands.hpp"
#include "audit/commands/night.hpp"
#include "audit/net/tls.hpp"
#include "data/store/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>

namespace rollcall::audit::commands {
namespace {

namespace fs = std::filesystem;

std::string part_of(const std::string& db, const shard& s) { return fmt::format("{}.part-{}-of-{}", db, s.index, s.of); }

void remove_store(const fs::path& file)
{
    for (const char* tail : {"", "-wal", "-shm"}) fs::remove(file.string() + tail);
}

// What an earlier run left beside the store: it was killed, or could not merge.
std::vector<fs::path> leftovers(const std::string& db)
{
    std::vector<fs::path> out;
    const auto folder = fs::absolute(db).parent_path();
    const auto begin = fs::path(db).filename().string() + ".part-";
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with(begin) && !name.ends_with("-wal") && !name.ends_with("-shm") && !name.ends_with("-journal")) out.push_back(entry.path());
    }
    std::ranges::sort(out);
    return out;
}

std::string how_it_ended(const child& c)
{
    return c.signal != 0 ? fmt::format("{} was ended by signal {}", c.name, c.signal) : fmt::format("{} ended with exit code {}", c.name, c.code);
}

}  // namespace

void night::take_in_parts(const std::vector<fs::path>& files)
{
    if (files.empty()) return;
    data::merge_into(db_, files, [](std::string_view text) { return sha256(text); }, at_);
    for (const auto& file : files) remove_store(file);
}

bool night::probe_in_parts(const data::round_facts& round, unsigned jobs)
{
    if (const auto left = leftovers(options_.db); !left.empty()) {
        say(fmt::format("an earlier run left {} part{} beside the store; what they hold is taken in first", left.size(), left.size() == 1 ? "" : "s"));
        take_in_parts(left);
    }
    std::vector<child> parts;
    std::vector<fs::path> files;
    for (unsigned i = 1; i <= jobs; ++i) {
        const shard s{i, jobs};
        const auto file = part_of(options_.db, s);
        data::write_shard(db_, round.id, file);
        files.emplace_back(file);
        child c{"part " + text_of(s), {"probe", "--config", options_.config, "--db", file, "--at", data::to_rfc3339(at_), "--shard", text_of(s), "--done-in", options_.db}};
        if (options_.allow_private) c.arguments.emplace_back("--allow-private");
        if (options_.quiet) c.arguments.emplace_back("--quiet");
        for (const auto& region : options_.regions) {
            c.arguments.emplace_back("--region");
            c.arguments.push_back(region);
        }
        parts.push_back(std::move(c));
    }

    progress shown(0, detect_style(options_.quiet), [](const std::string& text) { std::cerr << text << std::flush; }, std::chrono::steady_clock::now());
    const auto done = run_children(parts, shown, [this](const std::string& line) { say(line); });
    shown.done(std::chrono::steady_clock::now());
    // Also what a part stored that did not come to its end.
    take_in_parts(files);
    if (done.interrupted) {
        say("interrupted; what was measured is stored, and the next run goes on from there");
        return false;
    }
    bool all_well = true;
    for (const auto& c : parts) {
        if (c.well()) continue;
        all_well = false;
        say(how_it_ended(c) + "; what it had stored is kept, the rest of its part stays pending for the next run");
    }
    if (!all_well) return false;
    ledger_.set_round_state(round.id, "probed");
    return true;
}

}  // namespace rollcall::audit::commands
