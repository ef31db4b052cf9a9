#include "audit/health/document.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/health/limits.hpp"
#include "audit/mcp/text.hpp"

#include <array>
#include <set>
#include <vector>

namespace rollcall::audit::health {
namespace {

// The place just behind the string whose opening quote is at `i`.
std::size_t behind_string(std::string_view s, std::size_t i)
{
    for (++i; i < s.size() && s[i] != '"'; ++i)
        if (s[i] == '\\') ++i;
    return std::min(i + 1, s.size());
}

// Numbers that JSON lacks and some encoders write all the same.
std::string without_infinities(std::string_view s)
{
    static constexpr std::array<std::string_view, 5> tokens{"-Infinity", "Infinity", "NaN", "-inf", "nan"};
    std::string out;
    for (std::size_t i = 0; i < s.size();) {
        if (s[i] == '"') {
            const auto end = behind_string(s, i);
            out += s.substr(i, end - i);
            i = end;
            continue;
        }
        std::size_t length = 0;
        for (const auto t : tokens)
            if (length == 0 && s.substr(i).starts_with(t)) length = t.size();
        out += length ? std::string_view("null") : s.substr(i, 1);
        i += length ? length : 1;
    }
    return out;
}

// Parses, and notes a name that stands twice in one object and an object or array with too many members.
struct parsed { json value; bool duplicate_key = false, too_wide = false; };

parsed parse(const std::string& text)
{
    parsed out;
    std::vector<std::set<std::string>> names;
    std::vector<std::size_t> sizes;
    const auto watch = [&](int, json::parse_event_t event, json& read) {
        using enum json::parse_event_t;
        switch (event) {
            case object_start:
            case array_start:
                if (!sizes.empty() && names.back().empty() && ++sizes.back() > most_members) out.too_wide = true;
                names.emplace_back();
                sizes.push_back(0);
                break;
            case object_end:
            case array_end:
                names.pop_back();
                sizes.pop_back();
                break;
            case key:
                if (!names.back().insert(read.get<std::string>()).second) out.duplicate_key = true;
                if (++sizes.back() > most_members) out.too_wide = true;
                break;
            case value:
                // Members of objects were counted by their names.
                if (!sizes.empty() && names.back().empty() && ++sizes.back() > most_members) out.too_wide = true;
                break;
        }
        return true;
    };
    out.value = json::parse(text, watch, false);
    return out;
}

bool looks_like_a_page(std::string_view text) { return text.starts_with('<'); }

document opened(std::string_view bytes);

// The text of an MCP tool's result, bare or in its JSON-RPC reply.
bool unwrap_tool_result(document& d)
{
    const json* result = &d.value;
    if (d.value.contains("jsonrpc")) {
        if (const auto e = d.value.find("error"); e != d.value.end() && e->is_object()) {
            // A request that was not understood says nothing about health; a tool that threw does.
            const auto code = e->value("code", json()), message = e->value("message", json());
            const bool our_request = code.is_number_integer() && code.get<std::int64_t>() <= -32600 && code.get<std::int64_t>() >= -32602;
            if (our_request || !message.is_string()) d = {substance::unreadable, {}, {}, "rpc_error", {}, false, false};
            else d = opened(message.get<std::string>()), d.is_error = true;
            return true;
        }
        const auto r = d.value.find("result");
        if (r == d.value.end() || !r->is_object()) return false;
        result = &*r;
    }
    const auto content = result->find("content");
    if (content == result->end() || !content->is_array() || content->empty()) return false;
    const auto& first = content->front();
    if (!first.is_object() || first.value("type", json()) != "text" || !first.value("text", json()).is_string()) return false;
    const auto text = first["text"].get<std::string>();
    const bool failed = result->value("isError", json()) == true;
    d = opened(text);
    d.is_error = failed;
    return true;
}

document opened(std::string_view bytes)
{
    document d;
    auto text = bytes;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    text = trim(text);
    if (text.empty()) return d;

    // What is thrown as an error often carries its document behind a word and a colon.
    auto body = text;
    if (const auto brace = text.find('{'); brace != std::string_view::npos && brace > 0 && brace < 80 && text.front() != '[' && text.front() != '"') {
        const auto before = trim(text.substr(0, brace));
        if (before.ends_with(':') && before.find('\n') == std::string_view::npos) {
            d.said_before = trim(before.substr(0, before.size() - 1));
            body = text.substr(brace);
        }
    }

    bool changed = false, too_deep = false;
    const auto acceptable = mcp::acceptable_json(without_infinities(mcp::repair_utf8(body, changed)), most_depth, too_deep);
    // "[+]ping ok" is how Kubernetes begins its lines.
    const bool structured = body.front() == '{' || (body.front() == '[' && !body.starts_with("[+]") && !body.starts_with("[-]"));
    if (too_deep && structured) {
        d.is = substance::unreadable;
        d.problem = "too_deep";
        return d;
    }
    auto read = parse(acceptable);
    if (read.value.is_discarded() || too_deep) {
        d.said_before.clear();
        d.is = looks_like_a_page(text) ? substance::page : substance::text;
        d.text = text;
        if (structured) {
            d.is = substance::unreadable;
            d.problem = "broken_json";
        }
        return d;
    }
    if (read.too_wide) {
        d.is = substance::unreadable;
        d.problem = "too_many_members";
        return d;
    }
    d.is = substance::structure;
    d.value = std::move(read.value);
    d.duplicate_key = read.duplicate_key;
    return d;
}

}  // namespace

document open_document(std::string_view bytes)
{
    if (bytes.size() > most_bytes) return {substance::unreadable, {}, {}, "too_large", {}, false, false};
    auto d = opened(bytes);
    if (d.is == substance::structure && d.value.is_object()) unwrap_tool_result(d);
    // "OK" in quotes is a text like any other.
    if (d.is == substance::structure && d.value.is_string()) {
        d.text = d.value.get<std::string>();
        d.is = substance::text;
    }
    return d;
}

}  // namespace rollcall::audit::health
