// One way of talking to a server, tried to its end: what it gave, and what the procedure needs to go on.
#pragma once

#include "audit/mcp/dialogue.hpp"
#include "audit/mcp/messages.hpp"
#include "audit/mcp/reading.hpp"
#include "audit/mcp/tools.hpp"
#include "data/model/cell.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rollcall::audit::mcp {

struct attempt {
    finding why{data::reason::interrupted, {}};
    depth reached = depth::nothing;
    data::answer_facts facts;
    std::string manifest;
    std::vector<std::string> tool_names;
    std::optional<call_report> call;
    std::size_t first_ask = 0;

    bool listed = false;  // a list was delivered, good or bad: the attempt stands as it is
    bool decided = false; // no list, but nothing else may change the verdict
    bool stop = false;    // nothing may be asked after this
    bool dead = false;    // no connection
    bool greeted = false; // `discover` or `initialize` succeeded, or the endpoint event came
    bool no_answer = false;
    bool may_pass = false;  // it failed as a passing trouble does
    bool rpc_error = false;  // the first request was answered with a JSON-RPC error ...
    long long code = 0;      // ... of this code
    bool modern_only = false;             // `initialize`: the server speaks no legacy version
    bool unfriendly = false;              // `discover`: answered in a way that stops some clients
    std::optional<finding> if_all_fails;  // `discover`: what to file if `initialize` fails as well
    std::string named_version;            // `discover`: the newest legacy version that the server names

    bool good() const { return data::is_good(data::class_of(why.why)); }
};

// Once HTTP has answered, silence and a cut are no longer failures of the connection.
finding after_an_answer(const finding& why);
// Fills in what an answer that ends an attempt tells.
void note_failure(attempt& a, const reading& r);
// Warnings of the reply, and of requests that a modern server must not send.
void note_reply(attempt& a, const reply& r);
void warn(attempt& a, data::warning w);
// Name and version of the server, and the names of its capabilities: hostile text, made safe and capped.
void note_server(attempt& a, const nlohmann::json& info);
void note_capabilities(attempt& a, const nlohmann::json& capabilities);

// The three ways (protocol notes: states D, I and G).
script<attempt> try_modern(dialogue& talk);
script<attempt> try_legacy(dialogue& talk, std::string version, bool fresh_connection);
script<attempt> try_event_stream(dialogue& talk);

// Does `initialize` with this version work, where ours was refused?
script<bool> works_at(dialogue& talk, std::string version);

// A modern tools/list without a good `discover`: does the server speak the newer protocol all the same?
script<bool> lists_without_discover(dialogue& talk);

// How the reading of a list ended, beside what it wrote into the attempt.
enum class list_end { filed, session_lost };
// Asks for all pages and files them in `a`, whose facts say the era and whether tools were declared.
script<list_end> read_list(dialogue& talk, attempt& a, channel through, bool declared);

// `initialize` was answered: checks the answer and notes it. Empty if it is good.
std::optional<finding> check_initialize(const nlohmann::json& result, attempt& a);

// Sends an ask; a legacy stream that broke off is asked for its rest, once.
script<heard> say_and_resume(dialogue& talk, ask a, channel through);

// Did `initialized` go down well? Fills in the attempt if not.
enum class notified { well, session_lost, badly };
notified judge_notified(attempt& a, const heard& h, const channel& through);

}  // namespace rollcall::audit::mcp
