#include "audit/drift/annotations.hpp"

#include "audit/drift/schema.hpp"
#include "audit/mcp/contract.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace rollcall::audit::drift {
namespace {

using nlohmann::json;

struct hint_row {
    std::string_view name;
    bool unless_said;  // the default of the protocol
    bool safe;         // the value that promises something
    bool given_by_read_only;  // a tool that changes nothing keeps this promise anyhow
    std::string_view promise;
};
constexpr std::array hints{
    hint_row{"readOnlyHint", false, true, false, "to change nothing"},
    hint_row{"destructiveHint", true, false, true, "to destroy nothing"},
    hint_row{"idempotentHint", false, true, true, "that repeating a call changes nothing more"},
    hint_row{"openWorldHint", true, false, false, "to keep to a closed world"},
};

const json& notes_of(const json& tool)
{
    static const json none = json::object();
    const auto it = tool.find("annotations");
    return it != tool.end() && it->is_object() ? *it : none;
}

std::optional<bool> said(const json& notes, std::string_view hint)
{
    const auto it = notes.find(hint);
    return it != notes.end() && it->is_boolean() ? std::optional(it->get<bool>()) : std::nullopt;
}

std::string text_of(const json& notes, std::string_view name)
{
    const auto it = notes.find(name);
    return it == notes.end() ? "" : mcp::canonical_json(*it);
}

bool is_read_only(const json& notes) { return said(notes, "readOnlyHint").value_or(false); }

bool promises(const json& notes, const hint_row& row)
{
    if (row.given_by_read_only && is_read_only(notes)) return true;
    return said(notes, row.name).value_or(row.unless_said) == row.safe;
}

}  // namespace

std::string_view promise_of(std::string_view hint) noexcept
{
    const auto row = std::ranges::find(hints, hint, &hint_row::name);
    return row == hints.end() ? std::string_view() : row->promise;
}

std::vector<change> changes_of_annotations(const json& before_tool, const json& after_tool)
{
    std::vector<change> out;
    const auto &before = notes_of(before_tool), &after = notes_of(after_tool);
    if (before == after) return out;
    const bool read_only_turned = is_read_only(before) != is_read_only(after);
    std::set<std::string> names;
    for (const auto* notes : {&before, &after})
        for (const auto& [name, value] : notes->items()) names.insert(name);
    // What follows from another hint alone need not stand there itself.
    for (const auto& row : hints) names.insert(std::string(row.name));

    for (const auto& name : names) {
        change c{.place = "/annotations" + step_to(name), .keyword = name, .before = text_of(before, name), .after = text_of(after, name)};
        const auto row = std::ranges::find(hints, name, &hint_row::name);
        const bool was = row != hints.end() && promises(before, *row), is = row != hints.end() && promises(after, *row);
        // Whether it is read-only says the rest, except what the tool says by itself.
        const bool follows = row != hints.end() && row->given_by_read_only && read_only_turned && c.before == c.after;
        if (row != hints.end() && was != is && !follows) {
            c.what = is ? kind::promise_made : kind::promise_withdrawn;
            c.why = is ? rule::promise_made : rule::promise_withdrawn;
        } else if (c.before != c.after) {
            c.what = name == "title" ? kind::wording_changed : kind::note_changed;
            c.why = name == "title" ? rule::words_only : rule::asserts_nothing;
        } else {
            continue;
        }
        out.push_back(std::move(c));
    }
    return out;
}

}  // namespace rollcall::audit::drift
