// check: one endpoint, now, explained.
#include "audit/commands/commands.hpp"

#include "audit/commands/baseline.hpp"
#include "audit/commands/explain.hpp"
#include "audit/net/resolver.hpp"
#include "audit/net/tls.hpp"
#include "audit/probe/prober.hpp"
#include "data/model/plain.hpp"
#include "audit/round/owner_visit.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>

namespace rollcall::audit::commands {
namespace {

namespace net = boost::asio;

struct check_options {
    std::string url, config, at, save, baseline, region;
    std::vector<std::string> header_env;
    bool json = false, plugin = false, trace = false, retry = false, allow_private = false, owner = false;
};

std::vector<std::pair<std::string, std::string>> credentials(const std::vector<std::string>& given)
{
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& entry : given) {
        const auto equals = entry.find('=');
        const char* value = equals == std::string::npos ? nullptr : std::getenv(entry.substr(equals + 1).c_str());
        // The entry itself is not repeated: somebody may have typed the secret in its place.
        if (equals == 0 || equals == std::string::npos) throw data::config_error("--header-env: expected NAME=VARIABLE, the name of a header and of an environment variable");
        if (!value) throw data::config_error("--header-env " + entry.substr(0, equals) + ": the environment variable is not set");
        out.emplace_back(entry.substr(0, equals), value);
    }
    return out;
}

// Runs the context until the work is done, and gives what came of it.
template <class T>
T finish(net::io_context& context, net::awaitable<T> work)
{
    std::optional<T> done;
    std::exception_ptr failure;
    net::co_spawn(context, std::move(work), [&](std::exception_ptr e, T value) {
        failure = e;
        done = std::move(value);
        context.stop();
    });
    context.restart();
    context.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*done);
}

// The record of this endpoint in owners.json beside the settings.
registered owner_of(const data::configuration& config, const std::string& url, data::time_point now)
{
    const auto file = (config.folder / "owners.json").string();
    for (const auto& record : config.owners)
        if (canonicalise(record.endpoint, true).url.text == url) {
            auto owner = ready(record, file, now);
            owner.in_public = false;
            return owner;
        }
    throw data::config_error("--owner: " + file + " has no record of this endpoint");
}

// How the region of --region goes out; directly without one.
egress egress_named(const data::configuration& config, const check_options& o)
{
    if (o.region.empty()) return {};
    if (o.config.empty()) throw data::config_error("--region: expected --config too, the settings beside which regions.json stands");
    std::string known;
    for (const auto& r : config.regions) {
        if (r.id == o.region) return egress_of(r, (config.folder / "regions.json").string());
        known += (known.empty() ? "" : ", ") + r.id;
    }
    throw data::config_error("--region: \"" + o.region.substr(0, 80) + "\" is not in regions.json, expected one of " + known);
}

void wait(net::io_context& context, std::chrono::milliseconds how_long)
{
    net::steady_timer timer(context, how_long);
    timer.async_wait([&](boost::system::error_code) { context.stop(); });
    context.restart();
    context.run();
}

// The tools of today against those of the file, and into the other file: behind what was said of the server itself.
int with_baseline(const check_options& o, const std::optional<baseline>& before, data::time_point now, const data::cell& cell, int code, bool colour)
{
    if (before) {
        const auto compared = compare_with(*before, o.baseline, cell);
        if (!o.json) std::cout << as_text(compared, colour);
        code = std::max(code, code_of(compared));
    }
    if (o.save.empty() || cell.manifest.empty()) {
        if (!o.save.empty()) std::cerr << o.save << ": not written, the server gave no tool list\n";
        return code;
    }
    save_baseline(o.save, baseline_of(o.url, now, cell));
    std::cerr << o.save << ": written\n";
    return code;
}

int check(const check_options& o)
{
    std::optional<baseline> before;
    if (!o.baseline.empty()) before = load_baseline(o.baseline);
    if (o.owner && o.config.empty()) throw data::config_error("--owner: expected --config too, the settings beside which owners.json stands");
    const auto config = o.config.empty() ? data::configuration{} : data::load_configuration(o.config);
    const auto& settings = config.rollcall;
    const auto now = nominal_time(o.at);
    const auto seen = canonicalise(o.url, true);
    if (seen.why != exclusion::none)
        throw data::config_error("\"" + o.url.substr(0, 200) + "\" cannot be probed (" + std::string(code_of(seen.why)) + "), expected an http or https URL");
    if (!o.allow_private)
        if (const auto strict = canonicalise(o.url); strict.why != exclusion::none)
            throw data::config_error("\"" + o.url.substr(0, 200) + "\" is excluded (" + std::string(code_of(strict.why)) + "); for a server of your own, add --allow-private");

    const auto out = egress_named(config, o);
    net::io_context context{1};
    const auto dns = make_resolver(context, {settings.dns.timeout, settings.dns.tries, settings.dns.servers, out.source});
    auto tls = make_tls_context(settings.tls.trust_file);
    const std::string agent = o.config.empty() ? "Rollcall/" ROLLCALL_VERSION " (check)" : user_agent_of(settings);
    metadata_source metadata({*dns, tls, settings.probe.connect, settings.probe.tls, !o.allow_private, is_private, &out}, agent);
    const probe_services services{*dns, tls, settings, agent, metadata, o.allow_private, is_private, &out};
    probe_target target{split_url(o.url).value_or(seen.url), {}};
    target.credentials = credentials(o.header_env);
    target.keep_transcript = o.trace;
    target.check_posture = true;
    // A server that speaks both protocols is asked in the one that the file was written in.
    if (before) target.known.remembered_era = before->era;

    std::optional<registered> owner;
    if (o.owner) owner = owner_of(config, seen.url.text, now);

    auto report = finish(context, probe(target, services));
    const bool again = o.retry && worth_a_retry(report);
    if (again) {
        std::cerr << "trying again in " << settings.probe.retry_after.count() / 1000 << " s\n";
        wait(context, settings.probe.retry_after);
        report = finish(context, probe(target, services));
        report.cell.tries = 2;
    }
    explained e{o.url, report, again};
    e.region = o.region;
    e.egress = code_of(out.kind);
    std::optional<visited> behind;
    if (owner) {
        behind = finish(context, visit(*owner, target, report.cell, services));
        e.owner = &behind->check;
        e.now = now;
    }
    if (o.trace) std::cerr << data::plain(report.cell.transcript, true) << '\n';
    const bool colour = isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR");
    auto text = o.json ? explain_as_json(e) : o.plugin ? explain_as_plugin(e) : explain_as_text(e, colour);
    if (o.json && before) {
        auto doc = nlohmann::ordered_json::parse(text);
        doc["drift"] = as_json(compare_with(*before, o.baseline, report.cell));
        text = doc.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    }
    std::cout << text << std::flush;
    return with_baseline(o, before, now, report.cell, o.plugin ? plugin_code(e) : is_fine(e) ? ok : finding, colour);
}

}  // namespace

void add_check(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("check", "One endpoint, now, explained: each step with its time, the verdict, what to fix");
    const auto o = std::make_shared<check_options>();
    command->add_option("url", o->url, "The endpoint, e.g. https://mcp.example.com/mcp")->required();
    command->add_option("--config", o->config, "Settings (time limits, DNS servers, authorities); default: built in");
    command->add_option("--region", o->region, "From this region of regions.json beside --config, by its way out; default: directly");
    command->add_flag("--json", o->json, "One JSON document");
    auto* plugin = command->add_flag("--plugin", o->plugin, "One line, and exit codes of monitoring plugins: 0 up, 1 degraded, 2 down, 3 unknown");
    command->add_flag("--trace", o->trace, "Print what was sent and received to stderr, secrets masked");
    command->add_flag("--retry", o->retry, "Try once more after the time that a round would wait");
    command->add_flag("--allow-private", o->allow_private, "Private addresses and reserved names too: for one's own servers");
    command->add_option("--header-env", o->header_env, "NAME=VARIABLE: send this header with the value of that environment variable, to the given origin only");
    command->add_flag("--owner", o->owner, "As owners.json beside --config allows: with the credential, the test call and the health document");
    command->add_option("--at", o->at, "The moment that counts as now, e.g. 2026-11-21T02:30:00Z, for a credential's end and a saved file");
    command->add_option("--save", o->save, "Write the tools, with their hashes, to this file: a baseline");
    command->add_option("--baseline", o->baseline, "Compare the tools with a file written by --save: 1 if a caller would break, 3 if they cannot be compared")->excludes(plugin);
    command->callback([o, &code] { code = check(*o); });
}

}  // namespace rollcall::audit::commands
