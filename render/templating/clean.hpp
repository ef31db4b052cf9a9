// Text that came from a third party, made fit to be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rollcall::render {

inline constexpr std::size_t no_cap = static_cast<std::size_t>(-1);

// Valid UTF-8 without characters that act instead of being seen: control characters (but newline and tab),
// bidirectional controls, line separators, noncharacters and broken bytes each become U+FFFD. Longer than
// `max_characters`, it is cut there and ends in an ellipsis.
std::string clean(std::string_view text, std::size_t max_characters = no_cap);

// Is it ASCII that is only seen, so that nothing of it would change?
bool is_plain(std::string_view text) noexcept;

// An absolute http or https URL of printable ASCII without quotes, brackets or spaces: the only kind that becomes a link.
bool is_web_link(std::string_view url) noexcept;

// As one word of a POSIX shell.
std::string shell_quoted(std::string_view text);

}  // namespace rollcall::render
