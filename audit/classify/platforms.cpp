#include "audit/classify/ascii.hpp"
#include "audit/classify/page_signs.hpp"

#include <array>

namespace rollcall::audit {
namespace {

using data::reason;

// How the text of a row must stand in the body. Never a loose phrase: a server may well say "project not found".
enum class where { nowhere, begins, page };

struct platform_row {
    std::string_view platform;
    unsigned status;
    std::string_view header, value;  // the whole field, any letter case; "x*": how it begins; empty header: decided by the body
    where place;
    std::string_view text;
    reason why;
};

using enum where;

// https://vercel.com/docs/errors, https://ngrok.com/docs/errors, https://pages.edgeone.ai/document/error-codes, and
// the collection can-i-take-over-xyz.
constexpr std::array rows{
    platform_row{"Vercel", 404, "x-vercel-error", "deployment_not_found", nowhere, "", reason::host_reaped},
    platform_row{"Vercel", 410, "x-vercel-error", "deployment_deleted", nowhere, "", reason::host_reaped},
    platform_row{"Vercel", 402, "x-vercel-error", "deployment_disabled", nowhere, "", reason::host_reaped},
    platform_row{"Vercel", 403, "x-vercel-error", "deployment_blocked", nowhere, "", reason::host_reaped},
    platform_row{"Vercel", 503, "x-vercel-error", "deployment_paused", nowhere, "", reason::host_reaped},
    platform_row{"Vercel", 404, "x-vercel-error", "not_found", nowhere, "", reason::http_404},
    platform_row{"Vercel", 500, "x-vercel-error", "function_invocation_failed", nowhere, "", reason::http_5xx},
    platform_row{"Vercel", 504, "x-vercel-error", "function_invocation_timeout", nowhere, "", reason::http_5xx},
    platform_row{"Railway", 404, "x-railway-fallback", "true", nowhere, "", reason::host_reaped},
    platform_row{"Railway", 502, "x-railway-fallback", "true", nowhere, "", reason::http_5xx},
    platform_row{"Railway", 404, "", "", begins, R"({"status":"error","code":404,"message":"application not found")",
                 reason::host_reaped},
    platform_row{"Render", 404, "x-render-routing", "no-server", nowhere, "", reason::host_reaped},
    platform_row{"Render", 503, "x-render-routing", "hibernate-wake-error", nowhere, "", reason::http_5xx},
    platform_row{"ngrok", 404, "ngrok-error-code", "err_ngrok_3200", nowhere, "", reason::host_reaped},
    platform_row{"ngrok", 502, "ngrok-error-code", "err_ngrok_8012", nowhere, "", reason::http_5xx},
    platform_row{"Cloudflare Tunnel", 530, "", "", begins, "error code: 1033", reason::host_reaped},
    platform_row{"Cloudflare", 530, "", "", begins, "error code: 1016", reason::host_reaped},
    platform_row{"Heroku", 404, "", "", page, "herokucdn.com/error-pages/no-such-app.html", reason::host_reaped},
    platform_row{"Heroku", 404, "", "", page, "<title>heroku | no such app</title>", reason::host_reaped},
    platform_row{"Heroku", 404, "", "", page, "<title>no such app</title>", reason::host_reaped},
    platform_row{"Netlify", 404, "", "", begins, "not found - request id:", reason::host_reaped},
    platform_row{"GitHub Pages", 404, "", "", page, "there isn't a github pages site here.", reason::host_reaped},
    platform_row{"S3", 404, "", "", page, "<code>nosuchbucket</code>", reason::host_reaped},
    platform_row{"Surge", 404, "server", "surge*", page, "project not found", reason::host_reaped},
    platform_row{"Pantheon", 404, "", "", page, "404 error unknown site!", reason::host_reaped},
    platform_row{"EdgeOne Pages", 410, "eo-log-uuid", "*", page, "deleted", reason::host_reaped},
    platform_row{"EdgeOne Pages", 423, "eo-log-uuid", "*", page, "deploying", reason::host_reaped},
    platform_row{"EdgeOne Pages", 424, "eo-log-uuid", "*", page, "failed", reason::host_reaped},
};

bool has_header(const http_answer& answer, const platform_row& row)
{
    const auto field = lower(trim(answer.header(row.header)));
    if (!row.value.ends_with('*')) return field == row.value;
    return !field.empty() && field.starts_with(row.value.substr(0, row.value.size() - 1));
}

}  // namespace

std::optional<finding> recognise_platform(const http_answer& answer)
{
    if (answer.status < 400) return std::nullopt;
    std::string body;  // made only when a row asks for it
    const auto text = [&]() -> const std::string& {
        if (body.empty()) body = lower(trim(std::string_view(answer.body).substr(0, 64 * 1024)));
        return body;
    };
    for (const auto& row : rows) {
        if (row.status != answer.status) continue;
        if (!row.header.empty() && !has_header(answer, row)) continue;
        if (row.place == begins && !text().starts_with(row.text)) continue;
        if (row.place == page && !(text().starts_with('<') && text().find(row.text) != std::string::npos)) continue;
        std::string detail = std::string(row.platform) + ": ";
        detail += row.place == nowhere ? answer.header(row.header) : row.text;
        return finding{row.why, detail.substr(0, 200)};
    }
    return std::nullopt;
}

}  // namespace rollcall::audit
