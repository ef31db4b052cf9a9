// What an answer to `server/discover` leads to.
#include "tests/audit/mcp/table.hpp"
#include "tests/catch.hpp"

using namespace rollcall::audit::mcp;
using namespace rollcall::audit::mcp::test;
using rollcall::data::reason;
using rollcall::data::step;
using rollcall::data::warning;

namespace {

using warnings = std::vector<warning>;

// The answer to `discover` and a legacy server behind it that has nothing else to say in the newer protocol.
responder before_legacy(responder d) { return on(purpose::discover, d, legacy_peer(always(404))); }
// ... and a server that refuses all the rest as a broken one does.
responder before_trouble(responder d) { return on(purpose::discover, d, says_error(-32603, "Internal error")); }

std::string naming(const std::string& versions) { return R"({"supportedVersions":)" + versions + R"(,"capabilities":{"tools":{}},"resultType":"complete","ttlMs":0,"cacheScope":"private"})"; }
std::string supporting(const std::string& versions) { return R"({"supported":)" + versions + R"(,"requested":"2026-07-28"})"; }

const std::string good_capabilities = R"("capabilities":{"tools":{}})";
std::string discovered(const std::string& more) { return R"({"supportedVersions":["2026-07-28"],)" + good_capabilities + more + "}"; }

}  // namespace

TEST_CASE("a result of discover that names our version makes the server modern", "[mcp]")
{
    const auto modern = [](const std::string& d) { return on(purpose::discover, says(d), in_modern(says(modern_list), page(404))); };
    const std::string held = R"(,"resultType":"complete","ttlMs":60000,"cacheScope":"public")";
    check_rows({
        {"good", modern(discover_ok), reason::ok, "D l", "", warnings{}},
        {"both eras named", modern(discovered(held)), reason::ok, "D l", "", warnings{}},
        {"legacy versions beside ours", modern(naming(R"(["2025-11-25","2026-07-28"])")), reason::ok, "D l", "", warnings{}},
        {"nothing about how long it holds", modern(discovered("")), reason::ok, "D l", "", warnings{warning::discover_malformed}},
        {"no resultType", modern(discovered(R"(,"ttlMs":0,"cacheScope":"public")")), reason::ok, "D l", "", warnings{warning::discover_malformed}},
        {"negative ttlMs", modern(discovered(R"(,"resultType":"complete","ttlMs":-1,"cacheScope":"public")")), reason::ok, "D l", "", warnings{warning::discover_malformed}},
        {"ttlMs as text", modern(discovered(R"(,"resultType":"complete","ttlMs":"0","cacheScope":"public")")), reason::ok, "D l", "", warnings{warning::discover_malformed}},
        {"another cacheScope", modern(discovered(R"(,"resultType":"complete","ttlMs":0,"cacheScope":"shared")")), reason::ok, "D l", "", warnings{warning::discover_malformed}},
        {"another resultType", modern(discovered(R"(,"resultType":"partial","ttlMs":0,"cacheScope":"public")")), reason::ok, "D l", "", warnings{warning::discover_malformed}},
        {"serverInfo of any shape", modern(discovered(held + R"(,"_meta":{"io.modelcontextprotocol/serverInfo":{"name":5}})")), reason::ok, "D l", "", warnings{}},
        {"an unknown capability of any shape", modern(R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{},"x":true,"tasks":true})" + held + "}"), reason::ok, "D l", "", warnings{}},
        {"streamed", on(purpose::discover, always(200, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":" + discover_ok + "}\n\n"), in_modern(says(modern_list), page(404))), reason::ok, "D l", "", warnings{}},
        {"a request to the client before the response", on(purpose::discover, always(200, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":$ID,\"result\":" + discover_ok + "}\n\n"), in_modern(says(modern_list), page(404))), reason::ok, "D l", "", warnings{warning::server_request_modern}},
    });
}

TEST_CASE("a result of discover that names other versions leads to initialize", "[mcp]")
{
    const auto only = [](const std::string& v) { return says(naming(v)); };
    const auto at_old_only = [](const ask& a) {
        return a.what == purpose::initialize && a.body.find("2025-06-18") == std::string::npos ? error(a, -32600, "Invalid Request", 400)
                                                                                                : legacy_peer(always(404))(a);
    };
    check_rows({
        {"only legacy ones, and initialize works", before_legacy(only(R"(["2025-11-25","2025-06-18"])")), reason::ok, "D I N L", ""},
        {"only an older one, and initialize works", before_legacy(only(R"(["2025-06-18"])")), reason::ok, "D I N L", ""},
        {"only an older one, all else is refused, that one works", on(purpose::discover, only(R"(["2025-06-18"])"), at_old_only), reason::version_unsupported, "D I I", "works at 2025-06-18"},
        {"only an older one, and nothing works", before_trouble(only(R"(["2025-06-18"])")), reason::rpc_error, "D I I", "-32603: Internal error"},
        {"only legacy ones, and initialize meets a page", on(purpose::discover, only(R"(["2025-11-25"])"), page()), reason::html, "D I"},
        {"only legacy ones, and initialize meets 502", on(purpose::discover, only(R"(["2025-06-18"])"), page(502)), reason::http_5xx, "D I"},
        {"only legacy ones, and initialize is never answered", on(purpose::discover, only(R"(["2025-06-18"])"), hangs()), reason::http_hang, "D I"},
        {"only unknown ones, and initialize works", before_legacy(only(R"(["2031-01-01"])")), reason::ok, "D I N L", ""},
        {"only unknown ones, and initialize fails", before_trouble(only(R"(["2031-01-01"])")), reason::version_unsupported, "D I", "names no version that we speak"},
        {"none, and initialize works", before_legacy(only("[]")), reason::ok, "D I N L", ""},
        {"none, and initialize fails", before_trouble(only("[]")), reason::version_unsupported, "D I", "names no version that we speak"},
    });
}

TEST_CASE("a result of another shape leads to initialize, and to discover_shape if that fails", "[mcp]")
{
    struct shape { const char* name; std::string result; std::string detail; };
    const std::string v = R"("supportedVersions":["2026-07-28"])";
    std::vector<row> rows;
    for (const auto& s : std::vector<shape>{
             {"{}", "{}", "supportedVersions: absent"},
             {"no supportedVersions", "{" + good_capabilities + "}", "supportedVersions: absent"},
             {"supportedVersions as text", R"({"supportedVersions":"2026-07-28",)" + good_capabilities + "}", "supportedVersions: not an array of strings"},
             {"a number among the versions", R"({"supportedVersions":["2026-07-28",5],)" + good_capabilities + "}", "supportedVersions: not an array of strings"},
             {"no capabilities", "{" + v + "}", "capabilities: absent or not an object"},
             {"capabilities as a list", "{" + v + R"(,"capabilities":[]})", "capabilities: absent or not an object"},
             {"tools: true", "{" + v + R"(,"capabilities":{"tools":true}})", "capabilities.tools: not an object"},
             {"listChanged: null", "{" + v + R"(,"capabilities":{"tools":{"listChanged":null}}})", "capabilities.tools.listChanged: not a boolean"},
             {"instructions: null", "{" + v + "," + good_capabilities + R"(,"instructions":null})", "instructions: not a string"},
             {"_meta: null", "{" + v + "," + good_capabilities + R"(,"_meta":null})", "_meta: not an object"}}) {
        rows.push_back({std::string(s.name) + ", initialize works", before_legacy(says(s.result)), reason::ok, "D I N L", "", warnings{}});
        rows.push_back({std::string(s.name) + ", initialize fails", before_trouble(says(s.result)), reason::discover_shape, "D I", s.detail});
    }
    rows.push_back({"{} to everything", says("{}"), reason::discover_shape, "D I", "supportedVersions: absent"});
    rows.push_back({"{}, a good initialize, and a list that meets 500", on(purpose::discover, says("{}"), on(purpose::tools_list, page(500), legacy_peer(always(404)))), reason::http_5xx, "D I N L"});
    rows.push_back({"{}, a good initialize, and a list that is never answered", on(purpose::discover, says("{}"), on(purpose::tools_list, hangs(), legacy_peer(always(404)))), reason::mcp_timeout, "D I N L"});
    check_rows(rows);
}

TEST_CASE("errors of the newer protocol to discover are told apart", "[mcp]")
{
    std::vector<row> rows;
    // The code of the specification, and the one of its drafts.
    for (const int code : {-32022, -32004}) {
        const auto error = [code](const std::string& versions) { return says_error(code, "Unsupported protocol version", 400, supporting(versions)); };
        const auto name = [code](const char* text) { return std::to_string(code) + text; };
        rows.push_back({name(" naming ours is asked again"), nth(1, purpose::discover, error(R"(["2026-07-28"])"), modern_only()), reason::ok, "D D l", ""});
        rows.push_back({name(" naming ours for ever"), on(purpose::discover, error(R"(["2026-07-28"])"), says_error(-32603, "x")), reason::version_unsupported, "D D I", "refuses the version that it names"});
        rows.push_back({name(" naming legacy ones"), before_legacy(error(R"(["2025-11-25"])")), reason::ok, "D I N L", ""});
        rows.push_back({name(" naming legacy ones, and initialize meets 404"), on(purpose::discover, error(R"(["2025-11-25"])"), page(404)), reason::http_404, "D I G"});
        rows.push_back({name(" naming none of ours"), before_trouble(error(R"(["2031-01-01"])")), reason::version_unsupported, "D I", "names no version that we speak"});
        rows.push_back({name(" naming none of ours, initialize works"), before_legacy(error(R"(["2031-01-01"])")), reason::ok, "D I N L", ""});
    }
    rows.push_back({"-32022 naming nothing", before_trouble(says_error(-32022, "x", 400)), reason::version_unsupported, "D I", "names no version that we speak"});
    rows.push_back({"-32004 naming nothing is any other error", before_trouble(says_error(-32004, "x")), reason::rpc_error, "D I", "-32603: Internal error"});
    rows.push_back({"-32022 to both, and nothing else", [](const ask& a) { return a.what == purpose::open_stream ? answer(a, 405, "", "") : error(a, -32022, "x", 400, R"({"supported":["2031-01-01"]})"); }, reason::version_unsupported, "D I"});

    struct refusal { const char* name; int code; const char* message; std::string data; };
    for (const auto& r : std::vector<refusal>{
             {"-32020", -32020, "Header mismatch", ""},
             {"-32021", -32021, "Missing capability", R"({"requiredCapabilities":{"sampling":{}}})"},
             {"-32003 of a draft", -32003, "Missing capability", R"({"requiredCapabilities":{"sampling":{}}})"},
             {"-32602 naming _meta", -32602, "params._meta is required", ""},
             {"-32602 naming the envelope", -32602, "Missing request envelope", ""}})
        for (const unsigned status : {400u, 200u}) {
            const auto d = says_error(r.code, r.message, status, r.data);
            const auto name = std::string(r.name) + " with " + std::to_string(status);
            rows.push_back({name + ", initialize works", before_legacy(d), reason::ok, "D I N L", "", warnings{}});
            rows.push_back({name + ", initialize fails", before_trouble(d), reason::rpc_error, "D I", "header_mismatch"});
        }
    rows.push_back({"-32602 about something else", before_trouble(says_error(-32602, "Protocol version mismatch", 400)), reason::rpc_error, "D I", "-32603: Internal error"});
    rows.push_back({"-32003 without data is any other error", before_trouble(says_error(-32003, "x", 400)), reason::rpc_error, "D I", "-32603: Internal error"});
    check_rows(rows);
}

TEST_CASE("any other error to discover says nothing about a legacy server", "[mcp]")
{
    std::vector<row> rows;
    for (const auto& [code, status, message] : std::vector<std::tuple<int, unsigned, const char*>>{
             {-32601, 404, "Method not found"}, {-32601, 200, "Method not found"}, {-32600, 400, "Invalid Request"}, {-32700, 400, "Parse error"},
             {-32000, 400, "Bad Request: No valid session ID provided"}, {-32000, 400, "Bad Request: Server not initialized"},
             {-32000, 400, "Bad Request: Mcp-Session-Id header is required"}, {-32600, 400, "Missing session ID"}, {-32602, 200, "Invalid request parameters"},
             {-32001, 404, "Session not found"}, {-32002, 200, "Resource not found"}, {-32042, 200, "URL elicitation required"}, {-32000, 405, "Method not allowed."}}) {
        const auto name = std::to_string(code) + " with " + std::to_string(status) + " (" + message + ")";
        rows.push_back({name, before_legacy(says_error(code, message, status)), reason::ok, "D I N L", "", warnings{}});
        // What initialize met is what the server is blamed for.
        rows.push_back({name + ", initialize meets a page", on(purpose::discover, says_error(code, message, status), page()), reason::html, "D I"});
        rows.push_back({name + ", initialize is never answered", on(purpose::discover, says_error(code, message, status), hangs()), reason::http_hang, "D I"});
        rows.push_back({name + ", no connection for initialize", on(purpose::discover, says_error(code, message, status), fails(reason::tcp_refused, step::connect)), reason::tcp_refused, "D I"});
    }
    const auto lacks_discover = [](responder list) {
        return on(purpose::discover, says_error(-32601, "Method not found", 404), on(purpose::open_stream, always(405), modern_only(list)));
    };
    rows.push_back({"no discover, and the modern list works", lacks_discover(says(modern_list)), reason::discover_shape, "D I l", "discover_missing"});
    rows.push_back({"no discover, and no modern list either", lacks_discover(says_error(-32601, "Method not found", 404)), reason::rpc_error, "D I l"});
    rows.push_back({"nothing known at all", says_error(-32601, "Method not found"), reason::rpc_error, "D I l", "-32601: Method not found"});
    check_rows(rows);
}

TEST_CASE("what is no JSON-RPC in answer to discover", "[mcp]")
{
    std::vector<row> rows;
    struct plain { const char* name; responder peer; reason alone; const char* said; std::vector<warning> manners; };
    for (const auto& p : std::vector<plain>{
             {"401", always(401), reason::auth_bare, "D I", {warning::discover_unfriendly}},
             {"403", always(403), reason::auth_forbidden, "D I", {}},
             {"404", always(404), reason::http_404, "D I G", {}},
             {"405", always(405), reason::http_405, "D I G", {}},
             {"406", always(406), reason::http_4xx, "D I", {}},
             {"410", always(410), reason::http_410, "D I", {}},
             {"415", always(415), reason::http_4xx, "D I", {}},
             {"421", always(421), reason::http_4xx, "D I", {}},
             {"422", always(422), reason::http_4xx, "D I", {}},
             {"400 without a word", always(400), reason::http_4xx, "D I G", {}},
             {"a page", page(), reason::html, "D I", {warning::discover_unfriendly}},
             {"nothing", always(200), reason::empty, "D I", {}},
             {"202", always(202), reason::empty, "D I", {warning::discover_unfriendly}},
             {"204", always(204), reason::empty, "D I", {}},
             {"text", always(200, "text/plain", "OK"), reason::not_json, "D I", {}},
             {"another JSON", always(200, "application/json", R"({"status":"ok"})"), reason::bad_envelope, "D I", {}},
             {"500", always(500), reason::http_5xx, "D I", {warning::discover_unfriendly}},
             {"500 with -32603", says_error(-32603, "Internal error", 500), reason::http_5xx, "D I", {warning::discover_unfriendly}},
             {"502", always(502), reason::http_5xx, "D I", {warning::discover_unfriendly}},
             {"503", always(503), reason::http_5xx, "D I", {warning::discover_unfriendly}},
             {"silence", hangs(), reason::http_hang, "D I", {}},
             {"a reset", resets(), reason::tcp_reset, "D I", {}},
             {"a stream that ends", always(200, "text/event-stream", ": hello\n\n"), reason::sse_truncated, "D I", {}},
             {"a redirect that clients do not follow", fails(reason::redirect_method, step::http), reason::redirect_method, "D I", {}},
             {"a redirect to another site", fails(reason::redirect_off_site, step::http), reason::redirect_off_site, "D I", {}},
             {"a redirect to a log-in page", fails(reason::auth_redirect, step::http), reason::auth_redirect, "D I", {}},
             {"no HTTP", fails(reason::http_garbage, step::http), reason::http_garbage, "D I", {}}}) {
        rows.push_back({std::string(p.name) + ", initialize works", on(purpose::discover, p.peer, legacy_peer(page(404))), reason::ok, "D I N L", "", p.manners});
        rows.push_back({std::string(p.name) + " to everything", p.peer, p.alone, p.said});
    }
    check_rows(rows);
}

TEST_CASE("after some answers nothing more is asked", "[mcp]")
{
    check_rows({
        {"402", always(402), reason::payment, "D"},
        {"429", always(429), reason::rate_limited, "D"},
        {"451", always(451), reason::legal_block, "D"},
        {"a challenge", always(403, "text/html", "<html>", {{"cf-mitigated", "challenge"}}), reason::challenge_page, "D"},
        {"a platform's own page", always(404, "text/plain", "gone", {{"x-vercel-error", "DEPLOYMENT_NOT_FOUND"}}), reason::host_reaped, "D"},
        {"no name", fails(reason::dns_nxdomain, step::resolve), reason::dns_nxdomain, "D"},
        {"refused", fails(reason::tcp_refused, step::connect), reason::tcp_refused, "D"},
        {"expired certificate", fails(reason::tls_expired, step::tls), reason::tls_expired, "D"},
        {"a failure of our own proxy", fails(reason::proxy_failed, step::connect), reason::proxy_failed, "D"},
    });
}

TEST_CASE("after a silence the next attempt has a connection of its own", "[mcp]")
{
    for (const auto& silent : {hangs(), resets(), always(200, "text/event-stream", ": hello\n\n")}) {
        const auto r = play({}, on(purpose::discover, silent, legacy_peer(always(404))));
        REQUIRE(shorthand(r) == "D I N L");
        CHECK(r.said[1].fresh_connection);
        CHECK_FALSE(r.said[2].fresh_connection);
    }
    CHECK_FALSE(play({}, legacy_peer(always(404))).said[1].fresh_connection);
}
