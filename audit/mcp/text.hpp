// Foreign text made safe to parse, to keep and to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rollcall::audit::mcp {

// Invalid UTF-8 replaced by U+FFFD, one for each maximal ill-formed part (Unicode 3.9, as browsers do).
// `changed` is set if anything was replaced, and left alone otherwise.
std::string repair_utf8(std::string_view bytes, bool& changed);

// One line for a cell: valid UTF-8, control characters replaced by U+FFFD, at most `cap` bytes, cut between
// characters.
std::string one_line(std::string_view text, std::size_t cap);

// JSON text that a JavaScript client takes and our parser does not, made acceptable: escapes of lone surrogates
// become U+FFFD, numbers beyond a double its largest value. `too_deep` is set if arrays and objects nest deeper
// than `depth`: then do not parse. Never fails; what is not JSON stays not JSON.
std::string acceptable_json(std::string_view text, int depth, bool& too_deep);

// Whether the JSON text holds more than so many brackets and commas, and so perhaps values: two bytes of text can be a
// hundred of memory.
bool has_more_values(std::string_view text, std::size_t most) noexcept;

}  // namespace rollcall::audit::mcp
