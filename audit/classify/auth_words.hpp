// Does the text of an error speak of a missing credential? The test behind `auth_rpc`.
#pragma once

#include <string_view>

namespace rollcall::audit {

// True for words of refusal for want of a credential ("Unauthorized", "missing API key", "please log in"), in any
// letter case, unless the text is about sessions: "invalid session" is not a credential. Reads the first 4 KiB.
bool speaks_of_auth(std::string_view text);

}  // namespace rollcall::audit
