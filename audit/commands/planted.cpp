// planted: compares a round with what was planted, case by case.
#include "audit/commands/commands.hpp"

#include "audit/net/tls.hpp"
#include "audit/url/url.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"
#include "data/store/outcomes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace rollcall::audit::commands {
namespace {

using json = nlohmann::json;

struct planted_options { std::string db = "rollcall.sqlite", expected, at; bool table = false; };

// What was planted, and the regions that had no network that night: their cells say nothing, and judging must notice.
struct plantation { json cases; std::set<std::string> cut; };

plantation read_expected(const std::string& file)
{
    std::ifstream in(file);
    if (!in) throw data::config_error(file + ": cannot be read");
    const auto all = json::parse(in, nullptr, false);
    plantation out;
    out.cases = all.is_object() && all.contains("cases") ? all["cases"] : all;
    if (!out.cases.is_array()) throw data::config_error(file + ": expected a list of planted cases");
    if (all.is_object())
        for (const auto& region : all.value("cut", json::array())) out.cut.insert(region.get<std::string>());
    return out;
}

// "breaking tool_removed wording_changed": the grade of a change of tools, and its kinds, each once.
std::string drift_of(const std::string& stored)
{
    if (stored.empty()) return {};
    const auto change = json::parse(stored);
    std::set<std::string> kinds;
    for (const auto& c : change.at("changes")) kinds.insert(c.at("kind").get<std::string>());
    std::string out = change.at("grade").get<std::string>();
    for (const auto& kind : kinds) out += " " + kind;
    return out;
}

std::string flags_of(std::uint32_t flags)
{
    const std::pair<std::uint32_t, const char*> words[] = {
        {data::flag_blip, "blip"}, {data::flag_unstable_catalogue, "unstable_catalogue"}, {data::flag_catalogue_split, "catalogue_split"}};
    std::string out;
    for (const auto& [bit, word] : words)
        if (flags & bit) out += (out.empty() ? "" : " ") + std::string(word);
    return out;
}

using facts = std::map<std::string, std::string>;

// What a planted case may say of its verdict, and what was judged.
facts judged_facts(const data::outcome& seen)
{
    return {{"state", seen.state ? std::string(data::row_of(*seen.state).code) : ""},
            {"verdict", seen.verdict ? std::string(data::code_of(*seen.verdict)) : ""},
            {"bucket", seen.bucket ? std::string(data::row_of(*seen.bucket).code) : ""},
            {"flags", flags_of(seen.flags)},
            {"drift", drift_of(seen.drift)}};
}

// And of what each region saw.
facts seen_facts(const data::region_outcome& seen)
{
    const auto& a = seen.answer;
    std::string warnings;
    for (const auto w : a.warnings) warnings += (warnings.empty() ? "" : " ") + std::string(data::code_of(w));
    return {{"class", std::string(1, data::letter(data::class_of(seen.why)))},
            {"reason", std::string(data::code_of(seen.why))},
            {"era", std::string(data::code_of(a.era))},
            {"transport", std::string(data::code_of(a.transport))},
            {"protocol", a.protocol_version},
            {"tools", a.tool_count ? std::to_string(*a.tool_count) : ""},
            {"posture", std::string(data::row_of(a.auth.posture).code)},
            {"missing", a.auth.missing() ? std::string(data::row_of(a.auth.missing()->rung).code) : ""},
            {"warnings", warnings}};
}

std::string as_text(const json& value)
{
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_array()) return value.dump();
    std::string out;
    for (const auto& v : value) out += (out.empty() ? "" : " ") + v.get<std::string>();
    return out;
}

// What differs, in words; empty if nothing does.
std::string differences(const facts& seen, const json& expect)
{
    std::string wrong;
    for (const auto& [key, value] : seen)
        if (expect.contains(key) && as_text(expect[key]) != value)
            wrong += fmt::format(" {} {} (expected {})", key, value.empty() ? "none" : value, as_text(expect[key]));
    return wrong;
}

// One line: the case, the region where that matters, what is expected and got, and what is wrong with it.
struct line {
    std::string name, region, expected, got, wrong, detail;
    std::uint32_t waited_ms = 0;

    void print(bool table) const
    {
        const auto who = region.empty() ? name : name + " from " + region;
        if (table)
            fmt::print("{:<34} {:<24} {:<24} {:>6}{}{}\n", who, expected, got, waited_ms, wrong.empty() ? "" : "  WRONG:", wrong);
        else if (!wrong.empty())
            fmt::print("{:<34} {:<26} WRONG:{}\n", who, got, wrong);
        if (!wrong.empty() && !detail.empty()) fmt::print("{:<34}     {}\n", "", detail);
    }
};

std::string class_and_reason(const json& expect) { return expect.value("class", "") + " " + expect.value("reason", ""); }

// The lines about one case: of each region that had a network, and what was judged with the first of them.
std::vector<line> lines_of(const std::string& name, const json& expect, const data::outcome& seen, const std::set<std::string>& cut)
{
    std::vector<line> out;
    for (const auto& [region, cell] : seen.regions) {
        if (cut.contains(region)) continue;
        const auto there = expect.contains("regions") && expect["regions"].contains(region) ? expect["regions"][region] : expect;
        const auto got = seen_facts(cell);
        auto wrong = differences(got, there);
        if (out.empty()) wrong += differences(judged_facts(seen), expect);
        out.push_back({name, seen.regions.size() > 1 ? region : "", class_and_reason(there), got.at("class") + " " + got.at("reason"), wrong,
                       cell.answer.detail, cell.waited_ms});
    }
    return out;
}

int compare(const planted_options& o)
{
    data::connection db(o.db);
    data::ledger store(db, [](std::string_view text) { return sha256(text); });
    const auto time = data::parse_time(o.at);
    if (!o.at.empty() && !time) throw data::config_error("--at: \"" + o.at.substr(0, 80) + "\", expected a time such as 2026-11-21T02:30:00Z");
    const auto round = time ? store.round_on(data::to_date(*time)) : store.newest_round();
    if (!round) throw data::config_error(o.db + ": no such round");

    std::map<std::string, data::outcome> seen;
    for (auto& one : data::outcomes_of(db, round->id)) seen.emplace(one.url, std::move(one));
    const auto planted = read_expected(o.expected);

    if (o.table) fmt::print("{:<34} {:<24} {:<24} {:>6}\n", "case", "expected", "got", "ms");
    std::size_t total = 0, right = 0;
    for (const auto& one : planted.cases) {
        ++total;
        const auto name = one.at("name").get<std::string>();
        const auto it = seen.find(canonicalise(one.at("url").get<std::string>(), true).url.text);
        if (it == seen.end()) {
            fmt::print("{:<34} not probed\n", name);
            continue;
        }
        const auto lines = lines_of(name, one.contains("expect") ? one["expect"] : one, it->second, planted.cut);
        for (const auto& each : lines) each.print(o.table);
        right += !lines.empty() && std::ranges::all_of(lines, &std::string::empty, &line::wrong);
    }
    const auto down = data::regions_without_evidence(db, round->id);
    for (const auto& region : planted.cut) {
        ++total;
        right += down.contains(region);
        if (!down.contains(region)) fmt::print("{:<34} its region had no network, and its cells count\n", region);
    }
    for (const auto& region : down) {
        if (planted.cut.contains(region)) continue;
        ++total;
        fmt::print("{:<34} its region had a network, and its cells do not count\n", region);
    }
    fmt::print("planted cases: {} of {}\n", right, total);
    return right == total && total > 0 ? ok : finding;
}

}  // namespace

void add_planted(CLI::App& app, result& code)
{
    auto* command = app.add_subcommand("planted", "Compare a round with the planted cases, servers of our own with a known answer");
    const auto o = std::make_shared<planted_options>();
    command->add_option("--db", o->db, "The store")->capture_default_str();
    command->add_option("--expected", o->expected, "The list of planted cases and what each must give (JSON)")->required();
    command->add_option("--at", o->at, "The round's time; default: the newest round");
    command->add_flag("--table", o->table, "Print every case, with the time that its server took, not only the wrong ones");
    command->callback([o, &code] { code = compare(*o); });
}

}  // namespace rollcall::audit::commands
