#include "audit/health/read.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/classify/page_signs.hpp"
#include "audit/health/document.hpp"
#include "audit/health/limits.hpp"
#include "audit/health/object.hpp"
#include "audit/health/safe.hpp"
#include "audit/health/text_document.hpp"
#include "audit/health/walk.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit::health {
namespace {

std::string http_reason(unsigned status) { return "http_" + std::to_string(status); }

void note(report& r, oddity o)
{
    if (std::ranges::find(r.oddities, o) == r.oddities.end()) r.oddities.push_back(o);
}

// One row that stands for the whole.
report summed(report r, state is, std::string reason, std::string words = {})
{
    r.is = is;
    r.reason = reason;
    r.components = {component{r.subject, is, std::move(reason), {}, std::move(words), false}};
    return r;
}

// Nothing was read: HTTP's word is all there is. A success without a readable word is none.
report unread(report r, std::string reason)
{
    const auto http = r.status == 0 ? state::unknown : state_of_http(r.status);
    if (http == state::degraded || http == state::down) return summed(r, http, http_reason(r.status));
    return summed(r, state::unknown, std::move(reason));
}

// A primary serves on without its replica: then the whole is impaired, not down.
bool is_standby(std::string_view name)
{
    const auto last = lower(name.substr(name.rfind('/') + 1));
    static constexpr std::array<std::string_view, 5> all{"replica", "replicas", "read_replica", "standby", "secondary"};
    return std::ranges::find(all, last) != all.end();
}

state weight_of(const component& c) { return c.is == state::down && is_standby(c.name) ? state::degraded : c.is; }

// The document's own sum and its parts, the worse of all.
void roll_up(report& r, const reading& read)
{
    const component* worst = nullptr;
    for (const auto& c : r.components)
        if (weight_of(c) != state::unknown && (!worst || worse(weight_of(c), weight_of(*worst)))) worst = &c;
    r.is = worst ? weight_of(*worst) : state::unknown;
    r.reason = worst ? worst->reason : "";
    if (read.understood && worse(read.whole, r.is)) {
        r.is = read.whole;
        if (r.is != state::up) r.reason = "unspecified";
    }
    if (r.is == state::up) {
        const auto open = std::ranges::find(r.components, state::unknown, &component::is);
        // The document's own sum may be trusted over a part that we do not understand, but not over our own doubt.
        const bool doubtful = (read.spoke && !read.understood) || (open != r.components.end() && (!read.spoke || open->derived));
        if (doubtful) {
            r.is = state::unknown;
            r.reason = open == r.components.end() ? "unknown_word" : open->reason;
        } else {
            r.reason.clear();
        }
    }
    if (read.whole == state::up && r.is == state::down) note(r, oddity::aggregate_hides_failure);
}

// What the answer says beside its text: HTTP's status, or a tool's result that calls itself an error.
void hear(report& r, state http, const std::string& code, bool hidden)
{
    if (http == state::up && r.is == state::down && !hidden) note(r, oddity::code_body_conflict);
    if (http == state::up || http == state::unknown || !worse(http, r.is)) return;
    if (r.is == state::up) note(r, oddity::code_body_conflict);
    r.is = http;
    r.reason = code;
    if (r.components.size() == 1 && r.components.front().name == r.subject) {
        auto& only = r.components.front();
        if (only.reason.empty() || only.reason == "unspecified" || only.is == state::up) only.reason = code;
        r.reason = only.reason;
        only.is = http;
        only.derived = true;
        return;
    }
    r.components.insert(r.components.begin(), component{r.subject, http, code, {}, {}, true});
}

}  // namespace

report read_health(const http_answer& answer, std::string_view subject)
{
    report r;
    r.status = answer.status;
    r.subject = safe_line(subject, name_bytes);
    if (r.subject.empty()) r.subject = "service";
    const auto http = answer.status == 0 ? state::unknown : state_of_http(answer.status);
    // Not let in, not there, too often, led elsewhere: whoever wrote the text, it is not about health.
    if (answer.status != 0 && http == state::unknown) return summed(r, state::unknown, http_reason(answer.status));

    auto d = open_document(answer.body);
    reading read;
    switch (d.is) {
        case substance::page: {
            r.form = family::page;
            const auto wall = recognise_wall(answer);
            return wall ? summed(r, state::unknown, std::string(data::code_of(wall->why))) : unread(r, "not_a_health_document");
        }
        case substance::empty:
            r.form = family::empty;
            return answer.status == 200 || answer.status == 204 ? summed(r, state::up, "") : unread(r, "empty");
        case substance::unreadable: return unread(r, d.problem);
        case substance::structure:
            r.form = family_of(d.value, answer.header("content-type"));
            read = walk(d.value, r.subject, http == state::degraded || http == state::down || d.is_error);
            break;
        case substance::text: {
            auto text = read_text(d.text, r.subject);
            r.form = text.form;
            read = std::move(text.read);
            break;
        }
    }
    r.components = std::move(read.components);
    r.oddities = std::move(read.oddities);
    r.recognised = std::move(read.recognised);
    r.unrecognised = std::move(read.unrecognised);
    if (d.duplicate_key) note(r, oddity::duplicate_key);
    roll_up(r, read);
    const bool hidden = std::ranges::find(r.oddities, oddity::aggregate_hides_failure) != r.oddities.end();
    if (d.is_error || !d.said_before.empty()) {
        const auto code = reason_of_error(d.text);
        hear(r, state::down, code.empty() ? "tool_error" : std::string(code), hidden);
    }
    hear(r, http, http_reason(answer.status), hidden);
    if (r.components.empty()) {
        const bool says_something = d.is == substance::structure && d.value.is_structured() && !d.value.empty();
        return summed(r, r.is, r.is != state::unknown ? r.reason : says_something ? "no_state" : "not_a_health_document");
    }
    if (r.is == state::unknown && r.reason.empty()) r.reason = r.components.front().reason.empty() ? "no_state" : r.components.front().reason;
    return r;
}

report without_document(std::string_view subject, std::string_view code, std::string_view words, bool evidence)
{
    report r;
    r.subject = safe_line(subject, name_bytes);
    return summed(r, evidence ? state::down : state::unknown, std::string(code), safe_line(words, note_bytes));
}

std::string subject_of_path(std::string_view path)
{
    path = path.substr(0, path.find_first_of("?#"));
    while (!path.empty() && path.back() == '/') path.remove_suffix(1);
    const auto last = path.substr(path.rfind('/') + 1);
    static constexpr std::array<std::string_view, 13> general{"health", "healthz", "healthcheck", "health-check", "health_check", "ready", "readyz",
                                                              "live", "livez", "status", "ping", "_health", "actuator"};
    if (last.empty() || std::ranges::find(general, lower(last)) != general.end()) return "service";
    return safe_line(last, name_bytes);
}

}  // namespace rollcall::audit::health
