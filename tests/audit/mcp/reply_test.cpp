#include "audit/mcp/reply.hpp"

#include "audit/mcp/sse.hpp"
#include "tests/catch.hpp"

#include <random>

using namespace rollcall::audit::mcp;
using rollcall::data::reason;
using rollcall::data::warning;

namespace {

const std::string ok = R"({"jsonrpc":"2.0","id":7,"result":{}})";
const std::string json_type = "application/json", stream_type = "text/event-stream; charset=utf-8";

reply read_all(unsigned status, const std::string& type, std::string_view body, std::size_t slice, ending how = ending::whole)
{
    reply_reader r(status, type, awaits::response, 7);
    for (std::size_t i = 0; i < body.size(); i += slice)
        if (r.feed(body.substr(i, slice))) return r.finish(ending::enough);
    return r.finish(how);
}

struct row {
    const char* name;
    std::string type, body;
    std::optional<reason> problem;
    std::string detail = "";
    std::vector<warning> warnings = {};
    unsigned status = 200;
    ending how = ending::whole;
};

std::string event(const std::string& data) { return "data: " + data + "\n\n"; }
std::string nested(std::size_t n) { return R"({"jsonrpc":"2.0","id":7,"result":{"a":)" + std::string(n, '[') + std::string(n, ']') + "}}"; }

const std::vector<row> rows{
    {"JSON", json_type, ok, {}},
    {"any letter case and a parameter", "Application/JSON; charset=utf-8", ok, {}},
    {"201", json_type, ok, {}, "", {}, 201},
    {"byte order mark", json_type, "\xEF\xBB\xBF" + ok, {}, "", {warning::bom}},
    {"id as text", json_type, R"({"jsonrpc":"2.0","id":"7","result":{}})", {}, "", {warning::id_type}},
    {"extra member", json_type, R"({"jsonrpc":"2.0","id":7,"result":{},"x":1})", {}, "", {warning::envelope_extra}},
    {"batch", json_type, "[{\"jsonrpc\":\"2.0\",\"method\":\"m\"}," + ok + "]", {}, "", {warning::batched}},
    {"batch without ours", json_type, "[]", reason::bad_envelope, "batch"},
    {"invalid UTF-8", json_type, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"a\":\"\xFF\"}}", {}, "", {warning::invalid_utf8}},
    {"lone surrogate", json_type, R"({"jsonrpc":"2.0","id":7,"result":{"a":"\ud800","b":"\udc00\ud83d\ude00"}})", {}},
    {"huge number", json_type, R"({"jsonrpc":"2.0","id":7,"result":{"a":1e999,"b":-1e999}})", {}},
    {"duplicate keys", json_type, R"({"jsonrpc":"2.0","id":7,"result":{"a":1,"a":2}})", {}},
    {"62 levels below", json_type, nested(62), {}},
    {"63 levels below", json_type, nested(63), reason::too_large, "depth"},
    {"a million levels", json_type, std::string(1'000'000, '['), reason::too_large, "depth"},
    {"another id", json_type, R"({"jsonrpc":"2.0","id":1,"result":{}})", reason::id_mismatch, "came back as 1"},
    {"fraction", json_type, R"({"jsonrpc":"2.0","id":7.5,"result":{}})", reason::id_mismatch, "came back as 7.5"},
    {"null id on a result", json_type, R"({"jsonrpc":"2.0","id":null,"result":{}})", reason::bad_envelope, "id_type"},
    {"null id on an error", json_type, R"({"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}})", {}},
    {"no id on an error", json_type, R"({"jsonrpc":"2.0","error":{"code":1,"message":"x"}})", {}},
    {"another id on a 4xx error", json_type, R"({"jsonrpc":"2.0","id":"server-error","error":{"code":1,"message":"x"}})", {}, "", {}, 400},
    {"result and error null", json_type, R"({"jsonrpc":"2.0","id":7,"result":{},"error":null})", reason::bad_envelope, "result_and_error"},
    {"neither", json_type, R"({"jsonrpc":"2.0","id":7})", reason::bad_envelope, "no_result"},
    {"no jsonrpc", json_type, R"({"id":7,"result":{}})", reason::bad_envelope, "jsonrpc"},
    {"null result", json_type, R"({"jsonrpc":"2.0","id":7,"result":null})", reason::bad_envelope, "result_null"},
    {"list as result", json_type, R"({"jsonrpc":"2.0","id":7,"result":[]})", reason::bad_envelope, "result_not_object"},
    {"error as text", json_type, R"({"jsonrpc":"2.0","id":7,"error":"x"})", reason::bad_envelope, "error_shape"},
    {"a word of JSON", json_type, "true", reason::bad_envelope, "not_object"},
    {"half", json_type, "{\"jsonrpc\":", reason::not_json},
    {"half, cut off", json_type, "{\"jsonrpc\":", reason::not_json, "cut_off", {}, 200, ending::cut_off},
    {"empty", json_type, "", reason::empty},
    {"page", "text/html", "\n<html>", reason::html},
    {"text", "text/plain", "Accepted", reason::not_json},
    {"single values beyond every bound", json_type, R"({"jsonrpc":"2.0","id":7,"result":{"a":18446744073709551616,"b":123456789012345678901234567890,"c":1e-400,"d":"\u0000"}})", {}},
    {"whole number with a point", json_type, R"({"jsonrpc":"2.0","id":7.0,"result":{}})", {}},
    {"id beyond every bound", json_type, R"({"jsonrpc":"2.0","id":1e400,"result":{}})", reason::id_mismatch, "came back as 1.7976931348623157e+308"},
    {"another id as text", json_type, R"({"jsonrpc":"2.0","id":"request-7","result":{}})", reason::id_mismatch, "came back as \"request-7\""},
    {"id as a list", json_type, R"({"jsonrpc":"2.0","id":[7],"result":{}})", reason::bad_envelope, "id_type"},
    {"no id on a result", json_type, R"({"jsonrpc":"2.0","result":{}})", reason::bad_envelope, "id_missing"},
    {"version as a number", json_type, R"({"jsonrpc":2.0,"id":7,"result":{}})", reason::bad_envelope, "jsonrpc"},
    {"version 1.0", json_type, R"({"jsonrpc":"1.0","id":7,"result":{}})", reason::bad_envelope, "jsonrpc"},
    {"result and error", json_type, R"({"jsonrpc":"2.0","id":7,"result":{},"error":{"code":1,"message":"x"}})", reason::bad_envelope, "result_and_error"},
    {"error null", json_type, R"({"jsonrpc":"2.0","id":7,"error":null})", reason::bad_envelope, "error_shape"},
    {"error without a message", json_type, R"({"jsonrpc":"2.0","id":7,"error":{"code":1}})", reason::bad_envelope, "error_shape"},
    {"error code as text", json_type, R"({"jsonrpc":"2.0","id":7,"error":{"code":"E","message":"x"}})", reason::bad_envelope, "error_shape"},
    {"text as result", json_type, R"({"jsonrpc":"2.0","id":7,"result":"ok"})", reason::bad_envelope, "result_not_object"},
    {"a result's own text", json_type, R"({"result":{"jsonrpc":"1.0","error":null},"id":7,"jsonrpc":"2.0"})", {}},
    {"a result under 400", json_type, ok, {}, "status", {}, 400},
    {"batch of ours as text", json_type, R"([{"jsonrpc":"2.0","id":"7","result":{}}])", {}, "", {warning::batched, warning::id_type}},
    {"batch that holds an error of another", json_type, R"([{"jsonrpc":"2.0","id":8,"error":{"code":1,"message":"x"}}])", reason::bad_envelope, "batch"},
    {"a notification in place of an answer", json_type, R"({"jsonrpc":"2.0","method":"n"})", reason::bad_envelope, "no_response"},
    {"our own request sent back", json_type, R"({"jsonrpc":"2.0","id":7,"method":"tools/list","params":{}})", reason::bad_envelope, "no_response"},
    {"two documents", json_type, ok + "\n" + ok, reason::not_json},
    {"UTF-16", json_type, std::string("\xFF\xFE{\0}\0", 6), reason::not_json},
    {"blanks before and after", json_type, "\r\n\t " + ok + " \n", {}},
    {"blanks alone", json_type, " \n", reason::empty},
    {"a page that says to be JSON", json_type, "<!doctype html>", reason::html},
    {"a page that says to be a stream", stream_type, "<!doctype html>", reason::html},
    {"a page behind a byte order mark", "text/html", "\xEF\xBB\xBF<html>", reason::html},
    {"whole, but the message is cut off", json_type, ok, reason::not_json, "cut_off", {}, 200, ending::cut_off},
    {"whole, but the message never ends", json_type, ok, reason::mcp_timeout, "unfinished", {}, 200, ending::timed_out},
    {"two types", "application/json, text/event-stream", ok, reason::content_type, "application/json, text/event-stream"},
    {"silence after 200", json_type, "", reason::mcp_timeout, "headers came, no bytes", {}, 200, ending::timed_out},
    {"silence", stream_type, "", reason::mcp_timeout, "headers came, no bytes", {}, 200, ending::timed_out},
    {"good JSON without a type", "", ok, reason::content_type, "none"},
    {"good JSON of another type", "application/json-rpc", ok, reason::content_type, "application/json-rpc"},
    {"good JSON as a stream", stream_type, ok, reason::content_type, "text/event-stream"},
    {"good stream as JSON", json_type, event(ok), reason::content_type, "application/json"},

    {"stream", stream_type, event(ok), {}},
    {"priming event, notification, response", stream_type, ": hi\nid: a\ndata: \n\n" + event(R"({"jsonrpc":"2.0","method":"n"})") + event(ok), {}},
    {"CR and CRLF", stream_type, ":x\r\rdata: {\"jsonrpc\":\"2.0\",\r\ndata:\"id\":7,\rdata: \"result\":{}}\r\n\r\n", {}},
    {"byte order mark in a stream", stream_type, "\xEF\xBB\xBF" + event(ok), {}, "", {warning::bom}},
    {"unterminated", stream_type, "data: " + ok + "\n", reason::sse_truncated, "unterminated"},
    {"ends without ours", stream_type, ":x\n\n", reason::sse_truncated},
    {"another event type", stream_type, "event: response\n" + event(ok), reason::bad_envelope, "sse_event_type"},
    {"not JSON in an event", stream_type, event("hello"), reason::not_json, "sse_data"},
    {"wrong id, then ours", stream_type, event(R"({"jsonrpc":"2.0","id":1,"result":{}})") + event(ok), {}},
    {"only others", stream_type, event(R"({"jsonrpc":"2.0","method":"n"})"), reason::mcp_timeout, "other_messages", {}, 200, ending::timed_out},
    {"only comments", stream_type, ": keepalive\n\n: keepalive\n\n", reason::mcp_timeout, "nothing but comments", {}, 200, ending::timed_out},
    {"comments, then ours", stream_type, ": keepalive\n\n: keepalive\n\n" + event(ok), {}},
    {"empty events only", stream_type, "id: 1\ndata:\n\nid: 2\ndata:\n\n", reason::mcp_timeout, "no response on the stream", {}, 200, ending::timed_out},
    {"wrong id, then silence", stream_type, event(R"({"jsonrpc":"2.0","id":1,"result":{}})"), reason::id_mismatch, "came back as 1", {}, 200, ending::timed_out},
    {"ours in many lines", stream_type, "data: {\ndata: \"jsonrpc\": \"2.0\",\ndata: \"id\": 7,\ndata: \"result\": {}\ndata: }\n\n", {}},
    {"batch in a stream", stream_type, event("[" + ok + "]"), {}, "", {warning::batched}},
    {"ours in a message by name", stream_type, "event: message\nid: 3\ndata: " + ok + "\n\n", {}},
    {"an error in another event, then ours", stream_type, "event: error\n" + event("{}") + event(ok), {}},
    {"invalid UTF-8 in a stream", stream_type, event("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"a\":\"\xC3\"}}"), {}, "", {warning::invalid_utf8}},
    {"depth in a stream", stream_type, event(nested(100)), reason::too_large, "depth"},
    {"cut off after ours", stream_type, event(ok), {}, "", {}, 200, ending::cut_off},
    {"cut off in ours", stream_type, "data: " + ok, reason::sse_truncated, "unterminated", {}, 200, ending::cut_off},
    {"stream without a type", "", event(ok), reason::content_type, "none"},
    {"asks us", stream_type, event(R"({"jsonrpc":"2.0","id":"p","method":"ping"})"), reason::mcp_timeout, "server_request", {}, 200, ending::timed_out},
};

}  // namespace

TEST_CASE("a body is read for what it is, in slices of any size", "[mcp]")
{
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name)
        {
            for (const std::size_t slice : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{1} << 20}) {
                if (slice < 7 && r.body.size() > 100'000) continue;
                CAPTURE(slice);
                const auto got = read_all(r.status, r.type, r.body, slice, r.how);
                CHECK(got.problem == r.problem);
                // Under 4xx a result is no answer, and the status says why.
                const bool by_status = r.detail == "status";
                CHECK(got.detail == (by_status ? "" : r.detail));
                CHECK(got.warnings == r.warnings);
                CHECK(got.response.has_value() == (!r.problem.has_value() && !by_status));
            }
        }
    }
}

TEST_CASE("an event stream gives the same events wherever it is sliced", "[mcp]")
{
    const std::vector<std::string> samples{
        "data: a\n\n", "data: a\r\n\r\ndata:b\r\rdata:  c\n\n", "\xEF\xBB\xBF" "data: a\n\n", "\xEF\xBB" "data: a\n\n",
        "id: 1\nevent: x\ndata\n\n:c\nid: 2\n\ndata: 1\ndata: 2\n\n", "retry: 30\nretry: 4x\ndata: \xC3\xA9\xFF\n\ndata: open"};
    for (const auto& sample : samples) {
        sse_reader whole;
        std::vector<sse_event> expected;
        whole.feed(sample, expected);
        for (std::size_t i = 0; i <= sample.size(); ++i)
            for (std::size_t j = i; j <= sample.size(); ++j) {
                sse_reader r;
                std::vector<sse_event> got;
                r.feed(sample.substr(0, i), got);
                r.feed(sample.substr(i, j - i), got);
                r.feed(sample.substr(j), got);
                REQUIRE(got == expected);
                REQUIRE(r.last_event_id() == whole.last_event_id());
                REQUIRE(r.retry() == whole.retry());
                REQUIRE(r.has_unterminated() == whole.has_unterminated());
            }
    }
    sse_reader r;
    std::vector<sse_event> got;
    r.feed("id: 1\nevent: x\ndata\n\nretry: 30\nretry: 4x\ndata: 1\ndata:  2\n\nid: 3\n", got);
    CHECK(got == std::vector<sse_event>{{"x", ""}, {"message", "1\n 2"}});
    CHECK(r.last_event_id() == "1");
    CHECK(r.retry() == std::chrono::milliseconds(30));
}

TEST_CASE("caps end the reading", "[mcp]")
{
    CHECK(read_all(200, json_type, "{" + std::string(5u << 20, ' '), 65536).problem == reason::too_large);
    CHECK(read_all(200, stream_type, "data: " + std::string(2u << 20, 'x'), 65536).problem == reason::too_large);
    std::string many;
    for (int i = 0; i < 1001; ++i) many += "data: {\"jsonrpc\":\"2.0\",\"method\":\"n\"}\n\n";
    CHECK(read_all(200, stream_type, many, 65536).problem == reason::too_large);
}

TEST_CASE("an HTTP+SSE stream serves one request after another", "[mcp]")
{
    reply_reader r(200, "text/event-stream", awaits::endpoint_event, 0);
    CHECK_FALSE(r.feed(": hello\n\nevent: other\ndata: x\n\n"));
    CHECK(r.feed("event: endpoint\ndata: /m?s=1\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"n\"}\n\n"));
    CHECK(r.finish(ending::enough).endpoint_event == "/m?s=1");
    r.expect(7);
    CHECK_FALSE(r.feed({}));
    CHECK(r.feed(event(ok) + event(R"({"jsonrpc":"2.0","id":8,"result":{"b":1}})")));
    const auto first = r.finish(ending::enough);
    CHECK(first.response == ok);
    CHECK(first.other_messages == 1);
    r.expect(8);
    CHECK(r.feed({}));
    CHECK(r.finish(ending::enough).response == R"({"jsonrpc":"2.0","id":8,"result":{"b":1}})");
}

TEST_CASE("no bytes make the reader fall over", "[mcp]")
{
    std::mt19937 random(20261121);
    const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    for (int round = 0; round < 4000; ++round) {
        std::string body = rows[below(rows.size())].body.substr(0, 300);
        if (round % 4 == 0) body = std::string(below(64), ' ');
        for (std::size_t k = below(6); k > 0 && !body.empty(); --k) body[below(body.size())] = static_cast<char>(below(256));
        body = body.substr(0, below(body.size() + 1));
        const auto r = read_all(round % 3 == 0 ? 400u : 200u, round % 2 == 0 ? json_type : stream_type, body, 1 + below(9),
                                static_cast<ending>(below(5)));
        CHECK((r.response || r.problem || round % 3 == 0));
    }
}
