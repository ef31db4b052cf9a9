#include "audit/health/safe.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/health/words.hpp"
#include "audit/mcp/text.hpp"
#include "audit/probe/mask.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit::health {
namespace {

// Characters of three bytes that have no width or turn the direction of what follows.
bool hides(std::string_view three)
{
    static constexpr std::array<std::string_view, 17> all{
        "\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAB",
        "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9", "\xEF\xBB\xBF"};
    return std::ranges::find(all, three) != all.end();
}

bool holds(std::string_view text, std::string_view needle) { return text.find(needle) != std::string_view::npos; }

struct pattern { std::string_view code, needles; };  // needles: separated by "|", lower-case

// From top to bottom: what is more particular comes first ("certificate has expired" is about TLS).
constexpr std::array patterns{
    pattern{"tls", "certificate|x509|tls |tls:|ssl |ssl:|handshake failure|self-signed|self signed"},
    pattern{"pool_exhausted", "pool exhausted|pool is exhausted|pool timeout|too many connections|too many clients|connection slots|queuepool limit|acquiring a connection|acquire connection|pool is full"},
    pattern{"timeout", "timeout|timed out|etimedout|time out|deadline exceeded|deadline_exceeded|no answer within|no response within"},
    pattern{"refused", "refused|econnrefused"},
    pattern{"dns", "enotfound|getaddrinfo|eai_again|no such host|name resolution|nxdomain|could not resolve|name or service not known"},
    pattern{"throttled", "throttl|rate limit|rate-limit|ratelimit|too many requests|status 429|http 429|provisionedthroughput"},
    pattern{"quota", "quota|out of credit|credits|credit exhausted|insufficient_quota|billing|payment required"},
    pattern{"auth_expired", "token expired|token has expired|expired token|token is expired|expiredtoken|credentials expired|credentials have expired|jwt expired"},
    pattern{"auth", "unauthorized|unauthorised|unauthenticated|forbidden|access denied|accessdenied|permission denied|authentication failed|invalid credentials|invalid api key|invalid password|status 401|status 403|http 401|http 403"},
    pattern{"paused", "paused"},
    pattern{"reset", "econnreset|connection reset|epipe|broken pipe|socket hang up|connection closed|closed the connection|server closed"},
    pattern{"disk_full", "enospc|no space left|disk full|disk is full"},
    pattern{"out_of_memory", "out of memory|oom|enomem|heap limit"},
    pattern{"not_found", "not found|nosuchbucket|does not exist|no such|enoent|status 404|http 404"},
    pattern{"unreachable", "unreachable|ehostunreach|enetunreach|no route to host"},
    pattern{"throttled", "slow down|slowdown"},
};

}  // namespace

std::string safe_line(std::string_view text, std::size_t cap)
{
    // Masked before it is cut: half a secret looks like none.
    const auto plain = mcp::one_line(mask(text), cap);
    std::string out;
    for (std::size_t i = 0; i < plain.size() && out.size() < cap;) {
        if (hides(std::string_view(plain).substr(i, 3))) {
            out += "\xEF\xBF\xBD";
            i += 3;
        } else {
            out += plain[i++];
        }
    }
    return mcp::one_line(out, cap).substr(0, cap);
}

std::string reason_code(std::string_view text)
{
    text = trim(text);
    if (text.empty() || text.size() > 48) return {};
    const auto allowed = [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == ' '; };
    if (!std::ranges::all_of(text, allowed) || is_digit(text.front())) return {};
    if (std::ranges::count(text, ' ') > 3 || std::ranges::count_if(text, is_digit) > 4) return {};
    if (mask(text) != text) return {};
    return snake(text);
}

std::string_view reason_of_error(std::string_view text)
{
    const auto low = lower(text.substr(0, 2000));
    for (const auto& p : patterns)
        for (auto rest = p.needles; !rest.empty();) {
            const auto bar = rest.find('|');
            if (holds(low, rest.substr(0, bar))) return p.code;
            rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
        }
    return {};
}

}  // namespace rollcall::audit::health
