// What stands between a stranger and a server: the posture, and every rung of the ladder that leads to a credential.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data {

// Without a credential. Stored: never renumber.
enum class posture : std::uint8_t {
    unknown,   // not looked at, or not to be told
    open,      // A: the tools were listed, and no metadata protects the URL
    open_list, // B: the tools were listed, and metadata says that calls need a token
    gated,     // C: refused, and a client finds its way to a token from the URL alone
    opaque,    // D: refused, and some rung of the way is missing
    paid,      // P: refused for want of a payment
};

struct posture_row {
    posture value;
    char letter;             // 'A' ... 'P'; '-' for unknown
    std::string_view code;   // in documents
    std::string_view label;  // on pages
    std::string_view meaning;
};
std::span<const posture_row> all_postures() noexcept;
const posture_row& row_of(posture p) noexcept;

// The rungs, in the order in which a client climbs them. Stored by code: add anywhere, never rename.
enum class rung : std::uint8_t {
    status_401,               // refused with HTTP 401
    challenge_bearer,         // with a Bearer challenge (RFC 6750 section 3)
    challenge_names_metadata, // that names the metadata (RFC 9728 section 5.1)
    prm_found,                // protected-resource metadata is there (RFC 9728 section 3)
    prm_json,                 // and is a JSON object with `resource`
    prm_resource,             // whose `resource` covers the URL (RFC 9728 section 3.3)
    prm_servers,              // and names an authorization server
    as_found,                 // whose metadata is there (RFC 8414, OpenID Connect Discovery)
    as_issuer,                // with the very issuer that was listed (RFC 8414 section 3.3)
    as_pkce_s256,             // states PKCE with S256 (RFC 7636)
    as_https,                 // has its endpoints on https
    registration,             // lets an unknown client in: by metadata document or registration (RFC 7591)
    as_iss_param,             // identifies itself in its responses (RFC 9207)
    as_at_origin,             // no metadata of the resource, but an authorization server at its origin (2025-03-26)
};

struct rung_row {
    rung value;
    std::string_view code;
    std::string_view label;  // "Metadata of the protected resource"
    bool decides;            // without it the posture is not C
    std::string_view fix;    // what the operator of the server can do where it is missing
};
std::span<const rung_row> all_rungs() noexcept;
const rung_row& row_of(rung r) noexcept;
std::optional<rung> parse_rung(std::string_view code) noexcept;

enum class rung_state : std::uint8_t { not_reached, no, yes };
std::string_view code_of(rung_state s) noexcept;  // "not_reached", "no", "yes"

struct rung_outcome {
    data::rung rung;
    rung_state state = rung_state::not_reached;
    std::string detail;  // "path", "differs by a trailing slash": one line, made safe
    bool operator==(const rung_outcome&) const = default;
};

struct auth_facts {
    data::posture posture = posture::unknown;
    std::vector<rung_outcome> rungs;  // in order, each at most once; empty if nobody looked
    std::string metadata_url;         // of the protected resource, where it was found
    std::string issuer;               // of the authorization server that got furthest
    bool operator==(const auth_facts&) const = default;

    // The first rung that decides and is missing, of a server that refuses strangers; none of an open one.
    const rung_outcome* missing() const noexcept;
};

}  // namespace rollcall::data
