// A change as a sentence. What servers wrote is shortened and made safe to show; the codes and values stay in the change.
#include "audit/drift/annotations.hpp"
#include "audit/drift/change.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace rollcall::audit::drift {
namespace {

using nlohmann::json;

// In characters, cut between them.
std::string shortened(std::string_view text, std::size_t most)
{
    auto out = safe_to_show(text);
    std::size_t characters = 0, i = 0;
    for (; i < out.size(); ++i)
        if ((static_cast<unsigned char>(out[i]) & 0xC0u) != 0x80u && ++characters > most) break;
    return i < out.size() ? out.substr(0, i) + "..." : out;
}

std::string code(std::string_view text) { return "`" + shortened(text, 48) + "`"; }

json parsed(const std::string& text) { return json::parse(text, nullptr, /*allow_exceptions=*/false); }

std::string value(const std::string& json_text) { return json_text.empty() ? "none" : shortened(json_text, 40); }

// "string or null"; what a list of types says.
std::string types(const std::string& json_text)
{
    const auto t = parsed(json_text);
    if (t.is_boolean()) return t.get<bool>() ? "anything" : "nothing";
    if (t.is_string()) return t.get<std::string>();
    std::string out;
    for (std::size_t i = 0; i < t.size(); ++i) {
        if (i > 0) out += i + 1 == t.size() ? " or " : ", ";
        out += t[i].get<std::string>();
    }
    return out;
}

std::string listed(const std::vector<json>& values)
{
    constexpr std::size_t most = 4;
    std::string out;
    for (std::size_t i = 0; i < values.size() && i < most; ++i)
        out += (i > 0 ? ", " : "") + shortened(values[i].dump(-1, ' ', false, json::error_handler_t::replace), 24);
    return values.size() > most ? fmt::format("{} and {} more", out, values.size() - most) : out;
}

std::vector<json> without(const json& all, const json& these)
{
    std::vector<json> out;
    for (const auto& v : all)
        if (std::ranges::find(these, v) == these.end()) out.push_back(v);
    return out;
}

// "for `limit`", or "as its result".
std::string for_it(const change& c)
{
    if (c.side == side::output) return c.subject.empty() ? "as its result" : "as " + code(c.subject);
    return c.subject.empty() ? "as its arguments" : "for " + code(c.subject);
}

std::string it(const change& c)
{
    if (!c.subject.empty()) return code(c.subject);
    return c.side == side::output ? "its results" : c.side == side::input ? "its arguments" : "the tool";
}

std::string of_types(const change& c)
{
    const auto before = types(c.before), after = types(c.after), where = for_it(c);
    const bool output = c.side == side::output;
    const std::string takes = output ? "returns" : "takes";
    switch (c.what) {
        case kind::type_widened: return fmt::format("{} {} {}, not only {}", output ? "may return" : "takes", after, where, before);
        case kind::type_narrowed: return fmt::format("{} only {} {}, no longer {}", takes, after, where, before);
        default: return fmt::format("{} {} {} instead of {}", takes, after, where, before);
    }
}

std::string of_values(const change& c)
{
    const auto where = for_it(c);
    const bool output = c.side == side::output;
    const std::string takes = output ? "returns" : "takes";
    if (c.after.empty()) return fmt::format("{} any value {}, no longer only {}", output ? "may return" : "takes", where, listed(parsed(c.before)));
    if (c.before.empty()) return fmt::format("{} only {} {}", takes, listed(parsed(c.after)), where);
    const auto before = parsed(c.before), after = parsed(c.after);
    const auto lost = without(before, after), gained = without(after, before);
    if (lost.empty()) return fmt::format("{} {} {} too", output ? "may return" : "takes", listed(gained), where);
    if (gained.empty()) return fmt::format("no longer {} {} {}", output ? "returns" : "takes", listed(lost), where);
    return fmt::format("{} {} {}, no longer {}", output ? "may return" : "takes", listed(gained), where, listed(lost));
}

std::string of_constraint(const change& c)
{
    const bool stricter = c.what == kind::constraint_tightened, looser = c.what == kind::constraint_loosened;
    const auto verb = stricter ? "is stricter about" : looser ? "is less strict about" : "has another rule for";
    const auto worth_showing = [](const std::string& text) { return text.empty() || (text[0] != '{' && text[0] != '['); };
    if (worth_showing(c.before) && worth_showing(c.after)) return fmt::format("{} {}: {} {} -> {}", verb, it(c), code(c.keyword), value(c.before), value(c.after));
    return fmt::format("{} {}: {} {}", verb, it(c), code(c.keyword), c.before.empty() ? "is new" : c.after.empty() ? "is gone" : "differs");
}

std::string of_default(const change& c)
{
    if (c.before.empty()) return fmt::format("states what it assumes without {}: {}", code(c.subject), value(c.after));
    if (c.after.empty()) return fmt::format("no longer says what it assumes without {} (was {})", code(c.subject), value(c.before));
    return fmt::format("assumes {} without {}, no longer {}", value(c.after), code(c.subject), value(c.before));
}

std::string of_undeclared(const change& c)
{
    const auto inside = c.subject.empty() ? std::string() : " in " + code(c.subject);
    const bool refused = c.what == kind::undeclared_refused;
    if (c.side == side::output) return (refused ? "returns nothing undeclared" : "may return undeclared fields") + inside + (refused ? " any more" : "");
    return (refused ? "refuses undeclared parameters" : "allows undeclared parameters") + inside;
}

// "has another description of `limit`"
std::string of_words(const change& c)
{
    const auto what = c.what == kind::note_changed ? code(c.keyword) : c.keyword;
    const auto whose = c.side == side::tool && c.subject.empty() ? std::string() : " of " + it(c);
    if (c.before.empty()) return fmt::format("now has a {}{}", what, whose);
    return c.after.empty() ? fmt::format("no longer has a {}{}", what, whose) : fmt::format("has another {}{}", what, whose);
}

std::string of_promise(const change& c)
{
    const bool made = c.what == kind::promise_made;
    return fmt::format("{} {} ({})", made ? "now promises" : "no longer promises", promise_of(c.keyword), shortened(c.keyword, 48));
}

}  // namespace

std::string predicate_of(const change& c)
{
    const auto name = code(c.subject);
    switch (c.what) {
        case kind::tool_added: return "is new";
        case kind::tool_removed: return "is gone";
        case kind::tool_renamed: return "now seems to be called " + code(c.renamed);
        case kind::parameter_added: return "can now take " + name;
        case kind::required_parameter_added: return "now requires " + name + ", which is new";
        case kind::parameter_removed: return "no longer takes " + name;
        case kind::parameter_renamed: return "now seems to take " + name + " as " + code(parsed(c.after).get<std::string>());
        case kind::parameter_now_required: return "now requires " + name;
        case kind::parameter_now_optional: return "no longer requires " + name;
        case kind::result_field_added: return "returns " + name + ", which is new";
        case kind::result_field_removed: return "no longer returns " + name;
        case kind::result_field_renamed: return "now seems to return " + name + " as " + code(parsed(c.after).get<std::string>());
        case kind::result_field_now_optional: return "may now leave " + name + " out of its results";
        case kind::result_field_now_always: return "now always returns " + name;
        case kind::type_widened:
        case kind::type_narrowed:
        case kind::type_changed: return of_types(c);
        case kind::enum_widened:
        case kind::enum_narrowed:
        case kind::enum_changed: return of_values(c);
        case kind::alternative_added: return (c.side == side::output ? "may return another form " : "takes another form ") + for_it(c);
        case kind::alternative_removed: return (c.side == side::output ? "no longer returns one of the forms " : "no longer takes one of the forms ") + for_it(c);
        case kind::constraint_tightened:
        case kind::constraint_loosened:
        case kind::constraint_changed: return of_constraint(c);
        case kind::default_changed: return of_default(c);
        case kind::undeclared_refused:
        case kind::undeclared_allowed: return of_undeclared(c);
        case kind::output_schema_added: return "now declares what it returns";
        case kind::output_schema_removed: return "no longer declares what it returns";
        case kind::promise_withdrawn:
        case kind::promise_made: return of_promise(c);
        case kind::wording_changed:
        case kind::note_changed: return of_words(c);
        case kind::not_compared: return std::string(c.side == side::output ? "has an output schema" : "has an input schema") + " too large or too tangled to be compared to the end";
    }
    return "";
}

std::string sentence_of(const change& c) { return shortened(c.tool, 64) + " " + predicate_of(c); }

}  // namespace rollcall::audit::drift
