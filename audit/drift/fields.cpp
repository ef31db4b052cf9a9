// The members of an object and the elements of an array.
#include "audit/drift/compare.hpp"
#include "audit/drift/likeness.hpp"
#include "audit/mcp/contract.hpp"

#include <algorithm>

namespace rollcall::audit::drift {
namespace {

using nlohmann::json;

const json& anything()
{
    static const json empty = json::object();
    return empty;
}

std::string joined(const std::string& subject, const std::string& name) { return subject.empty() ? name : subject + "." + name; }

// What an object says of members that it does not declare.
struct undeclared {
    enum class are { allowed, described, refused } how = are::allowed;
    std::optional<located> at;
};

undeclared undeclared_of(const view& v)
{
    undeclared out;
    for (const char* keyword : {"additionalProperties", "unevaluatedProperties"})
        for (const auto& l : find_all(v, keyword)) {
            const bool refused = l.value->is_boolean() && !l.value->get<bool>();
            const bool described = l.value->is_object() && std::ranges::any_of(l.value->get_ref<const json::object_t&>(), [](const auto& m) { return !is_note(m.first); });
            if (refused) return {undeclared::are::refused, l};
            if (described && out.how == undeclared::are::allowed) out = {undeclared::are::described, l};
            else if (!out.at) out.at = l;
        }
    return out;
}

// The schema of the element at `index`: its own, or that of the rest.
part element_of(const view& v, std::size_t index)
{
    const auto own = find(v, "prefixItems"), items = find(v, "items");
    const auto& list = own && own->value->is_array() ? own : items && items->value->is_array() ? items : std::nullopt;
    if (list && index < list->value->size()) return {&(*list->value)[index], list->place + "/" + std::to_string(index)};
    const auto rest = items && !items->value->is_array() ? items : find(v, "additionalItems");
    return rest ? part{rest->value, rest->place} : part{&anything(), v.parts.front().place};
}

std::size_t own_elements_of(const view& v)
{
    for (const char* keyword : {"prefixItems", "items"})
        if (const auto l = find(v, keyword); l && l->value->is_array()) return l->value->size();
    return 0;
}

}  // namespace

void comparison_of_schemas::added(const std::string& name, const std::vector<part>& schema, bool required, bool was_closed, const place_in_tool& at)
{
    change c{.place = schema.front().place, .subject = joined(at.subject, name), .after = mcp::canonical_json(*schema.front().schema)};
    if (side_ == side::input) {
        c.what = required ? kind::required_parameter_added : kind::parameter_added;
        c.why = required ? rule::must_send_more : rule::may_send_more;
    } else {
        c.what = kind::result_field_added;
        c.why = was_closed ? rule::result_surprises : rule::result_more;
    }
    tell(std::move(c));
}

void comparison_of_schemas::removed(const std::string& name, const std::vector<part>& schema, const place_in_tool& at)
{
    const bool input = side_ == side::input;
    tell({.what = input ? kind::parameter_removed : kind::result_field_removed, .why = input ? rule::call_means_other : rule::result_missing,
          .place = schema.front().place, .subject = joined(at.subject, name), .before = mcp::canonical_json(*schema.front().schema)});
}

void comparison_of_schemas::compare_fields(const view& b, const view& a, const place_in_tool& at)
{
    auto old = fields_of(b), fresh = fields_of(a);
    const auto needed_before = required_of(b), needed_now = required_of(a);
    const bool was_closed = undeclared_of(b).how == undeclared::are::refused, input = side_ == side::input;

    std::vector<std::pair<std::string, std::string>> pairs;  // old name, new name
    std::vector<std::pair<std::string, part>> gone, come;
    for (const auto& [name, schema] : old) {
        if (fresh.contains(name)) pairs.emplace_back(name, name);
        else gone.emplace_back(name, schema.front());
    }
    for (const auto& [name, schema] : fresh)
        if (!old.contains(name)) come.emplace_back(name, schema.front());
    std::set<std::string> renamed;
    for (const auto& [before, after] : renamed_fields(before_, gone, after_, come, work_)) {
        const auto& schema = fresh[after];
        tell({.what = input ? kind::parameter_renamed : kind::result_field_renamed, .why = input ? rule::call_means_other : rule::result_missing,
              .place = schema.front().place, .subject = joined(at.subject, before), .before = json(before).dump(-1, ' ', false, json::error_handler_t::replace),
              .after = json(after).dump(-1, ' ', false, json::error_handler_t::replace)});
        pairs.emplace_back(before, after);
        renamed.insert(before);
        renamed.insert(after);
    }

    for (const auto& [name, schema] : gone)
        if (!renamed.contains(name)) removed(name, old[name], at);
    for (const auto& [name, schema] : come)
        if (!renamed.contains(name)) added(name, fresh[name], needed_now.contains(name), was_closed, at);

    // Required names need not be declared; those that came or went with their declaration are told above.
    std::set<std::pair<std::string, std::string>> named(pairs.begin(), pairs.end());
    for (const auto* needed : {&needed_before, &needed_now})
        for (const auto& [name, place] : *needed)
            if (!old.contains(name) && !fresh.contains(name)) named.emplace(name, name);
    for (const auto& [before, after] : named) {
        const bool was = needed_before.contains(before), is = needed_now.contains(after);
        if (was == is) continue;
        const auto declared = fresh.find(after);
        change c{.place = declared != fresh.end() ? declared->second.front().place : is ? needed_now.at(after) : needed_before.at(before), .subject = joined(at.subject, after)};
        if (input) {
            c.what = is ? kind::parameter_now_required : kind::parameter_now_optional;
            c.why = is ? rule::must_send_more : rule::call_accepted;
        } else {
            c.what = is ? kind::result_field_now_always : kind::result_field_now_optional;
            c.why = is ? rule::result_stricter : rule::result_missing;
        }
        tell(std::move(c));
    }

    for (const auto& [before, after] : pairs) {
        const bool optional = !needed_before.contains(before) && !needed_now.contains(after);
        compare(before_.open(old[before]), after_.open(fresh[after]), {joined(at.subject, after), optional});
    }
}

void comparison_of_schemas::compare_undeclared(const view& b, const view& a, const place_in_tool& at)
{
    using are = undeclared::are;
    const auto old = undeclared_of(b), fresh = undeclared_of(a);
    if (old.how == are::described && fresh.how == are::described) {
        compare(before_.open({old.at->value, old.at->place}), after_.open({fresh.at->value, fresh.at->place}), {joined(at.subject, "*"), false});
        return;
    }
    if (old.how == fresh.how) return;
    const auto& shown = fresh.at ? fresh.at : old.at;
    const auto text = [](const undeclared& u) { return u.at ? mcp::canonical_json(*u.at->value) : std::string(); };
    change c{.place = shown->place, .subject = at.subject, .keyword = shown->place.substr(shown->place.rfind('/') + 1), .before = text(old), .after = text(fresh)};
    const auto e = fresh.how > old.how ? effect::narrower : effect::wider;  // from allowed to refused
    if (old.how == are::refused || fresh.how == are::refused)
        tell({kind::undeclared_refused, kind::undeclared_allowed, kind::constraint_changed}, e, std::move(c));
    else
        tell({kind::constraint_tightened, kind::constraint_loosened, kind::constraint_changed}, e, std::move(c));
}

void comparison_of_schemas::compare_elements(const view& b, const view& a, const place_in_tool& at)
{
    const auto own = std::max(own_elements_of(b), own_elements_of(a));
    const auto at_index = [&](std::size_t i) { return at.subject + (own == 0 ? "[]" : i < own ? "[" + std::to_string(i) + "]" : "[" + std::to_string(own) + "...]"); };
    for (std::size_t i = 0; i <= own && work_.spend(); ++i) {
        const auto old = element_of(b, i), fresh = element_of(a, i);
        if (old.schema == &anything() && fresh.schema == &anything()) continue;
        compare(before_.open(old), after_.open(fresh), {at_index(i), false});
    }
}

std::vector<std::pair<std::string, std::string>> renamed_fields(const document& before, const std::vector<std::pair<std::string, part>>& gone,
                                                                const document& after, const std::vector<std::pair<std::string, part>>& fresh,
                                                                budget& work)
{
    constexpr std::size_t most_pairs = 1024;
    const auto pairs = gone.size() * fresh.size();
    if (pairs == 0 || pairs > most_pairs || work.likenesses + pairs > work.most_likenesses) return {};
    work.likenesses += pairs;

    const auto meanings = [](const document& d, const auto& fields) {
        std::vector<std::string> out;
        for (const auto& [name, schema] : fields) out.push_back(d.meaning_of(schema));
        return out;
    };
    const auto description = [](const part& p) {
        if (!p.schema->is_object()) return std::string();
        const auto d = p.schema->find("description");
        return d != p.schema->end() && d->is_string() ? d->template get<std::string>() : std::string();
    };
    const auto old_meanings = meanings(before, gone), new_meanings = meanings(after, fresh);
    struct candidate {
        double score;
        std::size_t old, fresh;
    };
    std::vector<candidate> candidates;
    for (std::size_t i = 0; i < gone.size(); ++i)
        for (std::size_t k = 0; k < fresh.size(); ++k) {
            constexpr double alike = 0.65;
            const auto names = likeness_of_names(gone[i].first, fresh[k].first);
            const bool same = old_meanings[i] == new_meanings[k];
            const auto words = description(gone[i].second);
            const bool same_words = std::ranges::count(words, ' ') >= 2 && words == description(fresh[k].second);
            if (names == 1) candidates.push_back({3, i, k});  // pageSize, page_size
            else if (same && same_words) candidates.push_back({1 + names, i, k});
            else if (same && names >= alike) candidates.push_back({names, i, k});
        }
    std::ranges::stable_sort(candidates, [](const candidate& x, const candidate& y) { return x.score > y.score; });
    std::set<std::size_t> used_old, used_new;
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& c : candidates)
        if (!used_old.contains(c.old) && !used_new.contains(c.fresh)) {
            used_old.insert(c.old);
            used_new.insert(c.fresh);
            out.emplace_back(gone[c.old].first, fresh[c.fresh].first);
        }
    return out;
}

}  // namespace rollcall::audit::drift
