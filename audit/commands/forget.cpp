// forget: opt out, and erase what is stored.
#include "audit/commands/commands.hpp"

#include "audit/intake/opt_out.hpp"
#include "audit/net/tls.hpp"
#include "audit/probe/mask.hpp"
#include "audit/url/url.hpp"
#include "data/config/config.hpp"
#include "data/store/forget.hpp"
#include "data/store/ledger.hpp"
#include "data/store/lock.hpp"
#include "data/store/operator_log.hpp"
#include "data/store/prune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <unistd.h>

namespace rollcall::audit::commands {
namespace {

namespace fs = std::filesystem;

struct forget_options {
    std::string target, why, config = "data/rollcall.json", db = "rollcall.sqlite", at;
    bool dry_run = false, whole_platform = false;
};

// One line, without what acts on a terminal or ends a comment.
std::string one_line(std::string text)
{
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    while (text.ends_with(' ')) text.pop_back();
    return text.substr(0, text.find_first_not_of(' ') == std::string::npos ? 0 : text.size());
}

// Throws config_error for what names nothing, or everybody.
opt_out_list meaning_of(const forget_options& o, const data::configuration& config)
{
    const auto shown = "\"" + o.target.substr(0, 80) + "\"";
    const opt_out_list list({o.target});
    const bool is_url = o.target.find("://") != std::string::npos;
    if (o.target.find_first_of(" \t\r\n#") != std::string::npos || list.empty())
        throw data::config_error(shown + ": expected a URL, a host or a site, like https://vendor.com/mcp or vendor.com");
    if (is_url) return list;
    const auto host = canonicalise("https://" + o.target, true).url.host;
    const bool address = host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string::npos;
    // What stands before a public suffix is somebody's; the suffix is everybody's.
    if (!address && (host.find('.') == std::string::npos ? site_of("x.y." + host) == "y." + host : site_of("x." + host, config.platforms) == "x." + host)) {
        if (platform_of("x." + host) == "x." + host) throw data::config_error(shown + ": is everybody below ." + host + ", expected the name that somebody registered");
        if (!o.whole_platform)
            throw data::config_error(shown + ": is a platform on which many host their servers, expected the host of one of them (all of it, really: --whole-platform)");
    }
    return list;
}

// Adds the line unless it is there. Throws config_error if the file cannot be written: without it the next night would
// read the listing again.
bool add_to_opt_out(const fs::path& file, const std::string& target, const std::string& why, data::time_point at, const std::vector<std::string>& there)
{
    if (std::ranges::find(there, target) != there.end()) return false;
    std::string line = fmt::format("{:<40} # {}: {}\n", target, data::to_date(at), why);
    std::ifstream in(file, std::ios::binary);
    const std::string before{std::istreambuf_iterator<char>(in), {}};
    if (!before.empty() && before.back() != '\n') line.insert(0, 1, '\n');
    const int fd = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    const bool good = fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
    const int problem = errno;
    if (fd >= 0) ::close(fd);
    if (!good) throw data::config_error(file.string() + ": cannot be written (" + std::strerror(problem) + "), expected to add \"" + target + "\"; nothing was erased");
    return true;
}

constexpr std::pair<const char*, const char*> table_words[] = {
    {"endpoint", "endpoints"},     {"listing", "listings"},   {"cell", "cells"},           {"transcript", "transcripts"},
    {"verdict", "verdicts"},       {"night", "nights"},       {"month", "months"},         {"drift", "changes of tools"},
    {"owner_check", "owner's checks"}, {"frozen", "places on lists"}, {"answer", "answers"}, {"path", "paths"},
    {"auth", "ladders"},           {"manifest", "lists of tools"}, {"incident", "incidents"}, {"incident_member", "places in incidents"},
};

std::string in_words(const std::string& table)
{
    for (const auto& [name, words] : table_words)
        if (table == name) return words;
    return "rows of " + table;
}

std::string counted(const data::erasure& gone)
{
    std::string out;
    for (const auto& [table, n] : gone.rows) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", n, in_words(table));
    return out;
}

// What the log says names nobody: neither the server nor whoever asked.
std::string without_names(std::string why, const forget_options& o, const data::erasure& gone)
{
    std::vector<std::string> names{o.target};
    for (const auto& e : gone.endpoints) names.insert(names.end(), {e.url, e.slug, e.host});
    std::ranges::sort(names, std::greater{}, &std::string::size);
    for (const auto& name : names)
        for (std::size_t at = 0; name.size() > 3 && (at = why.find(name, at)) != std::string::npos; at += 4) why.replace(at, name.size(), "[it]");
    return mask(why);
}

void print_endpoints(const data::erasure& gone, bool dry_run)
{
    constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < std::min(most, gone.endpoints.size()); ++i) fmt::print("  {}\n", gone.endpoints[i].url);
    if (gone.endpoints.size() > most) fmt::print("  and {} more\n", gone.endpoints.size() - most);
    fmt::print("{}: {}\n", dry_run ? "would be removed" : "removed", gone.rows.empty() ? "nothing, nothing about it was stored" : counted(gone));
}

int forget(const forget_options& o)
{
    const auto config = data::load_configuration(o.config);
    const auto why = one_line(o.why);
    if (why.empty()) throw data::config_error("--why: \"\", expected a few words: who asked, and when");
    const auto list = meaning_of(o, config);
    if (!fs::exists(o.db)) throw data::config_error("--db: \"" + o.db + "\" does not exist, expected a store");
    const auto at = nominal_time(o.at);
    const auto digest = [](std::string_view text) { return sha256(text); };

    const data::store_lock lock(o.db);
    data::connection db(o.db);
    data::ledger store(db, digest);
    const auto opt_out_file = config.folder / "opt-out.txt";
    // First: killed between the two, the next night asks nobody who did not want to be asked.
    if (o.dry_run)
        fmt::print("{}: \"{}\" would be added\n", opt_out_file.string(), o.target);
    else
        fmt::print("{}: \"{}\" {}\n", opt_out_file.string(), o.target, add_to_opt_out(opt_out_file, o.target, why, at, config.opt_out) ? "added" : "is there already");

    data::transaction all(db);
    const auto gone = data::erase(
        db, [&](const data::known_endpoint& e) { return list.covers(e.url, e.host); },
        [&](const std::string& listed) {
            const auto url = canonicalise(listed, true).url;
            return !url.text.empty() && list.covers(url.text, url.host);
        }, at);
    print_endpoints(gone, o.dry_run);
    if (o.dry_run) return ok;  // rolled back
    if (!gone.rows.empty()) {
        data::operator_log(db, digest).append(at, "forget", counted(gone) + "; why: " + without_names(why, o, gone));
    }
    all.commit();
    // Also where nothing was found: an earlier run may have been killed here.
    if (const auto more = data::collect_garbage(db); more > 0) fmt::print("and {} answers, paths and lists of tools that nobody else had\n", more);
    data::compact(db);
    if (!gone.endpoints.empty())
        fmt::print("What stays: {} at the place of each badge, \"removed at the owner's request\". Render the site again to publish it.\n",
                   gone.endpoints.size() == 1 ? "a stone" : "stones");
    return ok;
}

}  // namespace

void add_forget(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("forget", "Opt a URL, a host or a site out and erase everything stored about it; asks nothing");
    const auto o = std::make_shared<forget_options>();
    command->add_option("target", o->target, "URL, HOST or SITE: a host or a site covers all below it")->required();
    command->add_option("--why", o->why, "Who asked and when: goes into opt-out.txt and, without names, into the operator log")->required();
    command->add_option("--config", o->config, "The settings; opt-out.txt stands beside it")->capture_default_str();
    command->add_option("--db", o->db, "The store")->capture_default_str();
    command->add_option("--at", o->at, "The time to note; default: now");
    command->add_flag("--dry-run", o->dry_run, "Say what would be removed, and remove nothing");
    command->add_flag("--whole-platform", o->whole_platform, "The target may be a platform that hosts many people's servers");
    command->callback([o, &code] { code = forget(*o); });
}

}  // namespace rollcall::audit::commands
