#include "audit/mcp/contract.hpp"
#include "audit/mcp/tools.hpp"
#include "tests/catch.hpp"

#include <bit>

using namespace rollcall::audit::mcp;
using nlohmann::json;
using rollcall::data::era;
using rollcall::data::reason;
using rollcall::data::warning;
using after = tool_list::after;

TEST_CASE("numbers are written as RFC 8785 appendix B shows", "[mcp]")
{
    struct row { std::uint64_t bits; const char* expected; };
    for (const auto& r : std::vector<row>{
             {0x0000000000000000, "0"}, {0x8000000000000000, "0"}, {0x0000000000000001, "5e-324"}, {0x8000000000000001, "-5e-324"},
             {0x7fefffffffffffff, "1.7976931348623157e+308"}, {0xffefffffffffffff, "-1.7976931348623157e+308"},
             {0x4340000000000000, "9007199254740992"}, {0xc340000000000000, "-9007199254740992"},
             {0x4430000000000000, "295147905179352830000"}, {0x44b52d02c7e14af5, "9.999999999999997e+22"},
             {0x44b52d02c7e14af6, "1e+23"}, {0x44b52d02c7e14af7, "1.0000000000000001e+23"}, {0x444b1ae4d6e2ef4e, "999999999999999700000"},
             {0x444b1ae4d6e2ef4f, "999999999999999900000"}, {0x444b1ae4d6e2ef50, "1e+21"}, {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
             {0x3eb0c6f7a0b5ed8d, "0.000001"}, {0x41b3de4355555553, "333333333.3333332"}, {0x41b3de4355555554, "333333333.33333325"},
             {0x41b3de4355555555, "333333333.3333333"}, {0x41b3de4355555556, "333333333.3333334"}, {0x41b3de4355555557, "333333333.33333343"},
             {0xbecbf647612f3696, "-0.0000033333333333333333"}, {0x43143ff3c1cb0959, "1424953923781206.2"}})
        CHECK(canonical_number(std::bit_cast<double>(r.bits)) == r.expected);
}

TEST_CASE("canonical JSON is RFC 8785's", "[mcp]")
{
    CHECK(canonical_json(json::parse(R"({"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]})")) ==
          R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"})");
    CHECK(canonical_json(json::parse(R"({"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7})")) ==
          "{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"\xC3\xB6\":7,\"\xE2\x82\xAC\":1,\"\xF0\x9F\x98\x80\":5,\"\xEF\xAC\xB3\":3}");
    CHECK(canonical_json(json("\xFF")) == "\"\xEF\xBF\xBD\"");
    CHECK(canonical_json(json(9007199254740993ULL)) == "9007199254740992");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("the contract ignores order, words and metadata; the full hash does not ignore words", "[mcp]")
{
    const auto of = [](const char* text) { return contract_of(json::parse(text).get<std::vector<json>>()); };
    const auto a = of(R"([{"name":"b","inputSchema":{"type":"object"}},{"name":"a","inputSchema":{},"description":"x","_meta":{},"icons":[]}])");
    const auto b = of(R"([{"name":"a","description":"y","inputSchema":{}},{"inputSchema":{"type":"object"},"name":"b","execution":{}}])");
    CHECK(a.manifest == R"([{"description":"x","inputSchema":{},"name":"a"},{"inputSchema":{"type":"object"},"name":"b"}])");
    CHECK(a.contract_hash == b.contract_hash);
    CHECK(a.contract_hash == sha256_hex(R"([{"inputSchema":{},"name":"a"},{"inputSchema":{"type":"object"},"name":"b"}])"));
    CHECK(a.full_hash != b.full_hash);
    CHECK(of(R"([{"name":"a","inputSchema":{"x":1}},{"name":"a","inputSchema":{}}])").contract_hash ==
          of(R"([{"name":"a","inputSchema":{}},{"name":"a","inputSchema":{"x":1}}])").contract_hash);
}

TEST_CASE("a tool list is refused for what the clients refuse, and only for that", "[mcp]")
{
    struct row { const char* name; era when; std::string list; std::optional<reason> why; std::string detail = ""; std::vector<warning> warnings = {}; };
    const std::string m = R"("resultType":"complete","ttlMs":0,"cacheScope":"public",)";
    const auto tool = [](const std::string& more) { return R"({"tools":[{"name":"t","inputSchema":{"type":"object"})" + more + "}]}"; };
    const auto schema = [](const std::string& s) { return R"({"tools":[{"name":"t","inputSchema":)" + s + "}]}"; };
    const auto modern_tool = [&](const std::string& s) { return "{" + m + R"("tools":[{"name":"t","inputSchema":)" + s + "}]}"; };
    using enum reason;
    const std::vector<row> rows{
        {"good", era::legacy, tool(""), {}},
        {"none", era::legacy, R"({"tools":[]})", {}},
        {"no tools", era::legacy, "{}", tools_missing},
        {"object", era::legacy, R"({"tools":{"tools":[]}})", tools_not_array, "object"},
        {"null tool", era::legacy, R"({"tools":[null]})", tool_no_name, "tools[0]: not an object"},
        {"empty name", era::legacy, R"({"tools":[{"name":""}]})", tool_no_name, "tools[0].name: not a non-empty string"},
        {"null cursor", era::legacy, R"({"tools":[],"nextCursor":null})", list_shape, "nextCursor: null"},
        {"modern without ttlMs", era::modern, R"({"tools":[],"resultType":"complete","cacheScope":"public"})", list_shape, "ttlMs: absent"},
        {"modern, fraction", era::modern, R"({"tools":[],"resultType":"complete","ttlMs":1.5,"cacheScope":"public"})", list_shape, "ttlMs: not a whole number of milliseconds"},
        {"list's _meta", era::legacy, R"({"tools":[],"_meta":null})", list_shape, "_meta: not an object"},
        {"input required", era::modern, R"({"tools":[],"resultType":"input_required"})", list_shape, "resultType: not \"complete\""},
        {"schema absent", era::legacy, R"({"tools":[{"name":"t"}]})", tool_schema_invalid, "t: inputSchema: absent"},
        {"schema null", era::legacy, schema("null"), tool_schema_invalid, "t: inputSchema: not an object"},
        {"schema {}", era::legacy, schema("{}"), tool_schema_invalid, "t: inputSchema.type: absent"},
        {"schema string", era::legacy, schema(R"({"type":"string"})"), tool_schema_invalid, "t: inputSchema.type: not \"object\""},
        {"properties", era::legacy, schema(R"({"type":"object","properties":[]})"), tool_schema_invalid, "t: inputSchema.properties: not an object"},
        {"required", era::legacy, schema(R"({"type":"object","required":true})"), tool_schema_invalid, "t: inputSchema.required: not an array of strings"},
        {"legacy output without a type", era::legacy, tool(R"(,"outputSchema":{})"), tool_schema_invalid, "t: outputSchema.type: not \"object\""},
        {"output null", era::legacy, tool(R"(,"outputSchema":null)"), tool_schema_invalid, "t: outputSchema: not an object"},
        {"modern output true", era::modern, "{" + m + tool(R"(,"outputSchema":true)").substr(1), tool_schema_invalid, "t: outputSchema: not an object"},
        {"legacy output, properties", era::legacy, tool(R"(,"outputSchema":{"type":"object","properties":[]})"), tool_schema_invalid, "t: outputSchema.properties: not an object"},
        {"legacy output, required", era::legacy, tool(R"(,"outputSchema":{"type":"object","required":true})"), tool_schema_invalid, "t: outputSchema.required: not an array of strings"},
        {"type as a list", era::legacy, schema(R"({"type":["object"]})"), tool_schema_invalid, "t: inputSchema.type: not \"object\""},
        {"alternatives at the root", era::legacy, schema(R"({"anyOf":[{"type":"object"}]})"), tool_schema_invalid, "t: inputSchema.type: absent"},
        {"schema alone", era::legacy, schema(R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})"), tool_schema_invalid, "t: inputSchema.type: absent"},
        {"a number among the required", era::legacy, schema(R"({"type":"object","required":["a",5]})"), tool_schema_invalid, "t: inputSchema.required: not an array of strings"},
        {"required null", era::legacy, schema(R"({"type":"object","required":null})"), tool_schema_invalid, "t: inputSchema.required: not an array of strings"},
        {"modern properties", era::modern, modern_tool(R"({"type":"object","properties":[]})"), {}, "", {warning::schema_inner}},
        {"modern required", era::modern, modern_tool(R"({"type":"object","required":null})"), {}, "", {warning::schema_inner}},
        {"modern $schema", era::modern, modern_tool(R"({"type":"object","$schema":null})"), tool_schema_invalid, "t: inputSchema.$schema: not a string"},
        {"legacy $schema", era::legacy, schema(R"({"type":"object","$schema":5})"), {}},
        {"unknown dialect", era::legacy, schema(R"({"type":"object","$schema":"http://example.com/mine"})"), {}},
        {"draft-07", era::legacy, schema(R"({"type":"object","$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"items":[{"type":"string"}]}}})"), {}},
        {"a property that is true", era::legacy, schema(R"({"type":"object","properties":{"a":true}})"), {}, "", {warning::schema_inner}},
        {"modern property that is true", era::modern, modern_tool(R"({"type":"object","properties":{"a":true}})"), {}},
        {"a property that is a word", era::legacy, schema(R"({"type":"object","properties":{"a":"string"}})"), {}, "", {warning::schema_inner}},
        {"an unknown type below", era::legacy, schema(R"({"type":"object","properties":{"a":{"type":"strin"}}})"), {}, "", {warning::schema_inner}},
        {"modern output, odd below", era::modern, "{" + m + tool(R"(,"outputSchema":{"type":"array","items":{"type":"x"}})").substr(1), {}, "", {warning::schema_inner}},
        {"number as name", era::legacy, R"({"tools":[{"name":5,"inputSchema":{"type":"object"}}]})", tool_no_name, "tools[0].name: not a non-empty string"},
        {"text as tool", era::legacy, R"({"tools":["search"]})", tool_no_name, "tools[0]: not an object"},
        {"second tool", era::legacy, R"({"tools":[{"name":"a","inputSchema":{"type":"object"}},{"name":"b","inputSchema":null}]})", tool_schema_invalid, "b: inputSchema: not an object"},
        {"name of 128", era::legacy, R"({"tools":[{"name":")" + std::string(128, 'n') + R"(","inputSchema":{"type":"object"}}]})", {}},
        {"name of 129", era::legacy, R"({"tools":[{"name":")" + std::string(129, 'n') + R"(","inputSchema":{"type":"object"}}]})", {}, "", {warning::tool_name_long}},
        {"name of 60 characters in more bytes", era::legacy, R"({"tools":[{"name":")" + [] { std::string s; for (int i = 0; i < 60; ++i) s += "\xE6\x97\xA5"; return s; }() + R"(","inputSchema":{"type":"object"}}]})", {}, "", {warning::tool_name_chars}},
        {"names that differ by case", era::legacy, R"({"tools":[{"name":"a","inputSchema":{"type":"object"}},{"name":"A","inputSchema":{"type":"object"}}]})", {}},
        {"the same name twice", era::legacy, R"({"tools":[{"name":"a","inputSchema":{"type":"object"}},{"name":"a","inputSchema":{"type":"object"}}]})", {}, "", {warning::tool_duplicate}},
        {"legacy output", era::legacy, tool(R"(,"outputSchema":{"type":"array"})"), tool_schema_invalid, "t: outputSchema.type: not \"object\""},
        {"modern output", era::modern, "{" + m + tool(R"(,"outputSchema":{"type":"array"})").substr(1), {}},
        {"hint", era::legacy, tool(R"(,"annotations":{"readOnlyHint":"yes"})"), tool_schema_invalid, "t: annotations.readOnlyHint: not a boolean"},
        {"hint null", era::legacy, tool(R"(,"annotations":{"openWorldHint":null})"), tool_schema_invalid, "t: annotations.openWorldHint: not a boolean"},
        {"unknown hint", era::legacy, tool(R"(,"annotations":{"x":null})"), {}},
        {"annotations null", era::legacy, tool(R"(,"annotations":null)"), tool_schema_invalid, "t: annotations: not an object"},
        {"annotations' title", era::legacy, tool(R"(,"annotations":{"title":null})"), tool_schema_invalid, "t: annotations.title: not a string"},
        {"title null", era::legacy, tool(R"(,"title":null)"), tool_schema_invalid, "t: title: not a string"},
        {"icons null", era::legacy, tool(R"(,"icons":null)"), tool_schema_invalid, "t: icons: not an array"},
        {"icon's type", era::legacy, tool(R"(,"icons":[{"src":"x","mimeType":null}])"), tool_schema_invalid, "t: icons[0].mimeType: not a string"},
        {"icon's sizes", era::legacy, tool(R"(,"icons":[{"src":"x"},{"src":"y","sizes":"48x48"}])"), tool_schema_invalid, "t: icons[1].sizes: not an array of strings"},
        {"icon's theme", era::modern, "{" + m + tool(R"(,"icons":[{"src":"x","theme":"sepia"}])").substr(1), tool_schema_invalid, "t: icons[0].theme: not one of light, dark"},
        {"good icon", era::legacy, tool(R"(,"icons":[{"src":"x","mimeType":"image/png","sizes":["48x48"],"theme":"dark"}])"), {}},
        {"execution in a modern list", era::modern, "{" + m + tool(R"(,"execution":{"taskSupport":"maybe"})").substr(1), {}},
        {"execution null", era::legacy, tool(R"(,"execution":null)"), tool_schema_invalid, "t: execution: not an object"},
        {"more members", era::legacy, tool(R"(,"x":null)"), {}},
        {"null description", era::legacy, tool(R"(,"description":null)"), tool_schema_invalid, "t: description: not a string"},
        {"null _meta", era::legacy, tool(R"(,"_meta":null)"), tool_schema_invalid, "t: _meta: not an object"},
        {"icon", era::legacy, tool(R"(,"icons":[{}])"), tool_schema_invalid, "t: icons[0].src: absent or not a string"},
        {"execution", era::legacy, tool(R"(,"execution":{"taskSupport":"maybe"})"), tool_schema_invalid, "t: execution.taskSupport: not one of forbidden, optional, required"},
        {"inner", era::legacy, schema(R"({"type":"object","properties":{"a":{"required":true}}})"), {}, "", {warning::schema_inner}},
        {"network reference", era::legacy, schema(R"({"type":"object","properties":{"a":{"$ref":"https://x/y"}}})"), {}, "", {warning::schema_ref}},
        {"dangling reference", era::legacy, schema(R"({"type":"object","properties":{"a":{"$ref":"#/$defs/n"}}})"), {}, "", {warning::schema_ref}},
        {"good reference", era::legacy, schema(R"({"type":"object","$defs":{"n/m":{}},"properties":{"a":{"$ref":"#/$defs/n~1m"}}})"), {}},
        {"header", era::modern, modern_tool(R"({"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}})"), {}},
        {"bad header", era::modern, modern_tool(R"({"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A B"}}})"), {}, "", {warning::tool_header_invalid}},
        {"header of an integer", era::modern, modern_tool(R"({"type":"object","properties":{"a":{"type":"integer","x-mcp-header":"A"}}})"), {}},
        {"header of a number", era::modern, modern_tool(R"({"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}})"), {}, "", {warning::tool_header_invalid}},
        {"name", era::legacy, R"({"tools":[{"name":"a b","inputSchema":{"type":"object"}}]})", {}, "", {warning::tool_name_chars}},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name)
        {
            tool_list list(r.when, {});
            CHECK(list.add_page(json::parse(r.list)) == (r.why ? after::refused : after::complete));
            if (r.why) CHECK(list.problem() == rollcall::audit::finding{*r.why, r.detail});
            CHECK(list.warnings() == r.warnings);
        }
    }
}

TEST_CASE("cursors are followed, loops are told from ends", "[mcp]")
{
    const auto page = [](const std::string& name, const std::string& cursor) {
        return json{{"tools", json::array({{{"name", name}, {"inputSchema", {{"type", "object"}}}}})}, {"nextCursor", cursor}};
    };
    const auto last = [&](const std::string& name) { auto p = page(name, ""); p.erase("nextCursor"); return p; };
    {
        tool_list list(era::legacy, {});
        CHECK(list.add_page(page("a", "2")) == after::ask_next);
        CHECK(list.add_page(last("b")) == after::complete);
        CHECK(list.tools().size() == 2);
    }
    {
        tool_list list(era::legacy, {});  // the same cursor, but new tools
        CHECK(list.add_page(page("a", "n")) == after::ask_next);
        CHECK(list.add_page(page("b", "n")) == after::ask_next);
        CHECK(list.add_page(page("b", "n")) == after::refused);
        CHECK(list.problem().why == reason::cursor_loop);
    }
    {
        tool_list list(era::legacy, {});  // "" meaning the end
        CHECK(list.add_page(page("a", "")) == after::ask_next);
        CHECK(list.add_page(page("a", "")) == after::complete);
        CHECK(list.warnings() == std::vector{warning::cursor_empty});
        CHECK(list.tools().size() == 1);
    }
    {
        tool_list list(era::legacy, {3, 2000});
        CHECK(list.add_page(page("a", "1")) == after::ask_next);
        CHECK(list.add_page(page("b", "2")) == after::ask_next);
        CHECK(list.add_page(page("c", "3")) == after::complete);
        CHECK(list.warnings() == std::vector{warning::list_truncated});
    }
}
