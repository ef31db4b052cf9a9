// What a redirect of a POST means for an MCP client. Pure.
#pragma once

#include "audit/classify/classify.hpp"
#include "audit/url/url.hpp"
#include "data/model/warning.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rollcall::audit {

// Go on at the target.
struct follow {
    canonical_url target;
    bool method_lost = false;  // 301, 302, 303: the official clients stop here; we look what is there all the same
    std::optional<data::warning> warn{};
    bool permanent = false;    // 308: the server asks to be known under the target from now on (RFC 9110 section 15.4.9)
};

// `hops` redirects were followed before this one. A status that is no redirect, or one without a usable Location,
// gives nothing: the answer is judged as it stands.
std::optional<std::variant<follow, finding>> read_redirect(unsigned status, std::string_view location,
                                                           const canonical_url& from, unsigned hops, unsigned most);

// A path that a person, not a client, is sent to: /login, /oauth/authorize ...
bool is_login_path(std::string_view target);

}  // namespace rollcall::audit
