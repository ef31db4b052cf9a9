#include "audit/drift/diff.hpp"

#include "audit/drift/annotations.hpp"
#include "audit/drift/compare.hpp"
#include "audit/drift/likeness.hpp"
#include "audit/mcp/contract.hpp"
#include "audit/mcp/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <tuple>

namespace rollcall::audit::drift {
namespace {

using nlohmann::json;

// Tells why the text is no tool list, or nothing.
std::string read_tools(std::string_view text, int depth, std::vector<json>& tools)
{
    bool too_deep = false;
    const auto acceptable = mcp::acceptable_json(text, depth, too_deep);
    if (too_deep) return "nested deeper than " + std::to_string(depth);
    auto list = json::parse(acceptable, nullptr, /*allow_exceptions=*/false);
    if (list.is_discarded()) return "not JSON";
    if (!list.is_array()) return std::string("") + list.type_name() + ", expected an array of tools";
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto place = "/" + std::to_string(i);
        if (!list[i].is_object()) return place + ": " + list[i].type_name() + ", expected a tool";
        const auto name = list[i].find("name");
        if (name == list[i].end()) return place + "/name: absent, expected a text";
        if (!name->is_string()) return place + "/name: " + name->type_name() + ", expected a text";
    }
    tools = std::move(list.get_ref<json::array_t&>());
    return "";
}

std::string text_of(const json& tool, const char* member)
{
    const auto it = tool.find(member);
    return it == tool.end() ? "" : mcp::canonical_json(*it);
}

// What a new text brings that a person should look at. Texts are compared as they read, not as JSON escapes them.
void gather_texts(const json& value, std::string& out)
{
    if (value.is_string()) out += value.get_ref<const std::string&>() + "\n";
    else if (value.is_array())
        for (const auto& inner : value) gather_texts(inner, out);
    else if (value.is_object())
        for (const auto& [key, inner] : value.items()) {
            out += key + "\n";
            gather_texts(inner, out);
        }
}

std::string texts_of(const std::string& json_text)
{
    std::string out;
    if (!json_text.empty()) gather_texts(json::parse(json_text, nullptr, false), out);
    return out;
}

// Keeps the worst, counts the rest.
class findings {
public:
    findings(comparison& to, const caps& limits) : to_(to), cap_(limits.changes), cap_of_a_tool_(limits.changes_of_a_tool) {}

    void take(change c)
    {
        // One place may be reached on several ways: by references, or within several alternatives.
        if (!seen_.insert({c.tool, c.place, c.subject, std::to_string(static_cast<int>(c.what)) + c.keyword}).second) return;
        ++to_.count[static_cast<std::size_t>(c.grade())];
        if (c.for_review()) ++to_.for_review;
        auto& kept = kept_[static_cast<std::size_t>(c.grade())];
        // One tool that changed all over must not hide the others, nor that it was not compared to the end.
        const bool has_room = kept_of_[c.tool]++ < cap_of_a_tool_ || c.what == kind::not_compared;
        if (has_room && kept.size() < cap_) kept.push_back(std::move(c));
    }

    void finish()
    {
        for (auto& kept : kept_) {
            std::ranges::stable_sort(kept, [](const change& a, const change& b) { return std::tie(a.tool, a.subject, a.place) < std::tie(b.tool, b.subject, b.place); });
            for (auto& c : kept)
                if (to_.changes.size() < cap_) to_.changes.push_back(std::move(c));
        }
        to_.left_out = to_.count[0] + to_.count[1] + to_.count[2] - to_.changes.size();
    }

private:
    comparison& to_;
    std::size_t cap_, cap_of_a_tool_;
    std::map<std::string, std::size_t> kept_of_;
    std::array<std::vector<change>, grade_count> kept_;
    std::set<std::tuple<std::string, std::string, std::string, std::string>> seen_;
};

class pair_of_tools {
public:
    pair_of_tools(const json& before, const json& after, budget& work, findings& to, std::size_t share)
        : before_(before), after_(after), work_(work), to_(to), share_(share), name_(before.at("name").get<std::string>())
    {
        if (const auto now = after.at("name").get<std::string>(); now != name_) renamed_ = now;
    }

    void run()
    {
        compare_words();
        for (auto& c : changes_of_annotations(before_, after_)) report(std::move(c));
        compare_schemas("inputSchema", side::input);
        compare_output();
    }

private:
    void report(change c)
    {
        c.tool = name_;
        c.renamed = renamed_;
        c.signs = signs_gained(texts_of(c.before), texts_of(c.after));
        to_.take(std::move(c));
    }

    void compare_words()
    {
        for (const char* keyword : {"title", "description"}) {
            auto before = text_of(before_, keyword), after = text_of(after_, keyword);
            if (before == after) continue;
            report({.what = kind::wording_changed, .why = rule::words_only, .place = step_to(keyword), .keyword = keyword, .before = std::move(before), .after = std::move(after)});
        }
    }

    void compare_output()
    {
        const auto before = text_of(before_, "outputSchema"), after = text_of(after_, "outputSchema");
        if (before.empty() && !after.empty())
            report({.what = kind::output_schema_added, .side = side::output, .why = rule::result_more, .place = "/outputSchema", .after = after});
        else if (after.empty() && !before.empty())
            report({.what = kind::output_schema_removed, .side = side::output, .why = rule::result_missing, .place = "/outputSchema", .before = before});
        else compare_schemas("outputSchema", side::output);
    }

    void compare_schemas(const char* member, side where)
    {
        static const json anything = json::object();
        const auto b = before_.find(member), a = after_.find(member);
        const auto& before = b == before_.end() ? anything : *b;
        const auto& after = a == after_.end() ? anything : *a;
        if (before == after) return;
        // Each tool has a share of its own, so that one that is tangled leaves enough for the others.
        budget mine{.left = std::min(share_, work_.left), .likenesses = work_.likenesses, .most_likenesses = work_.most_likenesses};
        const auto had = mine.left;
        {
            const document old(before, step_to(member), mine), fresh(after, step_to(member), mine);
            comparison_of_schemas(old, fresh, where, mine, [this](change c) { report(std::move(c)); }).run();
        }
        work_.left -= had - mine.left;
        work_.likenesses = mine.likenesses;
        if (mine.incomplete) report({.what = kind::not_compared, .side = where, .why = rule::cannot_tell, .place = step_to(member)});
    }

    const json& before_;
    const json& after_;
    budget& work_;
    findings& to_;
    std::size_t share_;
    std::string name_, renamed_;
};

std::map<std::string, std::vector<const json*>> by_name(const std::vector<json>& tools)
{
    std::map<std::string, std::vector<const json*>> out;
    for (const auto& t : tools) out[t.at("name").get<std::string>()].push_back(&t);
    return out;
}

std::vector<portrait> portraits_of(const std::vector<const json*>& tools)
{
    std::vector<portrait> out;
    out.reserve(tools.size());
    for (const auto* t : tools) out.push_back(portrait_of(*t));
    return out;
}

// Tools of one name are paired where they are equal, then in their order.
void pair_up(std::vector<const json*> old, std::vector<const json*> fresh, std::vector<std::pair<const json*, const json*>>& pairs,
             std::vector<const json*>& gone, std::vector<const json*>& come)
{
    if (old.size() > 1 || fresh.size() > 1) {
        std::multimap<std::string, const json*> texts;
        for (const auto* f : fresh) texts.emplace(mcp::canonical_json(*f), f);
        std::erase_if(old, [&](const json* o) {
            const auto it = texts.find(mcp::canonical_json(*o));
            if (it == texts.end()) return false;
            std::erase(fresh, it->second);
            texts.erase(it);
            return true;
        });
    }
    const auto both = std::min(old.size(), fresh.size());
    for (std::size_t i = 0; i < both; ++i) pairs.emplace_back(old[i], fresh[i]);
    gone.insert(gone.end(), old.begin() + static_cast<std::ptrdiff_t>(both), old.end());
    come.insert(come.end(), fresh.begin() + static_cast<std::ptrdiff_t>(both), fresh.end());
}

}  // namespace

std::optional<grade> comparison::worst() const noexcept
{
    for (std::size_t i = 0; i < grade_count; ++i)
        if (count[i] > 0) return static_cast<grade>(i);
    return std::nullopt;
}

comparison compare_manifests(std::string_view before_text, std::string_view after_text, const caps& limits)
{
    comparison out;
    std::vector<json> before, after;
    if (auto p = read_tools(before_text, limits.depth, before); !p.empty()) out.problem = "the earlier list: " + p;
    else if (auto q = read_tools(after_text, limits.depth, after); !q.empty()) out.problem = "the later list: " + q;
    if (!out.problem.empty()) return out;
    out.tools_before = before.size();
    out.tools_after = after.size();

    auto old = by_name(before), fresh = by_name(after);
    std::vector<std::pair<const json*, const json*>> pairs;
    std::vector<const json*> gone, come;
    for (auto& [name, tools] : old) pair_up(std::move(tools), std::move(fresh[name]), pairs, gone, come);
    for (auto& [name, tools] : fresh)
        if (!old.contains(name)) come.insert(come.end(), tools.begin(), tools.end());

    budget work{.left = limits.work, .most_likenesses = limits.likenesses};
    findings found(out, limits);
    std::vector<bool> gone_as_other(gone.size()), come_as_other(come.size());
    for (const auto& [i, k] : renamed_tools(portraits_of(gone), portraits_of(come), work)) {
        gone_as_other[i] = come_as_other[k] = true;
        pairs.emplace_back(gone[i], come[k]);
        const auto& name = (*gone[i])["name"];
        const auto& now = (*come[k])["name"];
        found.take({.what = kind::tool_renamed, .why = rule::name_gone, .tool = name.get<std::string>(), .renamed = now.get<std::string>(), .place = "/name",
                    .before = mcp::canonical_json(name), .after = mcp::canonical_json(now), .signs = signs_gained(name.get<std::string>(), now.get<std::string>())});
    }
    for (std::size_t i = 0; i < gone.size(); ++i) {
        if (gone_as_other[i]) continue;
        const auto& name = (*gone[i])["name"];
        found.take({.what = kind::tool_removed, .why = rule::tool_gone, .tool = name.get<std::string>(), .place = "", .before = mcp::canonical_json(name)});
    }
    for (std::size_t i = 0; i < come.size(); ++i) {
        if (come_as_other[i]) continue;
        const auto& name = (*come[i])["name"];
        std::string texts;
        gather_texts(*come[i], texts);
        found.take({.what = kind::tool_added, .why = rule::tool_new, .tool = name.get<std::string>(), .place = "", .after = mcp::canonical_json(name), .signs = signs_in(texts)});
    }
    for (const auto& [b, a] : pairs) pair_of_tools(*b, *a, work, found, limits.work_of_a_tool).run();
    out.likenesses = work.likenesses;
    found.finish();
    return out;
}

}  // namespace rollcall::audit::drift
