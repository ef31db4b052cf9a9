#include "audit/mcp/reading.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/classify/auth_words.hpp"
#include "audit/mcp/text.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit::mcp {
namespace {

using data::cell_class;
using data::reason;
using nlohmann::json;

constexpr std::size_t longest_challenge = 1000;
constexpr std::size_t longest_detail = 300;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Refusals of a version come in these words, "Unsupported protocol version" first among them.
bool speaks_of_version(std::string_view lower_case)
{
    if (!contains(lower_case, "version")) return false;
    constexpr std::array refusals{"support", "mismatch", "incompatible"};
    if (std::ranges::any_of(refusals, [&](const char* w) { return contains(lower_case, w); })) return true;
    constexpr std::array doubtful{"invalid", "unknown", "unrecogni", "bad "};
    return contains(lower_case, "protocol") && std::ranges::any_of(doubtful, [&](const char* w) { return contains(lower_case, w); });
}

std::string beginning_of(const http_answer& answer) { return lower(std::string_view(answer.body).substr(0, 2048)); }

// What a JSON-RPC error means. Codes from -32000 to -32019 have no fixed meaning: the status and the words decide.
finding judge_error(const heard& h, long long code, const std::string& message, const std::string& words)
{
    const std::string detail = one_line(std::to_string(code) + ": " + message, longest_detail);
    if (code == 402 || code == -402 || code == -32402) return {reason::payment, detail};
    if (code == 401 || code == 403 || speaks_of_auth(words)) return {reason::auth_rpc, detail};
    if (h.answer.status >= 500) return {reason::http_5xx, detail};
    if (h.answer.status >= 300 && code <= -32000 && code >= -32019) return {classify_http(h.answer).why, detail};
    return {reason::rpc_error, detail};
}

depth depth_of(reason problem)
{
    switch (problem) {
        case reason::content_type: return depth::rpc;
        case reason::bad_envelope:
        case reason::id_mismatch: return depth::json;
        default: return depth::http;
    }
}

void stop_if_told(reading& r)
{
    const auto c = data::class_of(r.why.why);
    r.stop = r.dead || c == cell_class::wall || c == cell_class::unusable || r.why.why == reason::payment ||
             r.why.why == reason::host_reaped;
}

void read_failure(const heard& h, reading& r)
{
    r.why = {*h.failed, one_line(h.failed_detail, longest_detail)};
    if (data::class_of(*h.failed) == cell_class::transport) {
        r.dead = h.failed_at <= data::step::tls;
        r.no_answer = !r.dead;
        r.reached = r.dead ? depth::nothing : depth::tcp;
    } else {
        r.no_answer = *h.failed == reason::mcp_timeout;
        r.reached = depth::http;
    }
}

void read_message(const heard& h, reading& r)
{
    json message = json::parse(*h.reply.response, nullptr, /*allow_exceptions=*/false);
    if (!message.is_object()) {
        r.why = {reason::not_json, {}};
        return;
    }
    r.reached = depth::rpc;
    if (auto result = message.find("result"); result != message.end()) {
        r.what = reading::kind::result;
        r.result = std::move(*result);
        return;
    }
    const json error = message.value("error", json::object());
    r.what = reading::kind::error;
    if (const auto code = error.find("code"); code != error.end() && code->is_number_integer()) r.code = code->get<long long>();
    std::string text;
    if (const auto m = error.find("message"); m != error.end() && m->is_string()) text = m->get<std::string>();
    r.words = text.substr(0, 4096);
    if (const auto data = error.find("data"); data != error.end()) {
        r.data = *data;
        r.words += " " + r.data.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 4096);
    }
    r.why = judge_error(h, r.code, text, r.words);
}

}  // namespace

reading read(const heard& h)
{
    reading r;
    r.status = h.answer.status;
    r.challenge = one_line(h.answer.header("www-authenticate"), longest_challenge);
    if (h.failed) {
        read_failure(h, r);
        stop_if_told(r);
        return r;
    }
    const bool good_status = r.status >= 200 && r.status < 300;
    if (h.reply.response) read_message(h, r);
    if (r.what == reading::kind::result) return r;
    // What stands in place of the server's own answer outranks what it says.
    if (const auto instead = !h.reply.response || !good_status ? classify_wall_or_platform(h.answer) : std::nullopt) {
        r.what = reading::kind::failed;
        r.why = *instead;
        r.reached = std::max(r.reached, depth::http);
    } else if (!h.reply.response) {
        r.reached = depth::http;
        if (h.reply.problem && (good_status || r.status == 0)) {
            r.why = {*h.reply.problem, one_line(h.reply.detail, longest_detail)};
            r.reached = depth_of(r.why.why);
            r.no_answer = r.why.why == reason::mcp_timeout || r.why.why == reason::sse_truncated ||
                          (r.why.why == reason::not_json && r.why.detail == "cut_off");
        } else {
            r.why = classify_http(h.answer);
        }
    }
    stop_if_told(r);
    return r;
}

bool is_version_error(const reading& r)
{
    return r.what == reading::kind::error && (r.code == -32022 || (r.code == -32004 && supported_versions(r)));
}

bool refuses_version(const reading& r)
{
    if (r.what != reading::kind::error) return false;
    return supported_versions(r) || speaks_of_version(lower(r.words));
}

std::optional<std::vector<std::string>> supported_versions(const reading& r)
{
    if (!r.data.is_object()) return std::nullopt;
    const auto list = r.data.find("supported");
    if (list == r.data.end() || !list->is_array()) return std::nullopt;
    std::vector<std::string> versions;
    for (const auto& v : *list) {
        if (!v.is_string()) return std::nullopt;
        versions.push_back(v.get<std::string>());
    }
    return versions;
}

bool may_pass(const reading& r) { return r.dead || r.no_answer || r.why.why == reason::http_5xx; }

bool lost_session(const heard& h, const reading& r, bool had_session)
{
    if (h.failed || r.status < 400) return false;
    const auto text = beginning_of(h.answer);
    // "Server not initialized" is how the TypeScript SDK says that this replica has not seen our `initialize`.
    const bool says_session = contains(text, "session") || contains(text, "not initialized");
    if (r.status == 400) return says_session;
    // "Method not found" comes with 404 too, and says nothing about sessions.
    return r.status == 404 && (says_session || had_session) && !(r.what == reading::kind::error && r.code == -32601) &&
           r.why.why != reason::host_reaped;
}

bool refuses_own_version(const heard& h)
{
    if (h.failed || h.answer.status != 400) return false;
    const auto text = beginning_of(h.answer);
    return speaks_of_version(text) && !contains(text, "session");
}

}  // namespace rollcall::audit::mcp
