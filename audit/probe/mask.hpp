// Takes out of a text what must not be kept or shown: tokens, cookies, e-mail addresses, key-like strings.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::audit {

// Replaces each with "[masked]". Linear in the text. Never lengthens a secret's remains: a word is masked whole.
std::string mask(std::string_view text);

// A header's value as a transcript shows it: credentials, cookies and session ids masked whole, the rest by mask().
std::string mask_header(std::string_view name, std::string_view value);

}  // namespace rollcall::audit
