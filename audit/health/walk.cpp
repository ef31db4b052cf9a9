#include "audit/health/walk.hpp"

#include "audit/health/limits.hpp"
#include "audit/health/metrics.hpp"
#include "audit/health/object.hpp"
#include "audit/health/safe.hpp"
#include "audit/health/words.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace rollcall::audit::health {
namespace {

struct container_row { std::string_view name; bool bare; std::string_view prefix; };

// Members that only hold components: their names are no part of a component's. In a bare one every word and every yes
// or no is a state; in the others a document keeps all sorts of things.
constexpr std::array containers{
    container_row{"checks", true, ""},
    container_row{"components", true, ""},
    container_row{"dependencies", true, ""},
    container_row{"services", true, ""},
    container_row{"indicators", true, ""},
    container_row{"entries", true, ""},
    container_row{"freshness", true, "table/"},
    container_row{"results", false, ""},
    container_row{"details", false, ""},
    container_row{"info", false, ""},
    container_row{"error", false, ""},
    container_row{"data", false, ""},
    container_row{"health", false, ""},
};

// Members that speak of something else than the present state, even where they use its words.
constexpr std::array<std::string_view, 13> passed_over{"page", "incidents", "scheduled_maintenances", "links", "build", "git", "commit",
                                                       "deployment", "deploy", "release", "notes", "history", "impacts"};

const container_row* find_container(std::string_view name)
{
    const auto found = std::ranges::find(containers, name, &container_row::name);
    return found == containers.end() ? nullptr : &*found;
}

std::string joined(std::string_view path, std::string_view name) { return path.empty() ? std::string(name) : std::string(path) + "/" + std::string(name); }
std::string dotted(std::string_view place, std::string_view name) { return place.empty() ? std::string(name) : std::string(place) + "." + std::string(name); }

// The component that is being read, and what its members add to its own word.
struct open_component {
    component c;
    said own;
    bool top = false;
    bool worsened = false;        // by a member or a figure
    std::string derived_reason;
    bool never_updated = false;   // null where the age of its data belongs
};

// Where in the document we are, within one component.
struct place {
    std::string path;      // of components below
    std::string raw;       // as the document spells it
    std::string prefix;    // of metrics
    std::string measure;   // what an observed value measures
    bool in_pool = false;
    unsigned below = 0;    // levels below the component
};

// Of connections: in a pool of threads a queue is nothing unusual.
bool is_pool(std::string_view name)
{
    return (name.starts_with("pool") || name.ends_with("pool")) && name.find("thread") == std::string_view::npos && name.find("worker") == std::string_view::npos;
}

class walker {
public:
    walker(reading& out, const std::string& subject, bool failed_answer) : out_(out), subject_(subject), failed_answer_(failed_answer) {}

    void document(const json& d)
    {
        open_component top;
        top.top = true;
        top.c.name = subject_;
        if (d.is_object()) top.own = read_object(d, subject_, failed_answer_);
        // A part that was taken out of service is missed; a whole that was is gone.
        if (top.own.word_reason == "out_of_service") top.own.is = top.own.word = state::down;
        heard(top.own, {});
        if (d.is_structured()) members(d, {}, top, d.is_array());
        finish_top(top);
        list();
    }

private:
    void use(std::string_view where) { keep(out_.recognised, where); }
    void pass(std::string_view where) { keep(out_.unrecognised, where); }
    void note(oddity o)
    {
        if (std::ranges::find(out_.oddities, o) == out_.oddities.end()) out_.oddities.push_back(o);
    }
    static void keep(std::vector<std::string>& list, std::string_view where)
    {
        if (list.size() < most_places) list.push_back(safe_line(where, name_bytes));
    }

    void heard(const said& own, std::string_view raw)
    {
        const bool strange = own.spoke && !own.understood && own.is == state::unknown;
        if (strange) note(oddity::unknown_word);
        for (const auto& name : own.used) strange && is_state_name(snake(name)) ? pass(dotted(raw, name)) : use(dotted(raw, name));
    }

    void members(const json& holder, const place& at, open_component& of, bool bare)
    {
        std::vector<metric> figures;
        std::set<std::string> names;
        std::size_t index = 0;
        if (holder.is_object()) observed(holder, at, figures);
        for (auto it = holder.begin(); it != holder.end(); ++it) {
            const auto key = holder.is_object() ? it.key() : name_of(*it, ++index, names);
            member(key, *it, at, of, bare, figures);
        }
        settle(figures, at, of);
    }

    // health+json: {"observedValue": 12, "observedUnit": "ms"}, and the name of the measure above it.
    void observed(const json& holder, const place& at, std::vector<metric>& figures)
    {
        const auto value = holder.find("observedValue"), unit = holder.find("observedUnit");
        if (at.measure.empty() || value == holder.end() || !value->is_number()) return;
        auto m = metric_of(at.measure, *value, at.in_pool);
        if (!m) return;
        if (!m->known && unit != holder.end() && unit->is_string()) m->unit = safe_line(unit->get_ref<const std::string&>(), 16);
        figures.push_back(std::move(*m));
        use(dotted(at.raw, "observedValue"));
    }

    void member(const std::string& key, const json& value, const place& at, open_component& of, bool bare, std::vector<metric>& figures)
    {
        const auto name = snake(key);
        const auto where = dotted(at.raw, key);
        const bool own_member = at.below == 0 && std::ranges::find(of.own.used, key) != of.own.used.end();
        if (std::ranges::find(passed_over, name) != passed_over.end()) return pass(where);
        if (own_member || (name == "observed_value" && !at.measure.empty())) return;
        if (value.is_structured()) return structure(key, name, value, at, of, bare, where);
        if (auto m = metric_of(key, value, at.in_pool)) {
            if (m->name == "age_s" && !m->value) of.never_updated = true;
            use(where);
            figures.push_back(std::move(*m));
            return;
        }
        if (value.is_boolean() || value.is_string()) {
            // Of several names of the object's state the first counts; the others are no components.
            const bool outranked = !bare && is_state_name(name);
            if (!outranked && word(key, name, value, at, of, bare)) return use(where);
        }
        pass(where);
    }

    void structure(const std::string& key, const std::string& name, const json& value, const place& at, open_component& of, bool bare, const std::string& where)
    {
        const auto* container = find_container(name);
        const auto colon = key.rfind(':');
        auto measure = colon != std::string::npos ? key.substr(colon + 1) : at.measure.empty() ? key : at.measure;
        place below{at.path, where, at.prefix, container ? std::string() : std::move(measure), at.in_pool || is_pool(name), at.below + 1};
        if (value.is_object() && is_component(value) && !(container && !bare && holds_components(value))) {
            use(where);
            return child(joined(at.path, safe_segment(key)), value, below);
        }
        // The one measurement of its kind needs no name beside its measure's.
        if (!container && value.is_array() && value.size() == 1 && value.front().is_object()) {
            if (is_component(value.front())) return child(joined(at.path, safe_segment(key)), value.front(), below);
            if (!below.measure.empty()) return members(value.front(), below, of, false);
        }
        if (container && (value.is_object() || holds_components(value))) {
            use(where);
            below.path = at.path.empty() ? std::string(container->prefix) : joined(at.path, container->prefix);
            while (!below.path.empty() && below.path.back() == '/') below.path.pop_back();
            return members(value, below, of, container->bare);
        }
        if (holds_components(value)) {
            use(where);
            below.path = joined(at.path, safe_segment(key));
            return members(value, below, of, value.is_array());
        }
        // What is left are figures, one or two levels below their component.
        if (!value.is_object() || at.below >= 2) return pass(where);
        below.path = joined(at.path, safe_segment(key));
        if (name != "stats" && name != "metrics" && name != "values") below.prefix = joined_prefix(at.prefix, name);
        members(value, below, of, false);
    }

    static std::string joined_prefix(const std::string& prefix, const std::string& name) { return prefix.empty() ? name : prefix + "_" + name; }

    // A word or a yes or no that stands alone. True if it was one of a state.
    bool word(const std::string& key, const std::string& name, const json& value, const place& at, open_component& of, bool bare)
    {
        component c;
        c.name = joined(at.path, safe_segment(key));
        if (value.is_boolean()) {
            const auto* flag = find_flag(name);
            if (!flag && !bare) return false;
            const bool fine = value.get<bool>() == (flag ? flag->good : true);
            c.is = fine ? state::up : flag ? flag->otherwise : state::down;
            if (!fine) c.reason = !flag ? "unspecified" : flag->reason.empty() ? name : std::string(flag->reason);
            if (flag && !bare) {
                // Read with its object where that is a component; below one it is a finding about it.
                if (!fine) worsen(of, c.is, c.reason);
                return true;
            }
        } else {
            const auto& text = value.get_ref<const std::string&>();
            const auto spoken = split_word(text, name);
            if (!spoken || !(bare || (spoken->row.scope != word_scope::state_only && may_hold_state(key)))) return false;
            c.is = spoken->row.is;
            c.note = safe_line(spoken->rest, note_bytes);
            if (c.is != state::up) c.reason = reason_of_error(spoken->rest);
            if (c.reason.empty()) c.reason = spoken->row.reason;
            // Of a part of a named component it is a finding about that component, as is the pace of any.
            if ((!of.top && !bare) || spoken->row.scope == word_scope::pace) {
                // It named its own state with this in view: a part that is lost impairs it.
                if (c.is != state::up) worsen(of, c.is == state::down ? state::degraded : c.is, c.reason.empty() ? name : c.reason);
                else if (of.own.word_reason.empty()) of.own.word_reason = c.reason;
                return true;
            }
            if (c.is != state::up && c.reason.empty()) c.reason = "unspecified";
        }
        add(std::move(c));
        return true;
    }

    void child(const std::string& path, const json& object, place at)
    {
        open_component of;
        of.c.name = path;
        const auto last = path.rfind('/');
        of.own = read_object(object, last == std::string::npos ? path : path.substr(last + 1), false);
        heard(of.own, at.raw);
        at.path = path;
        at.prefix.clear();
        at.below = 0;
        const auto slot = found_.size();
        found_.emplace_back();
        members(object, at, of, false);
        finish(of);
        put(slot, std::move(of.c));
    }

    static void worsen(open_component& of, state to, std::string reason)
    {
        if (of.worsened && !worse(to, of.c.is)) return;
        of.worsened = true;
        of.c.is = to;
        of.derived_reason = std::move(reason);
    }

    // The figures of one object: what they mean together, then under the names that tell objects apart.
    void settle(std::vector<metric>& figures, const place& at, open_component& of)
    {
        if (const auto* limit = broken_limit(figures)) worsen(of, limit->becomes, std::string(limit->reason));
        for (auto& m : figures) {
            const bool named = at.prefix.empty() || m.name == at.prefix || m.name.starts_with(at.prefix + "_") || (m.known && m.name.starts_with("pool_"));
            if (!named) m.name = at.prefix + "_" + m.name;
            const bool there = std::ranges::any_of(of.c.metrics, [&](const metric& other) { return other.name == m.name; });
            if (!there && of.c.metrics.size() < most_metrics) of.c.metrics.push_back(std::move(m));
        }
    }

    static void finish(open_component& of)
    {
        const auto found = of.c.is;  // by members and figures, if of.worsened
        of.c.is = of.own.understood || of.own.is != state::unknown ? of.own.is : state::unknown;
        if (of.worsened && (worse(found, of.c.is) || (found == state::unknown && of.c.is == state::up))) {
            of.c.is = found;
            of.c.derived = true;
        }
        of.c.note = of.own.note;
        const bool agrees = of.worsened && found == of.c.is;
        if (of.c.is == state::up) of.c.reason = of.own.word_reason;
        else if (!of.own.reason.empty()) of.c.reason = of.own.reason;
        else if (of.never_updated) of.c.reason = "never_updated";
        else if (agrees) of.c.reason = of.derived_reason;
        else if (!of.own.word_reason.empty()) of.c.reason = of.own.word_reason;
        else if (of.c.is == state::unknown && of.own.spoke && !of.own.understood) of.c.reason = "unknown_word";
        else if (of.worsened && !of.derived_reason.empty()) of.c.reason = of.derived_reason;
        else of.c.reason = of.c.is == state::unknown ? "no_state" : "unspecified";
    }

    // The document as a whole is a component of its own if it names no other, or says more than its parts do.
    void finish_top(open_component& top)
    {
        // Figures alone, without a word of state anywhere, prove nothing.
        if (!top.own.spoke && found_.empty()) top.worsened = false;
        finish(top);
        // Its parts spoke and its figures break no limit: of the whole itself there is nothing bad to say.
        const auto is_known = [](const component& c) { return c.is != state::unknown; };
        if (!top.own.spoke && !top.worsened && std::ranges::any_of(found_, is_known)) {
            top.c.is = state::up;
            top.c.reason.clear();
        }
        out_.spoke = top.own.spoke;
        out_.understood = top.own.understood;
        out_.whole = top.own.word;
        const bool explained = std::ranges::any_of(found_, [&](const component& c) { return c.is == top.c.is || worse(c.is, top.c.is); });
        const bool more = top.c.is != state::unknown && top.c.is != state::up && !explained;
        const bool own_words = !top.own.reason.empty() && !explained;
        const bool figures = std::ranges::any_of(top.c.metrics, &metric::known);
        if (found_.empty() || more || own_words || figures || top.c.derived)
            if (top.own.spoke || !top.c.metrics.empty() || top.worsened) found_.insert(found_.begin(), std::move(top.c));
    }

    void add(component c)
    {
        found_.emplace_back();
        put(found_.size() - 1, std::move(c));
    }

    // A document may tell of a component in two places; then the worse one holds, with the figures of both.
    void put(std::size_t slot, component c)
    {
        const auto [it, fresh] = by_name_.emplace(c.name, slot);
        if (fresh) {
            found_[slot] = std::move(c);
            return;
        }
        auto& first = found_[it->second];
        if (worse(c.is, first.is)) {
            std::swap(first.metrics, c.metrics);
            std::swap(first, c);
        }
        for (auto& m : c.metrics)
            if (first.metrics.size() < most_metrics && std::ranges::find(first.metrics, m.name, &metric::name) == first.metrics.end()) first.metrics.push_back(std::move(m));
    }

    void list()
    {
        std::erase_if(found_, [](const component& c) { return c.name.empty(); });
        if (found_.size() > most_components) {
            note(oddity::components_cut);
            // What is up is the first that can be spared.
            std::stable_partition(found_.begin(), found_.end(), [](const component& c) { return c.is != state::up; });
            found_.resize(most_components);
        }
        out_.components = std::move(found_);
    }

    // "comp:measure" is a component and what was measured of it.
    static std::string safe_segment(std::string_view key)
    {
        std::string out(key);
        std::ranges::replace(out, ':', '/');
        out = safe_line(out, name_bytes);
        return out.empty() ? "unnamed" : out;
    }

    // How an element of an array calls itself, told apart from the others.
    static std::string name_of(const json& element, std::size_t index, std::set<std::string>& taken)
    {
        std::string name;
        if (element.is_object())
            for (const auto* key : {"name", "id", "componentId", "key", "component", "service"})
                if (const auto it = element.find(key); name.empty() && it != element.end() && it->is_string()) name = it->get<std::string>();
        if (name.empty()) name = "#" + std::to_string(index);
        if (!taken.insert(name).second) name += " #" + std::to_string(index);
        taken.insert(name);
        return name;
    }

    reading& out_;
    const std::string& subject_;
    bool failed_answer_;
    std::vector<component> found_;
    std::map<std::string, std::size_t> by_name_;
};

}  // namespace

reading walk(const json& document, const std::string& subject, bool failed_answer)
{
    reading out;
    walker(out, subject, failed_answer).document(document);
    return out;
}

}  // namespace rollcall::audit::health
