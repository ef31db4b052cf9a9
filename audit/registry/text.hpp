// Foreign text on its way into a listing or into a message of ours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rollcall::audit::detail {

// At most `bytes`, never cut inside a UTF-8 sequence.
std::string capped(std::string_view text, std::size_t bytes);

// An excerpt for a message: at most 60 bytes, control characters replaced.
std::string excerpt(std::string_view text);

// A URL as listed, but for what may never be kept: userinfo is replaced by "hidden", which leaves it a URL with
// userinfo. A text longer than any URL is cut to a length that canonicalise() refuses: what was cut is another URL.
std::string listed_url(std::string_view text);

bool is_utf8(std::string_view text) noexcept;

}  // namespace rollcall::audit::detail
