#include "data/model/auth.hpp"

#include <algorithm>
#include <array>

namespace rollcall::data {
namespace {

using p = posture;
using r = rung;

constexpr std::array postures{
    posture_row{p::unknown, '-', "unknown", "not known", "We have not looked, or could not tell."},
    posture_row{p::open, 'A', "open", "open", "Its tools can be listed without a credential, and nothing says that calls need one."},
    posture_row{p::open_list, 'B', "open_list", "open list, calls may need a login",
                "Its tools can be listed without a credential; it says that calls may need one."},
    posture_row{p::gated, 'C', "gated", "login needed, and a client can find it",
                "It asks for a login, and a client finds everything it needs for one from the URL alone."},
    posture_row{p::opaque, 'D', "opaque", "login needed, and the way to it is not described",
                "It asks for a credential, and a client cannot find out from the URL alone how to get one."},
    posture_row{p::paid, 'P', "paid", "payment needed", "It asks for a payment."},
};

constexpr std::array rungs{
    rung_row{r::status_401, "status_401", "Refused with HTTP 401", true,
             "Answer a request without a credential with HTTP 401, not with another status or a redirect."},
    rung_row{r::challenge_bearer, "challenge_bearer", "Bearer challenge", false,
             "Send `WWW-Authenticate: Bearer` with the 401."},
    rung_row{r::challenge_names_metadata, "challenge_names_metadata", "The challenge names the metadata", false,
             "Add resource_metadata=\"...\" with the URL of the protected-resource metadata to the challenge."},
    rung_row{r::prm_found, "prm_found", "Protected-resource metadata", true,
             "Publish protected-resource metadata (RFC 9728) where the challenge says, or under /.well-known/oauth-protected-resource."},
    rung_row{r::prm_json, "prm_json", "It is a JSON object that names a resource", true,
             "Serve the metadata as a JSON object that has the member `resource`."},
    rung_row{r::prm_resource, "prm_resource", "Its resource covers the URL", true,
             "Set `resource` in the metadata to the URL of the endpoint, exactly as it is listed."},
    rung_row{r::prm_servers, "prm_servers", "It names an authorization server", true,
             "List at least one https URL in `authorization_servers`."},
    rung_row{r::as_found, "as_found", "Authorization-server metadata", true,
             "Make the metadata of the authorization server reachable (RFC 8414 or OpenID Connect Discovery)."},
    rung_row{r::as_issuer, "as_issuer", "The issuer is the listed one", true,
             "Make `issuer` in the authorization server's metadata identical, character for character, to the URL in `authorization_servers`."},
    rung_row{r::as_pkce_s256, "as_pkce_s256", "PKCE with S256", true,
             "State S256 in `code_challenge_methods_supported`; MCP clients refuse to go on without it."},
    rung_row{r::as_https, "as_https", "Its endpoints are on https", false,
             "Serve the authorization and the token endpoint over https."},
    rung_row{r::registration, "registration", "A way in for unknown clients", false,
             "Support client ID metadata documents or dynamic client registration, or tell people how to register a client."},
    rung_row{r::as_iss_param, "as_iss_param", "Names itself in its responses", false,
             "Send `iss` in authorization responses and say so in the metadata (RFC 9207)."},
    rung_row{r::as_at_origin, "as_at_origin", "Authorization server at the server's own origin (2025-03-26)", false,
             "Publish protected-resource metadata that names the authorization server: clients of the newer revisions look only there."},
};

template <class Rows>
consteval bool in_order(const Rows& rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].value) != i) return false;
    return true;
}
static_assert(in_order(postures) && postures.size() == static_cast<std::size_t>(p::paid) + 1);
static_assert(in_order(rungs) && rungs.size() == static_cast<std::size_t>(r::as_at_origin) + 1);

}  // namespace

std::span<const posture_row> all_postures() noexcept { return postures; }
const posture_row& row_of(posture v) noexcept { return postures[static_cast<std::size_t>(v)]; }
std::span<const rung_row> all_rungs() noexcept { return rungs; }
const rung_row& row_of(rung v) noexcept { return rungs[static_cast<std::size_t>(v)]; }

std::optional<rung> parse_rung(std::string_view code) noexcept
{
    const auto it = std::ranges::find(rungs, code, &rung_row::code);
    return it == rungs.end() ? std::nullopt : std::optional(it->value);
}

std::string_view code_of(rung_state s) noexcept
{
    switch (s) {
        case rung_state::not_reached: return "not_reached";
        case rung_state::no: return "no";
        case rung_state::yes: return "yes";
    }
    return "";
}

const rung_outcome* auth_facts::missing() const noexcept
{
    if (posture != data::posture::opaque) return nullptr;
    const auto it = std::ranges::find_if(rungs, [](const rung_outcome& o) { return o.state == rung_state::no && row_of(o.rung).decides; });
    return it == rungs.end() ? nullptr : &*it;
}

}  // namespace rollcall::data
