// Legacy sessions: given, kept, lost, opened again, closed.
#include "tests/audit/mcp/table.hpp"
#include "tests/catch.hpp"

using namespace rollcall::audit::mcp;
using namespace rollcall::audit::mcp::test;
using rollcall::data::reason;
using rollcall::data::step;
using rollcall::data::warning;

namespace {

using warnings = std::vector<warning>;
using fields = std::vector<std::pair<std::string, std::string>>;

responder legacy(std::string session = "s")
{
    return on(purpose::discover, says_error(-32601, "Method not found", 404), legacy_peer(always(405), session));
}
// That purpose is answered so, every time or only the first.
responder always_at(purpose what, responder special, std::string session = "s") { return on(what, special, legacy(session)); }
responder once_at(purpose what, responder special, std::string session = "s") { return nth(1, what, special, legacy(session)); }

responder opens_session(std::string header, std::string id)
{
    return on(purpose::initialize, [=](const ask& a) {
        heard h = result(a, init_ok);
        h.answer.headers.emplace_back(header, id);
        return h;
    }, legacy(""));
}

std::string header(const ask& a, const std::string& name)
{
    for (const auto& [key, value] : a.headers)
        if (key == name) return value;
    return "-";
}

}  // namespace

TEST_CASE("a session that is given is kept and closed; where there is none, none is sent", "[mcp]")
{
    const auto with = play({}, legacy("s-1"));
    REQUIRE(shorthand(with) == "D I N L X");
    CHECK(header(with.said[1], "Mcp-Session-Id") == "-");
    CHECK(header(with.said[1], "MCP-Protocol-Version") == "-");
    for (const std::size_t i : {2u, 3u, 4u}) {
        CHECK(header(with.said[i], "Mcp-Session-Id") == "s-1");
        CHECK(header(with.said[i], "MCP-Protocol-Version") == "2025-11-25");
    }
    CHECK(with.said[4].method == verb::del);
    CHECK(with.said[4].first_byte == std::chrono::seconds(2));

    const auto without = play({}, legacy(""));
    REQUIRE(shorthand(without) == "D I N L");
    CHECK(header(without.said[3], "Mcp-Session-Id") == "-");

    // What no header may carry is not sent back.
    for (const char* bad : {"a b", "\xC3\xA9", "a\tb", ""}) CHECK(shorthand(play({}, opens_session("mcp-session-id", bad))) == "D I N L");
    CHECK(shorthand(play({}, opens_session("mcp-session-id", "!#$%&'*+-.^_`|~:/?=@"))) == "D I N L X");
}

TEST_CASE("a session that is lost is opened again once", "[mcp]")
{
    std::vector<row> rows;
    struct loss { const char* name; responder peer; };
    for (const auto& l : std::vector<loss>{
             {"404", always(404)},
             {"404 with -32001", says_error(-32001, "Session not found", 404)},
             {"404 in plain text", always(404, "text/plain", "Session not found")},
             {"400 with -32000", says_error(-32000, "Bad Request: No valid session ID provided", 400)},
             {"400, header required", says_error(-32000, "Bad Request: Mcp-Session-Id header is required", 400)},
             {"400, not initialized", says_error(-32000, "Bad Request: Server not initialized", 400)},
             {"400 in plain text", always(400, "text/plain", "Invalid session")}}) {
        const std::string name = l.name;
        rows.push_back({name + " to the list, once", once_at(purpose::tools_list, l.peer), reason::ok, "D I N L I N L X", "", warnings{warning::session_flaky}});
        rows.push_back({name + " to the notification, once", once_at(purpose::initialized, l.peer), reason::ok, "D I N I N L X", "", warnings{warning::session_flaky}});
        rows.push_back({name + " to the list, always", always_at(purpose::tools_list, l.peer), reason::session_lost, "D I N L I N L X"});
        rows.push_back({name + " to the notification, always", always_at(purpose::initialized, l.peer), reason::session_lost, "D I N I N X"});
    }
    // Who gave no session can only have lost one in words.
    rows.push_back({"no session, 404", always_at(purpose::tools_list, page(404), ""), reason::http_404, "D I N L"});
    rows.push_back({"no session, 404 with a session word", always_at(purpose::tools_list, always(404, "text/plain", "Session not found"), ""), reason::session_lost, "D I N L I N L"});
    rows.push_back({"no session, 400 that wants one", always_at(purpose::tools_list, says_error(-32600, "Missing session ID", 400), ""), reason::session_lost, "D I N L I N L"});
    // What is not about sessions is not met with another.
    rows.push_back({"404 with -32601", always_at(purpose::tools_list, says_error(-32601, "Method not found", 404)), reason::tools_missing, "D I N L X"});
    rows.push_back({"400 without a word", always_at(purpose::tools_list, always(400)), reason::http_4xx, "D I N L X"});
    rows.push_back({"500 about a session", always_at(purpose::tools_list, always(500, "text/plain", "session store is down")), reason::http_5xx, "D I N L X"});
    rows.push_back({"a platform's page", always_at(purpose::tools_list, always(404, "text/plain", "", {{"x-vercel-error", "DEPLOYMENT_NOT_FOUND"}})), reason::host_reaped, "D I N L X"});
    check_rows(rows);
}

TEST_CASE("what happens on the second try is filed as what it is", "[mcp]")
{
    const auto second = [](responder r) { return nth(2, purpose::initialize, r, always_at(purpose::tools_list, says_error(-32001, "Session not found", 404))); };
    check_rows({
        {"another session, another trouble", nth(1, purpose::tools_list, always(404), always_at(purpose::tools_list, always(500))), reason::http_5xx, "D I N L I N L X"},
        {"another session, a bad list", nth(1, purpose::tools_list, always(404), always_at(purpose::tools_list, says(R"({"tools":{}})"))), reason::tools_not_array, "D I N L I N L X"},
        {"no second session", second(always(400)), reason::session_lost, "D I N L I"},
        {"an error instead", second(says_error(-32603, "x")), reason::session_lost, "D I N L I"},
        {"429", second(always(429)), reason::rate_limited, "D I N L I"},
        {"a wall", second(always(403, "text/html", "<html>", {{"cf-mitigated", "challenge"}})), reason::challenge_page, "D I N L I"},
        {"502", second(always(502)), reason::http_5xx, "D I N L I"},
        {"silence", second(hangs()), reason::mcp_timeout, "D I N L I"},
    });
}

TEST_CASE("the notification must go down well, in whatever way", "[mcp]")
{
    const auto with = [](responder n) { return always_at(purpose::initialized, n, ""); };
    const warnings odd{warning::notify_status};
    check_rows({
        {"202", with(always(202)), reason::ok, "D I N L", "", warnings{}},
        {"202 with a body", with(always(202, "application/json", "null")), reason::ok, "D I N L", "", odd},
        {"200", with(always(200)), reason::ok, "D I N L", "", odd},
        {"204", with(always(204)), reason::ok, "D I N L", "", odd},
        {"200 with a page", with(page()), reason::ok, "D I N L", "", odd},
        {"200 with an answer", with(always(200, "application/json", R"({"jsonrpc":"2.0","result":{}})")), reason::ok, "D I N L", "", odd},
        {"400", with(always(400)), reason::http_4xx, "D I N"},
        {"400 with an error", with(says_error(-32600, "Invalid Request", 400)), reason::http_4xx, "D I N"},
        {"400 about a credential", with(says_error(-32000, "Unauthorized: missing API key", 400)), reason::auth_rpc, "D I N"},
        {"401", with(always(401)), reason::auth_bare, "D I N"},
        {"403", with(always(403)), reason::auth_forbidden, "D I N"},
        {"404", with(page(404)), reason::http_404, "D I N"},
        {"405", with(always(405)), reason::http_405, "D I N"},
        {"429", with(always(429)), reason::rate_limited, "D I N"},
        {"500", with(always(500)), reason::http_5xx, "D I N"},
        {"a wall", with(always(403, "text/html", "<html>", {{"cf-mitigated", "challenge"}})), reason::challenge_page, "D I N"},
        {"silence", with(hangs()), reason::mcp_timeout, "D I N"},
        {"a reset", with(resets()), reason::empty, "D I N", "connection closed"},
    });
}

TEST_CASE("a server that refuses the version that it has agreed to is told apart from a lost session", "[mcp]")
{
    const auto refusal = says_error(-32000, "Bad Request: Unsupported protocol version (supported versions: 2025-06-18, 2025-03-26)", 400);
    check_rows({
        {"at the notification", always_at(purpose::initialized, refusal), reason::version_unsupported, "D I N X", "header_after_initialize"},
        {"at the list", always_at(purpose::tools_list, refusal), reason::version_unsupported, "D I N L X", "header_after_initialize"},
        {"in plain text", always_at(purpose::initialized, always(400, "text/plain", "MCP-Protocol-Version mismatch")), reason::version_unsupported, "D I N X", "header_after_initialize"},
        {"as an invalid header", always_at(purpose::initialized, always(400, "text/plain", "Invalid MCP-Protocol-Version header"), ""), reason::version_unsupported, "D I N", "header_after_initialize"},
    });
}

TEST_CASE("however the session ends, its end changes nothing", "[mcp]")
{
    std::vector<row> rows;
    for (const auto& [name, end] : std::vector<std::pair<const char*, responder>>{
             {"200", always(200)}, {"202", always(202)}, {"204", always(204)}, {"404", always(404)}, {"405", always(405)}, {"500", always(500)}, {"429", always(429)}, {"silence", hangs()}, {"a reset", resets()}})
        rows.push_back({name, always_at(purpose::end_session, end), reason::ok, "D I N L X", "", warnings{}});
    // It is closed after a failure too, and after an answer to `initialize` that is no good.
    rows.push_back({"after a bad list", always_at(purpose::tools_list, says(R"({"tools":{}})")), reason::tools_not_array, "D I N L X"});
    rows.push_back({"after a time-out", always_at(purpose::tools_list, hangs()), reason::mcp_timeout, "D I N L X"});
    rows.push_back({"after a bad answer", on(purpose::initialize, [](const ask& a) { heard h = result(a, "{}"); h.answer.headers.emplace_back("mcp-session-id", "s"); return h; }, legacy()), reason::init_shape, "D I X"});
    rows.push_back({"not without a connection", always_at(purpose::tools_list, fails(reason::tcp_refused, step::connect)), reason::tcp_refused, "D I N L"});
    check_rows(rows);
}

TEST_CASE("a stream that broke off is asked for its rest, once", "[mcp]")
{
    const auto broken = [](std::string more = "retry: 500\n") { return always(200, "text/event-stream", "id: e1\n" + more + "data:\n\n"); };
    const auto at_list = [&](responder rest, responder list) { return on(purpose::resume_stream, rest, always_at(purpose::tools_list, list)); };
    check_rows({
        {"the rest comes", at_list(says(legacy_list), broken()), reason::ok, "D I N L R X", ""},
        {"the rest comes as a stream", at_list(always(200, "text/event-stream", "id: e2\ndata: {\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":" + legacy_list + "}\n\n"), broken()), reason::ok, "D I N L R X", ""},
        {"the rest is an error", at_list(says_error(-32601, "x"), broken()), reason::tools_missing, "D I N L R X"},
        {"it breaks off again", at_list(broken(), broken()), reason::sse_truncated, "D I N L R X"},
        {"the GET is refused", at_list(always(405), broken()), reason::sse_truncated, "D I N L R X"},
        {"the GET is refused with an error of its own", at_list(says_error(-32000, "Method not allowed.", 405), broken()), reason::sse_truncated, "D I N L R X"},
        {"the GET meets silence", at_list(hangs(), broken()), reason::sse_truncated, "D I N L R X"},
        {"no event had an id", at_list(says(legacy_list), always(200, "text/event-stream", "data:\n\n")), reason::sse_truncated, "D I N L X"},
        {"an id that no header may carry", at_list(says(legacy_list), always(200, "text/event-stream", "id: \xC3\xA9\ndata:\n\n")), reason::sse_truncated, "D I N L X"},
        {"a response that was not closed by a blank line", at_list(says(legacy_list), always(200, "text/event-stream", "id: e1\ndata: {}\n\nid: e2\ndata: {\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":" + legacy_list + "}\n")), reason::bad_envelope, "D I N L X"},
        {"initialize breaks off", on(purpose::resume_stream, says(init_ok), always_at(purpose::initialize, broken())), reason::ok, "D I R N L", ""},
        {"a modern stream is never resumed", on(purpose::resume_stream, says(modern_list), on(purpose::tools_list, broken(), modern_only())), reason::sse_truncated, "D l I"},
    });

    const auto delay_of = [&](std::string more) { return play({}, at_list(says(legacy_list), broken(std::move(more)))).said.at(4).delay; };
    CHECK(delay_of("retry: 500\n") == std::chrono::milliseconds(500));
    CHECK(delay_of("") == std::chrono::seconds(1));
    CHECK(delay_of("retry: 60000\n") == std::chrono::seconds(3));
    CHECK(delay_of("retry: soon\n") == std::chrono::seconds(1));
    const auto r = play({}, at_list(says(legacy_list), broken()));
    CHECK(r.said[4].headers == fields{{"Accept", "text/event-stream"}, {"Last-Event-ID", "e1"}, {"MCP-Protocol-Version", "2025-11-25"}, {"Mcp-Session-Id", "s"}});
}
