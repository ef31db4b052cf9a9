// A whole conversation against a server made of the input. The first line is what is known beforehand, a letter each;
// then one answer after the other, split by lines of "~~~", over again from the first when they run out:
//
//     200 application/json
//     mcp-session-id: s-1
//
//     {"jsonrpc":"2.0","id":$ID,"result":{}}
//
// "$ID" is the id of the request. An answer that begins with "!" is a failure: "!tcp_reset http".
#include "audit/classify/ascii.hpp"
#include "audit/mcp/conversation.hpp"
#include "audit/url/url.hpp"
#include "tests/fuzz/input.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

using namespace rollcall;
using namespace rollcall::audit;
using namespace rollcall::audit::mcp;
using namespace rollcall::fuzz;

namespace {

constexpr std::size_t pages = 3;
// Before a list: three legacy tries and one modern, each twice at most, each with a notification, an end and a stream
// that is resumed; the old transport; and a list in each of them, page by page, each page resumed, the first repeated.
constexpr std::size_t most_asks = 60;

std::optional<data::step> step_called(std::string_view word)
{
    for (std::uint8_t i = 0; i < data::step_count; ++i)
        if (data::code_of(static_cast<data::step>(i)) == word) return static_cast<data::step>(i);
    return std::nullopt;
}

heard answer_to(const ask& a, std::string_view text)
{
    heard h;
    if (text.starts_with('!')) {
        text.remove_prefix(1);
        auto line = take_line(text);
        const auto why = take_to(line, " ");
        h.failed = data::parse_reason(why).value_or(data::reason::tcp_reset);
        // What the carrier files: no HTTP answer, or a redirect that leads nowhere.
        const auto c = data::class_of(*h.failed);
        if (c != data::cell_class::transport && c != data::cell_class::unusable && c != data::cell_class::http && *h.failed != data::reason::auth_redirect)
            h.failed = data::reason::tcp_reset;
        h.failed_at = step_called(line).value_or(data::step::http);
        h.failed_detail = std::string(text.substr(0, 400));
        return h;
    }
    auto head = take_line(text);
    h.answer.status = take_number(head, 999);
    const std::string type(head.substr(0, 2000));
    if (!type.empty()) h.answer.headers.emplace_back("content-type", type);
    while (!text.empty() && !text.starts_with('\n')) {
        auto field = take_line(text);
        const auto name = take_to(field, ":");
        h.answer.headers.emplace_back(lower(trim(name)), std::string(trim(field)));
    }
    take_line(text);
    std::string body(text);
    if (const auto at = body.find("$ID"); at != std::string::npos) body.replace(at, 3, std::to_string(a.id));
    reply_reader reader(h.answer.status, type, a.awaits, a.id);
    const bool enough = reader.feed(body);
    h.answer.body = reader.seen();
    h.reply = reader.finish(enough ? ending::enough : ending::whole);
    return h;
}

hints known_from(std::string_view letters)
{
    const auto has = [&](char c) { return letters.find(c) != std::string_view::npos; };
    hints h;
    h.remembered_era = has('L') ? data::era::legacy : has('M') ? data::era::modern : data::era::unknown;
    h.remembered_transport = has('S') ? data::transport::http_sse : data::transport::unknown;
    h.listed_as_sse = has('s');
    h.path_ends_in_sse = has('p');
    h.also_ask_modern = has('7');
    h.origin = has('o') ? "https://mcp.example.org" : "";
    return h;
}

// What goes out to strangers, whatever they said before. False: the carrier cannot make a URL of it.
bool check_ask(const ask& a)
{
    static const auto home = *split_url("https://mcp.example.org/sse");
    must(a.method != verb::post || !a.body.empty(), "a POST has a body");
    if (!a.body.empty()) must(nlohmann::json::accept(a.body), "what we send is JSON", a.body);
    must(a.delay.count() >= 0 && a.delay <= std::chrono::seconds(3), "we wait at most three seconds");
    for (const auto& [name, value] : a.headers) {
        must(value.size() <= 1024, "our header fields are short", name);
        for (const char c : value) must(c >= ' ' && c <= '~', "our header fields are plain ASCII", name);
    }
    const auto where = resolve_reference(home, a.url);
    if (where) must(where->scheme == home.scheme && where->host == home.host && where->port == home.port, "our words do not leave the origin", a.url);
    return where.has_value();
}

void check_outcome(const outcome& o, std::size_t asked, const std::vector<data::reason>& failures)
{
    const auto c = data::class_of(o.why);
    must(o.counts_from <= asked, "what counts was asked");
    must_be_one_line(o.answer.detail, 300, "a detail is one line");
    must_be_one_line(o.answer.auth_challenge, 1000, "a challenge is one line");
    must_be_one_line(o.answer.server_name, 200, "a server's name is one line");
    must_be_one_line(o.answer.server_version, 200, "a server's version is one line");
    must(o.answer.capabilities.size() <= 32, "few capabilities");
    for (const auto& name : o.answer.capabilities) must_be_one_line(name, 60, "a capability is one line");
    for (const auto& name : o.tool_names) must_be_one_line(name, 200, "a tool's name is one line");
    must(std::ranges::is_sorted(o.answer.warnings) && std::ranges::adjacent_find(o.answer.warnings) == o.answer.warnings.end(), "warnings in order, each once");
    const bool good = data::is_good(c);
    if (good) {
        must(o.answer.tool_count.has_value(), "a good server's tools are counted");
        must(o.answer.era != data::era::unknown && o.answer.transport != data::transport::unknown, "a good server speaks something");
        must(!o.answer.protocol_version.empty(), "a good server has a version");
        must((o.why == data::reason::ok) == (*o.answer.tool_count > 0), "ok has tools");
    }
    must(c != data::cell_class::slow, "how slow it was is not for the conversation to say");
    if (!o.answer.contract_hash.empty()) must(good && !o.manifest.empty() && o.tool_names.size() == *o.answer.tool_count, "a hash has its list");
    // No transport failure and nothing of ours is made up.
    if (c == data::cell_class::transport || (c == data::cell_class::unusable && o.why != data::reason::rate_limited))
        must(std::ranges::find(failures, o.why) != failures.end() || o.why == data::reason::http_garbage, "a failure that was met", data::code_of(o.why));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    const auto known = known_from(take_line(text));
    std::vector<std::string_view> answers;
    while (!text.empty()) answers.push_back(take_to(text, "\n~~~\n"));
    if (answers.empty()) return 0;

    limits caps;
    caps.pages = pages;
    caps.tools = 20;
    conversation talk(known, {}, caps);
    std::vector<data::reason> failures;
    std::size_t asked = 0;
    auto step = talk.begin();
    while (auto* a = std::get_if<ask>(&step)) {
        must(asked < most_asks, "every conversation ends");
        auto h = answer_to(*a, answers[asked++ % answers.size()]);
        if (!check_ask(*a)) {
            h = {};
            h.failed = data::reason::bad_envelope;
            h.failed_at = data::step::mcp;
        }
        if (h.failed) failures.push_back(*h.failed);
        step = talk.next(h);
    }
    check_outcome(std::get<outcome>(step), asked, failures);
    return 0;
}
