// tools/list in a conversation: refusals, pages, troubles in the middle, and what is kept of a list.
#include "audit/mcp/contract.hpp"
#include "tests/audit/mcp/table.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

using namespace rollcall::audit::mcp;
using namespace rollcall::audit::mcp::test;
using rollcall::data::era;
using rollcall::data::reason;
using rollcall::data::step;
using rollcall::data::warning;

namespace {

using warnings = std::vector<warning>;

const std::string init_without_tools = R"({"protocolVersion":"2025-11-25","capabilities":{"prompts":{}},"serverInfo":{"name":"x","version":"1"}})";
const std::string discover_without_tools = R"({"supportedVersions":["2026-07-28"],"capabilities":{},"resultType":"complete","ttlMs":0,"cacheScope":"private"})";

responder legacy(responder list, const std::string& init = init_ok)
{
    return on(purpose::tools_list, in_modern(page(404), list),
              on(purpose::initialize, says(init), on(purpose::discover, page(404), legacy_peer(always(405)))));
}
responder modern(responder list, const std::string& discover = discover_ok)
{
    return on(purpose::discover, says(discover), modern_only(list));
}

std::string tools(std::size_t from, std::size_t count)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += (i ? "," : "") + std::string(R"({"name":"t)") + std::to_string(from + i) + R"(","inputSchema":{"type":"object"}})";
    return "\"tools\":[" + out + "]";
}
const std::string held = R"("resultType":"complete","ttlMs":0,"cacheScope":"private",)";

// Pages of one tool each; the cursor of page n is "n". `last` has none.
responder paged(std::size_t last, responder instead = {}, std::size_t instead_of = 0)
{
    return [=](const ask& a) {
        const auto params = nlohmann::json::parse(a.body)["params"];
        const std::size_t page = params.contains("cursor") ? std::stoul(params["cursor"].get<std::string>()) : 1;
        if (instead && page == instead_of) return instead(a);
        return result(a, "{" + held + tools(page, 1) + (page < last ? R"(,"nextCursor":")" + std::to_string(page + 1) + "\"" : "") + "}");
    };
}

}  // namespace

TEST_CASE("the list of a server that declares tools", "[mcp]")
{
    std::vector<row> rows;
    struct answer_row { const char* name; responder list; reason expected; std::string detail; };
    for (const auto& r : std::vector<answer_row>{
             {"empty", says("{" + held + R"("tools":[]})"), reason::ok_zero_tools, ""},
             {"no tools in it", says("{" + held.substr(0, held.size() - 1) + "}"), reason::tools_missing, ""},
             {"an object", says("{" + held + R"("tools":{"tools":[]}})"), reason::tools_not_array, "object"},
             {"null", says("{" + held + R"("tools":null})"), reason::tools_not_array, "null"},
             {"a cursor that is null", says("{" + held + one_tool + R"(,"nextCursor":null})"), reason::list_shape, "nextCursor: null"},
             {"a cursor that is a number", says("{" + held + one_tool + R"(,"nextCursor":2})"), reason::list_shape, "nextCursor: not a string"},
             {"_meta null", says("{" + held + one_tool + R"(,"_meta":null})"), reason::list_shape, "_meta: not an object"},
             {"a tool without a name", says("{" + held + R"("tools":[{"inputSchema":{"type":"object"}}]})"), reason::tool_no_name, "tools[0].name: absent"},
             {"a tool without a schema", says("{" + held + R"("tools":[{"name":"a"}]})"), reason::tool_schema_invalid, "a: inputSchema: absent"},
             {"-32601", says_error(-32601, "Method not found"), reason::tools_missing, "-32601: Method not found"},
             {"-32601 with 404", says_error(-32601, "Method not found", 404), reason::tools_missing, "-32601: Method not found"},
             {"-32602", says_error(-32602, "Invalid params"), reason::tools_missing, "-32602: Invalid params"},
             {"-32021", says_error(-32021, "Needs sampling", 400), reason::tools_missing, "capability"},
             {"-32003 of a draft", says_error(-32003, "Needs sampling", 400, R"({"requiredCapabilities":{}})"), reason::tools_missing, "capability"},
             {"-32003 of nobody's", says_error(-32003, "x"), reason::rpc_error, "-32003: x"},
             {"-32603", says_error(-32603, "x"), reason::rpc_error, "-32603: x"},
             {"-32603 with 500", says_error(-32603, "x", 500), reason::http_5xx, "-32603: x"},
             {"-32042", says_error(-32042, "Open this page first"), reason::rpc_error, "-32042: Open this page first"},
             {"an error about a credential", says_error(-32000, "API key is missing, please log in"), reason::auth_rpc, "*"},
             {"a price", says_error(402, "pay"), reason::payment, "402: pay"},
             {"401", always(401), reason::auth_bare, ""},
             {"403", always(403), reason::auth_forbidden, ""},
             {"402", always(402), reason::payment, ""},
             {"429", always(429), reason::rate_limited, ""},
             {"451", always(451), reason::legal_block, ""},
             {"a wall", always(403, "text/html", "<html>", {{"cf-mitigated", "challenge"}}), reason::challenge_page, "cf-mitigated"},
             {"500", always(500), reason::http_5xx, ""},
             {"503", always(503), reason::http_5xx, ""},
             {"405", always(405), reason::http_405, ""},
             {"a page", page(), reason::html, ""},
             {"nothing", always(200), reason::empty, ""},
             {"202", always(202), reason::empty, ""},
             {"another id", always(200, "application/json", R"({"jsonrpc":"2.0","id":4711,"result":{}})"), reason::id_mismatch, "came back as 4711"},
             {"another type", always(200, "text/plain", R"({"jsonrpc":"2.0","id":$ID,"result":{)" + held + one_tool + "}}"), reason::content_type, "text/plain"},
             {"a stream that ends", always(200, "text/event-stream", "\n"), reason::sse_truncated, ""},
             {"silence", hangs(), reason::mcp_timeout, ""},
             {"a reset", resets(), reason::empty, "connection closed"},
             {"no connection", fails(reason::tcp_refused, step::connect), reason::tcp_refused, ""}}) {
        const bool twice = std::string(r.name) == "-32602";
        const auto of = rollcall::data::class_of(r.expected);
        rows.push_back({std::string(r.name) + ", legacy", legacy(r.list), r.expected, twice ? "D I N L L" : "D I N L", r.detail});
        // A modern list that is good, or bad beyond doubt, stands; else the older protocol is tried.
        const bool stands = of == rollcall::data::cell_class::pass || of == rollcall::data::cell_class::unusable || of == rollcall::data::cell_class::wall ||
                            r.expected == reason::payment || r.expected == reason::tcp_refused ||
                            (of == rollcall::data::cell_class::malformed && std::string(r.name).front() != '-');
        rows.push_back({std::string(r.name) + ", modern", modern(r.list), r.expected, stands ? "D l" : "D l I", r.detail});
    }
    check_rows(rows);
}

TEST_CASE("the second try after invalid params waits a little", "[mcp]")
{
    const auto r = play({}, nth(1, purpose::tools_list, says_error(-32602, "Received request before initialization was complete"), legacy(says(legacy_list))));
    REQUIRE(shorthand(r) == "D I N L L");
    CHECK(r.end.why == reason::ok);
    CHECK(r.said[3].delay == std::chrono::milliseconds(0));
    CHECK(r.said[4].delay == std::chrono::milliseconds(300));
    CHECK(r.said[3].id != r.said[4].id);
}

TEST_CASE("a modern list is more than its tools", "[mcp]")
{
    const auto list = [](const std::string& members) { return modern(says("{" + members + one_tool + "}")); };
    check_rows({
        {"no resultType", list(R"("ttlMs":0,"cacheScope":"private",)"), reason::list_shape, "D l", "resultType: absent"},
        {"input_required", list(R"("resultType":"input_required","ttlMs":0,"cacheScope":"private",)"), reason::list_shape, "D l", "resultType: not \"complete\""},
        {"an unknown resultType", list(R"("resultType":"partial","ttlMs":0,"cacheScope":"private",)"), reason::list_shape, "D l", "resultType: not \"complete\""},
        {"no ttlMs", list(R"("resultType":"complete","cacheScope":"private",)"), reason::list_shape, "D l", "ttlMs: absent"},
        {"a negative ttlMs", list(R"("resultType":"complete","ttlMs":-1,"cacheScope":"private",)"), reason::list_shape, "D l", "ttlMs: not a whole number of milliseconds"},
        {"a fraction", list(R"("resultType":"complete","ttlMs":0.5,"cacheScope":"private",)"), reason::list_shape, "D l", "ttlMs: not a whole number of milliseconds"},
        {"a text", list(R"("resultType":"complete","ttlMs":"60","cacheScope":"private",)"), reason::list_shape, "D l", "ttlMs: not a whole number of milliseconds"},
        {"whole, written with a point", list(R"("resultType":"complete","ttlMs":60.0,"cacheScope":"private",)"), reason::ok, "D l", ""},
        {"no cacheScope", list(R"("resultType":"complete","ttlMs":0,)"), reason::list_shape, "D l", "cacheScope: absent"},
        {"another cacheScope", list(R"("resultType":"complete","ttlMs":0,"cacheScope":"shared",)"), reason::list_shape, "D l", "cacheScope: not \"public\" or \"private\""},
        {"a legacy list needs none of them", legacy(says("{" + one_tool + "}")), reason::ok, "D I N L", ""},
        {"nor minds them", legacy(says(R"({"resultType":5,"ttlMs":-1,)" + one_tool + "}")), reason::ok, "D I N L", ""},
    });
}

TEST_CASE("tools that were not declared are asked for, and not missed", "[mcp]")
{
    std::vector<row> rows;
    const warnings undeclared{warning::tools_undeclared};
    struct answer_row { const char* name; responder list; reason expected; };
    for (const auto& r : std::vector<answer_row>{
             {"some", says("{" + held + one_tool + "}"), reason::ok},
             {"none", says("{" + held + R"("tools":[]})"), reason::ok_zero_tools},
             {"no member", says("{" + held.substr(0, held.size() - 1) + "}"), reason::ok_zero_tools},
             {"-32601", says_error(-32601, "Method not found"), reason::ok_zero_tools},
             {"-32601 with 404", says_error(-32601, "Method not found", 404), reason::ok_zero_tools},
             {"-32603", says_error(-32603, "x"), reason::ok_zero_tools},
             {"-32603 with 500", says_error(-32603, "x", 500), reason::ok_zero_tools},
             {"404", page(404), reason::ok_zero_tools},
             {"400", always(400), reason::ok_zero_tools},
             {"405", always(405), reason::ok_zero_tools}}) {
        const bool some = r.expected == reason::ok;
        rows.push_back({std::string(r.name) + ", legacy", legacy(r.list, init_without_tools), r.expected, "", "", some ? undeclared : warnings{}});
        rows.push_back({std::string(r.name) + ", modern", modern(r.list, discover_without_tools), r.expected, "D l", "", some ? undeclared : warnings{}});
    }
    rows.push_back({"401", legacy(always(401), init_without_tools), reason::auth_bare, "D I N L"});
    rows.push_back({"429", legacy(always(429), init_without_tools), reason::rate_limited, "D I N L"});
    rows.push_back({"502", legacy(always(502), init_without_tools), reason::http_5xx, "D I N L"});
    rows.push_back({"silence", legacy(hangs(), init_without_tools), reason::mcp_timeout, "D I N L"});
    check_rows(rows);
    CHECK(play({}, legacy(says_error(-32601, "x"), init_without_tools)).end.answer.tool_count == 0u);
}

TEST_CASE("pages are read to their end, and a trouble on the way is told", "[mcp]")
{
    std::vector<row> rows;
    const auto trouble = [&](const char* name, responder r, reason expected, const char* detail = "*") {
        rows.push_back({std::string("second page: ") + name, legacy(paged(3, r, 2)), expected, "D I N L L", detail});
        rows.push_back({std::string("third page: ") + name, legacy(paged(3, r, 3)), expected, "D I N L L L", detail});
    };
    rows.push_back({"one", legacy(paged(1)), reason::ok, "D I N L", ""});
    rows.push_back({"three", legacy(paged(3)), reason::ok, "D I N L L L", ""});
    rows.push_back({"three, modern", modern(paged(3)), reason::ok, "D l l l", ""});
    trouble("-32603", says_error(-32603, "x"), reason::tools_missing, "page");
    trouble("-32602", says_error(-32602, "Invalid cursor"), reason::tools_missing, "page");
    trouble("404", page(404), reason::tools_missing, "page");
    trouble("400", always(400), reason::tools_missing, "page");
    trouble("no tools", says("{}"), reason::tools_missing, "page");
    trouble("500", page(500), reason::http_5xx);
    trouble("-32603 with 500", says_error(-32603, "x", 500), reason::http_5xx);
    trouble("429", always(429), reason::rate_limited);
    trouble("401", always(401), reason::auth_bare);
    trouble("an error about a credential", says_error(-32000, "Unauthorized"), reason::auth_rpc);
    trouble("a wall", always(403, "text/html", "<html>", {{"cf-mitigated", "challenge"}}), reason::challenge_page);
    trouble("a page of a browser's", page(), reason::html);
    trouble("silence", hangs(), reason::mcp_timeout);
    trouble("a bad tool", says(R"({"tools":[{"name":"a","inputSchema":{}}]})"), reason::tool_schema_invalid, "a: inputSchema.type: absent");
    trouble("a cursor of null", says(R"({"tools":[],"nextCursor":null})"), reason::list_shape, "nextCursor: null");
    check_rows(rows);

    const auto r = play({}, legacy(paged(3)));
    CHECK(r.end.tool_names == std::vector<std::string>{"t1", "t2", "t3"});
    CHECK(r.said[4].body.find(R"("params":{"cursor":"2"})") != std::string::npos);
    CHECK(play({}, modern(paged(2))).said[2].body.find(R"("params":{"cursor":"2","_meta":{)") != std::string::npos);
}

TEST_CASE("an empty cursor ends a list, whatever comes of asking with it", "[mcp]")
{
    const auto list = [](const std::string& cursor, std::size_t from) { return "{" + held + tools(from, 1) + cursor + "}"; };
    const auto asked = [](const ask& a) { return a.body.find(R"("cursor":"")") != std::string::npos; };
    const auto first_then = [=](responder then) {
        return [=](const ask& a) { return asked(a) ? then(a) : result(a, list(R"(,"nextCursor":"")", 1)); };
    };
    const warnings empty{warning::cursor_empty};
    std::vector<row> rows;
    struct then_row { const char* name; responder then; reason expected; warnings heard; };
    for (const auto& t : std::vector<then_row>{
             {"the same page", says(list(R"(,"nextCursor":"")", 1)), reason::ok, empty},
             {"the same page without a cursor", says(list("", 1)), reason::ok, empty},
             {"an empty page", says("{" + held + R"("tools":[]})"), reason::ok, {}},
             {"another page", says(list("", 2)), reason::ok, {}},
             {"an error", says_error(-32602, "Invalid cursor"), reason::ok, empty},
             {"400", always(400), reason::ok, empty},
             {"500", always(500), reason::http_5xx, {}},
             {"silence", hangs(), reason::mcp_timeout, {}},
             {"401", always(401), reason::auth_bare, {}}}) {
        rows.push_back({std::string(t.name) + ", legacy", legacy(first_then(t.then)), t.expected, "D I N L L", "*", t.heard});
        if (rollcall::data::is_good(rollcall::data::class_of(t.expected))) rows.push_back({std::string(t.name) + ", modern", modern(first_then(t.then)), t.expected, "D l l", "*", t.heard});
    }
    check_rows(rows);
    CHECK(play({}, legacy(first_then(says_error(-32602, "Invalid cursor")))).end.answer.tool_count == 1u);
    CHECK(play({}, legacy(first_then(says_error(-32602, "Invalid cursor", 400)))).end.answer.http_status == 200);
}

TEST_CASE("a list that is longer than we read is kept as far as it goes, marked, and compared with none", "[mcp]")
{
    limits few;
    few.pages = 3;
    const auto cut = play({}, legacy(paged(9)), 24, few);
    CHECK(cut.end.why == reason::ok);
    CHECK(cut.end.answer.warnings == warnings{warning::list_truncated});
    CHECK(cut.end.tool_names == std::vector<std::string>{"t1", "t2", "t3"});
    CHECK(cut.end.answer.full_hash == sha256_hex(cut.end.manifest));
    const auto whole = play({}, legacy(paged(3)));
    CHECK(whole.end.answer.warnings.empty());
    CHECK(whole.end.manifest == cut.end.manifest);
    CHECK(whole.end.answer.contract_hash != cut.end.answer.contract_hash);
    CHECK(cut.end.answer.contract_hash.size() == 64);

    limits small;
    small.tools = 2;
    const auto capped = play({}, legacy(says("{" + tools(1, 3) + "}")), 24, small);
    CHECK(capped.end.answer.tool_count == 2u);
    CHECK(capped.end.answer.warnings == warnings{warning::list_truncated});
    CHECK(play({}, legacy(says("{" + tools(1, 2) + "}")), 24, small).end.answer.warnings.empty());
}

TEST_CASE("a modern protocol that does not work, where the older one does, is a warning", "[mcp]")
{
    std::vector<row> rows;
    for (const auto& [name, list] : std::vector<std::pair<const char*, responder>>{
             {"silence", hangs()}, {"a reset", resets()}, {"-32601", says_error(-32601, "x", 404)}, {"-32603", says_error(-32603, "x")}, {"500", always(500)}, {"404", page(404)},
             {"a page", page()}, {"401", always(401)}, {"header mismatch", says_error(-32020, "x", 400)}, {"another id", always(200, "application/json", R"({"jsonrpc":"2.0","id":4711,"result":{}})")}}) {
        const auto peer = on(purpose::discover, says(discover_ok), in_modern(list, legacy_peer(always(405))));
        rows.push_back({name, peer, reason::ok, "D l I N L", "", warnings{warning::modern_broken}});
        // Neither works: what the newer protocol met is filed.
        const auto neither = on(purpose::discover, says(discover_ok), in_modern(list, on(purpose::initialize, says_error(-32603, "y"), always(405))));
        rows.push_back({std::string(name) + ", and the older does not either", neither, play({}, neither).end.why, "D l I"});
    }
    check_rows(rows);
    const auto hang = on(purpose::discover, says(discover_ok), in_modern(hangs(), says_error(-32603, "y")));
    CHECK(play({}, hang).end.why == reason::mcp_timeout);
}
