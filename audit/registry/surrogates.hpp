// Halves of characters in JSON: "\ud800" alone is allowed by the grammar (RFC 8259 section 8.2) and means nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rollcall::audit::detail {

// The text with each escaped surrogate that has no partner as U+FFFD; nothing if there is none. One such name among
// thousands must not cost the page. Linear.
std::optional<std::string> without_lone_surrogates(std::string_view json);

}  // namespace rollcall::audit::detail
