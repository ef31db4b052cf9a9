#include "tests/audit/mcp/table.hpp"

#include "tests/catch.hpp"

#include <algorithm>

namespace rollcall::audit::mcp::test {
namespace {

using data::era;
using data::reason;
using data::step;
using data::transport;
using data::warning;

bool is_modern(const ask& a) { return a.body.find("_meta") != std::string::npos; }

struct memory_row {
    const char* name;
    era remembered_era;
    transport remembered_transport;
    bool also_ask_modern;
};
const std::vector<memory_row> memories{
    {"legacy", era::legacy, transport::streamable_http, false},
    {"legacy, to be asked again", era::legacy, transport::streamable_http, true},
    {"event stream", era::legacy, transport::http_sse, false},
    {"event stream, to be asked again", era::legacy, transport::http_sse, true},
    {"modern", era::modern, transport::streamable_http, false},
    {"nothing, in the seventh round", era::unknown, transport::unknown, true},
};

// Whoever is remembered to be legacy and answers is not asked in the newer protocol, so how it takes that stays
// unknown for a night.
std::vector<warning> without_manners(std::vector<warning> all)
{
    std::erase(all, warning::discover_unfriendly);
    std::erase(all, warning::modern_broken);
    return all;
}

hints at_home(hints known)
{
    known.origin = "https://a.example";
    return known;
}

void check_memories(const row& r, const hints& base)
{
    const auto without = play(at_home(base), responder(r.peer));
    for (const auto& m : memories) {
        INFO("remembered: " << m.name << (base.listed_as_sse ? ", listed as sse" : ""));
        hints known = at_home(base);
        known.remembered_era = m.remembered_era;
        known.remembered_transport = m.remembered_transport;
        known.also_ask_modern = m.also_ask_modern;
        const auto with = play(known, responder(r.peer));
        INFO("said " << shorthand(with) << ", without memory " << shorthand(without));
        REQUIRE(with.ended);
        CHECK(data::code_of(with.end.why) == data::code_of(without.end.why));
        CHECK(with.said.size() <= without.said.size() + 10);
        if (r.either_era) continue;
        auto kept = with.end.answer, expected = without.end.answer;
        if (data::is_good(data::class_of(with.end.why))) {
            kept.warnings = without_manners(kept.warnings);
            expected.warnings = without_manners(expected.warnings);
        }
        CHECK(kept.detail == expected.detail);
        CHECK(kept.warnings == expected.warnings);
        CHECK(kept.http_status == expected.http_status);
        CHECK(kept == expected);
        CHECK(with.end.manifest == without.end.manifest);
        CHECK(with.end.tool_names == without.end.tool_names);
    }
}

}  // namespace

std::string shorthand(const run_result& r)
{
    const auto letter = [](const ask& a) {
        switch (a.what) {
            case purpose::discover: return 'D';
            case purpose::initialize: return 'I';
            case purpose::initialized: return 'N';
            case purpose::tools_list: return is_modern(a) ? 'l' : 'L';
            case purpose::open_stream: return 'G';
            case purpose::resume_stream: return 'R';
            case purpose::end_session: return 'X';
            default: return '?';
        }
    };
    std::string out;
    for (const auto& a : r.said) {
        if (!out.empty()) out += ' ';
        out += letter(a);
    }
    return out;
}

void check_rows(const std::vector<row>& rows)
{
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name)
        {
            const auto got = play(at_home(r.known), responder(r.peer));
            REQUIRE(got.ended);
            CHECK(data::code_of(got.end.why) == data::code_of(r.expected));
            if (!r.said.empty()) CHECK(shorthand(got) == r.said);
            if (r.detail != "*") CHECK(got.end.answer.detail == r.detail);
            if (r.warnings) CHECK(got.end.answer.warnings == *r.warnings);
            CHECK(got.end.counts_from < got.said.size());
            const bool listed = data::is_good(data::class_of(got.end.why));
            CHECK(listed == got.end.answer.tool_count.has_value());
            check_memories(r, r.known);
            hints as_sse = r.known;
            as_sse.listed_as_sse = true;
            check_memories(r, as_sse);
        }
    }
}

responder always(unsigned status, std::string type, std::string body, std::vector<std::pair<std::string, std::string>> extra)
{
    return [=](const ask& a) { return answer(a, status, type, body, extra); };
}
responder fails(reason why, step at) { return [=](const ask&) { return failure(why, at); }; }
responder hangs() { return fails(reason::http_hang, step::http); }
responder resets() { return fails(reason::tcp_reset, step::http); }
responder says(std::string r) { return [=](const ask& a) { return result(a, r); }; }
responder says_error(int code, std::string message, unsigned status, std::string data)
{
    return [=](const ask& a) { return error(a, code, message, status, data); };
}
responder on(purpose what, responder special, responder rest)
{
    return [=](const ask& a) { return a.what == what ? special(a) : rest(a); };
}
responder nth(int n, purpose what, responder special, responder rest)
{
    return [=, count = 0](const ask& a) mutable { return a.what == what && ++count == n ? special(a) : rest(a); };
}
responder in_modern(responder special, responder rest)
{
    return [=](const ask& a) { return is_modern(a) ? special(a) : rest(a); };
}
responder page(unsigned status) { return always(status, "text/html", "<!doctype html><html>Welcome</html>"); }

responder sse_peer(std::string endpoint, responder otherwise)
{
    return [=](const ask& a) {
        if (a.what == purpose::open_stream) return answer(a, 200, "text/event-stream", "event: endpoint\ndata: " + endpoint + "\n\n");
        if (a.url.empty()) return otherwise(a);
        if (a.what == purpose::initialized) return answer(a, 202, "", "Accepted");
        heard h = result(a, a.what == purpose::initialize ? init_ok : legacy_list);
        h.answer.status = 202;
        return h;
    };
}

responder sse_peer_with(purpose what, responder special)
{
    return [=, rest = sse_peer()](const ask& a) { return a.what == what && !a.url.empty() ? special(a) : rest(a); };
}

responder modern_only(responder list)
{
    return [=](const ask& a) {
        if (a.what == purpose::discover) return result(a, discover_ok);
        if (is_modern(a)) return list(a);
        if (a.what == purpose::open_stream) return answer(a, 405, "", "");
        return error(a, -32022, "Unsupported protocol version", 400, R"({"supported":["2026-07-28"],"requested":"2025-11-25"})");
    };
}

hints path_ends_in_sse()
{
    hints h;
    h.path_ends_in_sse = true;
    return h;
}

}  // namespace rollcall::audit::mcp::test
