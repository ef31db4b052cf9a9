// The bytes of our requests, and what is said of a server that worked only on the second way.
#include "tests/audit/mcp/table.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit::mcp;
using namespace rollcall::audit::mcp::test;
using rollcall::data::era;
using rollcall::data::reason;
using rollcall::data::step;
using rollcall::data::transport;
using rollcall::data::warning;

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
    // How long a first byte may take is the settings' to say, but where an answer is no news.
    constexpr auto as_set = std::chrono::milliseconds::max();
    CHECK(modern.said[1].first_byte == as_set);
    CHECK(legacy.said[0].first_byte == as_set);
    CHECK(legacy.said[1].first_byte == as_set);
    CHECK(legacy.said[2].first_byte == as_set);
    CHECK(legacy.said[3].first_byte == std::chrono::seconds(2));
    CHECK(legacy.end.answer.server_name == "x");
    CHECK(legacy.end.answer.tool_count == 1u);
    CHECK(legacy.end.answer.full_hash.size() == 64);
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
                                     on(purpose::resume_stream, says(legacy_list), legacy_peer(always(404)))));
    REQUIRE(resumed.said.size() == 5);
    CHECK(resumed.said[4].delay == std::chrono::milliseconds(500));
    CHECK(resumed.end.why == reason::ok);
}
