// What a tool list promises, as text and as a hash: the corners of RFC 8785, and what of a list counts.
#include "audit/mcp/contract.hpp"
#include "audit/mcp/text.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace rollcall::audit::mcp;
using nlohmann::json;

namespace {

std::vector<json> list(std::string_view text) { return json::parse(text).get<std::vector<json>>(); }

// As an answer is read: what JavaScript takes and our parser does not is made acceptable first.
std::string canonical(std::string_view text)
{
    bool too_deep = false;
    return canonical_json(json::parse(acceptable_json(text, 64, too_deep)));
}

}  // namespace

TEST_CASE("numbers come out as ECMAScript writes the double that they are", "[mcp]")
{
    struct row { const char* written; const char* expected; };
    for (const auto& r : std::vector<row>{
             {"0", "0"}, {"-0", "0"}, {"-0.0", "0"}, {"1e-400", "0"}, {"1.0", "1"}, {"1E0", "1"}, {"-1", "-1"}, {"0.1", "0.1"}, {"100", "100"}, {"4.50", "4.5"}, {"2e-3", "0.002"},
             {"1e20", "100000000000000000000"}, {"1e21", "1e+21"}, {"123456789012345680000", "123456789012345680000"}, {"1234567890123456800000", "1.2345678901234568e+21"},
             {"0.000001", "0.000001"}, {"1e-7", "1e-7"}, {"0.0000001", "1e-7"}, {"1.5e-7", "1.5e-7"}, {"5e-324", "5e-324"}, {"4.9e-324", "5e-324"},
             {"1.7976931348623157e308", "1.7976931348623157e+308"}, {"9007199254740991", "9007199254740991"}, {"9007199254740992", "9007199254740992"},
             {"9007199254740993", "9007199254740992"}, {"9007199254740995", "9007199254740996"}, {"-9007199254740993", "-9007199254740992"},
             {"9223372036854775807", "9223372036854776000"}, {"18446744073709551615", "18446744073709552000"}, {"18446744073709551616", "18446744073709552000"},
             {"333333333.33333329", "333333333.3333333"}, {"0.000000000000000000000000001", "1e-27"}, {"1E30", "1e+30"}})
        CHECK(canonical(r.written) == r.expected);
}

TEST_CASE("strings escape what they must and nothing else", "[mcp]")
{
    CHECK(canonical(R"("\u0000\u0001\u0008\u0009\u000a\u000b\u000c\u000d\u001f")") == R"("\u0000\u0001\b\t\n\u000b\f\r\u001f")");
    CHECK(canonical(R"("\"\\\/ <>&' \u007f\u0080\u2028\u2029\ufeff")") == "\"\\\"\\\\/ <>&' \x7f\xC2\x80\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF\"");
    CHECK(canonical(R"("\ud83d\ude00\u20ac")") == "\"\xF0\x9F\x98\x80\xE2\x82\xAC\"");
    CHECK(canonical(R"("\ud83d")") == "\"\xEF\xBF\xBD\"");  // the RFC has no form for half a pair; we keep a mark
}

TEST_CASE("members are sorted by UTF-16 code units", "[mcp]")
{
    // Beyond U+FFFF come the surrogates D800 to DFFF, below U+E000 to U+FFFF; by bytes and by code points it is the other way round.
    CHECK(canonical(R"({"\uff5e":1,"\ud83d\ude00":2,"\ue000":3,"\ud7ff":4,"\udbff\udfff":5,"\uffff":6})") ==
          "{\"\xED\x9F\xBF\":4,\"\xF0\x9F\x98\x80\":2,\"\xF4\x8F\xBF\xBF\":5,\"\xEE\x80\x80\":3,\"\xEF\xBD\x9E\":1,\"\xEF\xBF\xBF\":6}");
    CHECK(canonical(R"({"b":1,"a":2,"aa":3,"":4,"A":5,"10":6,"2":7})") == R"({"":4,"10":6,"2":7,"A":5,"a":2,"aa":3,"b":1})");
    CHECK(canonical(R"({"a\ud83d\ude00":1,"a\uff5e":2,"a":3})") == "{\"a\":3,\"a\xF0\x9F\x98\x80\":1,\"a\xEF\xBD\x9E\":2}");
    CHECK(canonical(R"({"z":{"b":[{"d":1,"c":2}],"a":null}})") == R"({"z":{"a":null,"b":[{"c":2,"d":1}]}})");
    CHECK(less_utf16("\xF0\x9F\x98\x80", "\xEF\xBD\x9E"));
    CHECK(!less_utf16("a", "a"));
}

TEST_CASE("tools are sorted by name in UTF-16 code units, equal names by their own text", "[mcp]")
{
    const auto sorted = contract_of(list(R"([{"name":"\uff5e"},{"name":"\ud83d\ude00"},{"name":"b"},{"name":"B"},{"name":"a","title":"2"},{"name":"a","title":"1"}])")).manifest;
    CHECK(sorted == "[{\"name\":\"B\"},{\"name\":\"a\",\"title\":\"1\"},{\"name\":\"a\",\"title\":\"2\"},{\"name\":\"b\"},{\"name\":\"\xF0\x9F\x98\x80\"},{\"name\":\"\xEF\xBD\x9E\"}]");
    auto tools = list(R"([{"name":"a","inputSchema":{"type":"object"}},{"name":"a","inputSchema":{"type":"object","x":1}},{"name":"b","inputSchema":{}}])");
    const auto once = contract_of(tools);
    std::ranges::reverse(tools);
    CHECK(contract_of(tools).contract_hash == once.contract_hash);
    CHECK(contract_of(tools).full_hash == once.full_hash);
    CHECK(once.full_hash == sha256_hex(once.manifest));
    CHECK(contract_of({}).manifest == "[]");
}

TEST_CASE("what counts for the contract, what for the full hash, and what for neither", "[mcp]")
{
    const auto base = list(R"([{"name":"t","title":"T","description":"d","inputSchema":{"type":"object"},"outputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}])");
    struct row { const char* member; const char* value; bool contract, full; };
    for (const auto& r : std::vector<row>{
             {"name", R"("u")", true, true}, {"inputSchema", R"({"type":"object","properties":{}})", true, true}, {"outputSchema", R"({"type":"array"})", true, true},
             {"annotations", R"({"readOnlyHint":false})", true, true}, {"title", R"("U")", false, true}, {"description", R"("e")", false, true},
             {"_meta", R"({"a":1})", false, false}, {"execution", R"({"taskSupport":"optional"})", false, false}, {"icons", R"([{"src":"a"}])", false, false}, {"extra", "1", false, false}}) {
        auto changed = base;
        changed[0][r.member] = json::parse(r.value);
        DYNAMIC_SECTION(r.member)
        {
            CHECK((contract_of(changed).contract_hash != contract_of(base).contract_hash) == r.contract);
            CHECK((contract_of(changed).full_hash != contract_of(base).full_hash) == r.full);
        }
    }
}

TEST_CASE("the lists that one server gives in both eras have one hash", "[mcp]")
{
    const auto modern = list(R"([{"name":"b","inputSchema":{"type":"object","properties":{"n":{"type":"number","maximum":1.0}}}},{"name":"a","description":"x","inputSchema":{"type":"object"}}])");
    const auto legacy = list(R"([{"description":"x","inputSchema":{"type":"object"},"name":"a","execution":{"taskSupport":"forbidden"}},
                                 {"inputSchema":{"properties":{"n":{"maximum":1,"type":"number"}},"type":"object"},"_meta":{"v":1},"name":"b","execution":{"taskSupport":"forbidden"}}])");
    CHECK(contract_of(modern).contract_hash == contract_of(legacy).contract_hash);
    CHECK(contract_of(modern).full_hash == contract_of(legacy).full_hash);
}
