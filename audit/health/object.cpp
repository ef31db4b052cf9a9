#include "audit/health/object.hpp"

#include "audit/health/limits.hpp"
#include "audit/health/safe.hpp"
#include "audit/health/words.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace rollcall::audit::health {
namespace {

// In this order; the first that holds something that can be a state is the object's own.
constexpr std::array<std::string_view, 7> state_names{"status", "state", "health", "overall_status", "overall", "health_status", "indicator"};
// Where many programs say OK for want of a better place. Only a word that we know counts there.
constexpr std::array<std::string_view, 4> weak_names{"result", "message", "msg", "response"};
constexpr std::array<std::string_view, 5> reason_names{"reason", "code", "error_code", "failure_reason", "classification"};
constexpr std::array<std::string_view, 4> error_names{"error", "exception", "errors", "err"};
constexpr std::array<std::string_view, 6> note_names{"output", "message", "description", "detail", "msg", "note"};

struct flag_name { std::string_view name; flag_row row; };
constexpr std::array flags{
    flag_name{"healthy", {true, state::down, "unspecified"}},
    flag_name{"ok", {true, state::down, "unspecified"}},
    flag_name{"up", {true, state::down, "unspecified"}},
    flag_name{"alive", {true, state::down, "unspecified"}},
    flag_name{"success", {true, state::down, "unspecified"}},
    flag_name{"reachable", {true, state::down, "unreachable"}},
    flag_name{"connected", {true, state::down, "disconnected"}},
    flag_name{"ready", {true, state::degraded, "not_ready"}},
    flag_name{"paused", {false, state::degraded, "paused"}},
    flag_name{"throttled", {false, state::degraded, "throttled"}},
    flag_name{"draining", {false, state::degraded, "draining"}},
    flag_name{"stale", {false, state::degraded, "stale"}},
    flag_name{"stuck", {false, state::degraded, "stuck"}},
    flag_name{"exhausted", {false, state::degraded, "exhausted"}},
    flag_name{"degraded", {false, state::degraded, "unspecified"}},
    flag_name{"maintenance", {false, state::degraded, "maintenance"}},
};
constexpr std::array<std::string_view, 5> good_tails{"_reachable", "_connected", "_ok", "_up", "_healthy"};
constexpr flag_row good_tail{true, state::down, ""};

struct rpc_row { std::string_view reason; state is; };

// google.rpc.Code, by its number. What is about our request and not about the server says nothing.
constexpr std::array rpc_codes{
    rpc_row{"", state::up},
    rpc_row{"cancelled", state::unknown},
    rpc_row{"unknown_error", state::down},
    rpc_row{"invalid_argument", state::unknown},
    rpc_row{"deadline_exceeded", state::down},
    rpc_row{"not_found", state::unknown},
    rpc_row{"already_exists", state::unknown},
    rpc_row{"permission_denied", state::unknown},
    rpc_row{"resource_exhausted", state::degraded},
    rpc_row{"failed_precondition", state::down},
    rpc_row{"aborted", state::down},
    rpc_row{"out_of_range", state::unknown},
    rpc_row{"unimplemented", state::unknown},
    rpc_row{"internal", state::down},
    rpc_row{"unavailable", state::down},
    rpc_row{"data_loss", state::down},
    rpc_row{"unauthenticated", state::unknown},
};

// The member of that name, however it is written.
json::const_iterator member(const json& object, std::string_view name)
{
    for (auto it = object.begin(); it != object.end(); ++it)
        if (snake(it.key()) == name) return it;
    return object.end();
}

std::string text_of(const json& value)
{
    if (value.is_string()) return value.get<std::string>();
    if (value.is_array() && !value.empty()) return text_of(value.front());
    if (value.is_object())
        for (const auto* name : {"message", "detail", "reason", "code"})
            if (const auto it = member(value, name); it != value.end() && it->is_string()) return it->get<std::string>();
    return {};
}

void explain(said& s, std::string_view text)
{
    if (s.reason.empty()) s.reason = reason_of_error(text);
    if (s.note.empty()) s.note = safe_line(text, note_bytes);
}

void take_state(said& s, state is)
{
    s.spoke = true;
    s.understood = is != state::unknown;
    s.is = is;
}

// Reads a value that stands under a name of states; false if it cannot be one.
bool take_word(said& s, const json& value, std::string_view about)
{
    if (value.is_boolean()) {
        take_state(s, value.get<bool>() ? state::up : state::down);
        return true;
    }
    if (value.is_number_integer()) {
        const auto number = value.get<std::int64_t>();
        if (number < 200 || number > 599) return false;
        take_state(s, state_of_http(static_cast<unsigned>(number)));
        return true;
    }
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    const auto word = split_word(text, about);
    s.spoke = true;
    s.understood = word.has_value();
    if (!word) {
        s.note = safe_line(text, note_bytes);
        return true;
    }
    s.is = word->row.is;
    s.word_reason = word->row.reason;
    if (!word->rest.empty()) explain(s, word->rest);
    return true;
}

void read_state(said& s, const json& object, std::string_view name)
{
    for (const auto candidate : state_names) {
        const auto it = member(object, candidate);
        if (it == object.end()) continue;
        const auto about = candidate == "indicator" ? candidate : name;
        if (it->is_object()) {
            // A status page's {"status": {"indicator": "none", "description": "..."}}
            const auto inner = member(*it, "indicator");
            if (inner == it->end() || !take_word(s, *inner, "indicator")) continue;
            if (const auto text = member(*it, "description"); text != it->end() && text->is_string()) s.note = safe_line(text_of(*text), note_bytes);
        } else if (!take_word(s, *it, about)) {
            continue;
        }
        s.used.push_back(it.key());
        return;
    }
    for (const auto candidate : weak_names) {
        const auto it = member(object, candidate);
        if (it == object.end() || !it->is_string() || !find_word(it->get_ref<const std::string&>(), name)) continue;
        take_word(s, *it, name);
        s.used.push_back(it.key());
        return;
    }
}

void read_flags(said& s, const json& object)
{
    for (auto it = object.begin(); it != object.end(); ++it) {
        const auto name = snake(it.key());
        const auto* flag = find_flag(name);
        if (!flag || !it->is_boolean()) continue;
        s.used.push_back(it.key());
        const bool fine = it->get<bool>() == flag->good;
        // That nothing is stale does not mean that anything is well.
        if (fine && !flag->good) continue;
        if (fine) {
            if (!s.spoke) take_state(s, state::up);
            continue;
        }
        const bool says_more = worse(flag->otherwise, s.is);
        if (says_more) take_state(s, flag->otherwise);
        if (says_more || (s.word_reason.empty() && s.is == flag->otherwise)) s.word_reason = flag->reason.empty() ? name : std::string(flag->reason);
    }
}

void read_reason(said& s, const json& object)
{
    for (const auto candidate : reason_names) {
        const auto it = member(object, candidate);
        if (it == object.end() || !it->is_string()) continue;
        s.used.push_back(it.key());
        const auto& text = it->get_ref<const std::string&>();
        // Codes of runtimes (ECONNREFUSED) are better known by what they are about.
        const auto known = candidate == "reason" ? std::string_view{} : reason_of_error(text);
        s.reason = known.empty() ? reason_code(text) : known;
        if (s.reason.empty()) explain(s, text);
        return;
    }
}

void read_error(said& s, const json& object, bool failed_answer)
{
    for (const auto candidate : error_names) {
        const auto it = member(object, candidate);
        if (it == object.end() || !is_error(*it)) continue;
        s.used.push_back(it.key());
        explain(s, text_of(*it));
        if (!s.spoke) take_state(s, state::down);
        return;
    }
    const auto detail = member(object, "detail");
    if (!failed_answer || s.spoke || detail == object.end() || detail->is_null()) return;
    s.used.push_back(detail.key());
    explain(s, text_of(*detail));
    take_state(s, state::down);
}

void read_rpc_code(said& s, const json& object)
{
    const auto code = member(object, "code"), details = member(object, "details");
    if (s.spoke || code == object.end() || details == object.end() || !details->is_array() || !code->is_number_unsigned()) return;
    const auto number = code->get<std::uint64_t>();
    if (number >= rpc_codes.size()) return;
    s.used.insert(s.used.end(), {code.key(), details.key()});
    take_state(s, rpc_codes[number].is);
    s.understood = true;
    s.reason = rpc_codes[number].reason;
}

}  // namespace

state state_of_http(unsigned status) noexcept
{
    if (status >= 200 && status <= 299) return state::up;
    if (status == 503) return state::degraded;
    // 501: what was asked for is not there, as with 404.
    if (status >= 500 && status <= 599 && status != 501) return state::down;
    return state::unknown;
}

bool is_state_name(std::string_view name) { return std::ranges::find(state_names, name) != state_names.end(); }

const flag_row* find_flag(std::string_view name)
{
    for (const auto& f : flags)
        if (f.name == name) return &f.row;
    const bool tail = std::ranges::any_of(good_tails, [&](std::string_view t) { return name.size() > t.size() && name.ends_with(t); });
    return tail ? &good_tail : nullptr;
}

bool is_error(const json& value)
{
    if (value.is_string()) return !value.get_ref<const std::string&>().empty();
    if (value.is_array()) return !value.empty();
    return value.is_object() && !value.empty() && !holds_components(value);
}

// Without asking what is below: this is asked at every level.
bool is_component(const json& value)
{
    if (!value.is_object()) return false;
    said s;
    read_state(s, value, {});
    if (!s.spoke) read_flags(s, value);
    if (s.spoke) return true;
    return std::ranges::any_of(error_names, [&](std::string_view name) {
        const auto it = member(value, name);
        return it != value.end() && !it->is_object() && is_error(*it);
    });
}

bool holds_components(const json& value)
{
    return value.is_structured() && std::any_of(value.begin(), value.end(), [](const json& v) { return is_component(v) || holds_components(v); });
}

said read_object(const json& object, std::string_view name, bool failed_answer)
{
    said s;
    read_state(s, object, name);
    s.word = s.is;
    read_flags(s, object);
    read_reason(s, object);
    read_error(s, object, failed_answer);
    read_rpc_code(s, object);
    for (const auto candidate : note_names) {
        const auto it = member(object, candidate);
        if (it == object.end() || !it->is_string() || it->get_ref<const std::string&>().empty()) continue;
        s.used.push_back(it.key());
        if (s.reason.empty() && s.is != state::up) s.reason = reason_of_error(it->get_ref<const std::string&>());
        if (s.note.empty()) s.note = safe_line(it->get_ref<const std::string&>(), note_bytes);
    }
    return s;
}

}  // namespace rollcall::audit::health
