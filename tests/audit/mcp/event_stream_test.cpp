// The HTTP+SSE transport of 2024: when it is tried, and what is filed of it.
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
const warnings old_transport{warning::deprecated_transport};

responder opens(std::string type, std::string body, unsigned status = 200)
{
    return on(purpose::open_stream, always(status, type, body), sse_peer());
}
hints listed()
{
    hints h;
    h.listed_as_sse = true;
    return h;
}

}  // namespace

TEST_CASE("which answers to initialize leave the older transport to be tried", "[mcp]")
{
    std::vector<row> rows;
    struct post { const char* name; responder peer; bool anywhere, at_sse; reason otherwise; };
    for (const auto& p : std::vector<post>{
             {"400", always(400), true, true, reason::http_4xx},
             {"400 with an error", says_error(-32000, "Bad Request: no transport found", 400), true, true, reason::http_4xx},
             {"404", page(404), true, true, reason::http_404},
             {"404 with an error", says_error(-32601, "Method not found", 404), true, true, reason::rpc_error},
             {"405", always(405), true, true, reason::http_405},
             {"406", always(406), false, true, reason::http_4xx},
             {"410", always(410), false, true, reason::http_410},
             {"415", always(415), false, true, reason::http_4xx},
             {"422", always(422), false, true, reason::http_4xx},
             {"500", always(500), false, true, reason::http_5xx},
             {"501", always(501), false, true, reason::http_5xx},
             {"502", always(502), false, true, reason::http_5xx},
             {"503", always(503), false, false, reason::http_5xx},
             {"silence", hangs(), false, true, reason::http_hang},
             {"a reset", resets(), false, true, reason::tcp_reset},
             {"a redirect that clients do not follow", fails(reason::redirect_method, step::http), false, true, reason::redirect_method},
             {"a page", page(), false, false, reason::html},
             {"401", always(401), false, false, reason::auth_bare},
             {"403", always(403), false, false, reason::auth_forbidden},
             {"-32603", says_error(-32603, "x"), false, false, reason::rpc_error}}) {
        const auto peer = sse_peer("/m", p.peer);
        // An address that is no stream's by its look is not asked, so only memory finds what is there.
        row plain{std::string(p.name) + " at /mcp", peer, p.anywhere ? reason::ok : p.otherwise, p.anywhere ? "D I G I N L" : "D I"};
        if (p.anywhere) rows.push_back(plain);
        row at_sse{std::string(p.name) + " at /sse", peer, p.at_sse ? reason::ok : p.otherwise, p.at_sse ? "D I G I N L" : "D I"};
        at_sse.known = path_ends_in_sse();
        if (p.at_sse) rows.push_back(at_sse);
        row as_listed{std::string(p.name) + ", listed as sse", peer, reason::ok, "G I N L", "", old_transport, listed()};
        rows.push_back(as_listed);
        for (const auto& r : {plain, at_sse}) {
            INFO(r.name);
            const auto got = play(r.known, responder(r.peer));
            CHECK(got.end.why == r.expected);
            CHECK(shorthand(got) == r.said);
        }
    }
    check_rows(rows);
}

TEST_CASE("memory may find an older transport that the procedure does not look for, and never loses one", "[mcp]")
{
    hints known;
    known.remembered_era = era::legacy;
    known.remembered_transport = transport::http_sse;
    CHECK(play(known, sse_peer("/m", always(406))).end.why == reason::ok);
    CHECK(play({}, sse_peer("/m", always(406))).end.why == reason::http_4xx);
    // What the stream met does not count where the procedure would not have opened it.
    const auto bad_list = sse_peer_with(purpose::tools_list, says(R"({"tools":{}})"));
    CHECK(play(known, [=](const ask& a) { return a.what != purpose::open_stream && a.url.empty() ? answer(a, 406, "", "") : bad_list(a); }).end.why == reason::http_4xx);
}

TEST_CASE("what the GET of the stream must give", "[mcp]")
{
    const std::string endpoint = "event: endpoint\ndata: /m?sessionId=1\n\n", type = "text/event-stream";
    check_rows({
        {"the endpoint", opens(type, endpoint), reason::ok, "D I G I N L", "", old_transport},
        {"after comments, empty and other events", opens(type, ": hi\n\ndata:\n\nevent: ping\ndata: 1\n\nevent: endpoint\ndata:\n\n" + endpoint), reason::ok, "D I G I N L", "", old_transport},
        {"in CRLF, with a byte order mark", opens(type + "; charset=utf-8", "\xEF\xBB\xBF" "event: endpoint\r\ndata: /m\r\n\r\n"), reason::ok, "D I G I N L"},
        {"an absolute URL of the same origin", opens(type, "event: endpoint\ndata: https://A.example:443/m\n\n"), reason::ok, "D I G I N L", "", old_transport},
        {"a URL without a scheme, same host", opens(type, "event: endpoint\ndata: //a.example/m\n\n"), reason::ok, "D I G I N L"},
        {"a colon in the query", opens(type, "event: endpoint\ndata: /m?at=10:30\n\n"), reason::ok, "D I G I N L"},
        {"another host", opens(type, "event: endpoint\ndata: https://b.example/m\n\n"), reason::bad_envelope, "D I G", "sse_endpoint_origin"},
        {"another port", opens(type, "event: endpoint\ndata: https://a.example:8443/m\n\n"), reason::bad_envelope, "D I G", "sse_endpoint_origin"},
        {"another scheme", opens(type, "event: endpoint\ndata: http://a.example/m\n\n"), reason::bad_envelope, "D I G", "sse_endpoint_origin"},
        {"another host without a scheme", opens(type, "event: endpoint\ndata: //b.example/m\n\n"), reason::bad_envelope, "D I G", "sse_endpoint_origin"},
        {"a host behind a user name", opens(type, "event: endpoint\ndata: https://a.example@b.example/m\n\n"), reason::bad_envelope, "D I G", "sse_endpoint_origin"},
        {"backslashes", opens(type, "event: endpoint\ndata: \\\\b.example/m\n\n"), reason::bad_envelope, "D I G", "sse_endpoint_origin"},
        {"a scheme without a host", opens(type, "event: endpoint\ndata: javascript:alert(1)\n\n"), reason::bad_envelope, "D I G", "sse_endpoint_origin"},
        {"under 201", opens(type, endpoint, 201), reason::http_404, "D I G"},
        {"under another type", opens("text/plain", endpoint), reason::http_404, "D I G"},
        {"no endpoint in it", opens(type, "data: hello\n\n"), reason::http_404, "D I G"},
        {"a page", opens("text/html", "<html>"), reason::http_404, "D I G"},
        {"JSON", opens("application/json", "{}"), reason::http_404, "D I G"},
        {"405", opens("", "", 405), reason::http_404, "D I G"},
        {"500", opens("", "", 500), reason::http_404, "D I G"},
        {"silence", on(purpose::open_stream, hangs(), sse_peer()), reason::http_404, "D I G"},
        {"429", opens("", "", 429), reason::rate_limited, "D I G"},
        {"a challenge", on(purpose::open_stream, always(403, "text/html", "<html>", {{"cf-mitigated", "challenge"}}), sse_peer()), reason::challenge_page, "D I G"},
        {"402", opens("", "", 402), reason::payment, "D I G"},
    });
}

TEST_CASE("a gate before the stream is the gate of a server of the older transport, and of no other", "[mcp]")
{
    const auto gated = on(purpose::open_stream, always(401, "", "", {{"www-authenticate", R"(Bearer resource_metadata="https://a.example/m")"}}), always(405));
    const auto at_sse = play(path_ends_in_sse(), gated);
    CHECK(at_sse.end.why == reason::auth_challenge);
    CHECK(shorthand(at_sse) == "D I G");
    const auto as_listed = play(listed(), gated);
    CHECK(as_listed.end.why == reason::auth_challenge);
    CHECK(shorthand(as_listed) == "G D I");
    CHECK(play({}, gated).end.why == reason::http_405);
}

TEST_CASE("what is filed of a conversation over the older transport", "[mcp]")
{
    std::vector<row> rows{
        {"initialize refused for its version", sse_peer_with(purpose::initialize, says_error(-32602, "Unsupported protocol version")), reason::version_unsupported, "D I G I"},
        {"initialize of no shape", sse_peer_with(purpose::initialize, says("{}")), reason::init_shape, "D I G I", "protocolVersion: absent"},
        {"an error to initialize", sse_peer_with(purpose::initialize, says_error(-32603, "x")), reason::rpc_error, "D I G I"},
        {"initialize needs a credential", sse_peer_with(purpose::initialize, always(401)), reason::auth_bare, "D I G I"},
        {"the message endpoint is not there", sse_peer_with(purpose::initialize, always(404)), reason::http_404, "D I G I"},
        {"the message endpoint fails", sse_peer_with(purpose::initialize, always(500)), reason::http_5xx, "D I G I"},
        {"the message endpoint is silent", sse_peer_with(purpose::initialize, hangs()), reason::mcp_timeout, "D I G I"},
        {"a session that is lost is not opened again", sse_peer_with(purpose::initialized, always(404, "text/plain", "Session not found")), reason::http_404, "D I G I N"},
        {"nor at the list", sse_peer_with(purpose::tools_list, always(400, "text/plain", "No such session")), reason::http_4xx, "D I G I N L"},
        {"a good list of nothing", sse_peer_with(purpose::tools_list, says(R"({"tools":[]})")), reason::ok_zero_tools, "D I G I N L", "", old_transport},
        {"a bad list", sse_peer_with(purpose::tools_list, says(R"({"tools":{}})")), reason::tools_not_array, "D I G I N L"},
        {"no list", sse_peer_with(purpose::tools_list, says_error(-32601, "x")), reason::tools_missing, "D I G I N L"},
    };
    check_rows(rows);

    // However the POST is answered, what came furthest counts for a server that is listed with this transport.
    const auto bad_list = sse_peer_with(purpose::tools_list, says(R"({"tools":{}})"));
    const auto r = play(listed(), [=](const ask& a) { return a.what != purpose::open_stream && a.url.empty() ? page()(a) : bad_list(a); });
    CHECK(r.end.why == reason::tools_not_array);
}

TEST_CASE("over the older transport the messages go beside the stream", "[mcp]")
{
    const auto r = play(listed(), sse_peer("/m?sessionId=1"));
    REQUIRE(shorthand(r) == "G I N L");
    CHECK(r.said[0].keep_stream);
    CHECK(r.said[0].headers == std::vector<std::pair<std::string, std::string>>{{"Accept", "text/event-stream"}});
    for (const std::size_t i : {1u, 2u, 3u}) {
        CHECK(r.said[i].url == "/m?sessionId=1");
        CHECK(r.said[i].headers.size() == 2);  // neither a version nor a session
    }
    CHECK(r.said[1].reply_on_stream);
    CHECK(r.said[3].reply_on_stream);
    CHECK(r.end.answer.transport == transport::http_sse);
    CHECK(r.end.answer.protocol_version == "2025-11-25");
}
