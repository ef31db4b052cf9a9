#include "audit/mcp/messages.hpp"

#include "audit/mcp/call.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace rollcall::audit::mcp {
namespace {

using namespace std::chrono_literals;

// Oldest first; 2024-10-07 stands in some lists and means 2024-11-05.
constexpr std::array<std::string_view, 5> legacy_versions{"2024-10-07", "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"};

std::string json_string(std::string_view text)
{
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string client_info_json(const client_info& who)
{
    return R"({"name":)" + json_string(who.name) + R"(,"version":)" + json_string(who.version) + "}";
}

std::string request(int id, std::string_view method, const std::string& params)
{
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + std::string(method) + R"(","params":)" + params + "}";
}

std::string modern_meta(const dialogue& talk)
{
    return R"("_meta":{"io.modelcontextprotocol/protocolVersion":")" + std::string(modern_version) +
           R"(","io.modelcontextprotocol/clientInfo":)" + client_info_json(talk.who) +
           R"(,"io.modelcontextprotocol/clientCapabilities":{}})";
}

std::string call_params(const canary_call& call) { return R"("name":)" + json_string(call.tool) + R"(,"arguments":)" + call.arguments; }

// Both types literally: servers refuse `*/*`.
ask post(purpose what)
{
    ask a;
    a.what = what;
    a.headers = {{"Accept", "application/json, text/event-stream"}, {"Content-Type", "application/json"}};
    return a;
}

ask modern(dialogue& talk, purpose what, const std::string& params_before_meta)
{
    ask a = post(what);
    a.id = talk.new_id();
    a.headers.emplace_back("MCP-Protocol-Version", modern_version);
    a.headers.emplace_back("Mcp-Method", code_of(what));
    a.body = request(a.id, code_of(what), "{" + params_before_meta + modern_meta(talk) + "}");
    return a;
}

void address(ask& a, const channel& through)
{
    a.url = through.url;
    if (!through.version.empty() && !through.on_stream) a.headers.emplace_back("MCP-Protocol-Version", through.version);
    if (!through.session.empty()) a.headers.emplace_back("Mcp-Session-Id", through.session);
}

bool is_header_safe(std::string_view value, char lowest)
{
    return !value.empty() && value.size() <= 1024 && std::ranges::all_of(value, [lowest](char c) { return c >= lowest && c <= '~'; });
}

}  // namespace

std::string_view code_of(purpose p) noexcept
{
    switch (p) {
        case purpose::discover: return "server/discover";
        case purpose::initialize: return "initialize";
        case purpose::initialized: return "notifications/initialized";
        case purpose::tools_list: return "tools/list";
        case purpose::tools_call: return "tools/call";
        case purpose::open_stream: return "GET stream";
        case purpose::resume_stream: return "GET stream again";
        case purpose::end_session: return "DELETE session";
    }
    return {};
}

bool is_legacy_version(std::string_view version) { return std::ranges::find(legacy_versions, version) != legacy_versions.end(); }

std::string newest_legacy_of(const std::vector<std::string>& versions)
{
    std::string best;
    for (const auto& v : versions)
        if (is_legacy_version(v) && v > best) best = v;
    return best;
}

std::string legacy_version_in(std::string_view text, std::string_view except)
{
    for (auto v = legacy_versions.rbegin(); v != legacy_versions.rend(); ++v)
        if (*v != except && text.find(*v) != std::string_view::npos) return std::string(*v);
    return {};
}

ask modern_discover(dialogue& talk)
{
    ask a = modern(talk, purpose::discover, "");
    a.first_byte = 6s;
    return a;
}

ask modern_tools_list(dialogue& talk, const std::optional<std::string>& cursor)
{
    return modern(talk, purpose::tools_list, cursor ? R"("cursor":)" + json_string(*cursor) + "," : "");
}

ask legacy_initialize(dialogue& talk, std::string_view version, const channel& through)
{
    ask a = post(purpose::initialize);
    a.id = talk.new_id();
    a.url = through.url;  // no version and no session on this one: some servers refuse them
    a.reply_on_stream = through.on_stream;
    a.body = request(a.id, "initialize", R"({"protocolVersion":")" + std::string(version) + R"(","capabilities":{},"clientInfo":)" +
                                             client_info_json(talk.who) + "}");
    return a;
}

ask legacy_initialized(const channel& through)
{
    ask a = post(purpose::initialized);
    a.awaits = awaits::nothing;
    a.body = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
    address(a, through);
    return a;
}

ask legacy_tools_list(dialogue& talk, const std::optional<std::string>& cursor, const channel& through)
{
    ask a = post(purpose::tools_list);
    a.id = talk.new_id();
    a.reply_on_stream = through.on_stream;
    a.body = request(a.id, "tools/list", cursor ? R"({"cursor":)" + json_string(*cursor) + "}" : "{}");
    address(a, through);
    return a;
}

ask modern_tools_call(dialogue& talk, const canary_call& call, const std::vector<std::pair<std::string, std::string>>& mirrored)
{
    ask a = modern(talk, purpose::tools_call, call_params(call) + ",");
    a.headers.emplace_back("Mcp-Name", header_value(call.tool));
    a.headers.insert(a.headers.end(), mirrored.begin(), mirrored.end());
    return a;
}

ask legacy_tools_call(dialogue& talk, const canary_call& call, const channel& through)
{
    ask a = post(purpose::tools_call);
    a.id = talk.new_id();
    a.reply_on_stream = through.on_stream;
    a.body = request(a.id, "tools/call", "{" + call_params(call) + "}");
    address(a, through);
    return a;
}

ask end_of_session(const channel& through)
{
    ask a;
    a.what = purpose::end_session;
    a.method = verb::del;
    a.awaits = awaits::nothing;
    a.first_byte = 2s;
    address(a, through);
    return a;
}

ask resume_stream(const ask& original, const reply& broken, const channel& through)
{
    ask a;
    a.what = purpose::resume_stream;
    a.method = verb::get;
    a.id = original.id;
    a.delay = std::min<std::chrono::milliseconds>(broken.retry.value_or(1s), 3s);
    a.headers = {{"Accept", "text/event-stream"}, {"Last-Event-ID", broken.last_event_id}};
    address(a, through);
    return a;
}

ask open_event_stream()
{
    ask a;
    a.what = purpose::open_stream;
    a.method = verb::get;
    a.awaits = awaits::endpoint_event;
    a.keep_stream = true;
    a.headers = {{"Accept", "text/event-stream"}};
    return a;
}

std::string session_of(const http_answer& answer)
{
    const auto id = answer.header("mcp-session-id");
    return is_header_safe(id, '!') ? std::string(id) : std::string();
}

}  // namespace rollcall::audit::mcp
