#include "data/config/owners.hpp"

#include "data/config/section.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace rollcall::data {
namespace {

using namespace detail;
using nlohmann::json;

constexpr std::array<std::string_view, 2> credential_kinds{"bearer", "header"};

// RFC 9110 section 5.1; and none that would change what the probe itself says.
bool is_header_name(std::string_view text)
{
    static constexpr std::array<std::string_view, 8> ours{"host", "accept", "content-type", "content-length", "user-agent", "cookie", "mcp-session-id", "mcp-protocol-version"};
    const auto right = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
    if (text.empty() || text.size() > 64 || !std::ranges::all_of(text, right)) return false;
    std::string name(text);
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return std::ranges::find(ours, name) == ours.end();
}

bool is_pointer(const std::string& text)
{
    try {
        static_cast<void>(json::json_pointer(text));
        return true;
    } catch (const json::exception&) {
        return false;
    }
}

std::optional<time_point> moment(section& s, const char* key)
{
    std::string text;
    s.text(key, text, "a time such as 2026-11-21T02:30:00Z", [](auto t) { return parse_time(t).has_value(); });
    return text.empty() ? std::nullopt : parse_time(text);
}

credential_record read_credential(section s)
{
    credential_record out;
    std::string kind;
    s.required("kind", kind, "one of bearer, header", [](auto t) { return std::ranges::find(credential_kinds, t) != credential_kinds.end(); });
    s.variable("env", out.env);
    if (out.env.empty()) s.where().at("env").fail("missing, expected the NAME of the environment variable with the credential");
    if (kind == "header") {
        out.prefix.clear();
        s.required("header", out.header, "the name of a header field that is not the probe's own", is_header_name);
    }
    out.expires_at = moment(s, "expires_at");
    const auto issued = moment(s, "issued_at");
    std::int64_t lifetime = 0;
    s.whole<std::int64_t>("expires_in", lifetime, 1, 10LL * 366 * 86'400);
    if (issued.has_value() != (lifetime > 0))
        s.where().at(issued ? "expires_in" : "issued_at").fail("missing, expected both issued_at and expires_in (seconds), or neither");
    if (issued && out.expires_at) s.where().at("expires_at").fail("stands beside issued_at, expected one of the two ways to say when it runs out");
    if (issued) out.expires_at = *issued + std::chrono::seconds(lifetime);
    s.end();
    return out;
}

canary_record read_canary(section s, const json& entry)
{
    canary_record out;
    bool read_only = false;
    s.required("tool", out.tool, "the name of a tool, at most 128 bytes", [](auto t) { return t.size() <= 128; });
    s.flag("read_only", read_only);
    if (!read_only) s.where().at("read_only").fail(s.has("read_only") ? "false, expected true: a call that changes something is never made" : "missing, expected true: who writes the record vouches that the call changes nothing");
    auto arguments = s.child("arguments");  // an object; its members are the tool's business
    static_cast<void>(arguments);
    if (s.has("arguments")) out.arguments = entry.at("arguments").dump();
    if (out.arguments.size() > 16'384) s.where().at("arguments").fail(std::to_string(out.arguments.size()) + " bytes, expected at most 16384");
    auto expect = s.child("expect");
    if (s.has("expect")) {
        const auto& wanted = entry.at("expect");
        static_cast<void>(expect.child("equals"));
        if (expect.has("equals"))
            for (const auto& [pointer, value] : wanted.at("equals").items()) {
                if (!is_pointer(pointer)) expect.where().at("equals").expected(pointer, "a JSON pointer (RFC 6901) such as /structuredContent/status");
                out.equals.emplace_back(pointer, value.dump());
            }
        static_cast<void>(expect.child("schema"));
        if (expect.has("schema")) out.schema = wanted.at("schema").dump();
        expect.flag("own_schema", out.own_schema);
        expect.end();
    }
    s.end();
    return out;
}

}  // namespace

std::vector<owner_record> parse_owners(std::string_view text, const std::string& file)
{
    const json root = parse_json(text, file);
    std::vector<owner_record> out;
    std::set<std::string> seen;
    section top(root, {file, ""});
    top.each("owners", true, [&](const json& entry, const place& where) {
        owner_record r;
        r.pointer = where.pointer;
        section s(entry, where);
        s.required("endpoint", r.endpoint, "the listed URL of the endpoint", is_http_url);
        if (!seen.insert(r.endpoint).second) where.at("endpoint").expected(r.endpoint, "one record an endpoint, and this is the second");
        auto credential = s.child("credential");
        if (s.has("credential")) r.credential = read_credential(credential);
        auto canary = s.child("canary");
        if (s.has("canary")) r.canary = read_canary(canary, entry.at("canary"));
        s.text("health_url", r.health_url, "an https:// URL", is_http_url);
        s.text("note", r.note, "a text of at most 500 bytes", [](auto t) { return t.size() <= 500; });
        s.end();
        out.push_back(std::move(r));
    });
    top.end();
    return out;
}

}  // namespace rollcall::data
