// Which of several failures is filed, and that every conversation ends, whatever happens and whenever.
#include "tests/audit/mcp/table.hpp"
#include "tests/catch.hpp"

#include <map>

using namespace rollcall::audit::mcp;
using namespace rollcall::audit::mcp::test;
using rollcall::data::cell_class;
using rollcall::data::class_of;
using rollcall::data::reason;
using rollcall::data::step;
using rollcall::data::transport;
using rollcall::data::era;

namespace {

// How far an answer goes, least first; the outcomes of a server that answers `discover` and `initialize` so.
struct depth_row { const char* name; int depth; responder peer; reason alone; };
const std::vector<depth_row> depths{
    {"silence", 1, hangs(), reason::http_hang},
    {"a reset", 1, resets(), reason::tcp_reset},
    {"406", 2, always(406), reason::http_4xx},
    {"410", 2, always(410), reason::http_410},
    {"502", 2, always(502), reason::http_5xx},
    {"a page", 2, page(), reason::html},
    {"nothing", 2, always(200), reason::empty},
    {"text", 2, always(200, "text/plain", "OK"), reason::not_json},
    {"another JSON", 3, always(200, "application/json", R"({"ok":true})"), reason::bad_envelope},
    {"another id", 3, always(200, "application/json", R"({"jsonrpc":"2.0","id":4711,"result":{}})"), reason::id_mismatch},
    {"a result as text", 4, always(200, "text/plain", R"({"jsonrpc":"2.0","id":$ID,"result":{}})"), reason::content_type},
};

responder pair(responder d, responder i) { return on(purpose::initialize, i, on(purpose::discover, d, always(406))); }
responder challenge() { return always(401, "", "", {{"www-authenticate", R"(Bearer resource_metadata="https://a.example/m")"}}); }

}  // namespace

TEST_CASE("of two failures the one that got further is filed, on a tie that of initialize", "[mcp]")
{
    std::vector<row> rows;
    for (const auto& d : depths)
        for (const auto& i : depths)
            rows.push_back({std::string("discover: ") + d.name + ", initialize: " + i.name, pair(d.peer, i.peer), d.depth > i.depth ? d.alone : i.alone, "D I"});
    check_rows(rows);
}

TEST_CASE("an error in JSON-RPC to initialize got further than anything below it", "[mcp]")
{
    std::vector<row> rows;
    for (const auto& d : depths)
        rows.push_back({d.name, pair(d.peer, says_error(-32603, "x")), reason::rpc_error, "D I", "-32603: x"});
    check_rows(rows);
}

TEST_CASE("a 401 or 402 from either beats everything but a success", "[mcp]")
{
    std::vector<row> rows;
    for (const auto& other : depths) {
        rows.push_back({std::string("discover: 401, initialize: ") + other.name, pair(always(401), other.peer), reason::auth_bare, "D I"});
        rows.push_back({std::string("discover: ") + other.name + ", initialize: 401", pair(other.peer, always(401)), reason::auth_bare, "D I"});
        rows.push_back({std::string("discover: ") + other.name + ", initialize: 402", pair(other.peer, always(402)), reason::payment, "D I"});
        // 403 is a refusal too, but no more than an answer of HTTP.
        const auto one = [&](int forbidden, const depth_row& o) { return forbidden > o.depth ? reason::auth_forbidden : o.alone; };
        rows.push_back({std::string("discover: 403, initialize: ") + other.name, pair(always(403), other.peer), one(2 + (other.depth < 2), other), "D I"});
        rows.push_back({std::string("discover: ") + other.name + ", initialize: 403", pair(other.peer, always(403)), other.depth > 2 ? other.alone : reason::auth_forbidden, "D I"});
    }
    rows.push_back({"401 and {}", pair(says("{}"), always(401)), reason::auth_bare, "D I"});
    rows.push_back({"401 and a header mismatch", pair(says_error(-32020, "x", 400), always(401)), reason::auth_bare, "D I"});
    rows.push_back({"401 and a success", on(purpose::discover, always(401), legacy_peer(always(404))), reason::ok, "D I N L"});
    rows.push_back({"401, and initialize is let in to a list that fails", on(purpose::discover, always(401), on(purpose::tools_list, always(500), legacy_peer(always(404)))), reason::http_5xx, "D I N L"});
    rows.push_back({"401, and the list wants a credential", on(purpose::discover, always(401), on(purpose::tools_list, always(401), legacy_peer(always(404)))), reason::auth_bare, "D I N L"});
    rows.push_back({"the first challenge that names metadata", pair(always(401), challenge()), reason::auth_challenge, "D I"});
    rows.push_back({"the first challenge", pair(challenge(), always(401)), reason::auth_challenge, "D I"});
    rows.push_back({"403 and 401", pair(always(403), always(401)), reason::auth_bare, "D I"});
    check_rows(rows);
}

TEST_CASE("a trouble that may pass is told, whatever is filed", "[mcp]")
{
    const auto of = [](responder d, responder i) { return play({}, pair(d, i)).end.may_pass; };
    for (const auto& passing : {hangs(), resets(), always(502), fails(reason::tcp_refused, step::connect)}) {
        CHECK(of(page(404), passing));
        CHECK(of(says("{}"), passing));
        CHECK(of(always(401), passing));
    }
    CHECK(of(hangs(), page(406)));
    for (const auto& lasting : {always(401), always(406), page(), says_error(-32603, "x")}) CHECK_FALSE(of(says_error(-32601, "x"), lasting));
    CHECK_FALSE(play({}, legacy_peer(hangs())).end.may_pass);  // a good cell needs no second look
}

TEST_CASE("a conversation that fails at any step, in any way, ends with a reason and within its bounds", "[mcp]")
{
    // Longest: a modern list that fails, a session that is lost and opened again, invalid params once each, the
    // stream of 2024 besides.
    constexpr std::size_t most = 16;
    const std::vector<std::pair<const char*, responder>> peers{
        {"modern", modern_only()},
        {"legacy", legacy_peer(always(404))},
        {"legacy with sessions", legacy_peer(always(404), "s")},
        {"both", modern_peer(legacy_peer(always(404), "s"))},
        {"half modern", on(purpose::discover, says(discover_ok), in_modern(always(500), legacy_peer(always(404), "s")))},
        {"event stream", sse_peer()},
        {"an older version only", on(purpose::discover, says_error(-32022, "x", 400, R"({"supported":["2025-06-18"]})"), on(purpose::initialize, says_error(-32600, "x", 400), sse_peer()))},
        {"forgets sessions", on(purpose::tools_list, always(404), legacy_peer(always(404), "s"))},
        {"closed", always(401)},
        {"no discover", on(purpose::discover, says_error(-32601, "x"), modern_only())}};
    const std::vector<std::pair<const char*, responder>> faults{
        {"time-out", hangs()}, {"reset", resets()}, {"refused", fails(reason::tcp_refused, step::connect)}, {"no name", fails(reason::dns_timeout, step::resolve)},
        {"redirect", fails(reason::redirect_off_site, step::http)}, {"no HTTP", fails(reason::http_garbage, step::http)},
        {"500", always(500)}, {"404", always(404)}, {"400 about a session", always(400, "text/plain", "no session")}, {"401", always(401)}, {"429", always(429)}, {"202", always(202)},
        {"page", page()}, {"{}", says("{}")}, {"-32602", says_error(-32602, "x")}, {"-32601", says_error(-32601, "x")}, {"-32022", says_error(-32022, "x", 400, R"({"supported":["2026-07-28","2025-06-18"]})")},
        {"broken stream", always(200, "text/event-stream", "id: 1\ndata:\n\n")}};
    const std::vector<std::pair<era, transport>> memories{{era::unknown, transport::unknown}, {era::legacy, transport::streamable_http}, {era::legacy, transport::http_sse}, {era::modern, transport::streamable_http}};
    std::size_t longest = 0, played = 0;
    std::map<reason, int> ended_as;
    for (const auto& [peer_name, peer] : peers)
        for (const auto& [fault_name, fault] : faults)
            for (const auto& [known_era, known_transport] : memories)
                for (const bool listed : {false, true})
                    for (const bool once : {true, false})
                        for (std::size_t at = 0; at < most; ++at) {
                            hints known;
                            known.remembered_era = known_era;
                            known.remembered_transport = known_transport;
                            known.listed_as_sse = known.path_ends_in_sse = listed;
                            known.origin = "https://a.example";
                            std::size_t n = 0;
                            const responder p = peer, f = fault;
                            const auto r = play(known, [&](const ask& a) {
                                const auto k = n++;
                                return (once ? k == at : k >= at) ? f(a) : p(a);
                            });
                            ++played;
                            if (r.ended && r.said.size() <= most && r.end.why != reason::interrupted && r.end.counts_from < r.said.size()) {
                                longest = std::max(longest, r.said.size());
                                ++ended_as[r.end.why];
                                if (at >= r.said.size()) break;  // it ends before the fault
                                continue;
                            }
                            FAIL(peer_name << ", " << fault_name << (once ? " once" : " from then on") << " at " << at << ": " << shorthand(r));
                        }
    INFO("conversations: " << played);
    CHECK(longest <= most);
    CHECK(ended_as.size() > 20);
    CHECK(ended_as.contains(reason::ok));
}

TEST_CASE("before a verdict a stranger is asked five times at most, pages and sessions aside", "[mcp]")
{
    for (const bool listed : {false, true})
        for (const auto& d : depths)
            for (const auto& i : depths) {
                hints known;
                known.listed_as_sse = listed;
                CHECK(play(known, pair(d.peer, i.peer)).said.size() <= 5);
            }
    const auto worst = play({}, on(purpose::discover, nth(1, purpose::discover, says_error(-32022, "x", 400, R"({"supported":["2026-07-28"]})"), page(404)),
                                   on(purpose::initialize, says_error(-32600, "Unsupported protocol version, use 2025-06-18", 400), always(404))));
    CHECK(shorthand(worst) == "D D I I");
}
