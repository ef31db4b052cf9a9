#include "audit/round/owner_visit.hpp"

#include "audit/health/read.hpp"
#include "audit/health/verdict.hpp"
#include "audit/net/fetch.hpp"
#include "audit/owner/check.hpp"
#include "audit/owner/token.hpp"
#include "audit/probe/mask.hpp"

#include <cstdlib>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;

constexpr std::size_t largest_health = 1u << 20;
constexpr std::size_t most_lines = 50;

net::awaitable<health::report> read_health_of(std::string url, const probe_services& with)
{
    const auto where = split_url(url);
    if (!where) co_return health::without_document("service", "bad_url", "the URL cannot be read", false);
    fetch_options options;
    options.user_agent = with.user_agent;
    options.headers = {{"Accept", "application/health+json, application/json, text/plain;q=0.5, */*;q=0.1"}};
    options.body_bytes = largest_health;
    options.connect = with.settings.probe.connect;
    options.tls = with.settings.probe.tls;
    options.first_byte = with.settings.probe.first_byte;
    options.whole = with.settings.probe.total;
    options.public_only = !with.allow_private;
    options.out = with.out;
    const auto subject = health::subject_of_path(where->target);
    const auto got = co_await fetch(*where, options, with.dns, with.tls);
    if (const auto* error = std::get_if<fetch_error>(&got)) {
        const auto code = error->why ? data::code_of(*error->why) : std::string_view("not_read");
        co_return health::without_document(subject, code, error->problem, error->why && !error->ours);
    }
    const auto& page = std::get<fetched>(got);
    co_return health::read_health(http_answer{page.status, page.headers, page.body}, subject);
}

data::owner_check with_health(data::owner_check check, const health::report& document)
{
    for (const auto& c : document.components)
        if (check.health.size() < most_lines) check.health.push_back({c.name, std::string(data::row_of(c.is).code), c.reason});
    if (check.health.empty()) check.health.push_back({document.subject, std::string(data::row_of(document.is).code), document.reason});
    return check;
}

}  // namespace

registered ready(const data::owner_record& record, const std::string& file, data::time_point now)
{
    registered out{record, {}, {}, now};
    if (!record.credential) return out;
    const auto refuse = [&](const std::string& place, const std::string& why) { throw data::config_error(file + ": " + record.pointer + place + ": " + why); };
    if (!record.endpoint.starts_with("https://")) refuse("/endpoint", "\"" + record.endpoint + "\", expected an https:// URL: a credential is never sent over http");
    const char* secret = std::getenv(record.credential->env.c_str());
    if (!secret || !*secret) refuse("/credential/env", record.credential->env + " is not set, expected an environment variable with the credential");
    out.secret = secret;
    if (out.secret.find_first_of("\r\n") != std::string::npos) refuse("/credential/env", record.credential->env + " holds more than one line");
    return out;
}

net::awaitable<visited> visit(registered who, probe_target target, data::cell open, const probe_services& with)
{
    visited out;
    owner::evidence seen{open, nullptr, {}, {}, who.record.canary.has_value(), {}, who.now, who.contract_before, who.in_public, {}};
    // An open server without a registered credential is looked at again only for the call.
    if (!who.secret.empty() || who.record.canary) {
        if (!who.secret.empty()) target.credentials.emplace_back(who.record.credential->header, who.record.credential->prefix + who.secret);
        if (who.record.canary) target.known.canary = mcp::canary_call{who.record.canary->tool, who.record.canary->arguments};
        target.keep_transcript = false;
        target.check_posture = false;
        out.behind = co_await probe(std::move(target), with);
        if (!who.secret.empty()) seen.behind = &out.behind.cell;
        if (out.behind.call && who.record.canary) {
            seen.canary = owner::judge_canary(*who.record.canary, *out.behind.call);
            seen.canary_ms = out.behind.call_ms;
        }
    }
    if (who.record.credential) seen.expires_at = owner::jwt_expiry(who.secret);
    if (!seen.expires_at && who.record.credential) seen.expires_at = who.record.credential->expires_at;

    std::optional<health::report> document;
    if (!who.record.health_url.empty()) {
        document = co_await read_health_of(who.record.health_url, with);
        const auto effect = health::effect_on(data::state::up, *document);
        if (effect.degrades) seen.health_words = effect.words;
    }
    out.check = owner::judge_owner(seen);
    if (document) out.check = with_health(std::move(out.check), *document);
    // A server may say what it was sent.
    for (auto& step : out.check.steps) step.detail = without_secrets(std::move(step.detail), {who.secret});
    for (auto& line : out.check.health) {
        line.component = without_secrets(std::move(line.component), {who.secret});
        line.reason = without_secrets(std::move(line.reason), {who.secret});
    }
    out.check.health_summary = without_secrets(std::move(out.check.health_summary), {who.secret});
    co_return out;
}

}  // namespace rollcall::audit
