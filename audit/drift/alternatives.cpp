// anyOf and oneOf: which alternative became which.
//
// The two are taken alike: where oneOf is used, its alternatives hardly ever overlap. A list of types is a list of
// alternatives too, so that {"type": ["string", "null"]} and its anyOf come out equal.
#include "audit/drift/compare.hpp"
#include "audit/mcp/contract.hpp"

#include <algorithm>

namespace rollcall::audit::drift {
namespace {

using nlohmann::json;

constexpr std::size_t most = 64;

struct branch_facts {
    view seen;
    types possible = type::none;
    std::string meaning;           // of the alternative alone
    std::set<std::string> fields;  // their names
    bool plain = false;            // it says no more than its types
    bool used = false;
};

bool is_plain(const part& alternative)
{
    if (!alternative.schema->is_object()) return true;
    return std::ranges::all_of(alternative.schema->get_ref<const json::object_t&>(), [](const auto& m) { return m.first == "type" || is_note(m.first); });
}

branch_facts facts_of(const document& d, view v, std::string meaning, bool plain)
{
    branch_facts f;
    f.possible = d.types_of(v);
    for (const auto& [name, schema] : fields_of(v)) f.fields.insert(name);
    f.meaning = std::move(meaning);
    f.plain = plain;
    f.seen = std::move(v);
    return f;
}

// Alternatives within alternatives are one list.
void gather(const document& d, const view& v, int depth, std::vector<branch_facts>& out)
{
    const auto a = alternatives_of(v);
    if (!a) {
        const bool plain = is_plain(v.parts.front());
        const auto possible = d.types_of(v);
        if (v.opened.empty()) {
            // No list of alternatives: one for each type that it may have.
            for (const types t : {type::null, type::boolean, type::object, type::array, type::string, type::number}) {
                if (!(possible & t)) continue;
                view one = v;
                one.allowed = static_cast<types>(v.allowed & t);
                out.push_back(facts_of(d, std::move(one), "", plain));
            }
            return;
        }
        out.push_back(facts_of(d, v, d.meaning_of(v.parts.front()), plain));
        return;
    }
    if (depth > 4) return;
    for (std::size_t i = 0; i < a->list->size() && out.size() <= most; ++i) gather(d, d.branch(v, *a, i), depth + 1, out);
}

// Told apart by a field that has other values in each: {"kind": "circle"} is not {"kind": "square"}.
bool are_distinguished(const document& before, const branch_facts& b, const document& after, const branch_facts& a)
{
    auto old = fields_of(b.seen), fresh = fields_of(a.seen);
    for (const auto& [name, schema] : old) {
        const auto it = fresh.find(name);
        if (it == fresh.end()) continue;
        const auto x = before.values_of(before.open(schema)), y = after.values_of(after.open(it->second));
        if (x && y && std::ranges::none_of(*x, [&](const std::string& v) { return y->contains(v); })) return true;
    }
    return false;
}

double alike(const branch_facts& b, const branch_facts& a)
{
    const auto both = static_cast<double>(std::ranges::count_if(b.fields, [&](const std::string& n) { return a.fields.contains(n); }));
    const auto any = static_cast<double>(b.fields.size() + a.fields.size()) - both;
    return any == 0 ? 0.5 : both / any;
}

}  // namespace

void comparison_of_schemas::compare_alternatives(const view& b, const view& a, types tb, types ta, const place_in_tool& at)
{
    std::vector<branch_facts> old, fresh;
    gather(before_, b, 0, old);
    gather(after_, a, 0, fresh);
    if (old.size() > most || fresh.size() > most) {
        work_.incomplete = true;
        return;
    }
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    const auto pair_up = [&](std::size_t i, std::size_t k) {
        old[i].used = fresh[k].used = true;
        pairs.emplace_back(i, k);
    };
    for (std::size_t i = 0; i < old.size(); ++i)
        for (std::size_t k = 0; k < fresh.size() && !old[i].used; ++k)
            if (!fresh[k].used && !old[i].meaning.empty() && old[i].meaning == fresh[k].meaning) pair_up(i, k);

    struct candidate {
        double score;
        std::size_t old, fresh;
    };
    std::vector<candidate> candidates;
    for (std::size_t i = 0; i < old.size(); ++i)
        for (std::size_t k = 0; k < fresh.size(); ++k) {
            if (old[i].used || fresh[k].used || !(old[i].possible & fresh[k].possible) || !work_.spend()) continue;
            if (are_distinguished(before_, old[i], after_, fresh[k])) continue;
            const double same_types = old[i].possible == fresh[k].possible ? 1 : 0;
            candidates.push_back({same_types + alike(old[i], fresh[k]), i, k});
        }
    std::ranges::stable_sort(candidates, [](const candidate& x, const candidate& y) { return x.score > y.score; });
    for (const auto& c : candidates)
        if (!old[c.old].used && !fresh[c.fresh].used) pair_up(c.old, c.fresh);

    for (const auto& [i, k] : pairs) compare(old[i].seen, fresh[k].seen, at);
    // What is left has gone or come, unless its types did (which is told), or another alternative takes all of them.
    const auto left_out = [&](const std::vector<branch_facts>& from, const std::vector<branch_facts>& others, types others_have, bool gone) {
        for (const auto& f : from) {
            if (f.used || !(f.possible & others_have)) continue;
            if (std::ranges::any_of(others, [&](const branch_facts& o) { return o.plain && (f.possible & ~o.possible) == 0; })) continue;
            const auto& alternative = f.seen.parts.front();
            change c{.place = alternative.place, .subject = at.subject};
            (gone ? c.before : c.after) = mcp::canonical_json(*alternative.schema);
            tell({kind::alternative_removed, kind::alternative_added, kind::alternative_added}, gone ? effect::narrower : effect::wider, std::move(c));
        }
    };
    left_out(old, fresh, ta, true);
    left_out(fresh, old, tb, false);
}

}  // namespace rollcall::audit::drift
