#include "audit/classify/auth_words.hpp"
#include "audit/classify/classify.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit;
using rollcall::data::reason;

namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

struct row {
    const char* name;
    unsigned status;
    headers fields;
    std::string body;
    reason expected;
    std::string detail = "";
};

const std::string html = "<!doctype html><html><head>";

const std::vector<row> rows{
    // walls come first
    {"cf-mitigated decides alone", 403, {{"cf-mitigated", "challenge"}}, "", reason::challenge_page, "cf-mitigated"},
    {"cf-mitigated beats 401", 401, {{"cf-mitigated", "challenge"}}, "", reason::challenge_page, "cf-mitigated"},
    {"just a moment", 503, {}, html + "<title>Just a moment...</title>", reason::challenge_page, "Cloudflare challenge"},
    {"challenge script", 403, {}, html + "window._cf_chl_opt={}", reason::challenge_page, "Cloudflare challenge"},
    {"challenge path in JSON is no wall", 403, {}, R"({"x":"/cdn-cgi/challenge-platform/"})", reason::auth_forbidden},
    {"challenge path in a policy header is no wall", 403, {{"content-security-policy", "/cdn-cgi/challenge-platform/"}}, html, reason::auth_forbidden},
    {"challenge words with 404 are no wall", 404, {}, html + "_cf_chl_opt", reason::http_404},
    {"blocked", 403, {}, html + "<h1>Sorry, you have been blocked</h1>", reason::waf_block, "Cloudflare"},
    {"error code 1020", 403, {}, "error code: 1020", reason::waf_block, "Cloudflare error 1020"},
    {"error code 1010 with a line end", 403, {}, "error code: 1010\n", reason::waf_block, "Cloudflare error 1010"},
    {"error code 1009", 403, {}, "error code: 1009", reason::geo_block, "Cloudflare error 1009"},
    {"error code 1015", 429, {}, "error code: 1015", reason::rate_limited, "Cloudflare error 1015"},
    {"error code 1101 is the application's", 500, {}, "error code: 1101", reason::http_5xx},
    {"error code in a sentence", 403, {}, "see error code: 1020 for more", reason::auth_forbidden},
    {"451", 451, {}, "", reason::legal_block},
    {"DataDome", 403, {{"x-datadome", "protected"}}, "{}", reason::challenge_page, "x-datadome"},
    {"DataDome lets pass", 404, {{"x-datadome", "protected"}}, "{}", reason::http_404},
    {"AWS challenge", 202, {{"x-amzn-waf-action", "challenge"}}, "", reason::challenge_page, "x-amzn-waf-action"},
    {"AWS captcha", 405, {{"x-amzn-waf-action", "captcha"}}, html, reason::challenge_page, "x-amzn-waf-action"},
    {"Imperva refusal", 403, {}, html + "Request unsuccessful. Incapsula incident ID: 1", reason::waf_block, "Imperva"},
    {"Imperva challenge with 200", 200, {}, html + R"(<iframe src="/_Incapsula_Resource?x">)", reason::challenge_page, "Imperva"},
    {"Imperva's script in a long page", 200, {}, html + "_Incapsula_Resource" + std::string(5000, 'x'), reason::html},
    {"Akamai", 403, {{"server", "AkamaiGHost"}}, html + "<h1>Access Denied</h1> Reference #18.2", reason::waf_block, "Akamai"},
    {"Akamai's words from another server", 403, {{"server", "nginx"}}, html + "Access Denied Reference #1", reason::auth_forbidden},

    // platforms
    {"Vercel not found", 404, {{"x-vercel-error", "DEPLOYMENT_NOT_FOUND"}}, "x", reason::host_reaped, "Vercel: DEPLOYMENT_NOT_FOUND"},
    {"Vercel deleted", 410, {{"x-vercel-error", "DEPLOYMENT_DELETED"}}, "", reason::host_reaped, "Vercel: DEPLOYMENT_DELETED"},
    {"Vercel disabled is no price", 402, {{"x-vercel-error", "DEPLOYMENT_DISABLED"}}, "", reason::host_reaped, "Vercel: DEPLOYMENT_DISABLED"},
    {"Vercel blocked", 403, {{"x-vercel-error", "DEPLOYMENT_BLOCKED"}}, "", reason::host_reaped, "Vercel: DEPLOYMENT_BLOCKED"},
    {"Vercel paused", 503, {{"x-vercel-error", "DEPLOYMENT_PAUSED"}}, "", reason::host_reaped, "Vercel: DEPLOYMENT_PAUSED"},
    {"Vercel route not found", 404, {{"x-vercel-error", "NOT_FOUND"}}, "", reason::http_404, "Vercel: NOT_FOUND"},
    {"Vercel function failed", 500, {{"x-vercel-error", "FUNCTION_INVOCATION_FAILED"}}, "", reason::http_5xx, "Vercel: FUNCTION_INVOCATION_FAILED"},
    {"Vercel's word under another status", 500, {{"x-vercel-error", "DEPLOYMENT_NOT_FOUND"}}, "", reason::http_5xx},
    {"Railway gone", 404, {{"x-railway-fallback", "true"}}, "{}", reason::host_reaped, "Railway: true"},
    {"Railway failed", 502, {{"x-railway-fallback", "true"}}, "", reason::http_5xx, "Railway: true"},
    {"Render gone", 404, {{"x-render-routing", "no-server"}}, "", reason::host_reaped, "Render: no-server"},
    {"Render waking", 503, {{"x-render-routing", "hibernate-wake-error"}}, "", reason::http_5xx, "Render: hibernate-wake-error"},
    {"ngrok off", 404, {{"ngrok-error-code", "ERR_NGROK_3200"}}, html, reason::host_reaped, "ngrok: ERR_NGROK_3200"},
    {"ngrok's upstream", 502, {{"ngrok-error-code", "ERR_NGROK_8012"}}, html, reason::http_5xx, "ngrok: ERR_NGROK_8012"},
    {"Cloudflare tunnel off", 530, {}, "error code: 1033", reason::host_reaped, "Cloudflare Tunnel: error code: 1033"},
    {"Heroku", 404, {}, html + "<title>No such app</title>", reason::host_reaped, "Heroku: no such app"},
    {"Netlify", 404, {}, "Not Found - Request ID: 01ABC", reason::host_reaped, "Netlify: not found - request id:"},
    {"S3", 404, {}, "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code></Error>", reason::host_reaped, "S3: <code>nosuchbucket</code>"},
    {"a loose phrase is not a platform", 404, {}, R"({"message":"project not found"})", reason::http_404},

    // host check
    {"python's host check", 421, {}, "Invalid Host header", reason::host_rejected},
    {"playwright's host check", 403, {}, "Access is only allowed at localhost:4116", reason::host_rejected},
    {"TypeScript's host check", 403, {}, R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Invalid Host: x"},"id":null})", reason::host_rejected},
    {"421 alone", 421, {}, "", reason::http_4xx},

    // credentials, price, limits
    {"401 with metadata", 401, {{"www-authenticate", R"(Bearer resource_metadata="https://a/b")"}}, "", reason::auth_challenge},
    {"401 with a Bearer challenge", 401, {{"www-authenticate", "Bearer"}}, "", reason::auth_bare},
    {"401 bare", 401, {}, R"({"code":"UNAUTHORIZED_NO_AUTH_HEADER"})", reason::auth_bare},
    {"401 of Vercel's own login", 401, {{"set-cookie", "a=b"}, {"set-cookie", "_vercel_sso_nonce=x; Path=/"}}, html, reason::auth_bare, "platform_wall"},
    {"403", 403, {}, "no", reason::auth_forbidden},
    {"402", 402, {}, R"({"x402Version":1})", reason::payment},
    {"429", 429, {}, "", reason::rate_limited},

    // plain HTTP
    {"404", 404, {}, "", reason::http_404},
    {"405", 405, {}, "", reason::http_405},
    {"410", 410, {}, "", reason::http_410},
    {"406", 406, {}, "", reason::http_4xx},
    {"500", 500, {}, "", reason::http_5xx},
    {"521", 521, {}, "error code: 521", reason::http_5xx},
    {"304", 304, {}, "", reason::http_4xx},
    {"200 empty", 200, {}, " \r\n", reason::empty},
    {"204", 204, {}, "", reason::empty},
    {"200 page", 200, {}, "\xEF\xBB\xBF\n <html>", reason::html},
    {"200 text", 200, {{"content-type", "text/html"}}, "Accepted", reason::not_json},
    {"200 in brotli", 200, {{"content-encoding", "br"}}, "\x1b\x02", reason::not_json, "encoding"},
};

}  // namespace

TEST_CASE("an answer without a JSON-RPC response means exactly one thing", "[classify]")
{
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name)
        {
            CHECK(classify_http({r.status, r.fields, r.body}) == finding{r.expected, r.detail});
        }
    }
}

TEST_CASE("what stands in place of the server's own answer is told apart from plain HTTP", "[classify]")
{
    CHECK(classify_wall_or_platform({404, {}, ""}) == std::nullopt);
    CHECK(classify_wall_or_platform({200, {}, "<html>"}) == std::nullopt);
    CHECK(classify_wall_or_platform({500, {}, ""}) == std::nullopt);
    CHECK(classify_wall_or_platform({403, {}, ""}) == finding{reason::auth_forbidden, ""});
}

TEST_CASE("words of a missing credential are recognised, sessions are not", "[classify]")
{
    struct words { const char* text; bool expected; };
    for (const auto& w : std::vector<words>{
             {"Unauthorized", true},
             {"unauthorised request", true},
             {"Authentication required", true},
             {"Missing bearer token", true},
             {"invalid API key", true},
             {"invalid API_KEY given", true},
             {"No credentials were sent", true},
             {"token has expired", false},
             {"expired access token", true},
             {"Please log in", true},
             {"Sign in first", true},
             {"Permission denied", true},
             {"FORBIDDEN", true},
             {"No valid session ID provided", false},
             {"Unauthorized: invalid session", false},
             {"missing method; see the manual about how a token", false},
             {"Method not found", false},
             {"Unsupported protocol version", false},
             {"", false}}) {
        DYNAMIC_SECTION("\"" << w.text << "\"") { CHECK(speaks_of_auth(w.text) == w.expected); }
    }
}
