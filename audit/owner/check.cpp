#include "audit/owner/check.hpp"

#include "audit/mcp/text.hpp"

#include <algorithm>

namespace rollcall::audit::owner {
namespace {

using data::cell_class;
using data::owner_step;
using data::reason;
using data::step_state;

constexpr std::size_t longest_detail = 200;

data::owner_step_result told(owner_step s, step_state state, std::string_view detail = {}, std::optional<std::uint32_t> ms = {})
{
    return {s, state, ms, mcp::one_line(detail, longest_detail)};
}

step_state passed_if(bool good) { return good ? step_state::passed : step_state::failed; }

std::string words_of(const data::cell& c)
{
    return std::string(data::row_of(c.why).label) + (c.answer.detail.empty() ? "" : ": " + c.answer.detail);
}

std::optional<std::uint32_t> sum(std::optional<std::uint32_t> a, std::optional<std::uint32_t> b)
{
    if (!a && !b) return std::nullopt;
    return a.value_or(0) + b.value_or(0);
}

const std::optional<std::uint32_t>& ms_of(const data::cell& c, data::step s) { return c.ms[static_cast<std::size_t>(s)]; }

data::owner_step_result refusal(const evidence& e)
{
    const auto of = data::class_of(e.open.why);
    if (!e.behind) return told(owner_step::refusal, step_state::skipped, "no credential is registered");
    if (data::is_good(of)) return told(owner_step::refusal, step_state::skipped, "it answers without a credential");
    if (of != cell_class::auth) return told(owner_step::refusal, step_state::failed, words_of(e.open));
    const bool whole = e.open.answer.http_status == 401 && !e.open.answer.auth_challenge.empty();
    return told(owner_step::refusal, passed_if(whole), whole ? "" : e.open.answer.http_status == 401 ? "a bare 401, without a challenge" : words_of(e.open));
}

data::owner_step_result discovery(const evidence& e)
{
    const auto& auth = e.open.answer.auth;
    if (!e.behind || auth.rungs.empty()) return told(owner_step::discovery, step_state::skipped);
    const auto* missing = auth.missing();
    if (auth.posture == data::posture::unknown) return told(owner_step::discovery, step_state::skipped);
    return told(owner_step::discovery, passed_if(!missing), missing ? "missing: " + std::string(data::row_of(missing->rung).label) : "");
}

}  // namespace

data::owner_check judge_owner(const evidence& e)
{
    data::owner_check out;
    out.credentialed = e.behind != nullptr;
    out.expires_at = e.expires_at;
    // The tools that count are those behind the door, where there is one.
    const auto& inside = e.behind ? *e.behind : e.open;
    const auto of_open = data::class_of(e.open.why), of_inside = data::class_of(inside.why);
    const bool reached = of_open != cell_class::transport && data::is_valid(of_open);
    const bool listed = data::is_good(of_inside);
    const bool no_evidence = !data::is_valid(of_inside);
    out.contract_hash = inside.answer.contract_hash;

    const bool connected = reached || ms_of(e.open, data::step::tls) || ms_of(e.open, data::step::http);
    out.steps.push_back(told(owner_step::name, !data::is_valid(of_open) ? step_state::skipped : passed_if(connected), connected ? "" : words_of(e.open),
                             sum(ms_of(e.open, data::step::resolve), ms_of(e.open, data::step::connect))));
    const bool plain = e.open.path.tls_version.empty() && !ms_of(e.open, data::step::tls);
    out.steps.push_back(told(owner_step::certificate, !connected || plain ? step_state::skipped : passed_if(reached), reached || !connected ? "" : words_of(e.open), ms_of(e.open, data::step::tls)));
    out.steps.push_back(refusal(e));
    out.steps.push_back(discovery(e));

    // Beyond the handshake is whatever broke only in the list.
    const bool shook_hands = listed || inside.reached == data::step::tools;
    const std::string trouble = listed ? "" : e.in_public && e.behind ? std::string(data::row_of(inside.why).label) : words_of(inside);
    if (!e.behind) {
        out.steps.push_back(told(owner_step::handshake, step_state::skipped, "no credential is registered"));
    } else {
        out.steps.push_back(told(owner_step::handshake, no_evidence ? step_state::skipped : passed_if(shook_hands), shook_hands ? "" : trouble, ms_of(inside, data::step::mcp)));
    }
    out.steps.push_back(told(owner_step::tools, no_evidence || !shook_hands ? step_state::skipped : passed_if(listed),
                             listed ? std::to_string(inside.answer.tool_count.value_or(0)) + (inside.answer.tool_count == 1 ? " tool" : " tools") : shook_hands ? trouble : "", ms_of(inside, data::step::tools)));
    if (!e.canary_registered) out.steps.push_back(told(owner_step::canary, step_state::skipped, "none is registered"));
    else if (!e.canary) out.steps.push_back(told(owner_step::canary, step_state::skipped));
    else out.steps.push_back(told(owner_step::canary, passed_if(e.canary->good), e.in_public ? e.canary->in_public : e.canary->words, e.canary_ms));
    const bool comparable = listed && !e.contract_before.empty() && !out.contract_hash.empty();
    out.steps.push_back(told(owner_step::contract, comparable ? passed_if(e.contract_before == out.contract_hash) : step_state::skipped,
                             !comparable ? listed ? "nothing to compare with yet" : "" : e.contract_before == out.contract_hash ? "" : "the tools changed since the last time"));

    if (e.behind && data::token_state_of(e.expires_at, e.now) == data::token_state::ended) out.why = reason::credential_expired;
    else if (e.behind && !no_evidence && of_inside == cell_class::auth) out.why = reason::credential_refused;
    // Behind the door as before it: what the public verdict says already is not said twice.
    else if (e.behind && !no_evidence && !listed && of_open == cell_class::auth) out.why = inside.why;
    else if (e.canary && !e.canary->good) out.why = reason::canary_failed;
    else if (e.health_words) out.why = reason::health_degraded;
    out.failing = out.why != reason::ok;
    if (e.health_words) out.health_summary = mcp::one_line(*e.health_words, longest_detail);
    return out;
}

}  // namespace rollcall::audit::owner
