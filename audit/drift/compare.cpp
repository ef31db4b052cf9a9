#include "audit/drift/compare.hpp"

#include "audit/mcp/contract.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit::drift {
namespace {

using nlohmann::json;

constexpr int deepest = 64;

std::string text_of(const std::optional<located>& l) { return l ? mcp::canonical_json(*l->value) : std::string(); }

// Where it stands in the later list, or where that has none, in the earlier.
std::string place_of(const std::optional<located>& before, const std::optional<located>& after)
{
    return after ? after->place : before ? before->place : std::string();
}

std::string list_of(const std::set<std::string>& values)
{
    std::string out = "[";
    for (const auto& v : values) out += (out.size() > 1 ? "," : "") + v;
    return out + "]";
}

// Which schemas hold, whichever reference led to them.
std::string key_of(const view& v)
{
    std::string out = std::to_string(v.allowed);
    for (const auto& p : v.parts)
        if (!(p.schema->is_object() && p.schema->size() == 1 && p.schema->contains("$ref")) || v.parts.size() == 1) out += "|" + p.place;
    return out;
}

// Notes that are compared as something else, or that only hold what others refer to.
constexpr std::array<std::string_view, 6> no_notes{"title", "description", "default", "$defs", "definitions", "$anchor"};

}  // namespace

effect effect_of(bool lost, bool gained) noexcept { return lost ? gained ? effect::other : effect::narrower : effect::wider; }

rule comparison_of_schemas::rule_for(effect e) const noexcept
{
    if (side_ == side::input) return e == effect::wider ? rule::call_accepted : rule::call_refused;
    return e == effect::narrower ? rule::result_stricter : rule::result_surprises;
}

void comparison_of_schemas::tell(change c)
{
    ++told_;
    c.side = side_;
    report_(std::move(c));
}

void comparison_of_schemas::tell(const kinds_by_effect& kinds, effect e, change c)
{
    c.what = e == effect::narrower ? kinds.narrower : e == effect::wider ? kinds.wider : kinds.other;
    c.why = rule_for(e);
    tell(std::move(c));
}

void comparison_of_schemas::run() { compare(before_.root(), after_.root(), {}); }

bool comparison_of_schemas::are_the_same(const view& b, const view& a) const
{
    return b.parts.size() == 1 && a.parts.size() == 1 && b.allowed == a.allowed && b.opened.empty() && a.opened.empty() &&
           !before_.has_references() && !after_.has_references() && *b.parts[0].schema == *a.parts[0].schema;
}

void comparison_of_schemas::compare(const view& b, const view& a, const place_in_tool& at)
{
    if (are_the_same(b, a)) return;
    if (depth_ >= deepest) work_.incomplete = true;
    if (!work_.spend() || b.parts.empty() || a.parts.empty() || depth_ >= deepest) return;

    // Only by a reference does the same pair come up within itself, or again.
    const std::pair pair{key_of(b), key_of(a)};
    const bool by_reference = b.parts.size() > 1 || a.parts.size() > 1 || depth_ > 0;
    const bool may_recur = by_reference && (before_.has_references() || after_.has_references());
    if (may_recur && (found_equal_.contains(pair) || !open_.insert(pair).second)) return;
    const auto told_before = told_;
    ++depth_;

    compare_words(b, a, at);
    auto tb = before_.types_of(b), ta = after_.types_of(a);
    const bool listed = before_.values_of(b) || after_.values_of(a);
    if (listed && (tb & type::number) && (ta & type::number)) {
        // The values say what numbers there are; that they are whole is no change of type.
        tb |= type::number;
        ta |= type::number;
    }
    if (tb != ta) compare_types(b, a, tb, ta, at);
    const auto common = static_cast<types>(tb & ta);
    if (common != type::none || tb == ta) {
        const bool values = compare_values(b, a, common, at);
        if (values) compare_opaque(b, a, "x-mcp-header", at);
        else if ((alternatives_of(b) || alternatives_of(a))) compare_alternatives(b, a, tb, ta, at);
        else compare_constraints(b, a, common, at);
        compare_default(b, a, at);
    }

    --depth_;
    if (may_recur) open_.erase(pair);
    if (may_recur && told_ == told_before && !work_.incomplete) found_equal_.insert(pair);
}

void comparison_of_schemas::compare_words(const view& b, const view& a, const place_in_tool& at)
{
    for (const char* keyword : {"title", "description"}) {
        const auto old = find(b, keyword), fresh = find(a, keyword);
        const auto before = text_of(old), after = text_of(fresh);
        if (before == after) continue;
        tell({.what = kind::wording_changed, .why = rule::words_only, .place = place_of(old, fresh), .subject = at.subject, .keyword = keyword,
              .before = before, .after = after});
    }
    compare_notes(b, a, at);
}

// Keywords that assert nothing: `examples`, `deprecated`, `$comment`, and whatever a server made up.
void comparison_of_schemas::compare_notes(const view& b, const view& a, const place_in_tool& at)
{
    std::set<std::string> names;
    for (const auto* v : {&b, &a})
        for (const auto& p : v->parts)
            if (p.schema->is_object())
                for (const auto& [key, value] : p.schema->items())
                    if (is_note(key) && std::ranges::find(no_notes, key) == no_notes.end()) names.insert(key);
    for (const auto& name : names) {
        const auto old = find(b, name.c_str()), fresh = find(a, name.c_str());
        const auto before = text_of(old), after = text_of(fresh);
        if (before == after) continue;
        tell({.what = kind::note_changed, .why = rule::asserts_nothing, .place = place_of(old, fresh), .subject = at.subject, .keyword = name,
              .before = before, .after = after});
    }
}

void comparison_of_schemas::compare_types(const view& b, const view& a, types tb, types ta, const place_in_tool& at)
{
    const auto old = find(b, "type"), fresh = find(a, "type");
    const auto place = fresh ? fresh->place : a.parts.front().place;
    tell({kind::type_narrowed, kind::type_widened, kind::type_changed}, effect_of((tb & ~ta) != 0, (ta & ~tb) != 0),
         {.place = place, .subject = at.subject, .before = words_of(tb).dump(), .after = words_of(ta).dump()});
}

bool comparison_of_schemas::compare_values(const view& b, const view& a, types common, const place_in_tool& at)
{
    const auto only_common = [&](std::optional<std::set<std::string>> values) {
        if (values) std::erase_if(*values, [&](const std::string& v) { return !(type_of(json::parse(v, nullptr, false)) & common); });
        return values;
    };
    const auto old = only_common(before_.values_of(b)), fresh = only_common(after_.values_of(a));
    if (!old && !fresh) return false;
    if (old == fresh) return true;
    const kinds_by_effect kinds{kind::enum_narrowed, kind::enum_widened, kind::enum_changed};
    auto where = find(a, "enum");
    if (!where) where = find(a, "const");
    change c{.place = where ? where->place : a.parts.front().place, .subject = at.subject, .before = old ? list_of(*old) : "", .after = fresh ? list_of(*fresh) : ""};
    const bool lost = !old || (fresh && !std::ranges::includes(*fresh, *old));
    const bool gained = !fresh || (old && !std::ranges::includes(*old, *fresh));
    tell(kinds, effect_of(lost, gained), std::move(c));
    // Free before, or free now: whatever else is said of the value, the list or its absence says more.
    return true;
}

// A default is a promise to callers only, and only where they may leave the parameter out.
void comparison_of_schemas::compare_default(const view& b, const view& a, const place_in_tool& at)
{
    const auto old = find(b, "default"), fresh = find(a, "default");
    const auto before = text_of(old), after = text_of(fresh);
    if (before == after) return;
    change c{.what = kind::note_changed, .why = rule::asserts_nothing, .place = place_of(old, fresh), .subject = at.subject, .keyword = "default", .before = before, .after = after};
    if (side_ == side::input && at.may_be_left_out) {
        c.what = kind::default_changed;
        c.why = before.empty() ? rule::default_stated : rule::call_means_other;
    }
    tell(std::move(c));
}

}  // namespace rollcall::audit::drift
