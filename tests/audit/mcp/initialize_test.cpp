// What an answer to `initialize` leads to, after a `discover` that says nothing.
#include "tests/audit/mcp/table.hpp"
#include "tests/catch.hpp"

using namespace rollcall::audit::mcp;
using namespace rollcall::audit::mcp::test;
using rollcall::data::era;
using rollcall::data::reason;
using rollcall::data::step;
using rollcall::data::transport;
using rollcall::data::warning;

namespace {

using warnings = std::vector<warning>;

responder answers_initialize(responder i, responder rest = legacy_peer(always(406)))
{
    return on(purpose::initialize, i, on(purpose::discover, says_error(-32601, "Method not found"), rest));
}

std::string init(const std::string& version, const std::string& capabilities = R"({"tools":{}})", const std::string& info = R"({"name":"x","version":"1"})", const std::string& more = "")
{
    return R"({"protocolVersion":)" + version + R"(,"capabilities":)" + capabilities + R"(,"serverInfo":)" + info + more + "}";
}
const std::string newest = "\"2025-11-25\"";

}  // namespace

TEST_CASE("initialize is answered with a version that we speak, or with none", "[mcp]")
{
    std::vector<row> rows;
    for (const char* v : {"2024-10-07", "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
        rows.push_back({v, answers_initialize(says(init("\"" + std::string(v) + "\""))), reason::ok, "D I N L", "", warnings{}});
    rows.push_back({"our modern one", answers_initialize(says(init("\"2026-07-28\""))), reason::version_unsupported, "D I", "answered with 2026-07-28"});
    rows.push_back({"an unknown one", answers_initialize(says(init("\"2031-01-01\""))), reason::version_unsupported, "D I", "answered with 2031-01-01"});
    rows.push_back({"nonsense", answers_initialize(says(init("\"1.0\""))), reason::version_unsupported, "D I", "answered with 1.0"});
    rows.push_back({"an empty text", answers_initialize(says(init("\"\""))), reason::version_unsupported, "D I", "answered with "});
    rows.push_back({"a number", answers_initialize(says(init("2"))), reason::version_unsupported, "D I", "protocolVersion: not a string"});
    rows.push_back({"null", answers_initialize(says(init("null"))), reason::version_unsupported, "D I", "protocolVersion: not a string"});
    rows.push_back({"none", answers_initialize(says(R"({"capabilities":{},"serverInfo":{"name":"x","version":"1"}})")), reason::init_shape, "D I", "protocolVersion: absent"});
    rows.push_back({"nothing at all", answers_initialize(says("{}")), reason::init_shape, "D I", "protocolVersion: absent"});
    check_rows(rows);

    const auto r = play({}, answers_initialize(says(init("\"2025-06-18\""))));
    CHECK(r.end.answer.protocol_version == "2025-06-18");
    CHECK(r.end.answer.era == era::legacy);
    CHECK(r.end.answer.transport == transport::streamable_http);
    CHECK(r.said[3].headers.back() == std::pair<std::string, std::string>{"MCP-Protocol-Version", "2025-06-18"});
}

TEST_CASE("the answer to initialize has the shape that clients insist on", "[mcp]")
{
    struct shape { const char* name; std::string result; const char* detail; };  // no detail: accepted
    std::vector<row> rows;
    const auto capabilities = [](const char* c) { return init(newest, c); };
    const auto info = [](const char* i) { return init(newest, R"({"tools":{}})", i); };
    const auto more = [](const char* m) { return init(newest, R"({"tools":{}})", R"({"name":"x","version":"1"})", m); };
    for (const auto& s : std::vector<shape>{
             {"capabilities as a list", capabilities("[]"), "capabilities: absent or not an object"},
             {"capabilities null", capabilities("null"), "capabilities: absent or not an object"},
             {"tools: true", capabilities(R"({"tools":true})"), "capabilities.tools: not an object"},
             {"tools: null", capabilities(R"({"tools":null})"), "capabilities.tools: not an object"},
             {"tools: []", capabilities(R"({"tools":[]})"), "capabilities.tools: not an object"},
             {"listChanged as text", capabilities(R"({"tools":{"listChanged":"yes"}})"), "capabilities.tools.listChanged: not a boolean"},
             {"prompts: true", capabilities(R"({"tools":{},"prompts":true})"), "capabilities.prompts: not an object"},
             {"resources: []", capabilities(R"({"tools":{},"resources":[]})"), "capabilities.resources: not an object"},
             {"subscribe as text", capabilities(R"({"tools":{},"resources":{"subscribe":"no"}})"), "capabilities.resources.subscribe: not a boolean"},
             {"logging: true", capabilities(R"({"tools":{},"logging":true})"), "capabilities.logging: not an object"},
             {"logging: []", capabilities(R"({"tools":{},"logging":[]})"), nullptr},
             {"completions: true", capabilities(R"({"tools":{},"completions":true})"), "capabilities.completions: not an object"},
             {"tasks: true", capabilities(R"({"tools":{},"tasks":true})"), "capabilities.tasks: not an object"},
             {"experimental holding a number", capabilities(R"({"tools":{},"experimental":{"a":1}})"), "capabilities.experimental: a member is not an object"},
             {"extensions holding true", capabilities(R"({"tools":{},"extensions":{"a":true}})"), "capabilities.extensions: a member is not an object"},
             {"good extensions", capabilities(R"({"tools":{},"extensions":{"a":{}},"experimental":{"b":{}}})"), nullptr},
             {"unknown capabilities", capabilities(R"({"tools":{"x":1},"x":true})"), nullptr},
             {"no serverInfo", R"({"protocolVersion":"2025-11-25","capabilities":{}})", "serverInfo: absent or not an object"},
             {"serverInfo null", info("null"), "serverInfo: absent or not an object"},
             {"no name", info(R"({"version":"1"})"), "serverInfo.name: absent or not a string"},
             {"no version", info(R"({"name":"x"})"), "serverInfo.version: absent or not a string"},
             {"version as a number", info(R"({"name":"x","version":1})"), "serverInfo.version: absent or not a string"},
             {"empty name", info(R"({"name":"","version":""})"), nullptr},
             {"title null", info(R"({"name":"x","version":"1","title":null})"), "serverInfo.title: not a string"},
             {"websiteUrl null", info(R"({"name":"x","version":"1","websiteUrl":null})"), "serverInfo.websiteUrl: not a string"},
             {"websiteUrl that is none", info(R"({"name":"x","version":"1","websiteUrl":"?"})"), nullptr},
             {"description null", info(R"({"name":"x","version":"1","description":null})"), "serverInfo.description: not a string"},
             {"icons null", info(R"({"name":"x","version":"1","icons":null})"), "serverInfo.icons: not an array"},
             {"icon without src", info(R"({"name":"x","version":"1","icons":[{}]})"), "serverInfo.icons[0].src: absent or not a string"},
             {"more about the server", info(R"({"name":"x","version":"1","vendor":null})"), nullptr},
             {"instructions", more(R"(,"instructions":"Be kind.")"), nullptr},
             {"instructions null", more(R"(,"instructions":null)"), "instructions: not a string"},
             {"_meta null", more(R"(,"_meta":null)"), "_meta: not an object"},
             {"more members", more(R"(,"x":null)"), nullptr}}) {
        if (s.detail) rows.push_back({s.name, answers_initialize(says(s.result)), reason::init_shape, "D I", s.detail});
        else rows.push_back({s.name, answers_initialize(says(s.result)), reason::ok, "D I N L", "", warnings{}});
    }
    check_rows(rows);
}

TEST_CASE("an error instead of a version is version_unsupported, with what would work", "[mcp]")
{
    // Refuses all versions but `v`, in that way.
    const auto takes_only = [](const std::string& v, responder refusal) {
        return answers_initialize([=](const ask& a) { return a.body.find("\"" + v + "\"") != std::string::npos ? result(a, init_ok) : refusal(a); });
    };
    const auto words = [](int code, const char* message, unsigned status = 400) { return says_error(code, message, status); };
    std::vector<row> rows;
    struct refusal { const char* name; responder peer; };
    for (const auto& r : std::vector<refusal>{
             {"-32602 with data", says_error(-32602, "Unsupported protocol version", 200, R"({"supported":["2025-06-18"],"requested":"2025-11-25"})")},
             {"-32602 with data and 400", says_error(-32602, "Unsupported protocol version", 400, R"({"supported":["2024-11-05","2025-06-18"]})")},
             {"-32600 in words", words(-32600, "Unsupported protocol version: 2025-11-25 (supported: 2025-06-18, 2024-11-05)")},
             {"-32000 in words", words(-32000, "Bad Request: Protocol version mismatch, expected 2025-06-18", 200)},
             {"-32603 with 500", words(-32603, "Unsupported protocol version, use 2025-06-18", 500)},
             {"-32022 naming legacy ones", says_error(-32022, "Unsupported", 400, R"({"supported":["2025-06-18"]})")},
             {"-32004 naming legacy ones", says_error(-32004, "Unsupported", 400, R"({"supported":["2025-06-18"]})")}}) {
        rows.push_back({std::string(r.name) + ", which works", takes_only("2025-06-18", r.peer), reason::version_unsupported, "D I I", "works at 2025-06-18"});
        rows.push_back({std::string(r.name) + ", which does not work", answers_initialize(r.peer), reason::version_unsupported, "D I I"});
    }
    rows.push_back({"no other named", answers_initialize(words(-32602, "Unsupported protocol version: 2025-11-25")), reason::version_unsupported, "D I", "-32602: Unsupported protocol version: 2025-11-25"});
    rows.push_back({"invalid protocol version", answers_initialize(words(-32602, "Invalid protocol version")), reason::version_unsupported, "D I", "-32602: Invalid protocol version"});
    rows.push_back({"only an unknown one named", answers_initialize(says_error(-32602, "x", 200, R"({"supported":["2031-01-01"]})")), reason::version_unsupported, "D I"});
    rows.push_back({"supported is no list", answers_initialize(says_error(-32602, "x", 200, R"({"supported":"2025-06-18"})")), reason::rpc_error, "D I", "-32602: x"});
    rows.push_back({"other words about versions", answers_initialize(words(-32602, "Unknown version of the colour profile", 200)), reason::rpc_error, "D I"});
    rows.push_back({"the session that works is closed", takes_only("2025-06-18", says_error(-32602, "Unsupported protocol version, use 2025-06-18")), reason::version_unsupported, "D I I", "works at 2025-06-18"});
    check_rows(rows);

    // The repeat that works may open a session, which is closed again.
    const auto with_session = play({}, on(purpose::initialize, [](const ask& a) {
        if (a.body.find("2025-06-18") == std::string::npos) return error(a, -32602, "Unsupported protocol version, use 2025-06-18");
        heard h = result(a, init_ok);
        h.answer.headers.emplace_back("mcp-session-id", "s");
        return h;
    }, always(404)));
    CHECK(shorthand(with_session) == "D I I X");
}

TEST_CASE("a server that is modern only is judged by its answer to discover", "[mcp]")
{
    const auto refusing = modern_only();
    const auto after = [&](responder d) { return on(purpose::discover, d, refusing); };
    check_rows({
        {"discover is never answered", after(hangs()), reason::mcp_timeout, "D I"},
        {"discover is cut off", after(resets()), reason::empty, "D I"},
        {"discover meets 502", after(page(502)), reason::http_5xx, "D I"},
        {"discover has another id", after(always(200, "application/json", R"({"jsonrpc":"2.0","id":4711,"result":{}})")), reason::id_mismatch, "D I"},
        {"discover comes as text", after(always(200, "text/plain", R"({"jsonrpc":"2.0","id":$ID,"result":)" + discover_ok + "}")), reason::content_type, "D I"},
        {"discover comes as text and initialize is unknown", on(purpose::initialize, says_error(-32601, "Method not found"), after(always(200, "text/plain", R"({"jsonrpc":"2.0","id":$ID,"result":)" + discover_ok + "}"))), reason::content_type, "D I"},
        {"discover has no shape", after(says("{}")), reason::discover_shape, "D I"},
        {"discover is refused for a credential", after(always(401)), reason::auth_bare, "D I"},
        {"discover is unknown, the list works", after(says_error(-32601, "Method not found", 404)), reason::discover_shape, "D I l", "discover_missing"},
        {"the list fails once, and works when asked again", nth(1, purpose::tools_list, says_error(-32603, "x"), refusing), reason::rpc_error, "D l I"},
    });
}

TEST_CASE("other answers to initialize", "[mcp]")
{
    std::vector<row> rows;
    struct plain { const char* name; responder peer; reason expected; std::string said; std::string detail; };
    for (const auto& p : std::vector<plain>{
             {"-32601", says_error(-32601, "Method not found"), reason::rpc_error, "D I l", "-32601: Method not found"},
             {"-32600", says_error(-32600, "Invalid Request", 400), reason::rpc_error, "D I G", "-32600: Invalid Request"},
             {"-32603", says_error(-32603, "Internal error"), reason::rpc_error, "D I", "-32603: Internal error"},
             {"-32603 with 500", says_error(-32603, "Internal error", 500), reason::http_5xx, "D I", "-32603: Internal error"},
             {"-32042", says_error(-32042, "URL elicitation required"), reason::rpc_error, "D I", "-32042: URL elicitation required"},
             {"-32002", says_error(-32002, "Not found"), reason::rpc_error, "D I", "-32002: Not found"},
             {"-32000 with 400", says_error(-32000, "Bad Request", 400), reason::http_4xx, "D I G", "-32000: Bad Request"},
             {"-32000 with 404", says_error(-32000, "Not here", 404), reason::http_404, "D I G", "-32000: Not here"},
             {"-32000 with 405", says_error(-32000, "Method not allowed.", 405), reason::http_405, "D I G", "-32000: Method not allowed."},
             {"-32000 with 200", says_error(-32000, "Something"), reason::rpc_error, "D I", "-32000: Something"},
             {"-32001 about a credential", says_error(-32001, "Unauthorized: no API key"), reason::auth_rpc, "D I", "-32001: Unauthorized: no API key"},
             {"500 about a credential", says_error(-32000, "Missing access token", 500), reason::auth_rpc, "D I", "-32000: Missing access token"},
             {"400 about a credential", says_error(-32000, "Authentication required", 400), reason::auth_rpc, "D I", "-32000: Authentication required"},
             {"401 as a code", says_error(401, "no"), reason::auth_rpc, "D I", "401: no"},
             {"403 as a code", says_error(403, "no"), reason::auth_rpc, "D I", "403: no"},
             {"402 as a code", says_error(402, "pay"), reason::payment, "D I", "402: pay"},
             {"-402 as a code", says_error(-402, "pay"), reason::payment, "D I", "-402: pay"},
             {"-32402 as a code", says_error(-32402, "pay"), reason::payment, "D I", "-32402: pay"},
             {"an error about a session is none about a credential", says_error(-32000, "Unauthorized session"), reason::rpc_error, "D I", "-32000: Unauthorized session"},
             {"401", always(401), reason::auth_bare, "D I", ""},
             {"401 with a challenge", always(401, "", "", {{"www-authenticate", R"(Bearer resource_metadata="https://a.example/m")"}}), reason::auth_challenge, "D I", ""},
             {"402", always(402), reason::payment, "D I", ""},
             {"403", always(403), reason::auth_forbidden, "D I", ""},
             {"429", always(429), reason::rate_limited, "D I", ""},
             {"451", always(451), reason::legal_block, "D I", ""},
             {"a challenge page", always(403, "text/html", "<html>", {{"cf-mitigated", "challenge"}}), reason::challenge_page, "D I", "cf-mitigated"},
             {"404", always(404), reason::http_404, "D I G", ""},
             {"405", always(405), reason::http_405, "D I G", ""},
             {"406", always(406), reason::http_4xx, "D I", ""},
             {"503", always(503), reason::http_5xx, "D I", ""},
             {"a page", page(), reason::html, "D I", ""},
             {"nothing", always(200), reason::empty, "D I", ""},
             {"202", always(202), reason::empty, "D I", ""},
             {"text", always(200, "text/plain", "OK"), reason::not_json, "D I", ""},
             {"another JSON", always(200, "application/json", "{}"), reason::bad_envelope, "D I", "jsonrpc"},
             {"another id", always(200, "application/json", R"({"jsonrpc":"2.0","id":4711,"result":{}})"), reason::id_mismatch, "D I", "*"},
             {"as text", always(200, "text/plain", R"({"jsonrpc":"2.0","id":$ID,"result":)" + init_ok + "}"), reason::content_type, "D I", "text/plain"},
             {"without a type", always(200, "", R"({"jsonrpc":"2.0","id":$ID,"result":)" + init_ok + "}"), reason::content_type, "D I", "none"},
             {"under 400", always(400, "application/json", R"({"jsonrpc":"2.0","id":$ID,"result":)" + init_ok + "}"), reason::http_4xx, "D I G", ""},
             {"under 500", always(500, "application/json", R"({"jsonrpc":"2.0","id":$ID,"result":)" + init_ok + "}"), reason::http_5xx, "D I", ""},
             {"a stream that ends", always(200, "text/event-stream", "\n"), reason::sse_truncated, "D I", ""},
             {"silence", hangs(), reason::http_hang, "D I", ""},
             {"a reset", resets(), reason::tcp_reset, "D I", ""}}) {
        rows.push_back({p.name, answers_initialize(p.peer), p.expected, p.said, p.detail});
    }
    check_rows(rows);
}
