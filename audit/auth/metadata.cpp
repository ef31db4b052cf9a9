#include "audit/auth/metadata.hpp"

#include "audit/mcp/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace rollcall::audit::auth {
namespace {

using nlohmann::json;

constexpr int deepest = 32;
constexpr std::size_t most_servers = 16;

std::string path_of(const canonical_url& url) { return url.target.substr(0, url.target.find('?')); }
std::string origin_of(const canonical_url& url) { return url.scheme + "://" + authority(url); }

// A JSON object, or discarded.
json object_in(std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    bool changed = false, too_deep = false;
    const auto safe = mcp::acceptable_json(mcp::repair_utf8(text, changed), deepest, too_deep);
    if (too_deep) return json(json::value_t::discarded);
    json value = json::parse(safe, nullptr, /*allow_exceptions=*/false);
    return value.is_object() ? std::move(value) : json(json::value_t::discarded);
}

std::string text_of(const json& object, const char* member)
{
    const auto it = object.find(member);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

bool is_true(const json& object, const char* member)
{
    const auto it = object.find(member);
    return it != object.end() && it->is_boolean() && it->get<bool>();
}

std::string without_slash(std::string path)
{
    if (path.ends_with('/')) path.pop_back();
    return path;
}

}  // namespace

std::vector<std::string> resource_metadata_urls(const canonical_url& endpoint)
{
    const auto root = origin_of(endpoint) + "/.well-known/oauth-protected-resource";
    const auto path = without_slash(path_of(endpoint));
    if (path.empty()) return {root};
    return {root + path, root};
}

std::vector<server_metadata_url> server_metadata_urls(std::string_view issuer)
{
    const auto url = split_url(issuer);
    if (!url) return {};
    const auto origin = origin_of(*url), path = without_slash(path_of(*url));
    const std::string oauth = origin + "/.well-known/oauth-authorization-server", oidc = "/.well-known/openid-configuration";
    if (path.empty()) return {{oauth, "oauth"}, {origin + oidc, "oidc-insert"}};
    return {{oauth + path, "oauth"}, {origin + oidc + path, "oidc-insert"}, {origin + path + oidc, "oidc-append"}};
}

std::optional<protected_resource> parse_protected_resource(std::string_view text)
{
    const auto object = object_in(text);
    if (object.is_discarded()) return std::nullopt;
    protected_resource out{text_of(object, "resource"), {}};
    if (out.resource.empty()) return std::nullopt;
    if (const auto servers = object.find("authorization_servers"); servers != object.end() && servers->is_array())
        for (const auto& s : *servers)
            if (s.is_string() && out.authorization_servers.size() < most_servers) out.authorization_servers.push_back(s.get<std::string>());
    return out;
}

std::optional<authorization_server> parse_authorization_server(std::string_view text, bool oidc)
{
    const auto object = object_in(text);
    if (object.is_discarded()) return std::nullopt;
    if (oidc)
        for (const char* member : {"jwks_uri", "subject_types_supported", "id_token_signing_alg_values_supported"})
            if (!object.contains(member)) return std::nullopt;
    authorization_server out;
    out.issuer = text_of(object, "issuer");
    if (const auto methods = object.find("code_challenge_methods_supported"); methods != object.end() && methods->is_array())
        out.pkce_s256 = std::ranges::any_of(*methods, [](const json& m) { return m == "S256"; });
    out.client_id_metadata = is_true(object, "client_id_metadata_document_supported");
    out.registration = !text_of(object, "registration_endpoint").empty();
    out.iss_parameter = is_true(object, "authorization_response_iss_parameter_supported");
    for (const char* member : {"authorization_endpoint", "token_endpoint"})
        if (auto endpoint = text_of(object, member); !endpoint.empty()) out.endpoints.push_back(std::move(endpoint));
    return out;
}

coverage covers(std::string_view resource, const canonical_url& endpoint)
{
    const auto named = split_url(resource.substr(0, resource.find('#')));
    if (!named || named->scheme != endpoint.scheme || named->host != endpoint.host || named->port != endpoint.port) return coverage::wrong;
    if (named->target == endpoint.target) return coverage::exact;
    // The official clients look at the path alone: a query makes no difference to them.
    const auto own = path_of(endpoint), theirs = path_of(*named);
    if (own == theirs) return coverage::loose;
    const auto parent = theirs.ends_with('/') ? theirs : theirs + "/";
    return own.starts_with(parent) ? coverage::loose : coverage::wrong;
}

}  // namespace rollcall::audit::auth
