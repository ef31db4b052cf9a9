// Takes out of a text what must not be kept or shown: tokens, cookies, e-mail addresses, key-like strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit {

// Replaces each with "[masked]". Linear in the text. Never lengthens a secret's remains: a word is masked whole.
std::string mask(std::string_view text);

// At most the first so many bytes, without the word that the cut would go through: a part of a secret looks like any
// other word. To be masked then.
std::string_view whole_words(std::string_view text, std::size_t bytes);

// A header's value as a transcript shows it: credentials, cookies and session ids masked whole, the rest by mask().
std::string mask_header(std::string_view name, std::string_view value);

// The text without any of the secrets, as they stand, escaped for JSON or a URL, or in base64; what stood behind a
// scheme ("Bearer x") is looked for alone too. Secrets of less than four characters are none.
std::string without_secrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace rollcall::audit
