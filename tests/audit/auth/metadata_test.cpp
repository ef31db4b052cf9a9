#include "audit/auth/metadata.hpp"

#include "tests/catch.hpp"

using namespace rollcall::audit;
using namespace rollcall::audit::auth;

namespace {

canonical_url url(std::string_view text) { return *split_url(text); }

std::vector<std::string> server_urls(std::string_view issuer)
{
    std::vector<std::string> out;
    for (const auto& place : server_metadata_urls(issuer)) out.push_back(std::string(place.way) + " " + place.url);
    return out;
}

}  // namespace

TEST_CASE("metadata of a resource stands under its path, then at the root (RFC 9728 section 3.1)")
{
    using urls = std::vector<std::string>;
    const std::string at = "https://ex.com/.well-known/oauth-protected-resource";
    CHECK(resource_metadata_urls(url("https://ex.com/public/mcp")) == urls{at + "/public/mcp", at});
    CHECK(resource_metadata_urls(url("https://ex.com/mcp/")) == urls{at + "/mcp", at});
    CHECK(resource_metadata_urls(url("https://ex.com/")) == urls{at});
    CHECK(resource_metadata_urls(url("https://ex.com")) == urls{at});
    CHECK(resource_metadata_urls(url("https://ex.com/mcp?x=1")) == urls{at + "/mcp", at});
    CHECK(resource_metadata_urls(url("https://ex.com:8443/mcp")).front() == "https://ex.com:8443/.well-known/oauth-protected-resource/mcp");
}

TEST_CASE("metadata of an authorization server: inserted, then appended, never the root of an issuer with a path")
{
    using urls = std::vector<std::string>;
    CHECK(server_urls("https://as.ex.com") == urls{"oauth https://as.ex.com/.well-known/oauth-authorization-server",
                                                   "oidc-insert https://as.ex.com/.well-known/openid-configuration"});
    const urls of_tenant{"oauth https://as.ex.com/.well-known/oauth-authorization-server/t1", "oidc-insert https://as.ex.com/.well-known/openid-configuration/t1",
                         "oidc-append https://as.ex.com/t1/.well-known/openid-configuration"};
    CHECK(server_urls("https://as.ex.com/t1") == of_tenant);
    CHECK(server_urls("https://as.ex.com/t1/") == of_tenant);
    CHECK(server_urls("not a URL").empty());
    CHECK(server_urls("ftp://as.ex.com").empty());
}

TEST_CASE("a resource covers a URL as the official clients see it")
{
    struct row { const char *resource, *endpoint; coverage expected; };
    const row rows[]{
        {"https://ex.com/mcp", "https://ex.com/mcp", coverage::exact},
        {"https://EX.com:443/mcp", "https://ex.com/mcp", coverage::exact},
        {"https://ex.com", "https://ex.com/", coverage::exact},
        {"https://ex.com", "https://ex.com/mcp", coverage::loose},
        {"https://ex.com/", "https://ex.com/mcp", coverage::loose},
        {"https://ex.com/a", "https://ex.com/a/mcp", coverage::loose},
        {"https://ex.com/mcp", "https://ex.com/mcp/", coverage::loose},
        {"https://ex.com/mcp", "https://ex.com/mcp?x=1", coverage::loose},
        {"https://ex.com/mcp/", "https://ex.com/mcp", coverage::wrong},
        {"https://ex.com/mc", "https://ex.com/mcp", coverage::wrong},
        {"https://ex.com/other", "https://ex.com/mcp", coverage::wrong},
        {"https://api.ex.com/mcp", "https://ex.com/mcp", coverage::wrong},
        {"http://ex.com/mcp", "https://ex.com/mcp", coverage::wrong},
        {"https://ex.com:8443/mcp", "https://ex.com/mcp", coverage::wrong},
        {"urn:mcp", "https://ex.com/mcp", coverage::wrong},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.resource << " for " << r.endpoint) { CHECK(covers(r.resource, url(r.endpoint)) == r.expected); }
}

TEST_CASE("documents: what counts, and what is not one")
{
    const auto prm = parse_protected_resource(R"({"resource":"https://ex.com/mcp","authorization_servers":["https://a", 7, "https://b"],"x":1})");
    REQUIRE(prm);
    CHECK(prm->authorization_servers == std::vector<std::string>{"https://a", "https://b"});
    for (const char* text : {"", "[]", "<html>", "{}", R"({"resource":""})", R"({"resource":7})", "{\"resource\":\"https://x\"", "null"})
        DYNAMIC_SECTION(text) { CHECK_FALSE(parse_protected_resource(text)); }
    CHECK_FALSE(parse_protected_resource(std::string(5000, '[')));
    CHECK(parse_protected_resource("\xEF\xBB\xBF{\"resource\":\"https://x\"}"));

    const auto as = parse_authorization_server(R"({"issuer":"https://a","code_challenge_methods_supported":["plain","S256"],
        "authorization_endpoint":"https://a/authorize","token_endpoint":"https://a/token","registration_endpoint":"https://a/register",
        "client_id_metadata_document_supported":true,"authorization_response_iss_parameter_supported":true})", false);
    REQUIRE(as);
    CHECK((as->pkce_s256 && as->client_id_metadata && as->registration && as->iss_parameter));
    CHECK(as->endpoints.size() == 2);
    const auto bare = parse_authorization_server(R"({"issuer":"https://a","code_challenge_methods_supported":"S256"})", false);
    REQUIRE(bare);
    CHECK_FALSE((bare->pkce_s256 || bare->client_id_metadata || bare->registration || bare->iss_parameter));
    // Clients drop an OpenID Connect document without these.
    CHECK_FALSE(parse_authorization_server(R"({"issuer":"https://a","jwks_uri":"https://a/k"})", true));
    CHECK(parse_authorization_server(R"({"issuer":"https://a","jwks_uri":"u","subject_types_supported":[],"id_token_signing_alg_values_supported":[]})", true));
}
