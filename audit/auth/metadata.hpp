// The metadata documents of OAuth as MCP uses them: where they are, and what they say. Pure; the texts are foreign.
#pragma once

#include "audit/url/url.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::auth {

// RFC 9728 section 3.1: under the endpoint's path, then at the root. The query is left out.
std::vector<std::string> resource_metadata_urls(const canonical_url& endpoint);

// Where the metadata of an authorization server may be, in the order in which MCP clients ask
// (RFC 8414 section 3.1, OpenID Connect Discovery 1.0 section 4). Empty if the issuer is no http(s) URL.
struct server_metadata_url {
    std::string url;
    std::string_view way;  // "oauth", "oidc-insert", "oidc-append"
};
std::vector<server_metadata_url> server_metadata_urls(std::string_view issuer);

// RFC 9728 section 2. Empty if the text is not a JSON object with a text `resource`.
struct protected_resource {
    std::string resource;
    std::vector<std::string> authorization_servers;  // as listed, texts only, at most 16
};
std::optional<protected_resource> parse_protected_resource(std::string_view text);

// RFC 8414 section 2. Empty if the text is not a JSON object, or, for `oidc`, lacks a member that clients insist on.
struct authorization_server {
    std::string issuer;
    bool pkce_s256 = false;
    bool client_id_metadata = false;  // client ID metadata documents
    bool registration = false;        // a registration endpoint
    bool iss_parameter = false;       // RFC 9207
    std::vector<std::string> endpoints;  // authorization and token endpoint
};
std::optional<authorization_server> parse_authorization_server(std::string_view text, bool oidc);

// `resource` of the metadata against the endpoint's URL: identical; the origin, a parent path, or without the last
// slash; or anything else.
enum class coverage { exact, loose, wrong };
coverage covers(std::string_view resource, const canonical_url& endpoint);

}  // namespace rollcall::audit::auth
