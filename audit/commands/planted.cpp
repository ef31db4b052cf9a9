// planted: compares a round with what was planted, case by case.
#include "audit/commands/commands.hpp"

#include "audit/net/tls.hpp"
#include "audit/url/url.hpp"
#include "data/config/config.hpp"
#include "data/store/ledger.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>

namespace rollcall::audit::commands {
namespace {

using json = nlohmann::json;

struct planted_options { std::string db = "rollcall.sqlite", expected, at; bool table = false; };

json read_expected(const std::string& file)
{
    std::ifstream in(file);
    if (!in) throw data::config_error(file + ": cannot be read");
    auto all = json::parse(in, nullptr, false);
    if (all.is_object() && all.contains("cases")) all = json(all["cases"]);
    if (!all.is_array()) throw data::config_error(file + ": expected a list of planted cases");
    return all;
}

// "breaking tool_removed wording_changed": the grade of a change of tools, and its kinds, each once.
std::string drift_of(const data::outcome_row& row)
{
    if (row.drift.empty()) return {};
    const auto change = json::parse(row.drift);
    std::set<std::string> kinds;
    for (const auto& c : change.at("changes")) kinds.insert(c.at("kind").get<std::string>());
    std::string out = change.at("grade").get<std::string>();
    for (const auto& kind : kinds) out += " " + kind;
    return out;
}

// What a planted case may say, and what its cell and verdict say of it.
std::map<std::string, std::string> facts_of(const data::outcome_row& row)
{
    const auto& a = row.answer;
    std::string warnings;
    for (const auto w : a.warnings) warnings += (warnings.empty() ? "" : " ") + std::string(data::code_of(w));
    return {{"class", std::string(1, data::letter(data::class_of(row.why)))},
            {"reason", std::string(data::code_of(row.why))},
            {"era", std::string(data::code_of(a.era))},
            {"transport", std::string(data::code_of(a.transport))},
            {"protocol", a.protocol_version},
            {"tools", a.tool_count ? std::to_string(*a.tool_count) : ""},
            {"state", row.state ? std::string(data::row_of(*row.state).code) : ""},
            {"verdict", row.verdict ? std::string(data::code_of(*row.verdict)) : ""},
            {"drift", drift_of(row)},
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

int compare(const planted_options& o)
{
    data::connection db(o.db);
    data::ledger store(db, [](std::string_view text) { return sha256(text); });
    const auto time = data::parse_time(o.at);
    if (!o.at.empty() && !time) throw data::config_error("--at: \"" + o.at.substr(0, 80) + "\", expected a time such as 2026-11-21T02:30:00Z");
    const auto round = time ? store.round_on(data::to_date(*time)) : store.newest_round();
    if (!round) throw data::config_error(o.db + ": no such round");

    std::map<std::string, data::outcome_row> seen;
    for (auto& row : store.outcomes(round->id)) seen.emplace(row.url, row);

    if (o.table) fmt::print("{:<34} {:<24} {:<24} {:>6}\n", "case", "expected", "got", "ms");
    std::size_t total = 0, right = 0;
    for (const auto& planted : read_expected(o.expected)) {
        ++total;
        const auto name = planted.at("name").get<std::string>();
        const auto it = seen.find(canonicalise(planted.at("url").get<std::string>(), true).url.text);
        if (it == seen.end()) {
            fmt::print("{:<34} not probed\n", name);
            continue;
        }
        const auto facts = facts_of(it->second);
        std::string wrong;
        const auto& expect = planted.contains("expect") ? planted["expect"] : planted;
        for (const auto& [key, value] : facts)
            if (expect.contains(key) && as_text(expect[key]) != value)
                wrong += fmt::format(" {} {} (expected {})", key, value.empty() ? "none" : value, as_text(expect[key]));
        right += wrong.empty();
        const auto got = facts.at("class") + " " + facts.at("reason");
        if (o.table)
            fmt::print("{:<34} {:<24} {:<24} {:>6}{}{}\n", name, expect.value("class", "") + " " + expect.value("reason", ""), got, it->second.waited_ms,
                       wrong.empty() ? "" : "  WRONG:", wrong);
        else if (!wrong.empty())
            fmt::print("{:<34} {:<26} WRONG:{}\n", name, got, wrong);
        if (!wrong.empty() && !it->second.answer.detail.empty()) fmt::print("{:<34}     {}\n", "", it->second.answer.detail);
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
