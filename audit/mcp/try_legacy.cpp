// States I and G: `initialize` over Streamable HTTP, and over the HTTP+SSE transport of 2024.
#include "audit/classify/ascii.hpp"
#include "audit/mcp/attempt.hpp"
#include "audit/mcp/text.hpp"

#include <algorithm>

namespace rollcall::audit::mcp {
namespace {

using data::reason;
using data::warning;

void file(attempt& a, finding why)
{
    a.why = std::move(why);
    a.facts.detail = a.why.detail;
}

// What to try when the server answers an error to our version: one that it names, else nothing.
std::string version_to_try(const reading& r, std::string_view sent)
{
    if (auto list = supported_versions(r)) {
        std::erase(*list, sent);
        return newest_legacy_of(*list);
    }
    return legacy_version_in(r.words, sent);
}

// "https://host:port" of an absolute http(s) URL, lower-case, the port written out; empty if it is none.
std::string origin_of(std::string_view url)
{
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) return {};
    const std::string scheme = lower(url.substr(0, colon));
    if (scheme != "http" && scheme != "https") return {};
    url.remove_prefix(colon + 3);
    std::string authority = lower(url.substr(0, url.find_first_of("/?#")));
    if (const auto at = authority.rfind('@'); at != std::string::npos) authority.erase(0, at + 1);
    const auto port = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
    if (port == std::string::npos) authority += scheme == "https" ? ":443" : ":80";
    else if (port + 1 == authority.size()) authority += scheme == "https" ? "443" : "80";
    return scheme + "://" + authority;
}

// The official client refuses an endpoint on another origin, and so do we: it would carry our words elsewhere.
bool stays_at_home(std::string_view endpoint, const std::string& home)
{
    if (endpoint.find_first_of("\\ \t\r\n") != std::string_view::npos) return false;
    // White space of any script is dropped where the reference is resolved; what it hid could lead elsewhere.
    if (endpoint.front() < '!' || endpoint.front() > '~') return false;
    if (endpoint.starts_with("//")) {
        if (home.empty()) return false;
        return origin_of(home.substr(0, home.find(':') + 1) + std::string(endpoint)) == origin_of(home);
    }
    const auto colon = endpoint.find(':');
    const bool has_scheme = colon != std::string_view::npos && colon < endpoint.find_first_of("/?#");
    return !has_scheme || (!home.empty() && origin_of(endpoint) == origin_of(home));
}

// After a good `initialize`: `initialized`, then the list.
script<list_end> go_on(dialogue& talk, attempt& a, channel through)
{
    const bool declared = std::ranges::find(a.facts.capabilities, "tools") != a.facts.capabilities.end();
    const auto h_said = talk.say(legacy_initialized(through));
    heard h = co_await h_said;
    switch (judge_notified(a, h, through)) {
        case notified::session_lost:
            if (!through.on_stream) co_return list_end::session_lost;
            co_return list_end::filed;
        case notified::badly: co_return list_end::filed;
        case notified::well: break;
    }
    auto listing = read_list(talk, a, through, declared);
    const list_end end = co_await listing;
    co_return end;
}

}  // namespace

// `initialize` was answered with a refusal of our version: with one that the server names it may work, and that
// makes no difference to the verdict, since a server must answer with a version of its own.
script<bool> works_at(dialogue& talk, std::string version)
{
    auto saying = say_and_resume(talk, legacy_initialize(talk, version, {}), {});
    heard h = co_await saying;
    const reading r = read(h);
    attempt scratch;
    if (r.what != reading::kind::result || check_initialize(r.result, scratch)) co_return false;
    channel through{scratch.facts.protocol_version, session_of(h.answer), {}, false};
    if (!through.session.empty()) {
        const auto ignored_said = talk.say(end_of_session(through));
        co_await ignored_said;
    }
    co_return true;
}

script<attempt> try_legacy(dialogue& talk, std::string version, bool fresh_connection)
{
    bool restarted = false;
    while (true) {
        attempt a;
        a.first_ask = talk.asked();
        a.greeted = restarted;  // the first time it answered well
        channel through;
        ask first = legacy_initialize(talk, version, through);
        first.fresh_connection = fresh_connection && !restarted;
        auto saying = say_and_resume(talk, first, through);
        heard h = co_await saying;
        note_reply(a, h.reply);
        const reading r = read(h);
        if (r.what != reading::kind::result) {
            note_failure(a, r);
            if (restarted) {
                // A wall, a rate limit or a time-out on the second try is what it is.
                if (!r.stop && !may_pass(r)) file(a, {reason::session_lost, "initialize failed on the second try"});
                co_return a;
            }
            const std::string other = version_to_try(r, version);
            if (is_version_error(r) && other.empty()) {
                a.modern_only = true;
            } else if (refuses_version(r) && r.why.why != reason::auth_rpc) {
                a.decided = true;
                std::string detail = r.why.detail;
                if (!other.empty()) {
                    auto repeat = works_at(talk, other);
                    if (co_await repeat) detail = "works at " + other;
                }
                file(a, {reason::version_unsupported, detail});
            }
            co_return a;
        }
        a.facts.http_status = static_cast<std::uint16_t>(r.status);
        a.reached = depth::rpc;
        through.session = session_of(h.answer);
        list_end end = list_end::filed;
        if (const auto wrong = check_initialize(r.result, a)) {
            file(a, *wrong);
            a.decided = true;
            if (through.session.empty()) co_return a;
        } else {
            a.facts.transport = data::transport::streamable_http;
            through.version = a.facts.protocol_version;
            auto going_on = go_on(talk, a, through);
            end = co_await going_on;
        }
        if (end == list_end::session_lost && !restarted) {
            restarted = true;
            continue;
        }
        if (end == list_end::session_lost) file(a, {reason::session_lost, a.facts.detail});
        else if (restarted && a.good()) warn(a, warning::session_flaky);
        if (!through.session.empty() && !a.dead) {
            const auto ignored_said = talk.say(end_of_session(through));
            co_await ignored_said;
        }
        co_return a;
    }
}

script<attempt> try_event_stream(dialogue& talk)
{
    attempt a;
    a.first_ask = talk.asked();
    const auto opened_said = talk.say(open_event_stream());
    heard opened = co_await opened_said;
    const auto& endpoint = opened.reply.endpoint_event;
    if (opened.failed || opened.answer.status != 200 || opened.reply.problem || endpoint.empty()) {
        note_failure(a, read(opened));
        co_return a;
    }
    a.greeted = true;
    a.reached = depth::rpc;
    a.facts.transport = data::transport::http_sse;
    a.facts.http_status = 200;
    warn(a, warning::deprecated_transport);
    if (!stays_at_home(endpoint, talk.known.origin)) {
        file(a, {reason::bad_envelope, "sse_endpoint_origin"});
        co_return a;
    }
    channel through{{}, {}, endpoint, true};
    const auto h_said = talk.say(legacy_initialize(talk, newest_legacy, through));
    heard h = co_await h_said;
    note_reply(a, h.reply);
    const reading r = read(h);
    if (r.what != reading::kind::result) {
        note_failure(a, r);
        if (refuses_version(r)) file(a, {reason::version_unsupported, r.why.detail});
        co_return a;
    }
    if (const auto wrong = check_initialize(r.result, a)) {
        file(a, *wrong);
        co_return a;
    }
    through.version = a.facts.protocol_version;
    auto going_on = go_on(talk, a, through);
    co_await going_on;
    co_return a;
}

}  // namespace rollcall::audit::mcp
