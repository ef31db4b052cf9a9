// URLs as they may be shown: what looks like a credential in the query is masked.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::data {

// The value of each parameter that is named like a credential ("api_key", "token", "demo_token" ...) or looks like
// one ("sk-...", "ghp_...", a JSON web token) becomes "masked". The bytes of all else stay as they are. A text that is
// no URL is treated alike: what stands behind its first '?'.
std::string shown_url(std::string_view url);

}  // namespace rollcall::data
