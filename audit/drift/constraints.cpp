// What a schema says of a value beyond its type: bounds, patterns, and assertions that can only be told apart.
#include "audit/drift/compare.hpp"
#include "audit/mcp/contract.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace rollcall::audit::drift {
namespace {

using nlohmann::json;

enum class sense { at_least, at_most, multiple, flag, opaque };

struct constraint_row {
    const char* keyword;
    sense meant;
    types applies_to;
    double neutral;  // a number that asserts nothing, as if the keyword were not there
};

constexpr double none = std::numeric_limits<double>::infinity();

constexpr std::array constraint_rows{
    constraint_row{"minLength", sense::at_least, type::string, 0},
    constraint_row{"maxLength", sense::at_most, type::string, none},
    constraint_row{"pattern", sense::opaque, type::string, none},
    constraint_row{"format", sense::opaque, type::string, none},  // of numbers it is a hint at their width
    constraint_row{"contentEncoding", sense::opaque, type::string, none},
    constraint_row{"contentMediaType", sense::opaque, type::string, none},
    constraint_row{"multipleOf", sense::multiple, type::number, none},
    constraint_row{"minItems", sense::at_least, type::array, 0},
    constraint_row{"maxItems", sense::at_most, type::array, none},
    constraint_row{"uniqueItems", sense::flag, type::array, none},
    constraint_row{"contains", sense::opaque, type::array, none},
    constraint_row{"minContains", sense::at_least, type::array, 1},
    constraint_row{"maxContains", sense::at_most, type::array, none},
    constraint_row{"unevaluatedItems", sense::opaque, type::array, none},
    constraint_row{"minProperties", sense::at_least, type::object, 0},
    constraint_row{"maxProperties", sense::at_most, type::object, none},
    constraint_row{"patternProperties", sense::opaque, type::object, none},
    constraint_row{"propertyNames", sense::opaque, type::object, none},
    constraint_row{"dependentRequired", sense::opaque, type::object, none},
    constraint_row{"dependentSchemas", sense::opaque, type::object, none},
    constraint_row{"not", sense::opaque, type::all, none},
    constraint_row{"if", sense::opaque, type::all, none},
    constraint_row{"then", sense::opaque, type::all, none},
    constraint_row{"else", sense::opaque, type::all, none},
    constraint_row{"$dynamicRef", sense::opaque, type::all, none},
    constraint_row{"x-mcp-header", sense::opaque, type::all, none},
};

constexpr kinds_by_effect kinds{kind::constraint_tightened, kind::constraint_loosened, kind::constraint_changed};

struct bound {
    double value = none;  // none: there is none
    bool exclusive = false;
    std::optional<located> at;
};

// The tightest of all numbers under the keyword.
bound tightest(const view& v, const char* keyword, bool lower)
{
    bound out;
    for (const auto& l : find_all(v, keyword)) {
        if (!l.value->is_number()) continue;
        const auto n = l.value->get<double>();
        if (out.value == none || (lower ? n > out.value : n < out.value)) out = {n, false, l};
    }
    return out;
}

// Over minimum and exclusiveMinimum, or the maxima. What no JSON number carries exactly is no bound of a whole one.
bound limit_of(const view& v, bool lower, bool whole)
{
    constexpr double safe = 9007199254740991.0;
    auto inclusive = tightest(v, lower ? "minimum" : "maximum", lower);
    auto exclusive = tightest(v, lower ? "exclusiveMinimum" : "exclusiveMaximum", lower);
    exclusive.exclusive = exclusive.value != none;
    if (exclusive.value != none && whole && std::floor(exclusive.value) == exclusive.value && std::abs(exclusive.value) < safe) {
        exclusive.value += lower ? 1 : -1;
        exclusive.exclusive = false;
    }
    bound out = inclusive;
    if (inclusive.value == none || (exclusive.value != none && (lower ? exclusive.value >= inclusive.value : exclusive.value <= inclusive.value))) out = exclusive;
    if (whole && out.value != none && (lower ? out.value <= -safe : out.value >= safe)) return {};
    return out;
}

std::string as_written(const bound& b) { return b.at ? mcp::canonical_json(*b.at->value) : std::string(); }

bool divides(double whole, double part) { return part != 0 && std::abs(std::remainder(whole, part)) < 1e-9 * std::max(1.0, std::abs(whole)); }

std::string list_of(const std::set<std::string>& texts)
{
    if (texts.empty()) return "";
    if (texts.size() == 1) return *texts.begin();
    std::string out = "[";
    for (const auto& t : texts) out += (out.size() > 1 ? "," : "") + t;
    return out + "]";
}

}  // namespace

void comparison_of_schemas::compare_bound(const view& b, const view& a, bool lower, bool whole, const place_in_tool& at)
{
    const auto old = limit_of(b, lower, whole), fresh = limit_of(a, lower, whole);
    if (old.value == fresh.value && old.exclusive == fresh.exclusive) return;
    const auto excludes_more = [&] {
        if (old.value == none || fresh.value == none) return old.value == none;
        if (old.value == fresh.value) return fresh.exclusive;
        return lower ? fresh.value > old.value : fresh.value < old.value;
    };
    const auto& shown = fresh.at ? fresh : old;
    tell(kinds, excludes_more() ? effect::narrower : effect::wider,
         {.place = shown.at->place, .subject = at.subject, .keyword = shown.at->place.substr(shown.at->place.rfind('/') + 1), .before = as_written(old), .after = as_written(fresh)});
}

// Assertions that can be told apart and no more: more of them allow less, fewer allow more.
void comparison_of_schemas::compare_opaque(const view& b, const view& a, const char* keyword, const place_in_tool& at)
{
    const auto all = [&](const document& d, const view& v) {
        std::set<std::string> out;
        for (const auto& l : find_all(v, keyword)) {
            // What is no schema has no meaning of its own: as the value of a keyword, it is compared as one.
            const json wrapped{{keyword, *l.value}};
            out.insert(d.meaning_of({&wrapped, l.place}));
        }
        return out;
    };
    const auto old = all(before_, b), fresh = all(after_, a);
    if (old == fresh) return;
    const auto values = [&](const view& v) {
        std::set<std::string> out;
        for (const auto& l : find_all(v, keyword)) out.insert(mcp::canonical_json(*l.value));
        return list_of(out);
    };
    const auto before_at = find(b, keyword), after_at = find(a, keyword);
    const bool lost = !std::ranges::includes(old, fresh), gained = !std::ranges::includes(fresh, old);
    change c{.place = after_at ? after_at->place : before_at->place, .subject = at.subject, .keyword = keyword, .before = values(b), .after = values(a)};
    if (lost && gained) {
        c.what = kind::constraint_changed;
        c.why = rule::cannot_tell;
        tell(std::move(c));
    } else {
        tell(kinds, lost ? effect::narrower : effect::wider, std::move(c));
    }
}

// References that lead nowhere, or outside: what they assert is not known, only that it is another one.
void comparison_of_schemas::compare_references(const view& b, const view& a, const place_in_tool& at)
{
    const auto unresolved = [](const document& d, const view& v) {
        std::map<std::string, std::string> out;
        for (const auto& l : find_all(v, "$ref"))
            if (!l.value->is_string() || !d.resolves(l.value->get_ref<const std::string&>())) out.try_emplace(mcp::canonical_json(*l.value), l.place);
        return out;
    };
    const auto old = unresolved(before_, b), fresh = unresolved(after_, a);
    if (std::ranges::equal(old, fresh, {}, &std::pair<const std::string, std::string>::first, &std::pair<const std::string, std::string>::first)) return;
    tell({.what = kind::constraint_changed, .why = rule::cannot_tell, .place = fresh.empty() ? old.begin()->second : fresh.begin()->second, .subject = at.subject,
          .keyword = "$ref", .before = old.empty() ? "" : old.begin()->first, .after = fresh.empty() ? "" : fresh.begin()->first});
}

void comparison_of_schemas::compare_constraints(const view& b, const view& a, types common, const place_in_tool& at)
{
    if (common & type::number) {
        const bool whole = (common & type::number) == type::integer;
        compare_bound(b, a, true, whole, at);
        compare_bound(b, a, false, whole, at);
    }
    for (const auto& row : constraint_rows) {
        if (!(common & row.applies_to)) continue;
        if (row.meant == sense::opaque) {
            compare_opaque(b, a, row.keyword, at);
            continue;
        }
        const auto old_at = find(b, row.keyword), fresh_at = find(a, row.keyword);
        if (!old_at && !fresh_at) continue;
        const auto say = [&](effect e) {
            const auto text = [](const auto& l) { return l ? mcp::canonical_json(*l->value) : std::string(); };
            tell(kinds, e, {.place = fresh_at ? fresh_at->place : old_at->place, .subject = at.subject, .keyword = row.keyword, .before = text(old_at), .after = text(fresh_at)});
        };
        if (row.meant == sense::flag) {
            const auto is_set = [](const auto& l) { return l && l->value->is_boolean() && l->value->template get<bool>(); };
            if (is_set(old_at) != is_set(fresh_at)) say(is_set(fresh_at) ? effect::narrower : effect::wider);
            continue;
        }
        const bool lower = row.meant == sense::at_least;
        auto old = tightest(b, row.keyword, lower).value, fresh = tightest(a, row.keyword, lower).value;
        if (old == none) old = row.neutral;
        if (fresh == none) fresh = row.neutral;
        if (row.meant == sense::multiple && (common & type::number) == type::integer) {
            if (old == 1) old = none;
            if (fresh == 1) fresh = none;
        }
        if (old == fresh) continue;
        if (row.meant != sense::multiple) say((lower ? fresh > old : fresh < old) ? effect::narrower : effect::wider);
        else if (old == none || (fresh != none && divides(fresh, old))) say(effect::narrower);
        else if (fresh == none || divides(old, fresh)) say(effect::wider);
        else say(effect::other);
    }
    compare_references(b, a, at);
    if (common & type::object) {
        compare_fields(b, a, at);
        compare_undeclared(b, a, at);
    }
    if (common & type::array) compare_elements(b, a, at);
}

}  // namespace rollcall::audit::drift
