#include "audit/classify/classify.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/classify/page_signs.hpp"
#include "audit/classify/www_authenticate.hpp"

namespace rollcall::audit {
namespace {

using data::reason;

// A deployment platform's own log-in page: the server behind it never saw us.
bool is_platform_login(const http_answer& answer)
{
    for (const auto& [name, value] : answer.headers)
        if (name == "set-cookie" && value.starts_with("_vercel_sso_nonce=")) return true;
    return false;
}

finding classify_401(const http_answer& answer)
{
    if (!resource_metadata_of(answer).empty()) return {reason::auth_challenge, {}};
    return {reason::auth_bare, is_platform_login(answer) ? "platform_wall" : ""};
}

// A coding that we never asked for and cannot undo (RFC 9110 section 8.4).
bool has_unknown_coding(const http_answer& answer)
{
    const auto coding = lower(trim(answer.header("content-encoding")));
    return !coding.empty() && coding != "identity" && coding != "gzip" && coding != "x-gzip" && coding != "deflate";
}

}  // namespace

std::optional<finding> classify_wall_or_platform(const http_answer& answer)
{
    if (auto wall = recognise_wall(answer)) return wall;
    if (auto page = recognise_platform(answer)) return page;
    if (refuses_host(answer)) return finding{reason::host_rejected, {}};
    switch (answer.status) {
        case 401: return classify_401(answer);
        case 402: return finding{reason::payment, {}};
        case 403: return finding{reason::auth_forbidden, {}};
        case 429: return finding{reason::rate_limited, {}};
        default: return std::nullopt;
    }
}

finding classify_http(const http_answer& answer)
{
    if (auto found = classify_wall_or_platform(answer)) return *std::move(found);
    const unsigned status = answer.status;
    if (status == 404) return {reason::http_404, {}};
    if (status == 405) return {reason::http_405, {}};
    if (status == 410) return {reason::http_410, {}};
    if (status >= 500) return {reason::http_5xx, {}};
    if (status >= 300) return {reason::http_4xx, {}};  // a redirect that leads nowhere is read as another 4xx
    if (status < 200) return {reason::http_garbage, {}};
    auto body = trim(answer.body);
    if (body.starts_with("\xEF\xBB\xBF")) body = trim(body.substr(3));
    if (body.empty()) return {reason::empty, {}};
    if (has_unknown_coding(answer)) return {reason::not_json, "encoding"};
    if (body.starts_with('<')) return {reason::html, {}};
    return {reason::not_json, {}};
}

}  // namespace rollcall::audit
