#include "audit/classify/ascii.hpp"
#include "audit/classify/page_signs.hpp"

#include <array>

namespace rollcall::audit {
namespace {

using data::reason;

constexpr std::size_t read_at_most = 64 * 1024;

// Cloudflare answers programs with `error code: NNNN` as plain text.
struct code_row { std::string_view code; reason why; };
constexpr std::array cloudflare_codes{
    code_row{"1006", reason::waf_block}, code_row{"1007", reason::waf_block}, code_row{"1008", reason::waf_block},
    code_row{"1009", reason::geo_block}, code_row{"1010", reason::waf_block}, code_row{"1015", reason::rate_limited},
    code_row{"1020", reason::waf_block},
};

// Signs in the body of an HTML page: never in headers, where a policy may name the same paths on every answer.
struct sign_row { std::string_view sign; reason why; std::string_view detail; };
constexpr std::array page_signs{
    sign_row{"<title>just a moment...", reason::challenge_page, "Cloudflare challenge"},
    sign_row{"_cf_chl_opt", reason::challenge_page, "Cloudflare challenge"},
    sign_row{"/cdn-cgi/challenge-platform/", reason::challenge_page, "Cloudflare challenge"},
    sign_row{"sorry, you have been blocked", reason::waf_block, "Cloudflare"},
    sign_row{"request unsuccessful. incapsula", reason::waf_block, "Imperva"},
    sign_row{"_incapsula_resource", reason::challenge_page, "Imperva"},
};

bool refuses(unsigned status) { return status == 403 || status == 429 || status == 503; }

}  // namespace

std::optional<finding> recognise_wall(const http_answer& answer)
{
    if (lower(trim(answer.header("cf-mitigated"))) == "challenge") return finding{reason::challenge_page, "cf-mitigated"};
    if (const auto action = lower(trim(answer.header("x-amzn-waf-action"))); action == "challenge" || action == "captcha")
        return finding{reason::challenge_page, "x-amzn-waf-action"};
    if (answer.status == 451) return finding{reason::legal_block, {}};
    if ((answer.status == 403 || answer.status == 429) && !answer.header("x-datadome").empty())
        return finding{reason::challenge_page, "x-datadome"};

    const std::string body = lower(trim(std::string_view(answer.body).substr(0, read_at_most)));
    if (answer.status >= 400) {
        if (constexpr std::string_view head = "error code: "; body.starts_with(head) && body.size() == head.size() + 4)
            for (const auto& row : cloudflare_codes)
                if (body.ends_with(row.code)) return finding{row.why, "Cloudflare error " + std::string(row.code)};
    }
    // Imperva serves its challenge with 200 too, then as a page that holds nothing else.
    const bool small_page = answer.status == 200 && body.size() < 2048 && body.find("_incapsula_resource") != std::string::npos;
    if (body.starts_with('<') && (refuses(answer.status) || small_page)) {
        for (const auto& row : page_signs)
            if (body.find(row.sign) != std::string::npos) return finding{row.why, std::string(row.detail)};
        if (lower(answer.header("server")).starts_with("akamaighost") && body.find("access denied") != std::string::npos &&
            body.find("reference #") != std::string::npos)
            return finding{reason::waf_block, "Akamai"};
    }
    return std::nullopt;
}

bool refuses_host(const http_answer& answer)
{
    if (answer.status != 403 && answer.status != 421) return false;
    const std::string body = lower(trim(std::string_view(answer.body).substr(0, 1024)));
    if (body.starts_with("invalid host header") || body.starts_with("access is only allowed at ")) return true;
    // As a JSON-RPC error, or as another JSON document.
    return body.starts_with('{') && (body.find("\"invalid host header") != std::string::npos ||
                                     body.find("\"invalid host:") != std::string::npos);
}

}  // namespace rollcall::audit
