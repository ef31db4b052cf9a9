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
    {"Vercel function too slow", 504, {{"x-vercel-error", "FUNCTION_INVOCATION_TIMEOUT"}}, "", reason::http_5xx, "Vercel: FUNCTION_INVOCATION_TIMEOUT"},
    {"Vercel's blocked deployment is no refusal", 403, {{"x-vercel-error", "DEPLOYMENT_BLOCKED"}}, R"({"error":"forbidden"})", reason::host_reaped, "Vercel: DEPLOYMENT_BLOCKED"},
    {"Vercel route not found", 404, {{"x-vercel-error", "NOT_FOUND"}}, "", reason::http_404, "Vercel: NOT_FOUND"},
    {"Vercel function failed", 500, {{"x-vercel-error", "FUNCTION_INVOCATION_FAILED"}}, "", reason::http_5xx, "Vercel: FUNCTION_INVOCATION_FAILED"},
    {"Vercel's word under another status", 500, {{"x-vercel-error", "DEPLOYMENT_NOT_FOUND"}}, "", reason::http_5xx},
    {"Railway gone", 404, {{"x-railway-fallback", "true"}}, "{}", reason::host_reaped, "Railway: true"},
    {"Railway gone, by its words", 404, {}, R"({"status":"error","code":404,"message":"Application not found","request_id":"x"})", reason::host_reaped,
     R"(Railway: {"status":"error","code":404,"message":"application not found")"},
    {"an application of a server's own", 404, {}, R"({"message":"Application not found"})", reason::http_404},
    {"Railway failed", 502, {{"x-railway-fallback", "true"}}, "", reason::http_5xx, "Railway: true"},
    {"Render gone", 404, {{"x-render-routing", "no-server"}}, "", reason::host_reaped, "Render: no-server"},
    {"Render waking", 503, {{"x-render-routing", "hibernate-wake-error"}}, "", reason::http_5xx, "Render: hibernate-wake-error"},
    {"ngrok off", 404, {{"ngrok-error-code", "ERR_NGROK_3200"}}, html, reason::host_reaped, "ngrok: ERR_NGROK_3200"},
    {"ngrok's upstream", 502, {{"ngrok-error-code", "ERR_NGROK_8012"}}, html, reason::http_5xx, "ngrok: ERR_NGROK_8012"},
    {"Cloudflare tunnel off", 530, {}, "error code: 1033", reason::host_reaped, "Cloudflare Tunnel: error code: 1033"},
    {"Cloudflare's origin name gone", 530, {}, "error code: 1016", reason::host_reaped, "Cloudflare: error code: 1016"},
    {"530 without a code", 530, {}, "", reason::http_5xx},
    {"Heroku", 404, {}, html + "<title>No such app</title>", reason::host_reaped, "Heroku: <title>no such app</title>"},
    {"Heroku's new title", 404, {}, html + "<title>Heroku | No such app</title>", reason::host_reaped, "Heroku: <title>heroku | no such app</title>"},
    {"Heroku's frame", 404, {}, html + R"(<iframe src="//www.herokucdn.com/error-pages/no-such-app.html">)", reason::host_reaped,
     "Heroku: herokucdn.com/error-pages/no-such-app.html"},
    {"a shop without that app", 404, {}, html + "There is no such app in our shop", reason::http_404},
    {"GitHub Pages", 404, {}, html + "<p>There isn't a GitHub Pages site here.</p>", reason::host_reaped, "GitHub Pages: there isn't a github pages site here."},
    {"Surge", 404, {{"server", "SurgeCDN/SFO"}}, html + "<h1>project not found</h1>", reason::host_reaped, "Surge: project not found"},
    {"another page that misses a project", 404, {{"server", "nginx"}}, html + "<h1>Project not found</h1>", reason::http_404},
    {"Pantheon", 404, {}, html + "404 error unknown site!", reason::host_reaped, "Pantheon: 404 error unknown site!"},
    {"EdgeOne deleted", 410, {{"eo-log-uuid", "17"}}, html + "<p>DELETED</p>", reason::host_reaped, "EdgeOne Pages: deleted"},
    {"EdgeOne deploying", 423, {{"eo-log-uuid", "17"}}, html + "<p>DEPLOYING</p>", reason::host_reaped, "EdgeOne Pages: deploying"},
    {"EdgeOne failed", 424, {{"eo-log-uuid", "17"}}, html + "<p>FAILED</p>", reason::host_reaped, "EdgeOne Pages: failed"},
    {"EdgeOne passes on a server's own 410", 410, {{"eo-log-uuid", "17"}}, R"({"error":"deleted"})", reason::http_410},
    {"another page that was deleted", 410, {}, html + "<p>DELETED</p>", reason::http_410},
    {"another 423", 423, {}, html + "DEPLOYING", reason::http_4xx},
    {"Netlify", 404, {}, "Not Found - Request ID: 01ABC", reason::host_reaped, "Netlify: not found - request id:"},
    {"S3", 404, {}, "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code></Error>", reason::host_reaped, "S3: <code>nosuchbucket</code>"},
    {"a loose phrase is not a platform", 404, {}, R"({"message":"project not found"})", reason::http_404},

    // host check
    {"python's host check", 421, {}, "Invalid Host header", reason::host_rejected},
    {"playwright's host check", 403, {}, "Access is only allowed at localhost:4116", reason::host_rejected},
    {"TypeScript's host check", 403, {}, R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Invalid Host: x"},"id":null})", reason::host_rejected},
    {"the official SDK's host check", 403, {}, R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Invalid Host header: x"},"id":null})", reason::host_rejected},
    {"a wall before the host check", 403, {{"cf-mitigated", "challenge"}}, "Invalid Host header", reason::challenge_page, "cf-mitigated"},
    {"words about hosts in a sentence", 403, {}, "Reason: Invalid Host header", reason::auth_forbidden},
    {"words about hosts under 400", 400, {}, "Invalid Host header", reason::http_4xx},
    {"421 alone", 421, {}, "", reason::http_4xx},

    // credentials, price, limits
    {"401 with metadata", 401, {{"www-authenticate", R"(Bearer resource_metadata="https://a/b")"}}, "", reason::auth_challenge},
    {"401 with a Bearer challenge", 401, {{"www-authenticate", "Bearer"}}, "", reason::auth_bare},
    {"401 bare", 401, {}, R"({"code":"UNAUTHORIZED_NO_AUTH_HEADER"})", reason::auth_bare},
    {"401 of Vercel's own login", 401, {{"set-cookie", "a=b"}, {"set-cookie", "_vercel_sso_nonce=x; Path=/"}}, html, reason::auth_bare, "platform_wall"},
    {"401 with a page", 401, {}, html + "401 Authorization Required", reason::auth_bare},
    {"401 with nothing", 401, {}, "", reason::auth_bare},
    {"401 with text", 401, {{"content-encoding", "br"}}, "\x1b\x02", reason::auth_bare},
    {"403", 403, {}, "no", reason::auth_forbidden},
    {"403 of an edge without a sign of its own", 403, {{"server", "cloudflare"}, {"cf-ray", "8f2"}}, html + "<title>403 Forbidden</title>", reason::auth_forbidden},
    {"402, first version", 402, {}, R"({"x402Version":1,"accepts":[]})", reason::payment},
    {"402, second version", 402, {{"payment-required", "eyJ4NDAyVmVyc2lvbiI6Mn0="}}, "{}", reason::payment},
    {"402 with nothing", 402, {}, "", reason::payment},
    {"429", 429, {}, "", reason::rate_limited},
    {"429 with a wait", 429, {{"retry-after", "30"}}, "{}", reason::rate_limited},

    // plain HTTP
    {"404", 404, {}, "", reason::http_404},
    {"405", 405, {}, "", reason::http_405},
    {"410", 410, {}, "", reason::http_410},
    {"406", 406, {}, "", reason::http_4xx},
    {"415", 415, {}, "", reason::http_4xx},
    {"418", 418, {}, "", reason::http_4xx},
    {"500", 500, {}, "", reason::http_5xx},
    {"501", 501, {}, "", reason::http_5xx},
    {"502", 502, {}, html + "Bad Gateway", reason::http_5xx},
    {"503", 503, {{"retry-after", "5"}}, html + "Service Unavailable", reason::http_5xx},
    {"504", 504, {}, "", reason::http_5xx},
    {"599", 599, {}, "", reason::http_5xx},
    {"101", 101, {}, "", reason::http_garbage},
    {"300", 300, {}, "", reason::http_4xx},
    {"302 that leads nowhere", 302, {}, "", reason::http_4xx},
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
