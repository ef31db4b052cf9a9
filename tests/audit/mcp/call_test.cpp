#include "audit/mcp/call.hpp"

#include "tests/audit/mcp/peer.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

using namespace rollcall::audit;
using nlohmann::json;

TEST_CASE("a text becomes a header field's value as the specification's table has it")
{
    struct row { const char *text, *value; };
    const row rows[]{
        {"us-west1", "us-west1"},
        {"a b\tc", "a b\tc"},
        {"Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="},
        {" padded ", "=?base64?IHBhZGRlZCA=?="},
        {"line1\nline2", "=?base64?bGluZTEKbGluZTI=?="},
        {"=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="},
        {"", "=?base64?" "?="},
    };
    for (const auto& r : rows) CHECK(mcp::header_value(r.text) == r.value);
}

TEST_CASE("arguments are mirrored along chains of properties, and only where there is a value")
{
    const auto schema = json::parse(R"({"type":"object","properties":{
        "region":{"type":"string","x-mcp-header":"Region"},
        "limit":{"type":"integer","x-mcp-header":"Limit"},
        "dry":{"type":"boolean","x-mcp-header":"Dry-Run"},
        "where":{"type":"object","properties":{"city":{"type":"string","x-mcp-header":"City"}}},
        "list":{"type":"array","items":{"properties":{"x":{"x-mcp-header":"No"}}}},
        "plain":{"type":"string"}}})");
    using fields = std::vector<std::pair<std::string, std::string>>;
    CHECK(mcp::mirrored_headers(schema, json::parse(R"({"region":"eu","limit":-7,"dry":true,"where":{"city":"Zürich"},"list":[{"x":1}],"plain":"p"})")) ==
          fields{{"Mcp-Param-Dry-Run", "true"}, {"Mcp-Param-Limit", "-7"}, {"Mcp-Param-Region", "eu"}, {"Mcp-Param-City", "=?base64?WsO8cmljaA==?="}});
    CHECK(mcp::mirrored_headers(schema, json::parse(R"({"where":{},"region":null})")).empty());
    CHECK(mcp::mirrored_headers(json::parse("true"), json::object()).empty());
}

namespace {

using namespace rollcall::audit::mcp;
using namespace rollcall::audit::mcp::test;
using rollcall::data::reason;

hints with_canary()
{
    hints h;
    h.canary = {"status", R"({"city":"Oslo"})"};
    return h;
}

// A server of one tool, `status`, with more members, that answers the call with `call`.
responder caller(bool modern, std::string members, responder call)
{
    const std::string list = R"({"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{"name":"status","inputSchema":{"type":"object","properties":{"city":{"type":"string","x-mcp-header":"City"}}})" + members + "}]}";
    return [=](const ask& a) {
        switch (a.what) {
            case purpose::discover: return modern ? result(a, discover_ok) : answer(a, 404, "", "");
            case purpose::initialize: return result(a, init_ok);
            case purpose::initialized: return answer(a, 202, "", "");
            case purpose::tools_list: return result(a, list);
            case purpose::tools_call: return call(a);
            default: return answer(a, 405, "", "");
        }
    };
}
responder gives(std::string r) { return [=](const ask& a) { return result(a, r); }; }

}  // namespace

TEST_CASE("nobody without a record is sent a tool call")
{
    for (const bool modern : {true, false}) {
        const auto r = play({}, caller(modern, "", gives("{}")));
        CHECK(r.words().find("tools/call") == std::string::npos);
        CHECK_FALSE(r.end.call);
    }
}

TEST_CASE("the canary is called once, after the list, with these bytes")
{
    const std::string ok = R"({"content":[],"isError":false,"resultType":"complete"})";
    const auto modern = play(with_canary(), caller(true, "", gives(ok)));
    CHECK(modern.words() == "server/discover tools/list tools/call");
    CHECK(modern.said[2].body == R"({"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"status","arguments":{"city":"Oslo"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"rollcall","version":"0.1.0"},"io.modelcontextprotocol/clientCapabilities":{}}}})");
    using field = std::pair<std::string, std::string>;
    const std::vector<field> last(modern.said[2].headers.end() - 3, modern.said[2].headers.end());
    CHECK(last == std::vector<field>{{"Mcp-Method", "tools/call"}, {"Mcp-Name", "status"}, {"Mcp-Param-City", "Oslo"}});
    REQUIRE(modern.end.call);
    CHECK(json::parse(modern.end.call->result) == json::parse(ok));

    const auto legacy = play(with_canary(), caller(false, "", gives(ok)));
    CHECK(legacy.words() == "server/discover initialize notifications/initialized tools/list tools/call");
    CHECK(legacy.said[4].body == R"({"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"status","arguments":{"city":"Oslo"}}})");
    CHECK(legacy.end.why == reason::ok);
}

TEST_CASE("what comes of the canary never changes the cell")
{
    struct row { const char* name; std::string members; responder call; bool made; const char* problem; };
    const responder refuses = [](const ask& a) { return error(a, -32603, "pool exhausted"); };
    const responder silent = [](const ask&) { return failure(reason::http_hang, rollcall::data::step::http); };
    const row rows[]{
        {"not listed", "", gives("{}"), false, ""},
        {"an error", "", refuses, true, "-32603: pool exhausted"},
        {"no answer", "", silent, true, ""},
        {"asks for input", "", gives(R"({"resultType":"input_required"})"), true, "the tool asks for more input"},
        {"not read-only", R"(,"annotations":{"readOnlyHint":false})", gives("{}"), false, "not called: the tool says that it is not read-only"},
        {"destructive", R"(,"annotations":{"destructiveHint":true})", gives("{}"), false, "not called: the tool says that it is destructive"},
        {"read-only", R"(,"annotations":{"readOnlyHint":true,"destructiveHint":true})", gives("{}"), true, ""},
        {"too much", "", gives("{\"x\":\"" + std::string(300'000, 'x') + "\"}"), true, "the result is larger than 256 KiB"},
    };
    for (const auto& r : rows)
        for (const bool modern : {true, false})
            DYNAMIC_SECTION(r.name << (modern ? ", modern" : ", legacy"))
            {
                auto known = with_canary();
                const bool missing = std::string(r.name) == "not listed";
                if (missing) known.canary->tool = "other";
                const auto got = play(known, caller(modern, r.members, r.call));
                CHECK(got.end.why == reason::ok);
                REQUIRE(got.end.call);
                CHECK(got.end.call->made == r.made);
                if (missing) CHECK(got.end.call->problem == "not called: the server lists no tool of this name");
                else if (*r.problem) CHECK(got.end.call->problem == r.problem);
            }
}
