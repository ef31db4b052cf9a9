// What a hostile answer may cost: each of these takes minutes or gigabytes if some reader is not linear.
#include "audit/classify/auth_words.hpp"
#include "audit/classify/classify.hpp"
#include "audit/classify/www_authenticate.hpp"
#include "audit/mcp/contract.hpp"
#include "audit/mcp/reply.hpp"
#include "audit/mcp/text.hpp"
#include "audit/mcp/tools.hpp"
#include "tests/audit/mcp/peer.hpp"

#include "tests/catch.hpp"

#include <ctime>

using namespace rollcall;
using namespace rollcall::audit;
using namespace rollcall::audit::mcp;
using namespace rollcall::audit::mcp::test;
using nlohmann::json;

namespace {

constexpr std::size_t mebibyte = 1u << 20;

std::string repeated(std::string_view piece, std::size_t bytes)
{
    std::string out;
    out.reserve(bytes + piece.size());
    while (out.size() < bytes) out += piece;
    return out;
}

std::string result_of(const std::string& members) { return R"({"jsonrpc":"2.0","id":1,"result":{)" + members + "}}"; }

// Time of the processor, which does not pass while others have it; with the sanitizers' own share.
template <class Work>
double seconds(const Work& work)
{
    const auto begun = std::clock();
    work();
    return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
}

reply read_in(std::size_t slice, std::string_view type, std::string_view body)
{
    reply_reader reader(200, type, awaits::response, 1);
    for (std::size_t at = 0; at < body.size(); at += slice)
        if (reader.feed(body.substr(at, slice))) return reader.finish(ending::enough);
    return reader.finish(ending::whole);
}

}  // namespace

TEST_CASE("sixty-four kibibytes of anything are read in a moment", "[mcp]")
{
    const std::size_t most = mebibyte / 16 - 200;
    const std::pair<const char*, std::string> bodies[] = {
        {"brackets", repeated("[", most)},
        {"braces", repeated(R"({"":)", most)},
        {"commas", "[" + repeated(",", most)},
        {"quotes", "[" + repeated("\"\",", most) + "0]"},
        {"backslashes", "[\"" + repeated("\\\\", most) + "\"]"},
        {"surrogates", "[\"" + repeated("\\ud800", most) + "\"]"},
        {"one number", "[" + repeated("9", most) + "]"},
        {"exponents", "[" + repeated("1e999,", most) + "0]"},
        {"signs", "[" + repeated("-+e.", most)},
        {"blanks", repeated(" ", most) + "{}"},
        {"not UTF-8", "[\"" + repeated("\xE2\x82", most) + "\"]"},
        {"batch", "[" + repeated("{},", most) + "0]"},
        {"errors", R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":")" + repeated("no ", most) + "\"}}"},
        {"data lines", repeated("data\n", most)},
        {"events", repeated("data:{}\n\n", most)},
        {"ids", repeated("id:1\n\n", most)},
        {"ends of line", ":" + repeated("\r", most)},
        {"one line", "data:" + repeated("x", most)},
    };
    for (const auto& [name, body] : bodies)
        for (const char* type : {"application/json", "text/event-stream"}) {
            INFO(name << " as " << type);
            const double s = seconds([&] {
                const auto r = read_in(1000, type, body);
                CHECK((r.problem || r.response));
            });
            CHECK(s < 10);
        }
}

TEST_CASE("a reply of more values than memory should hold is too large, whatever its bytes", "[mcp]")
{
    const auto with = [](std::size_t values) { return result_of("\"x\":[" + repeated("[],", 3 * values) + "0]"); };
    CHECK(read_in(mebibyte, "application/json", with(100'000)).response);
    const auto refused = read_in(mebibyte, "application/json", with(300'000));
    CHECK(refused.problem == data::reason::too_large);
    CHECK(refused.detail == "values");
    // Commas in texts are no values.
    CHECK(read_in(mebibyte, "application/json", result_of("\"x\":\"" + repeated(",\\\"[", mebibyte) + "\"")).response);
    CHECK_FALSE(has_more_values("[1,2,[3]]", 5));
    CHECK(has_more_values("[1,2,[3]]", 4));
}

TEST_CASE("blanks before an answer do not count, however many", "[mcp]")
{
    for (const std::size_t blanks : {0u, 1u, 5000u, 100'000u})
        for (const std::size_t slice : {1u, 1000u, 1'000'000u}) {
            CHECK(read_in(slice, "application/json", std::string(blanks, ' ') + result_of("")).response);
            CHECK(read_in(slice, "application/json", "\xEF\xBB\xBF" + std::string(blanks, '\n') + result_of("")).response);
        }
}

TEST_CASE("pages are asked for until the list is large enough, and no longer", "[mcp]")
{
    int pages = 0;
    const responder good = legacy_peer([](const ask& a) { return answer(a, 404, "", ""); });
    const responder peer = [&](const ask& a) {
        if (a.what != purpose::tools_list) return good(a);
        const auto n = std::to_string(++pages);
        return result(a, R"({"nextCursor":"c)" + n + R"(","tools":[{"name":"t)" + n + R"(","description":")" + std::string(1000, 'x') +
                             R"(","inputSchema":{"type":"object"}}]})");
    };
    hints known;
    known.remembered_era = data::era::legacy;
    limits caps;
    caps.list_bytes = 8000;
    const auto got = play(known, peer, 60, caps);
    REQUIRE(got.ended);
    CHECK(got.end.why == data::reason::ok);
    CHECK(got.end.answer.tool_count == 8);
    CHECK(got.end.answer.warnings == std::vector{data::warning::list_truncated});
}

TEST_CASE("two thousand tools are hashed in a moment, whatever they have in common", "[mcp]")
{
    const std::string same(100, 'x');
    std::vector<json> equal_names, long_keys, references;
    for (int i = 0; i < 2000; ++i) {
        equal_names.push_back({{"name", "t"}, {"description", same + std::to_string(i)}, {"inputSchema", {{"type", "object"}}}});
        long_keys.push_back({{"name", same + std::to_string(i)}, {"inputSchema", {{"type", "object"}}}});
    }
    for (const auto* tools : {&equal_names, &long_keys}) CHECK(seconds([&] { contract_of(*tools); }) < 10);

    json keys = json::object(), ladder = json::object();
    for (int i = 0; i < 1000; ++i) keys[same + std::to_string(i)] = {{"$ref", "#/properties/" + same + std::to_string(i + 1)}};
    for (int i = 0; i < 60; ++i) ladder = {{"", ladder}};
    json refs = json::array();
    for (int i = 0; i < 4000; ++i) refs.push_back({{"$ref", "#" + std::string(1000, '/')}});
    const json schema{{"type", "object"}, {"properties", keys}, {"", ladder}, {"allOf", refs}};
    CHECK(seconds([&] { CHECK(look_into_schema(schema).bad_reference); }) < 10);
    CHECK(seconds([&] { CHECK_FALSE(has_bad_header_declaration(schema)); }) < 10);
}

TEST_CASE("fields and pages are judged in a moment", "[mcp]")
{
    for (const std::string_view piece : {"\"", ",", "Bearer ", "x=\"", "=", "a=b,", "\\\"", "Bearer x,"}) {
        INFO(piece);
        http_answer answer{401, {}, repeated(piece, mebibyte / 4)};
        for (int i = 0; i < 20; ++i) answer.headers.emplace_back("www-authenticate", repeated(piece, 16 * 1024));
        CHECK(seconds([&] { CHECK(challenges_of(answer).size() <= 32); }) < 10);
        CHECK(seconds([&] { classify_http(answer); }) < 10);
    }
    CHECK(seconds([&] { speaks_of_auth(repeated("no missing invalid ", mebibyte)); }) < 10);
    CHECK(seconds([&] { one_line(repeated("\xC2", mebibyte), 300); }) < 10);
}
