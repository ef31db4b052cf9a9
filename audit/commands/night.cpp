#include "audit/commands/night.hpp"

#include "audit/commands/commands.hpp"
#include "audit/commands/region_watch.hpp"
#include "audit/commands/judging.hpp"
#include "audit/intake/intake.hpp"
#include "audit/net/tls.hpp"
#include "audit/round/probe_round.hpp"
#include "data/store/codec.hpp"
#include "data/store/operator_log.hpp"
#include "data/store/rounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

namespace rollcall::audit::commands {
namespace {

data::configuration configured(const night_options& o)
{
    auto config = data::load_configuration(o.config);
    if (!o.registries.empty()) config.registries.clear();
    for (const auto& given : o.registries) {
        if (!given.starts_with("file:"))
            throw data::config_error("--registry: \"" + given.substr(0, 80) + "\", expected file:PATH, a list of URLs, one a line");
        data::registry_source source;
        source.id = config.registries.empty() ? "file" : "file-" + std::to_string(config.registries.size() + 1);
        source.name = "Our own list";
        source.kind = "file";
        source.url = std::filesystem::absolute(given.substr(5)).string();
        if (std::error_code none; !std::filesystem::is_regular_file(source.url, none))
            throw data::config_error(given.substr(5) + ": " + (std::filesystem::exists(source.url, none) ? "is no file" : "there is no such file") +
                                     ", expected a list of your servers, one URL a line");
        config.registries.push_back(source);
    }
    if (!o.allow_private) {
        if (data::is_placeholder_contact(config.rollcall.contact))
            throw data::config_error(o.config + ": /contact: \"" + config.rollcall.contact +
                                     "\" is a placeholder, expected an address at which you can be reached: strangers are not probed anonymously "
                                     "(for your own servers alone, use --allow-private)");
        if (config.rollcall.probe.retry_after < std::chrono::seconds(30))
            throw data::config_error(o.config + ": /probe/retry_after_ms: " + std::to_string(config.rollcall.probe.retry_after.count()) +
                                     ", expected at least 30000 for servers that are not your own");
    }
    for (const auto& wanted : o.regions) {
        const auto known = std::ranges::any_of(config.regions, [&](const auto& r) { return r.id == wanted; });
        if (!known) throw data::config_error("--region: \"" + wanted.substr(0, 80) + "\" is not in regions.json");
    }
    if (!o.regions.empty())
        std::erase_if(config.regions, [&](const auto& r) { return std::ranges::find(o.regions, r.id) == o.regions.end(); });
    return config;
}

std::string hash_of(const std::filesystem::path& folder, const std::string& main)
{
    std::string all;
    for (const auto& file : {std::filesystem::path(main), folder / "registries.json", folder / "regions.json", folder / "platforms.json",
                             folder / "owners.json"}) {
        std::ifstream in(file, std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        all += text.str() + '\0';
    }
    return data::to_hex(sha256(all)).substr(0, 16);
}

// What the page for the operators of probed servers says of our manners.
std::map<std::string, std::string> told_of(const data::settings& s)
{
    const auto seconds = [](data::milliseconds ms) { return std::to_string(std::chrono::ceil<std::chrono::seconds>(ms).count()); };
    std::ostringstream rate;
    rate << s.politeness.per_site_per_second;
    return {{"operator_name", s.operator_name},
            {"user_agent", user_agent_of(s)},
            {"per_site_per_second", rate.str()},
            {"per_site_connections", std::to_string(s.politeness.per_site_connections)},
            {"retries", std::to_string(s.probe.retries)},
            {"retry_after_s", seconds(s.probe.retry_after)},
            {"slow_s", seconds(s.probe.slow)},
            {"window_rounds", std::to_string(s.window_rounds)},
            {"total_s", seconds(s.probe.total)},
            {"cells_days", std::to_string(s.retention.cells_days)},
            {"transcripts_days", std::to_string(s.retention.transcripts_days)}};
}

}  // namespace

night::night(const night_options& options)
    : options_(options),
      config_(configured(options)),
      at_(nominal_time(options.at)),
      lock_(options.db),
      db_(options.db),
      ledger_(db_, [](std::string_view text) { return sha256(text); }),
      config_hash_(hash_of(config_.folder, options.config))
{
    ledger_.set("site_name", config_.rollcall.site_name);
    ledger_.set("contact", config_.rollcall.contact);
    for (const auto& [name, value] : told_of(config_.rollcall)) ledger_.set(name, value);
}

void night::say(const std::string& line) const
{
    if (!options_.quiet) std::cerr << line << '\n';
}

void night::ready_regions() const
{
    for (const auto& region : config_.regions) egress_of(region, (config_.folder / "regions.json").string());
}

std::vector<region_route> night::routes()
{
    std::vector<region_route> out;
    for (const auto& region : config_.regions)
        out.push_back({ledger_.region(region.id, region.city, region.country, region.latitude, region.longitude), region.id, region.city, egress_of(region, (config_.folder / "regions.json").string())});
    return out;
}

void night::ready_owners()
{
    const auto file = (config_.folder / "owners.json").string();
    for (const auto& record : config_.owners) {
        const auto seen = canonicalise(record.endpoint, options_.allow_private);
        const auto place = file + ": " + record.pointer + "/endpoint: \"" + record.endpoint + "\"";
        if (seen.why != exclusion::none) throw data::config_error(place + " is never probed (" + std::string(code_of(seen.why)) + "), expected the URL of a listed endpoint");
        const auto [there, is_new] = owners_.emplace(seen.url.text, ready(record, file, at_));
        if (!is_new && there->second.record.pointer != record.pointer)
            throw data::config_error(place + " is the endpoint of " + there->second.record.pointer + " too, expected one record an endpoint");
    }
}

std::map<std::int64_t, registered> night::owners_of(const data::round_facts& round)
{
    std::map<std::int64_t, std::string> before;
    for (auto& [endpoint, hash] : ledger_.contracts_behind(round.id)) before.emplace(endpoint, hash);
    std::map<std::int64_t, registered> out;
    for (const auto& [url, owner] : owners_) {
        const auto found = ledger_.find_endpoint(url, round.id);
        if (!found)
            throw data::config_error((config_.folder / "owners.json").string() + ": " + owner.record.pointer + "/endpoint: \"" + owner.record.endpoint +
                                     "\" is on no registry's list, expected the URL of a listed endpoint");
        if (!found->second) {
            say("the owner's record of " + owner.record.endpoint + " is not used: the endpoint is not on tonight's list");
            continue;
        }
        auto& one = out.emplace(found->first, owner).first->second;
        if (const auto it = before.find(found->first); it != before.end()) one.contract_before = it->second;
    }
    return out;
}

data::round_facts night::intake()
{
    if (auto there = round_of_today()) {
        say("the list of " + there->date + " is frozen already: " + std::to_string(there->frozen) + " endpoints");
        return *there;
    }
    intake_options how;
    how.allow_private = options_.allow_private;
    how.most_endpoints = options_.limit;
    how.accept_smaller = options_.accept_smaller;
    how.say = [this](const std::string& line) { say(line); };
    // Numbered before the list goes out in parts, so that every part has the same numbers.
    for (const auto& region : config_.regions) ledger_.region(region.id, region.city, region.country, region.latitude, region.longitude);
    auto taken = take_in(ledger_, config_, at_, config_hash_, how);
    all_good_ = taken.all_good;
    std::string funnel;
    for (const auto& [step, n] : taken.funnel) funnel += (funnel.empty() ? "" : ", ") + step + " " + std::to_string(n);
    say("frozen for " + taken.round.date + ": " + funnel);
    return taken.round;
}

bool night::probe(const data::round_facts& round)
{
    if (auto problem = ensure_descriptors(config_.rollcall.probe.concurrency); !problem.empty()) throw data::config_error(problem);
    round_options how;
    how.allow_private = options_.allow_private;
    how.quiet = options_.quiet;
    how.part = options_.part;
    how.counts_only = !options_.done_in.empty();
    if (how.counts_only) how.done = data::cells_of(options_.done_in, round.id);
    how.say = [](const std::string& text) { std::cerr << text << std::flush; };
    if (owners_.empty()) ready_owners();
    how.owners = owners_of(round);
    const auto from = routes();
    region_watch regions(ledger_, config_.rollcall, round, from, at_, options_.allow_private);
    const auto done = probe_round(ledger_, config_.rollcall, round, from, how);
    std::vector<std::string> took_part;
    for (const auto& region : done.regions)
        if (region.probed > 0) took_part.push_back(region.code);
    regions.ended(took_part, done.interrupted);
    if (done.interrupted) {
        say("interrupted; what was measured is stored, and the next `probe` goes on from there");
        return false;
    }
    for (const auto& line : in_words(done, config_.rollcall.probe.concurrency)) say(line);
    ledger_.set_round_state(round.id, "probed");
    return true;
}

void night::judge(const data::round_facts& round)
{
    const auto done = judge_round(ledger_, config_, round);
    for (const auto& note : done.notes) say(note);
    say(done.line(round));
    // Told once: judging again with the same result leaves the same bytes.
    data::transaction told(db_);
    data::operator_log(db_, [](std::string_view text) { return sha256(text); }).append_once(round.at, "judge", done.line(round));
    told.commit();
}

}  // namespace rollcall::audit::commands
