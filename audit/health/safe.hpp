// What a document says, made fit to be kept and shown, and a reason made of it.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::audit::health {

// One line of valid UTF-8: secrets masked, no control characters, nothing that reverses or hides text.
std::string safe_line(std::string_view text, std::size_t cap);

// The value of a member like "reason" as a code: "Pool exhausted" -> pool_exhausted. Empty if it is a sentence, or
// holds what must not stand in a code (an address, an identifier).
std::string reason_code(std::string_view text);

// What an error text is about: timeout, refused, dns, tls, auth, ... Empty if none of the known patterns fits. The
// text itself never becomes a reason.
std::string_view reason_of_error(std::string_view text);

}  // namespace rollcall::audit::health
