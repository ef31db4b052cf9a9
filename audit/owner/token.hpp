// When a credential runs out, as far as that can be told without asking anybody.
#pragma once

#include "data/model/time.hpp"

#include <optional>
#include <string_view>

namespace rollcall::audit::owner {

// `exp` of a JSON Web Token (RFC 7519 section 4.1.4), read without looking at its signature. Empty if the text is
// none, has no `exp`, or one beyond the year 9999.
std::optional<data::time_point> jwt_expiry(std::string_view token);

}  // namespace rollcall::audit::owner
