#include "audit/mcp/reply.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/mcp/envelope.hpp"
#include "audit/mcp/sse.hpp"
#include "audit/mcp/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace rollcall::audit::mcp {
namespace {

using data::reason;
using data::warning;
using nlohmann::json;

enum class form { undecided, document, stream, other };

// The media type alone, lower-case: parameters do not count.
std::string essence_of(std::string_view content_type)
{
    return lower(trim(content_type.substr(0, content_type.find(';'))));
}

constexpr std::array<std::string_view, 5> stream_starts{"event:", "data:", "id:", "retry:", ":"};

// What a body really is, by how it begins; undecided while too little has come.
form sniff(std::string_view body, bool declared_stream)
{
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    else if (std::string_view("\xEF\xBB\xBF").starts_with(body)) return form::undecided;
    while (!body.empty() && is_space(body.front())) body.remove_prefix(1);
    if (body.empty()) return form::undecided;
    if (body.front() == '{' || body.front() == '[') return form::document;
    if (body.front() == '<') return form::other;
    if (declared_stream) return form::stream;
    for (const auto start : stream_starts) {
        if (body.starts_with(start)) return form::stream;
        if (start.starts_with(body)) return form::undecided;
    }
    return form::other;
}

struct fault {
    reason why;
    std::string detail;
};

struct parsed {
    json value;  // discarded if it is not JSON
    std::string text;
    std::optional<fault> refused;
};

// No list of tools comes near; a tree of more would cost what thousands of probes at once cannot.
constexpr std::size_t most_values = 500'000;

parsed parse(std::string_view text, int depth)
{
    bool too_deep = false;
    parsed p{json(json::value_t::discarded), acceptable_json(text, depth, too_deep), std::nullopt};
    if (too_deep) p.refused = fault{reason::too_large, "depth"};
    else if (has_more_values(p.text, most_values)) p.refused = fault{reason::too_large, "values"};
    else p.value = json::parse(p.text, nullptr, /*allow_exceptions=*/false);
    return p;
}

}  // namespace

struct reply_reader::state {
    unsigned status;
    std::string type;
    awaits what;
    int id;
    reply_limits limits;

    std::string body;  // all of it, up to the cap
    std::size_t blanks = 0;  // at its beginning, while that is all that came
    form as = form::undecided;
    sse_reader events;
    std::vector<sse_event> waiting;  // of the stream, not looked at yet
    std::size_t next_event = 0;
    bool overflowed = false, spoke = false, served_before = false;

    reply out;
    std::optional<fault> first_fault;

    bool good_status() const { return status >= 200 && status < 300; }
    bool declared_stream() const { return type == "text/event-stream"; }

    void warn(warning w)
    {
        if (std::ranges::find(out.warnings, w) == out.warnings.end()) out.warnings.push_back(w);
    }
    void blame(reason why, std::string detail)
    {
        if (!first_fault) first_fault = fault{why, std::move(detail)};
    }

    void accept(const envelope& e, std::string text)
    {
        // A result under 4xx or 5xx is refused by the clients: the status decides.
        if (!good_status() && e.what == envelope::kind::result) return;
        for (const auto w : e.warnings) warn(w);
        const std::string needed = out.streamed ? "text/event-stream" : "application/json";
        if (e.what == envelope::kind::result && type != needed) {
            blame(reason::content_type, type.empty() ? "none" : type);
            return;
        }
        out.response = std::move(text);
    }

    // One message, alone or out of a batch. True if it was the response.
    bool take_message(const json& message, std::string text, error_ids errors)
    {
        const auto e = judge_message(message, id, errors);
        switch (e.what) {
            case envelope::kind::result:
            case envelope::kind::error: accept(e, std::move(text)); return true;
            case envelope::kind::request: out.server_request = true; [[fallthrough]];
            case envelope::kind::notification: ++out.other_messages; return false;
            case envelope::kind::faulty: blame(*e.problem, e.detail); return false;
        }
        return false;
    }

    bool take_text(std::string_view raw, error_ids errors)
    {
        parsed p = parse(raw, limits.depth);
        if (p.refused) {
            blame(p.refused->why, p.refused->detail);
            return false;
        }
        if (p.value.is_discarded()) {
            blame(reason::not_json, out.streamed ? "sse_data" : "");
            return false;
        }
        if (!p.value.is_array()) return take_message(p.value, std::move(p.text), errors);
        for (const auto& element : p.value) {
            const auto e = judge_message(element, id, error_ids::ours_or_none);
            if (e.what != envelope::kind::result && e.what != envelope::kind::error) continue;
            warn(warning::batched);
            accept(e, element.dump());
            return true;
        }
        blame(reason::bad_envelope, "batch");
        return false;
    }

    // Goes through the events that have come. True when the wanted one is there.
    bool look_at_events()
    {
        while (next_event < waiting.size()) {
            const sse_event event = std::move(waiting[next_event++]);
            if (what == awaits::endpoint_event) {
                if (event.type != "endpoint" || event.data.empty()) continue;
                out.endpoint_event = event.data;
                return true;
            }
            if (event.data.empty()) continue;  // carries an id only
            if (event.type == "message") {
                if (take_text(event.data, served_before ? error_ids::ours_or_none : error_ids::any)) return true;
            } else if (const auto p = parse(event.data, limits.depth); p.value.is_object()) {
                // The clients listen to `message` only.
                const auto e = judge_message(p.value, id, error_ids::ours_or_none);
                if (e.what == envelope::kind::result || e.what == envelope::kind::error)
                    blame(reason::bad_envelope, "sse_event_type");
            }
        }
        waiting.clear();
        next_event = 0;
        return false;
    }

    bool feed_stream(std::string_view bytes)
    {
        events.feed(bytes, waiting);
        if (what == awaits::nothing) return good_status();
        if (look_at_events()) return true;
        overflowed = overflowed || events.overflowed();
        return overflowed;
    }

    void finish_json(ending how)
    {
        std::string_view raw = body;
        if (raw.starts_with("\xEF\xBB\xBF")) {
            raw.remove_prefix(3);
            warn(warning::bom);
        }
        if (how == ending::cut_off || how == ending::timed_out) {
            blame(how == ending::cut_off ? reason::not_json : reason::mcp_timeout, how == ending::cut_off ? "cut_off" : "unfinished");
            return;
        }
        bool repaired = false;
        const std::string text = repair_utf8(raw, repaired);
        take_text(text, error_ids::any);
        if (repaired && (!first_fault || first_fault->why != reason::not_json)) warn(warning::invalid_utf8);
        if (!out.response && !first_fault) blame(reason::bad_envelope, "no_response");
    }

    void finish_stream(ending how)
    {
        if (events.repaired()) warn(warning::invalid_utf8);
        if (events.had_bom()) warn(warning::bom);
        out.last_event_id = events.last_event_id();
        out.retry = events.retry();
        if (out.response || first_fault) return;
        if (how == ending::timed_out) {
            const bool others = out.other_messages > 0;
            blame(reason::mcp_timeout, out.server_request ? "server_request"
                                       : others           ? "other_messages"
                                       : spoke            ? "no response on the stream"
                                       : !body.empty()    ? "nothing but comments"
                                                          : "headers came, no bytes");
        } else {
            blame(reason::sse_truncated, events.has_unterminated() ? "unterminated" : "");
        }
    }

    void finish_other(ending how)
    {
        if (how == ending::timed_out) {
            blame(reason::mcp_timeout, spoke ? "unfinished" : "headers came, no bytes");
            return;
        }
        std::string_view text = body;
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        text = trim(text);
        if (text.empty()) {
            if (declared_stream()) blame(reason::sse_truncated, "");
            else if (how == ending::cut_off) blame(reason::not_json, "cut_off");
            else blame(reason::empty, "");
        } else if (text.starts_with('<')) {
            blame(reason::html, "");
        } else if (type == "application/json" && !parse(text, limits.depth).value.is_discarded()) {
            blame(reason::bad_envelope, "not_object");
        } else {
            blame(reason::not_json, "");
        }
    }
};

reply_reader::reply_reader(unsigned status, std::string_view content_type, awaits what, int id, const reply_limits& limits)
    : state_(std::make_unique<state>())
{
    auto& s = *state_;
    s.status = status;
    s.type = essence_of(content_type);
    s.what = what;
    s.id = id;
    s.limits = limits;
    s.events = sse_reader({limits.line, limits.body, limits.events});
}

reply_reader::~reply_reader() = default;
reply_reader::reply_reader(reply_reader&&) noexcept = default;
reply_reader& reply_reader::operator=(reply_reader&&) noexcept = default;

bool reply_reader::feed(std::string_view bytes)
{
    auto& s = *state_;
    if (s.overflowed) return true;
    if (s.body.size() + bytes.size() > s.limits.body) {
        s.overflowed = true;
        bytes = bytes.substr(0, s.limits.body - s.body.size());
    }
    s.body += bytes;
    if (s.as == form::undecided) {
        // Some keep the connection alive with blanks until they have an answer.
        if (s.blanks == 0 && s.body.starts_with("\xEF\xBB\xBF")) s.blanks = 3;
        while (s.blanks < s.body.size() && is_space(s.body[s.blanks])) ++s.blanks;
        s.as = sniff(std::string_view(s.body).substr(s.blanks), s.declared_stream());
        s.spoke = s.as != form::undecided && (s.as != form::stream || s.body.find_first_not_of(": \r\n\t") != std::string::npos);
        if (s.as == form::stream) {
            s.out.streamed = true;
            return s.feed_stream(s.body) || s.overflowed;
        }
        // Nothing is awaited, and a stream of nothing may never end.
        if (s.what == awaits::nothing && s.good_status() && s.declared_stream()) return true;
        return s.overflowed;
    }
    if (s.as == form::stream) return s.feed_stream(bytes) || s.overflowed;
    return s.overflowed;
}

void reply_reader::expect(int id)
{
    auto& s = *state_;
    auto kept = std::move(s.out);
    s.out = {};
    s.out.streamed = kept.streamed;
    s.out.endpoint_event = kept.endpoint_event;
    s.what = awaits::response;
    s.id = id;
    s.first_fault.reset();
    s.served_before = true;
}

const std::string& reply_reader::seen() const { return state_->body; }

bool reply_reader::heard_something() const
{
    const auto& s = *state_;
    return s.as == form::stream ? s.events.heard_something() : !trim(s.body).empty();
}

reply reply_reader::finish(ending how)
{
    auto& s = *state_;
    if (s.what == awaits::nothing) return s.out;
    s.spoke = heard_something();
    // What follows the wanted event belongs to the next request.
    const bool found = s.out.response || (s.what == awaits::endpoint_event && !s.out.endpoint_event.empty());
    if (!found && s.as == form::stream) s.look_at_events();
    if (!found && (s.overflowed || how == ending::too_large)) s.blame(reason::too_large, "");
    else if (s.as == form::document) s.finish_json(how);
    else if (s.as == form::stream) s.finish_stream(how);
    else s.finish_other(how);

    if (s.what == awaits::endpoint_event && !s.out.endpoint_event.empty()) {
        s.first_fault.reset();
        if (!s.declared_stream()) s.blame(reason::content_type, s.type.empty() ? "none" : s.type);
    }
    // Under 4xx and 5xx the status tells more than the body, unless the body is a JSON-RPC error.
    if (!s.out.response && s.first_fault && s.good_status()) {
        s.out.problem = s.first_fault->why;
        s.out.detail = s.first_fault->detail;
    }
    reply r = s.out;
    s.first_fault.reset();
    return r;
}

}  // namespace rollcall::audit::mcp
