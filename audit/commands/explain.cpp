#include "audit/commands/explain.hpp"

#include "audit/judge/judge.hpp"
#include "data/model/time.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace rollcall::audit::commands {
namespace {

using data::step;

// What a server wrote must not paint on a terminal.
std::string plain(std::string text)
{
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return text;
}

data::state state_of(const data::cell& c)
{
    const mark one{1, 1, c.why, {}};
    return judge_night({&one, 1}).state;
}

std::string text_of(step s, const data::cell& c)
{
    const auto& a = c.answer;
    switch (s) {
        case step::resolve: return c.path.cname.empty() ? "" : "alias of " + plain(c.path.cname);
        case step::connect: return c.path.address;
        case step::tls: {
            auto out = c.path.tls_version;
            if (!c.path.tls_issuer.empty()) out += (out.empty() ? "issued by " : ", issued by ") + plain(c.path.tls_issuer);
            if (c.path.tls_not_after) out += ", valid until " + data::to_date(data::time_point(std::chrono::seconds(*c.path.tls_not_after)));
            return out;
        }
        case step::http: return a.http_status ? "HTTP " + std::to_string(a.http_status) : "";
        case step::mcp: {
            if (a.era == data::era::unknown) return "";
            auto out = fmt::format("protocol {} ({}), {}", plain(a.protocol_version), data::code_of(a.era), data::code_of(a.transport));
            if (!a.server_name.empty()) out += ", " + plain(a.server_name) + " " + plain(a.server_version);
            return out;
        }
        case step::tools: return a.tool_count ? std::to_string(*a.tool_count) + (*a.tool_count == 1 ? " tool" : " tools") : "";
    }
    return "";
}

std::string_view colour_of(const data::cell& c)
{
    switch (state_of(c)) {
        case data::state::up: return "\x1b[32m";
        case data::state::degraded: return "\x1b[33m";
        case data::state::down: return "\x1b[31m";
        case data::state::gated:
        case data::state::unknown: return "\x1b[36m";
    }
    return "";
}

// The rungs from the refusal to a credential: climbed, missing, missing but of no consequence, not reached.
std::string ladder_as_text(const data::auth_facts& auth, std::string_view tint, std::string_view dim, std::string_view off)
{
    if (auth.rungs.empty()) return "";
    const auto& posture = data::row_of(auth.posture);
    auto out = fmt::format("\n  The way to a credential: {} {}(posture {}){}\n", posture.label, dim, posture.letter, off);
    for (const auto& o : auth.rungs) {
        const auto& row = data::row_of(o.rung);
        const bool missing = o.state == data::rung_state::no;
        const auto sign = missing ? row.decides ? fmt::format("{}x{}", tint, off) : std::string("~")
                                  : fmt::format("{}{}{}", dim, o.state == data::rung_state::yes ? "." : "-", off);
        const std::string_view pale = o.state == data::rung_state::not_reached ? dim : std::string_view();
        const auto words = o.state == data::rung_state::not_reached ? std::string("not reached") : plain(o.detail);
        out += words.empty() ? fmt::format("    {} {}{}{}\n", sign, pale, row.label, pale.empty() ? "" : off)
                             : fmt::format("    {} {}{:<38}{}{}\n", sign, pale, row.label, words, pale.empty() ? "" : off);
    }
    return out;
}

// What the author can do: where a rung is missing, that rung.
std::string_view fix_of(const data::cell& c)
{
    const auto* missing = data::class_of(c.why) == data::cell_class::auth ? c.answer.auth.missing() : nullptr;
    return missing ? data::row_of(missing->rung).fix : data::row_of(c.why).fix;
}

nlohmann::ordered_json ladder_as_json(const data::auth_facts& auth)
{
    const auto text_or_null = [](const std::string& text) { return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text); };
    nlohmann::ordered_json doc;
    doc["posture"] = data::row_of(auth.posture).code;
    const auto* missing = auth.missing();
    doc["missing"] = missing ? nlohmann::ordered_json(data::row_of(missing->rung).code) : nlohmann::ordered_json();
    doc["metadata_url"] = text_or_null(auth.metadata_url);
    doc["issuer"] = text_or_null(auth.issuer);
    doc["rungs"] = nlohmann::ordered_json::array();
    for (const auto& o : auth.rungs) doc["rungs"].push_back({{"rung", data::row_of(o.rung).code}, {"state", data::code_of(o.state)}, {"detail", text_or_null(o.detail)}});
    return doc;
}

}  // namespace

std::string explain_as_text(const explained& e, bool colour)
{
    const auto& c = e.report.cell;
    const auto& row = data::row_of(c.why);
    const std::string_view bold = colour ? "\x1b[1m" : "", dim = colour ? "\x1b[2m" : "", off = colour ? "\x1b[0m" : "", tint = colour ? colour_of(c) : "";
    const bool good = data::is_good(data::class_of(c.why));

    std::string out = fmt::format("{}{}{}\n\n", bold, plain(e.url), off);
    for (std::size_t i = 0; i < data::step_count; ++i) {
        const auto s = static_cast<step>(i);
        const bool stopped_here = !good && s == c.reached;
        if (!c.ms[i] && !stopped_here) continue;
        const auto time = c.ms[i] ? fmt::format("{:>6} ms", *c.ms[i]) : std::string(9, ' ');
        out += fmt::format("  {} {:<12}{}{}{}  {}\n", stopped_here ? fmt::format("{}x{}", tint, off) : fmt::format("{}.{}", dim, off), data::label_of(s), dim, time, off, text_of(s, c));
    }
    out += fmt::format("\n  {}{}{}{}  {}({}, class {}){}\n", bold, tint, row.label, off, dim, row.code, data::letter(data::class_of(c.why)), off);
    out += fmt::format("  {}\n", row.meaning);
    if (!c.answer.detail.empty()) out += fmt::format("  Seen: {}\n", plain(c.answer.detail));
    if (!c.answer.final_url.empty()) out += fmt::format("  Led to: {}\n", plain(c.answer.final_url));
    if (!c.answer.auth_challenge.empty() && !good) out += fmt::format("  Challenge: {}\n", plain(c.answer.auth_challenge));
    for (const auto w : c.answer.warnings) out += fmt::format("  Works, but: {} {}({}){}\n", data::row_of(w).words, dim, data::code_of(w), off);
    if (!good || c.answer.auth.posture == data::posture::open_list) out += ladder_as_text(c.answer.auth, tint, dim, off);
    if (const auto fix = fix_of(c); !fix.empty()) out += fmt::format("\n  {}What to fix:{} {}\n", bold, off, fix);
    if (!good && !e.retried && worth_a_retry(c)) out += "  A nightly round would try once more, 30 seconds later (--retry does it).\n";
    if (!good) out += fmt::format("\n  {}Reproduce it:{}\n  {}\n", bold, off, e.report.reproduce);
    if (!good && !e.report.metadata_command.empty()) out += "  " + e.report.metadata_command + "\n";
    return out;
}

std::string explain_as_json(const explained& e)
{
    const auto& c = e.report.cell;
    const auto& a = c.answer;
    const auto& row = data::row_of(c.why);
    const auto text_or_null = [](const std::string& text) { return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text); };

    nlohmann::ordered_json doc;
    doc["url"] = e.url;
    doc["class"] = std::string(1, data::letter(data::class_of(c.why)));
    doc["reason"] = row.code;
    doc["state"] = data::code_of(state_of(c));
    doc["label"] = row.label;
    doc["meaning"] = row.meaning;
    doc["fix"] = text_or_null(std::string(fix_of(c)));
    doc["detail"] = text_or_null(a.detail);
    doc["era"] = data::code_of(a.era);
    doc["protocol_version"] = text_or_null(a.protocol_version);
    doc["transport"] = data::code_of(a.transport);
    doc["server"] = {{"name", text_or_null(a.server_name)}, {"version", text_or_null(a.server_version)}};
    doc["capabilities"] = a.capabilities;
    doc["tool_count"] = a.tool_count ? nlohmann::ordered_json(*a.tool_count) : nlohmann::ordered_json();
    doc["tools"] = e.report.tool_names;
    doc["contract_hash"] = text_or_null(a.contract_hash);
    doc["full_hash"] = text_or_null(a.full_hash);
    doc["http_status"] = a.http_status ? nlohmann::ordered_json(a.http_status) : nlohmann::ordered_json();
    doc["final_url"] = text_or_null(a.final_url);
    doc["auth_challenge"] = text_or_null(a.auth_challenge);
    doc["auth"] = ladder_as_json(a.auth);
    doc["address"] = text_or_null(c.path.address);
    doc["cname"] = text_or_null(c.path.cname);
    doc["tls"] = {{"version", text_or_null(c.path.tls_version)}, {"issuer", text_or_null(c.path.tls_issuer)},
                  {"not_after", c.path.tls_not_after ? nlohmann::ordered_json(data::to_rfc3339(data::time_point(std::chrono::seconds(*c.path.tls_not_after)))) : nlohmann::ordered_json()}};
    doc["waited_ms"] = c.waited_ms;
    doc["steps"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < data::step_count; ++i)
        if (c.ms[i]) doc["steps"].push_back({{"step", data::code_of(static_cast<step>(i))}, {"ms", *c.ms[i]}, {"text", text_of(static_cast<step>(i), c)}});
    doc["reached"] = data::code_of(c.reached);
    doc["warnings"] = nlohmann::ordered_json::array();
    for (const auto w : a.warnings) doc["warnings"].push_back({{"code", data::code_of(w)}, {"text", data::row_of(w).words}});
    doc["would_retry"] = worth_a_retry(c);
    doc["reproduce"] = e.report.reproduce;
    doc["reproduce_metadata"] = text_or_null(e.report.metadata_command);
    return doc.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int plugin_code(const data::cell& c)
{
    switch (state_of(c)) {
        case data::state::up: return 0;
        case data::state::degraded:
        case data::state::gated: return 1;
        case data::state::down: return 2;
        case data::state::unknown: return 3;
    }
    return 3;
}

std::string explain_as_plugin(const explained& e)
{
    static constexpr std::array words{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    const auto& c = e.report.cell;
    auto out = fmt::format("MCP {}: {} ({})", words[static_cast<std::size_t>(plugin_code(c))], data::row_of(c.why).label, data::code_of(c.why));
    if (!c.answer.detail.empty()) out += ": " + plain(c.answer.detail);
    return out + fmt::format(" | time={}ms\n", c.waited_ms);
}

}  // namespace rollcall::audit::commands
