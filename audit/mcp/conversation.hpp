// The MCP conversation as a value: it is told what was heard and answers what to say next.
//
// Era first (2026-07-28 `server/discover`, else `initialize`, else the HTTP+SSE transport of 2024), fall-back,
// sessions, pages of tools. No sockets, no clock: a probe carries the messages, a test plays the peer.
#pragma once

#include "audit/classify/classify.hpp"
#include "audit/classify/http_answer.hpp"
#include "audit/mcp/reply.hpp"
#include "data/model/cell.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rollcall::audit::mcp {

enum class purpose { discover, initialize, initialized, tools_list, tools_call, open_stream, resume_stream, end_session };
std::string_view code_of(purpose p) noexcept;  // "server/discover", "initialize", ..., "GET stream", "DELETE session"

enum class verb { post, get, del };

// One HTTP exchange that the conversation wants.
struct ask {
    purpose what = purpose::discover;
    verb method = verb::post;
    std::string url;  // empty: the endpoint; else an absolute or relative reference (HTTP+SSE message endpoint)
    // Beside Host, User-Agent, Accept-Encoding, Content-Length and Cookie, which the carrier adds.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    mcp::awaits awaits = mcp::awaits::response;
    int id = 0;                               // of our request; 0 if it has none
    std::chrono::milliseconds first_byte = std::chrono::milliseconds::max();  // where less is enough than the settings allow
    std::chrono::milliseconds delay{0};       // wait before sending
    bool fresh_connection = false;            // do not reuse the connection of the last exchange
    bool reply_on_stream = false;             // the response comes as an event on the stream opened before
    bool keep_stream = false;                 // open_stream: keep the connection for later replies
};

// What came of it.
struct heard {
    // No HTTP answer, or one that must not be used: a reason of class T or U, or of the redirects (class H, A).
    std::optional<data::reason> failed;
    data::step failed_at = data::step::connect;  // resolve, connect, tls: no HTTP was possible at all
    std::string failed_detail;
    http_answer answer;  // status 0 if there was none
    mcp::reply reply;    // for reply_on_stream: what came on the stream
};

// The one tool call that an owner's record asks for. Strangers are never sent one.
struct canary_call {
    std::string tool;
    std::string arguments = "{}";  // a JSON object
};

// What came of it.
struct call_report {
    bool made = false;            // it was sent
    std::string result;           // JSON text of the result; empty if there is none
    std::string output_schema;    // of the tool, JSON text; empty if it has none
    std::string problem;          // why there is no result, one line
    std::optional<data::reason> why;  // the same in the words of the taxonomy, where it has one
};

// What is known before the first word.
struct hints {
    data::era remembered_era = data::era::unknown;
    data::transport remembered_transport = data::transport::unknown;
    bool listed_as_sse = false;     // the listing says `sse`
    bool path_ends_in_sse = false;  // .../sse
    bool also_ask_modern = false;   // a remembered legacy era is checked every seventh round
    std::optional<canary_call> canary{};  // called after a good list
    std::string origin{};           // "https://host[:port]" of the endpoint: an HTTP+SSE message endpoint must not leave it
};

struct client_info {
    std::string name = "rollcall";
    std::string version = "0.1.0";
};

struct limits {
    std::size_t pages = 50;
    std::size_t tools = 2000;
    std::size_t list_bytes = 8u << 20;  // of all pages
    reply_limits reply;
};

// How it ended. Everything that the cell needs but times, path and slowness.
struct outcome {
    data::reason why = data::reason::interrupted;
    data::answer_facts answer;  // http_status, era, transport, versions, tools, hashes, warnings, detail
    std::string manifest;       // RFC 8785 canonical JSON: array of the tools in full-hash form; empty without a list
    std::vector<std::string> tool_names;  // in the list's order
    std::optional<call_report> call;      // of the canary, if one was asked for and a list was read
    // The 0-based number of the first ask of the attempt that counts: slowness is measured from there.
    std::size_t counts_from = 0;
    // Not good, and an attempt on the way failed as a passing trouble does (no answer, 5xx), whatever is filed: a second
    // look may find more.
    bool may_pass = false;
};

class conversation {
public:
    using step = std::variant<ask, outcome>;

    conversation(const hints& known, const client_info& who, const limits& caps = {});
    ~conversation();
    conversation(conversation&&) noexcept;

    step begin();
    step next(const heard& h);

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace rollcall::audit::mcp
