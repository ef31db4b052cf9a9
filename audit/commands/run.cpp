// run, intake, probe, judge: a night, and its steps one by one.
#include "audit/commands/children.hpp"
#include "audit/commands/commands.hpp"
#include "audit/commands/night.hpp"
#include "audit/intake/intake.hpp"

#include <iostream>
#include <memory>

namespace rollcall::audit::commands {
namespace {

std::shared_ptr<night_options> add_night_options(CLI::App& command, bool probes)
{
    auto o = std::make_shared<night_options>();
    command.add_option("--config", o->config, "The settings; the other files are read from beside it")->capture_default_str();
    command.add_option("--db", o->db, "The store; made if it is not there")->capture_default_str();
    command.add_option("--at", o->at, "Nominal time of the round, e.g. 2026-11-21T02:30:00Z; default: now");
    command.add_flag("--allow-private", o->allow_private, "Probe private addresses and reserved names too: for one's own servers");
    command.add_flag("--quiet", o->quiet, "No progress");
    command.add_option("--registry", o->registries, "In place of registries.json: file:PATH, a list of URLs, one a line");
    command.add_option("--accept-smaller", o->accept_smaller, "A registry (its id) that may list less than half of what it did: after you have looked");
    command.add_option("--limit", o->limit, "At most so many endpoints: for trying things");
    if (probes) {
        command.add_option("--region", o->regions, "From these regions only; default: all of regions.json");
        auto* const part = command.add_option("--shard", o->shard_text, "I/N: only the sites of the I-th of N parts, for a store that is merged later");
        command.add_option("--jobs", o->jobs, "In so many processes, each with a part of the sites; merged at the end")->check(CLI::Range(1, 64))->excludes(part);
    }
    return o;
}

// What CLI11 cannot check by itself.
void read_shard(night_options& o)
{
    if (o.shard_text.empty()) return;
    const auto part = parse_shard(o.shard_text);
    if (!part) throw data::config_error("--shard: \"" + o.shard_text.substr(0, 80) + "\", expected I/N, such as 2/4, with N at most 64");
    o.part = *part;
}

bool probe_all(night& n, const night_options& o, const data::round_facts& round) { return o.jobs > 1 ? n.probe_in_parts(round, o.jobs) : n.probe(round); }

data::round_facts round_or_refuse(night& n)
{
    auto round = n.round_of_today();
    if (!round) throw data::config_error("there is no frozen list for " + data::to_date(n.at()) + "; run `rollcall-audit intake` first, or name another time with --at");
    return *round;
}

}  // namespace

void add_run(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("run", "A whole night: read the registries, probe, judge");
    const auto o = add_night_options(*command, true);
    command->callback([o, &code] {
        read_shard(*o);
        night n(*o);
        if (const auto there = n.round_of_today(); there && there->state == "judged") {
            std::cerr << "the round of " << there->date << " is done already\n";
            return;
        }
        n.ready_regions();
        n.ready_owners();
        const auto round = n.intake();
        if (!probe_all(n, *o, round)) {
            code = failed;
            return;
        }
        // A part is judged with the others, once they are merged.
        if (o->part.is_whole()) n.judge(round);
        code = n.all_registries_good() ? ok : finding;
    });
}

void add_intake(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("intake", "Read the registries and freeze the endpoint list of the round");
    const auto o = add_night_options(*command, false);
    const auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "The funnel and the overlap of the registries as a JSON document");
    command->callback([o, json, &code] {
        night n(*o);
        const auto round = n.intake();
        const auto book = stored_book(n.store().db(), round.id);
        std::cout << (*json ? book_json(book, round.date, n.all_registries_good()) : book_tables(book));
        code = n.all_registries_good() ? ok : finding;
    });
}

void add_probe(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("probe", "Probe the frozen list; goes on where an interrupted round stopped");
    const auto o = add_night_options(*command, true);
    command->add_option("--done-in", o->done_in, "For a process that `--jobs` started")->group("");
    command->callback([o, &code] {
        read_shard(*o);
        if (!o->done_in.empty()) end_with_parent();
        night n(*o);
        if (!probe_all(n, *o, round_or_refuse(n))) code = failed;
    });
}

void add_judge(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("judge", "States and buckets for the round, from the stored cells alone");
    const auto o = add_night_options(*command, false);
    command->callback([o, &code] {
        night n(*o);
        auto round = o->at.empty() ? n.store().newest_round() : n.round_of_today();
        if (!round) throw data::config_error("the store has no round to judge");
        n.judge(*round);
        code = ok;
    });
}

}  // namespace rollcall::audit::commands
