// One HTTP reply: status, content type, what is awaited and how the body ends in the first line, the slices in the
// second, the body in the rest.
//
//     200 application/json; charset=utf-8
//     rw3 1 17
//     {"jsonrpc":"2.0","id":1,"result":{}}
#include "audit/mcp/envelope.hpp"
#include "audit/mcp/reply.hpp"
#include "tests/fuzz/input.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace rollcall;
using namespace rollcall::audit::mcp;
using namespace rollcall::fuzz;
using nlohmann::json;

namespace {

constexpr int id = 1;

struct reading {
    reply told;
    std::string seen;
    bool enough = false, heard = false;
};

reading read(unsigned status, std::string_view type, awaits what, ending how, const reply_limits& limits, std::string_view slices,
             std::string_view body)
{
    reading r;
    reply_reader reader(status, type, what, id, limits);
    in_slices(slices, body, [&](std::string_view piece) { return !(r.enough = reader.feed(piece)); });
    r.seen = reader.seen();
    r.heard = reader.heard_something();
    r.told = reader.finish(r.enough ? ending::enough : how);
    return r;
}

void check_response(const reply& r, unsigned status, int depth)
{
    const json message = json::parse(*r.response, nullptr, false);
    must(message.is_object(), "a response is a JSON object", *r.response);
    must(is_utf8(*r.response), "a response is UTF-8");
    const auto e = judge_message(message, id, error_ids::any);
    must(e.what == envelope::kind::result || e.what == envelope::kind::error, "a response is a result or an error", *r.response);
    must(e.what == envelope::kind::error || (status >= 200 && status < 300), "no result under a bad status");
    int level = 0, deepest = 0;
    bool quoted = false, escaped = false;
    for (const char c : *r.response) {
        if (quoted) {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == '"') quoted = true;
        else if (c == '{' || c == '[') deepest = std::max(deepest, ++level);
        else if (c == '}' || c == ']') --level;
    }
    must(deepest <= depth, "a response nests no deeper than allowed");
}

void check(const reading& got, unsigned status, awaits what, const reply_limits& limits)
{
    const reply& r = got.told;
    const bool good = status >= 200 && status < 300;
    must(got.seen.size() <= limits.body, "no more is kept than allowed");
    if (r.response) {
        must(what == awaits::response, "a response only where one is awaited");
        must(!r.problem, "a response, or a problem, not both");
        check_response(r, status, limits.depth);
    }
    if (what == awaits::response && good) must(r.response || r.problem, "under a good status there is a response, or a problem", got.seen);
    if (what == awaits::endpoint_event && good) must(!r.endpoint_event.empty() || r.problem, "an endpoint, or a problem");
    if (!good) must(!r.problem, "under a bad status the status is the problem");
    if (r.problem) must(data::is_valid(data::class_of(*r.problem)), "a problem is evidence about the server");
    auto sorted = r.warnings;
    std::ranges::sort(sorted);
    must(std::ranges::adjacent_find(sorted) == sorted.end(), "each warning once");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto body = text_of(data, size);
    auto type = take_line(body);
    auto slices = take_line(body);
    const unsigned status = take_number(type, 999);
    const auto letter = [&] {
        const char c = slices.empty() ? 'r' : slices.front();
        slices.remove_prefix(slices.empty() ? 0 : 1);
        return c;
    };
    const char wanted = letter(), end = letter();
    const auto what = wanted == 'e' ? awaits::endpoint_event : wanted == 'n' ? awaits::nothing : awaits::response;
    const auto how = end == 'c' ? ending::cut_off : end == 't' ? ending::timed_out : ending::whole;
    constexpr reply_limits small{600, 200, 4, 5};
    for (const auto& limits : {reply_limits{}, small}) {
        const auto whole = read(status, type, what, how, limits, "", body);
        const auto sliced = read(status, type, what, how, limits, slices, body);
        check(whole, status, what, limits);
        check(sliced, status, what, limits);
        // A reader that was told enough early has not seen what follows: only the answer must be the same.
        must(whole.told.response == sliced.told.response, "slices: the same response", whole.told.response.value_or("none"));
        must(whole.told.endpoint_event == sliced.told.endpoint_event, "slices: the same endpoint");
        must(whole.told.problem == sliced.told.problem, "slices: the same problem");
        must(whole.told.detail == sliced.told.detail, "slices: the same detail", whole.told.detail + " / " + sliced.told.detail);
        must(whole.told.streamed == sliced.told.streamed, "slices: streamed");
    }
    return 0;
}
