// Event streams: the first line says the slices, the rest is the stream.
#include "audit/mcp/sse.hpp"
#include "tests/fuzz/input.hpp"

using namespace rollcall::audit::mcp;
using namespace rollcall::fuzz;

namespace {

constexpr sse_limits small{512, 2048, 20};

void compare(const sse_reader& a, const sse_reader& b)
{
    must(a.overflowed() == b.overflowed(), "slices: overflowed");
    must(a.had_bom() == b.had_bom(), "slices: had_bom");
    must(a.repaired() == b.repaired(), "slices: repaired");
    must(a.heard_something() == b.heard_something(), "slices: heard_something");
    must(a.last_event_id() == b.last_event_id(), "slices: last_event_id");
    must(a.retry() == b.retry(), "slices: retry");
    must(a.overflowed() || a.has_unterminated() == b.has_unterminated(), "slices: has_unterminated");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    const auto slices = take_line(text);
    for (const auto& limits : {sse_limits{}, small}) {
        std::vector<sse_event> whole, sliced;
        sse_reader one(limits), many(limits);
        one.feed(text, whole);
        in_slices(slices, text, [&](std::string_view piece) {
            many.feed(piece, sliced);
            return true;
        });
        must(whole == sliced, "slices: the same events");
        compare(one, many);
        must(whole.size() <= limits.events, "no more events than allowed");
        for (const auto& e : whole) {
            // Each ill-formed byte becomes three.
            must(e.data.size() <= 3 * limits.event, "no more data than allowed");
            must(is_utf8(e.data) && is_utf8(e.type), "events are UTF-8", e.data);
            must(!e.type.empty() && e.type.find_first_of("\r\n") == std::string::npos, "a type is one line", e.type);
            must(e.data.find('\r') == std::string::npos, "data has line feeds only", e.data);
        }
        must(one.last_event_id().find('\0') == std::string::npos, "an id holds no NUL");
        must(!one.retry() || (one.retry()->count() >= 0 && one.retry()->count() < 10'000'000'000), "retry has a bound");
    }
    return 0;
}
