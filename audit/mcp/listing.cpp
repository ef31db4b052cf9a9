// tools/list, all pages of it, in either era.
#include "audit/mcp/attempt.hpp"
#include "audit/mcp/call.hpp"
#include "audit/mcp/contract.hpp"
#include "audit/mcp/text.hpp"

#include <algorithm>

namespace rollcall::audit::mcp {
namespace {

using namespace std::chrono_literals;
using data::era;
using data::reason;
using data::warning;

ask next_page(dialogue& talk, const attempt& a, const std::optional<std::string>& cursor, const channel& through)
{
    return a.facts.era == era::modern ? modern_tools_list(talk, cursor) : legacy_tools_list(talk, cursor, through);
}

void file(attempt& a, finding why)
{
    a.why = std::move(why);
    a.facts.detail = a.why.detail;
}

void file_no_tools(attempt& a)
{
    a.facts.tool_count = 0;
    a.listed = true;
    file(a, {reason::ok_zero_tools, {}});
}

// The server answered, and what it said is a refusal of this request and of nothing else: not a matter of
// credentials, walls or rates, nor a trouble that may pass.
bool refuses_request(const reading& r)
{
    if (r.stop || may_pass(r)) return false;
    if (r.what == reading::kind::error) return data::class_of(r.why.why) != data::cell_class::auth;
    return r.status >= 400 && data::class_of(r.why.why) == data::cell_class::http;
}

// A JSON-RPC error to the first page, though tools were declared.
void file_error(attempt& a, const reading& r)
{
    if (r.why.why == reason::auth_rpc || r.why.why == reason::payment) return;
    if (r.code == -32601 || r.code == -32602) {
        file(a, {reason::tools_missing, r.why.detail});
    } else if (r.code == -32021 || (r.code == -32003 && r.data.is_object() && r.data.contains("requiredCapabilities"))) {
        file(a, {reason::tools_missing, "capability"});
    }
}

void file_list(attempt& a, const tool_list& list, bool declared)
{
    const auto& tools = list.tools();
    for (const auto w : list.warnings()) warn(a, w);
    if (!tools.empty() && !declared) warn(a, warning::tools_undeclared);
    auto c = contract_of(tools);
    // What was cut off may be anything, so the contract of such a list has a hash that no complete list can have. The
    // full hash is still that of the manifest, which a complete list may share: whoever compares contracts leaves
    // out the answers with this warning.
    const bool cut = std::ranges::find(list.warnings(), warning::list_truncated) != list.warnings().end();
    a.facts.contract_hash = cut ? sha256_hex("partial " + c.contract_hash) : std::move(c.contract_hash);
    a.facts.full_hash = std::move(c.full_hash);
    a.manifest = std::move(c.manifest);
    a.facts.tool_count = static_cast<std::uint32_t>(tools.size());
    for (const auto& tool : tools) a.tool_names.push_back(one_line(tool["name"].get_ref<const std::string&>(), 200));
    a.listed = true;
    file(a, {tools.empty() ? reason::ok_zero_tools : reason::ok, {}});
}

}  // namespace

script<list_end> read_list(dialogue& talk, attempt& a, channel through, bool declared)
{
    tool_list list(a.facts.era, {talk.caps.pages, talk.caps.tools, talk.caps.list_bytes});
    std::optional<std::string> cursor;
    bool tried_again = false;
    while (true) {
        const bool first_page = list.pages() == 0;
        ask page = next_page(talk, a, cursor, through);
        if (tried_again && first_page) page.delay = 300ms;
        heard h;
        if (a.facts.era == era::legacy) {
            auto saying = say_and_resume(talk, page, through);
            h = co_await saying;
        } else {
            const auto h_said = talk.say(page);
            h = co_await h_said;
        }
        const reading r = read(h);
        note_reply(a, h.reply);
        if (r.what != reading::kind::result) {
            // The notification may still be on its way to another worker.
            if (r.what == reading::kind::error && r.code == -32602 && first_page && !tried_again && a.facts.era == era::legacy &&
                r.why.why == reason::rpc_error) {
                tried_again = true;
                continue;
            }
            const auto good_status = a.facts.http_status;
            note_failure(a, r);
            if (a.facts.era == era::legacy && first_page) {
                if (!through.on_stream && lost_session(h, r, !through.session.empty())) co_return list_end::session_lost;
                if (refuses_own_version(h)) {
                    file(a, {reason::version_unsupported, "header_after_initialize"});
                    co_return list_end::filed;
                }
            }
            if (cursor && cursor->empty() && refuses_request(r)) {
                // By the empty cursor many servers mean the end, and most clients never ask with it.
                a.facts.http_status = good_status;
                warn(a, warning::cursor_empty);
                file_list(a, list, declared);
            } else if (!first_page && refuses_request(r)) {
                file(a, {reason::tools_missing, "page"});
                a.listed = true;
            } else if (first_page && !declared && (refuses_request(r) || r.what == reading::kind::error) && data::class_of(r.why.why) != data::cell_class::auth) {
                a.facts.http_status = good_status;
                file_no_tools(a);  // a client must not ask for what was not declared
            } else if (first_page && r.what == reading::kind::error) {
                file_error(a, r);
            }
            co_return list_end::filed;
        }
        a.facts.http_status = static_cast<std::uint16_t>(r.status);
        switch (list.add_page(r.result, h.reply.response->size())) {
            case tool_list::after::ask_next: cursor = list.next_cursor(); continue;
            case tool_list::after::complete: {
                file_list(a, list, declared);
                auto calling = call_canary(talk, a, through, list.tools());
                co_await calling;
                co_return list_end::filed;
            }
            case tool_list::after::refused:
                a.listed = true;
                for (const auto w : list.warnings()) warn(a, w);
                if (!declared && first_page && list.problem().why == reason::tools_missing) file_no_tools(a);
                else file(a, list.problem());
                co_return list_end::filed;
        }
    }
}

script<bool> lists_without_discover(dialogue& talk)
{
    const auto h_said = talk.say(modern_tools_list(talk, std::nullopt));
    heard h = co_await h_said;
    const reading r = read(h);
    co_return r.what == reading::kind::result && r.result.contains("tools") && r.result["tools"].is_array();
}

}  // namespace rollcall::audit::mcp
