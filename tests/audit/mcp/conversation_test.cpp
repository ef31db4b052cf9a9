#include "tests/audit/mcp/peer.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit::mcp;
using namespace rollcall::audit::mcp::test;
using rollcall::data::era;
using rollcall::data::reason;
using rollcall::data::step;
using rollcall::data::transport;
using rollcall::data::warning;

namespace {

responder always(unsigned status, std::string type = "", std::string body = "")
{
    return [=](const ask& a) { return answer(a, status, type, body); };
}
responder fails(reason why, step at) { return [=](const ask&) { return failure(why, at); }; }
responder says_error(int code, std::string message, unsigned status = 200, std::string data = "")
{
    return [=](const ask& a) { return error(a, code, message, status, data); };
}
// One answer for `discover`, another for the rest.
responder split(responder d, responder rest)
{
    return [=](const ask& a) { return a.what == purpose::discover ? d(a) : rest(a); };
}
responder on(purpose what, responder special, responder rest)
{
    return [=](const ask& a) { return a.what == what ? special(a) : rest(a); };
}
responder gives(std::string r) { return [=](const ask& a) { return result(a, r); }; }
responder sse_peer(std::string endpoint = "/message?sessionId=1")
{
    return [=](const ask& a) {
        if (a.what == purpose::open_stream) return answer(a, 200, "text/event-stream", "event: endpoint\ndata: " + endpoint + "\n\n");
        if (a.url.empty()) return answer(a, 404, "text/html", "<html>");
        if (a.what == purpose::initialized) return answer(a, 202, "", "Accepted");
        heard h = result(a, a.what == purpose::initialize ? init_ok : legacy_list);
        h.answer.status = 202;
        return h;
    };
}

hints sse_hint() { hints h; h.path_ends_in_sse = true; return h; }

}  // namespace

TEST_CASE("the requests are these bytes", "[mcp]")
{
    const auto modern = play({}, modern_peer(always(404)));
    REQUIRE(modern.said.size() == 2);
    CHECK(modern.said[0].body == R"({"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"rollcall","version":"0.1.0"},"io.modelcontextprotocol/clientCapabilities":{}}}})");
    CHECK(modern.said[0].headers == std::vector<std::pair<std::string, std::string>>{{"Accept", "application/json, text/event-stream"}, {"Content-Type", "application/json"}, {"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "server/discover"}});
    CHECK(modern.said[0].first_byte == std::chrono::seconds(6));

    hints known;
    known.remembered_era = era::legacy;
    const auto legacy = play(known, legacy_peer(always(404), "s-1"));
    REQUIRE(legacy.words() == "initialize notifications/initialized tools/list DELETE session");
    CHECK(legacy.said[0].body == R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"rollcall","version":"0.1.0"}}})");
    CHECK(legacy.said[0].headers.size() == 2);
    CHECK(legacy.said[1].body == R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    CHECK(legacy.said[2].body == R"({"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}})");
    CHECK(legacy.said[3].headers == std::vector<std::pair<std::string, std::string>>{{"MCP-Protocol-Version", "2025-11-25"}, {"Mcp-Session-Id", "s-1"}});
    CHECK(legacy.end.answer.server_name == "x");
    CHECK(legacy.end.answer.tool_count == 1u);
    CHECK(legacy.end.answer.full_hash.size() == 64);
}

TEST_CASE("each answer leads where the tables say", "[mcp]")
{
    struct row { const char* name; hints known; responder peer; reason expected; std::string said; std::string detail = ""; };
    const std::string d = "server/discover", i = "initialize", n = "notifications/initialized", l = "tools/list", g = "GET stream", x = "DELETE session";
    const std::string legacy = " " + i + " " + n + " " + l;
    const auto nothing = always(404);
    const auto method_missing = says_error(-32601, "Method not found", 404);
    const std::vector<row> rows{
        {"modern", {}, modern_peer(nothing), reason::ok, d + " " + l},
        {"only legacy versions named", {}, legacy_peer(gives(R"({"supportedVersions":["2025-06-18"],"capabilities":{}})")), reason::ok, d + legacy},
        {"only unknown versions named, initialize fails", {}, split(gives(R"({"supportedVersions":["2030-01-01"],"capabilities":{}})"), says_error(-32603, "x")), reason::version_unsupported, d + " " + i, "names no version that we speak"},
        {"{} and a good initialize", {}, legacy_peer(gives("{}")), reason::ok, d + legacy},
        {"{} to everything", {}, gives("{}"), reason::discover_shape, d + " " + i},
        {"-32022 with our version is repeated once", {}, split(says_error(-32022, "x", 400, R"({"supported":["2026-07-28"]})"), method_missing), reason::version_unsupported, d + " " + d + " " + i + " " + g + " ", "*"},
        {"-32022, legacy named", {}, legacy_peer(says_error(-32022, "x", 400, R"({"supported":["2025-11-25"]})")), reason::ok, d + legacy},
        {"-32004 of a draft", {}, legacy_peer(says_error(-32004, "x", 400, R"({"supported":["2025-11-25"]})")), reason::ok, d + legacy},
        {"header mismatch", {}, split(says_error(-32020, "x", 400), says_error(-32603, "x")), reason::rpc_error, d + " " + i, "header_mismatch"},
        {"missing _meta", {}, split(says_error(-32602, "missing _meta", 400), says_error(-32603, "x")), reason::rpc_error, d + " " + i, "header_mismatch"},
        {"another error", {}, legacy_peer(says_error(-32000, "Bad Request: No valid session ID", 400)), reason::ok, d + legacy},
        {"404 with -32601 is no modern evidence", {}, legacy_peer(method_missing), reason::ok, d + legacy},
        {"discover missing, the modern list works", {}, [=](const ask& a) { return a.what == purpose::tools_list ? result(a, modern_list) : error(a, -32601, "Method not found"); }, reason::discover_shape, d + " " + i + " " + l, "discover_missing"},
        {"401 to discover only", {}, legacy_peer(always(401)), reason::ok, d + legacy},
        {"401 to all", {}, always(401), reason::auth_bare, d + " " + i},
        {"403 to all", {}, always(403), reason::auth_forbidden, d + " " + i},
        {"402", {}, always(402), reason::payment, d},
        {"429", {}, always(429), reason::rate_limited, d},
        {"451", {}, always(451), reason::legal_block, d},
        {"404 to all", {}, always(404), reason::http_404, d + " " + i + " " + g},
        {"405 to all", {}, always(405), reason::http_405, d + " " + i + " " + g},
        {"406 to all", {}, always(406), reason::http_4xx, d + " " + i},
        {"406 to all on /sse", sse_hint(), always(406), reason::http_4xx, d + " " + i + " " + g},
        {"page", {}, always(200, "text/html", "<html>"), reason::html, d + " " + i},
        {"202 and a good initialize", {}, legacy_peer(always(202)), reason::ok, d + legacy},
        {"500 to all", {}, always(500), reason::http_5xx, d + " " + i},
        {"500 and a good initialize", {}, legacy_peer(says_error(-32603, "x", 500)), reason::ok, d + legacy},
        {"silence", {}, fails(reason::http_hang, step::http), reason::http_hang, d + " " + i},
        {"silence on /sse", sse_hint(), fails(reason::http_hang, step::http), reason::http_hang, d + " " + i + " " + g},
        {"no name", {}, fails(reason::dns_nxdomain, step::resolve), reason::dns_nxdomain, d},
        {"redirect", {}, fails(reason::redirect_method, step::http), reason::redirect_method, d + " " + i},
        {"echo of a modern version", {}, split(nothing, gives(R"({"protocolVersion":"2026-07-28","capabilities":{},"serverInfo":{"name":"x","version":"1"}})")), reason::version_unsupported, d + " " + i, "answered with 2026-07-28"},
        {"version as a number", {}, split(nothing, gives(R"({"protocolVersion":2})")), reason::version_unsupported, d + " " + i, "protocolVersion: not a string"},
        {"no serverInfo", {}, split(nothing, gives(R"({"protocolVersion":"2025-06-18","capabilities":{}})")), reason::init_shape, d + " " + i, "serverInfo: absent or not an object"},
        {"version refused, another works", {}, split(nothing, [](const ask& a) {
             return a.body.find("2025-06-18") != std::string::npos ? result(a, init_ok) : error(a, -32602, "Unsupported protocol version, use 2025-06-18", 400); }),
         reason::version_unsupported, d + " " + i + " " + i, "works at 2025-06-18"},
        {"auth in words", {}, says_error(-32001, "Unauthorized: no API key"), reason::auth_rpc, d + " " + i, "*"},
        {"HTTP+SSE", {}, sse_peer(), reason::ok, d + " " + i + " " + g + legacy},
        {"HTTP+SSE elsewhere", {}, sse_peer("https://other.example/m"), reason::bad_envelope, d + " " + i + " " + g, "sse_endpoint_origin"},
        {"HTTP+SSE elsewhere, behind a blank", {}, sse_peer("\u00a0//other.example/m"), reason::bad_envelope, d + " " + i + " " + g, "sse_endpoint_origin"},
        {"discover good, modern list hangs, legacy works", {}, split(gives(discover_ok), [](const ask& a) {
             return a.body.find("_meta") != std::string::npos ? failure(reason::http_hang, step::http) : legacy_peer(always(404))(a); }), reason::ok, d + " " + l + legacy},
        {"discover good, all else hangs", {}, split(gives(discover_ok), fails(reason::http_hang, step::http)), reason::mcp_timeout, d + " " + l + " " + i},
        {"session lost twice", {}, on(purpose::tools_list, always(404, "text/plain", "Session not found"), legacy_peer(nothing, "s")), reason::session_lost, d + legacy + legacy + " " + x, "*"},
        {"version trap", {}, on(purpose::initialized, says_error(-32000, "Bad Request: Unsupported protocol version", 400), legacy_peer(nothing)), reason::version_unsupported, d + " " + i + " " + n, "header_after_initialize"},
        {"-32602 twice after initialized", {}, on(purpose::tools_list, says_error(-32602, "x"), legacy_peer(nothing)), reason::tools_missing, d + legacy + " " + l, "*"},
        {"no list though declared", {}, on(purpose::tools_list, says_error(-32601, "x"), legacy_peer(nothing)), reason::tools_missing, d + legacy, "*"},
        {"bad tool", {}, on(purpose::tools_list, gives(R"({"tools":[{"name":"a","inputSchema":{}}]})"), legacy_peer(nothing)), reason::tool_schema_invalid, d + legacy, "a: inputSchema.type: absent"},
        {"initialized refused", {}, on(purpose::initialized, always(500), legacy_peer(nothing, "s")), reason::http_5xx, d + " " + i + " " + n + " " + x},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name)
        {
            hints known = r.known;
            known.origin = "https://a.example";
            const auto got = play(known, r.peer);
            REQUIRE(got.ended);
            CHECK(rollcall::data::code_of(got.end.why) == rollcall::data::code_of(r.expected));
            if (r.said.ends_with(" ")) CHECK(got.words().starts_with(r.said.substr(0, r.said.size() - 1)));
            else CHECK(got.words() == r.said);
            if (r.detail != "*" && !rollcall::data::is_good(rollcall::data::class_of(r.expected))) CHECK(got.end.answer.detail == r.detail);
        }
        // Memory never changes a verdict, and never costs more than the procedure and one attempt.
        for (const auto& [e, t] : {std::pair{era::legacy, transport::streamable_http}, {era::legacy, transport::http_sse}, {era::modern, transport::streamable_http}}) {
            DYNAMIC_SECTION(r.name << " / remembered " << rollcall::data::code_of(e) << " " << rollcall::data::code_of(t))
            {
                hints known = r.known;
                known.origin = "https://a.example";
                const auto without = play(known, r.peer);
                known.remembered_era = e;
                known.remembered_transport = t;
                const auto with = play(known, r.peer);
                REQUIRE(with.ended);
                CHECK(rollcall::data::code_of(with.end.why) == rollcall::data::code_of(without.end.why));
                CHECK(with.end.answer.full_hash == without.end.answer.full_hash);
                CHECK(with.end.answer.detail == without.end.answer.detail);
            }
        }
    }
}

TEST_CASE("an unknown method is not what a legacy server is blamed for", "[mcp]")
{
    const auto unknown = [](const ask& a) {
        return answer(a, 404, "application/json", R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}})");
    };
    const auto wrong_id = [](const ask& a) {
        return answer(a, 200, "application/json", R"({"jsonrpc":"2.0","id":77,"result":{}})");
    };
    CHECK(play({}, on(purpose::discover, unknown, on(purpose::initialize, wrong_id, legacy_peer(always(404))))).end.why == reason::id_mismatch);
    CHECK(play({}, on(purpose::discover, unknown, on(purpose::initialize, always(502), legacy_peer(always(404))))).end.why == reason::http_5xx);
}

TEST_CASE("what worked on the second way is said so", "[mcp]")
{
    const auto flaky = [n = std::make_shared<int>(0)](const ask& a) {
        return a.what == purpose::tools_list && ++*n == 1 ? answer(a, 404, "text/plain", "Session not found") : legacy_peer(always(404), "s")(a);
    };
    const auto r = play({}, flaky);
    CHECK(r.end.why == reason::ok);
    CHECK(r.end.answer.warnings == std::vector{warning::session_flaky});
    CHECK(r.end.counts_from == 4);

    const auto unfriendly = play({}, legacy_peer(always(500)));
    CHECK(unfriendly.end.answer.warnings == std::vector{warning::discover_unfriendly});
    CHECK(unfriendly.end.counts_from == 1);
    const auto with_words = play({}, on(purpose::discover, [](const ask& a) {
        return answer(a, 500, "application/json", R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error"}})");
    }, legacy_peer(always(404))));
    CHECK(with_words.end.answer.warnings == std::vector{warning::discover_unfriendly});

    const auto resumed = play({}, on(purpose::tools_list, [](const ask& a) { return answer(a, 200, "text/event-stream", "id: e1\nretry: 500\ndata:\n\n"); },
                                     on(purpose::resume_stream, gives(legacy_list), legacy_peer(always(404)))));
    REQUIRE(resumed.said.size() == 5);
    CHECK(resumed.said[4].delay == std::chrono::milliseconds(500));
    CHECK(resumed.end.why == reason::ok);
}

TEST_CASE("a conversation that fails at any step, in any way, ends with a reason", "[mcp]")
{
    const std::vector<std::pair<const char*, responder>> peers{
        {"modern", modern_peer(always(404))}, {"legacy", legacy_peer(always(404), "s")}, {"both", modern_peer(legacy_peer(always(404), "s"))}, {"sse", sse_peer()}, {"closed", always(401)}};
    const std::vector<std::pair<const char*, responder>> faults{
        {"time-out", fails(reason::http_hang, step::http)}, {"reset", fails(reason::tcp_reset, step::http)}, {"refused", fails(reason::tcp_refused, step::connect)}, {"500", always(500)}, {"404", always(404)}};
    for (const auto& [peer_name, peer] : peers)
        for (const auto& [fault_name, fault] : faults)
            for (const bool once : {true, false})
                for (std::size_t at = 0; at < 12; ++at) {
                    INFO(peer_name << ", " << fault_name << (once ? " once" : " from then on") << " at " << at);
                    std::size_t n = 0;
                    const auto r = play({}, [&, p = peer, f = fault](const ask& a) {
                        const auto k = n++;
                        return (once ? k == at : k >= at) ? f(a) : p(a);
                    });
                    CHECK(r.ended);
                    CHECK(r.end.why != reason::interrupted);
                    CHECK(r.end.counts_from < r.said.size());
                }
}
