#include "audit/mcp/attempt.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/mcp/shapes.hpp"
#include "audit/mcp/text.hpp"

#include <algorithm>

namespace rollcall::audit::mcp {
namespace {

using data::reason;
using data::warning;
using nlohmann::json;

constexpr std::size_t longest_name = 200;
constexpr std::size_t most_capabilities = 32;
constexpr std::size_t longest_capability = 60;

// The answer to a notification is not read as a response, but one that refuses may say why in a JSON-RPC error.
heard with_error_of(heard h)
{
    if (h.failed) return h;
    reply_reader reader(h.answer.status, h.answer.header("content-type"), awaits::response, 0);
    reader.feed(h.answer.body);
    h.reply = reader.finish(ending::whole);
    return h;
}

std::string text_member(const json& object, const char* name)
{
    const auto it = object.find(name);
    return it != object.end() && it->is_string() ? one_line(it->get_ref<const std::string&>(), longest_name) : std::string();
}

}  // namespace

finding after_an_answer(const finding& why)
{
    if (why.why == reason::http_hang) return {reason::mcp_timeout, why.detail};
    if (why.why == reason::tcp_reset) return {reason::empty, why.detail.empty() ? "connection closed" : why.detail};
    return why;
}

void warn(attempt& a, warning w)
{
    auto& all = a.facts.warnings;
    if (const auto at = std::ranges::lower_bound(all, w); at == all.end() || *at != w) all.insert(at, w);
}

void note_failure(attempt& a, const reading& r)
{
    a.why = a.greeted && !r.dead ? after_an_answer(r.why) : r.why;
    a.facts.detail = a.why.detail;
    a.reached = a.greeted ? depth::rpc : r.reached;
    if (r.status != 0 || !a.greeted) a.facts.http_status = static_cast<std::uint16_t>(r.status);
    a.facts.auth_challenge = r.challenge;
    a.stop = r.stop;
    a.dead = r.dead;
    a.no_answer = r.no_answer;
    a.may_pass = may_pass(r);
    a.rpc_error = r.what == reading::kind::error;
    a.code = r.code;
}

void note_reply(attempt& a, const reply& r)
{
    for (const auto w : r.warnings) warn(a, w);
    if (r.server_request && a.facts.era == data::era::modern) warn(a, warning::server_request_modern);
}

void note_server(attempt& a, const json& info)
{
    if (!info.is_object()) return;
    a.facts.server_name = text_member(info, "name");
    a.facts.server_version = text_member(info, "version");
}

void note_capabilities(attempt& a, const json& capabilities)
{
    a.facts.capabilities.clear();
    if (!capabilities.is_object()) return;
    for (const auto& [name, value] : capabilities.items()) {
        if (a.facts.capabilities.size() == most_capabilities) break;
        a.facts.capabilities.push_back(one_line(name, longest_capability));
    }
    std::ranges::sort(a.facts.capabilities);
}

std::optional<finding> check_initialize(const json& result, attempt& a)
{
    const auto version = result.find("protocolVersion");
    if (version == result.end()) return finding{reason::init_shape, "protocolVersion: absent"};
    if (!version->is_string()) return finding{reason::version_unsupported, "protocolVersion: not a string"};
    const auto& text = version->get_ref<const std::string&>();
    if (!is_legacy_version(text)) return finding{reason::version_unsupported, one_line("answered with " + text, 100)};
    for (const auto& fault : {capabilities_fault(result, data::era::legacy), server_info_fault(result), instructions_fault(result), meta_fault(result)})
        if (fault) return finding{reason::init_shape, *fault};
    a.greeted = true;
    a.reached = depth::rpc;
    a.facts.era = data::era::legacy;
    a.facts.protocol_version = text;
    note_server(a, result["serverInfo"]);
    note_capabilities(a, result["capabilities"]);
    return std::nullopt;
}

script<heard> say_and_resume(dialogue& talk, ask a, channel through)
{
    const auto h_said = talk.say(a);
    heard h = co_await h_said;
    const auto& id = h.reply.last_event_id;
    const bool broke_off = !h.failed && h.reply.problem == reason::sse_truncated && !id.empty() && id.size() <= 1024 &&
                           std::ranges::all_of(id, [](char c) { return c >= ' ' && c <= '~'; });
    if (!broke_off || through.on_stream) co_return h;
    if (through.session.empty()) through.session = session_of(h.answer);
    const auto rest_said = talk.say(resume_stream(a, h.reply, through));
    heard rest = co_await rest_said;
    // A refusal of the GET, often with a JSON-RPC error of its own, is no answer to what we asked.
    if (rest.failed || rest.answer.status != 200 || !rest.reply.response) co_return h;
    // The session stands in the answer to the POST.
    for (const auto& field : h.answer.headers)
        if (field.first == "mcp-session-id") rest.answer.headers.insert(rest.answer.headers.begin(), field);
    co_return rest;
}

notified judge_notified(attempt& a, const heard& h, const channel& through)
{
    const unsigned status = h.answer.status;
    if (!h.failed && status >= 200 && status < 300) {
        if (!through.on_stream && (status != 202 || !trim(h.answer.body).empty())) warn(a, warning::notify_status);
        return notified::well;
    }
    // The status decides, unless the body speaks of a credential.
    reading r = read(h);
    if (reading said = read(with_error_of(h)); data::class_of(said.why.why) == data::cell_class::auth) r = std::move(said);
    note_failure(a, r);
    if (lost_session(h, r, !through.session.empty())) return notified::session_lost;
    if (refuses_own_version(h)) {
        a.why = {reason::version_unsupported, "header_after_initialize"};
        a.facts.detail = a.why.detail;
    }
    return notified::badly;
}

}  // namespace rollcall::audit::mcp
