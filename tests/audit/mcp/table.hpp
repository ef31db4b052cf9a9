// Rows of the era tables: a peer, and how the conversation with it must go. Every row is played with each memory
// of the endpoint as well: what is filed must be the same.
#pragma once

#include "tests/audit/mcp/peer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rollcall::audit::mcp::test {

struct row {
    std::string name;
    responder peer;  // copied for each play: what it remembers it holds by value
    data::reason expected;
    std::string said;          // "discover initialize ...", see `shorthand`; empty: anything
    std::string detail = "*";  // "*": anything
    std::optional<std::vector<data::warning>> warnings = std::nullopt;
    hints known = {};
    bool either_era = false;  // serves both: memory chooses the era that is met
};

// "D I N L G R X": the first letters stand for discover, initialize, the notification, the list (l: modern), the
// GET of the stream and its resumption, and the DELETE.
std::string shorthand(const run_result& r);

// Plays all rows, and each again with all that may be remembered of its endpoint.
void check_rows(const std::vector<row>& rows);

// --- peers

responder always(unsigned status, std::string type = "", std::string body = "", std::vector<std::pair<std::string, std::string>> extra = {});
responder fails(data::reason why, data::step at);
responder hangs();       // the connection stands, and nothing comes
responder resets();      // it is reset after the request
responder says(std::string result_json);
responder says_error(int code, std::string message, unsigned status = 200, std::string data = "");
// One answer for that purpose, another for the rest.
responder on(purpose what, responder special, responder rest);
// One for the n-th time (from 1) that it is asked so, another for the rest.
responder nth(int n, purpose what, responder special, responder rest);
// One for 2026-07-28's requests, another for the rest.
responder in_modern(responder special, responder rest);
// A page of a browser's.
responder page(unsigned status = 200);

// HTTP+SSE behind a GET; POSTs to the stream's own address get `otherwise`.
responder sse_peer(std::string endpoint = "/message?sessionId=1", responder otherwise = always(404, "text/html", "<html>"));
// As sse_peer, with an answer of its own for one purpose on the message endpoint.
responder sse_peer_with(purpose what, responder special);
// A good modern server that knows no `initialize`.
responder modern_only(responder list = says(modern_list));

hints path_ends_in_sse();

}  // namespace rollcall::audit::mcp::test
