#include "audit/commands/explain.hpp"

#include "audit/judge/judge.hpp"
#include "data/model/plain.hpp"
#include "data/model/time.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace rollcall::audit::commands {
namespace {

using data::step;

// What a server wrote must not paint on a terminal.
std::string plain(std::string_view text) { return data::plain(text); }

// As a round would judge it.
night_result night_of(const data::cell& c, const data::owner_check* owner)
{
    mark one{1, 1, c.why, {}};
    if (owner) {
        one.owner = owner->failing ? behind::failing : behind::works;
        one.owner_why = owner->why;
        one.credentialed = owner->credentialed;
    }
    return judge_night({&one, 1});
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

std::string_view colour_of(data::state s)
{
    switch (s) {
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

std::string owner_as_text(const explained& e, std::string_view bold, std::string_view tint, std::string_view dim, std::string_view off)
{
    const auto& o = *e.owner;
    auto out = fmt::format("\n  {}With its owner's leave{}\n", bold, off);
    for (const auto& s : o.steps) {
        const bool failed = s.state == data::step_state::failed, skipped = s.state == data::step_state::skipped;
        const auto sign = failed ? fmt::format("{}x{}", tint, off) : fmt::format("{}{}{}", dim, skipped ? "-" : ".", off);
        const auto time = s.ms ? fmt::format("{:>6} ms", *s.ms) : std::string(9, ' ');
        auto words = plain(s.detail);
        if (words.empty() && skipped) words = "not reached";
        auto line = fmt::format("    {} {}{:<54}{}  {}{}", sign, skipped ? dim : std::string_view(), data::label_of(s.step), time, words, skipped ? off : std::string_view());
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    if (const auto words = data::token_words(o.expires_at, e.now); !words.empty()) out += fmt::format("    {}Its credential {}.{}\n", tint, words, off);
    else if (o.expires_at) out += fmt::format("    Its credential runs out on {}.\n", data::to_words(*o.expires_at));
    for (const auto& h : o.health) {
        const bool bad = h.state == "degraded" || h.state == "down";
        out += fmt::format("    {} {:<30} {}{}\n", bad ? fmt::format("{}x{}", tint, off) : fmt::format("{}.{}", dim, off), plain(h.component), h.state, h.reason.empty() ? "" : " (" + plain(h.reason) + ")");
    }
    return out;
}

nlohmann::ordered_json owner_as_json(const explained& e)
{
    if (!e.owner) return nullptr;
    const auto& o = *e.owner;
    nlohmann::ordered_json doc;
    doc["failing"] = o.failing;
    doc["reason"] = data::code_of(o.why);
    doc["credentialed"] = o.credentialed;
    doc["steps"] = nlohmann::ordered_json::array();
    for (const auto& s : o.steps)
        doc["steps"].push_back({{"step", data::code_of(s.step)}, {"state", data::code_of(s.state)}, {"ms", s.ms ? nlohmann::ordered_json(*s.ms) : nlohmann::ordered_json()},
                                {"detail", s.detail.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(s.detail)}});
    doc["expires_at"] = o.expires_at ? nlohmann::ordered_json(data::to_rfc3339(*o.expires_at)) : nlohmann::ordered_json();
    doc["health"] = nlohmann::ordered_json::array();
    for (const auto& h : o.health) doc["health"].push_back({{"component", h.component}, {"state", h.state}, {"reason", h.reason.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(h.reason)}});
    return doc;
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
    const auto night = night_of(c, e.owner);
    const bool good = data::is_good(data::class_of(night.why));
    // The cell's own words, unless what its owner registered decides.
    const bool by_owner = night.why != c.why;
    const auto& row = data::row_of(by_owner ? night.why : c.why);
    const std::string_view bold = colour ? "\x1b[1m" : "", dim = colour ? "\x1b[2m" : "", off = colour ? "\x1b[0m" : "", tint = colour ? colour_of(night.state) : "";

    std::string out = fmt::format("{}{}{}\n", bold, plain(e.url), off);
    if (!e.region.empty()) out += fmt::format("{}from {} ({}){}\n", dim, plain(e.region), e.egress, off);
    out += "\n";
    for (std::size_t i = 0; i < data::step_count; ++i) {
        const auto s = static_cast<step>(i);
        const bool stopped_here = !good && s == c.reached;
        if (!c.ms[i] && !stopped_here) continue;
        const auto time = c.ms[i] ? fmt::format("{:>6} ms", *c.ms[i]) : std::string(9, ' ');
        out += fmt::format("  {} {:<12}{}{}{}  {}\n", stopped_here ? fmt::format("{}x{}", tint, off) : fmt::format("{}.{}", dim, off), data::label_of(s), dim, time, off, text_of(s, c));
    }
    out += fmt::format("\n  {}{}{}{}  {}({}, class {}){}\n", bold, tint, row.label, off, dim, row.code, data::letter(data::class_of(row.value)), off);
    out += fmt::format("  {}\n", row.meaning);
    if (!c.answer.detail.empty()) out += fmt::format("  Seen: {}\n", plain(c.answer.detail));
    if (!c.answer.final_url.empty()) out += fmt::format("  Led to: {}\n", plain(c.answer.final_url));
    if (!c.answer.auth_challenge.empty() && !good) out += fmt::format("  Challenge: {}\n", plain(c.answer.auth_challenge));
    for (const auto w : c.answer.warnings) out += fmt::format("  Works, but: {} {}({}){}\n", data::row_of(w).words, dim, data::code_of(w), off);
    if (e.owner) out += owner_as_text(e, bold, tint, dim, off);
    if (!data::is_good(data::class_of(c.why)) || c.answer.auth.posture == data::posture::open_list) out += ladder_as_text(c.answer.auth, tint, dim, off);
    if (const auto fix = by_owner ? row.fix : fix_of(c); !fix.empty()) out += fmt::format("\n  {}What to fix:{} {}\n", bold, off, fix);
    if (!good && !e.retried && worth_a_retry(e.report)) out += "  A nightly round would try once more, 30 seconds later (--retry does it).\n";
    if (!good) out += fmt::format("\n  {}Reproduce it:{}\n  {}\n", bold, off, e.report.reproduce);
    if (!good && !e.report.metadata_command.empty()) out += "  " + e.report.metadata_command + "\n";
    return out;
}

std::string explain_as_json(const explained& e)
{
    const auto& c = e.report.cell;
    const auto& a = c.answer;
    const auto night = night_of(c, e.owner);
    const bool by_owner = night.why != c.why;
    const auto& row = data::row_of(by_owner ? night.why : c.why);
    const auto text_or_null = [](const std::string& text) { return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text); };

    nlohmann::ordered_json doc;
    doc["url"] = e.url;
    doc["region"] = text_or_null(e.region);
    doc["class"] = std::string(1, data::letter(data::class_of(c.why)));
    doc["reason"] = row.code;
    doc["state"] = data::code_of(night.state);
    doc["label"] = row.label;
    doc["meaning"] = row.meaning;
    doc["fix"] = text_or_null(std::string(by_owner ? row.fix : fix_of(c)));
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
    doc["owner"] = owner_as_json(e);
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
    doc["would_retry"] = worth_a_retry(e.report);
    doc["reproduce"] = e.report.reproduce;
    doc["reproduce_metadata"] = text_or_null(e.report.metadata_command);
    return doc.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

bool is_fine(const explained& e)
{
    const auto why = night_of(e.report.cell, e.owner).why;
    return data::is_good(data::class_of(why)) && !data::is_of_owner(why);
}

int plugin_code(const explained& e)
{
    switch (night_of(e.report.cell, e.owner).state) {
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
    const auto why = night_of(c, e.owner).why;
    auto out = fmt::format("MCP {}: {} ({})", words[static_cast<std::size_t>(plugin_code(e))], data::row_of(why).label, data::code_of(why));
    if (!c.answer.detail.empty()) out += ": " + plain(c.answer.detail);
    return out + fmt::format(" | time={}ms\n", c.waited_ms);
}

}  // namespace rollcall::audit::commands
