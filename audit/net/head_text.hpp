// The head of an HTTP answer as text, before a parser sees it.
//
// The parser is stricter than the HTTP libraries that MCP clients are built on. What one of those takes is no
// fault of a server, so it is put right here; what all of them refuse is left as it stands for the parser to refuse.
#pragma once

#include "audit/classify/classify.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rollcall::audit {

// How many bytes the head takes, blank line included, if all of it is there. `from`: where the last look ended.
std::optional<std::size_t> end_of_head(std::string_view bytes, std::size_t from = 0);

// Bytes that cannot become an answer of HTTP/1, however they go on: said as early as it can be, since the rest
// may never come. The first frame of HTTP/2 is told apart (RFC 9113 section 3.4).
std::optional<finding> what_is_not_http(std::string_view bytes);

// Status line without reason or version "2.0", lines that end with a line feed alone, folded lines, control
// characters in a value, fields without a usable name, a length said twice or beside chunks.
std::string tidy_head(std::string_view head);

}  // namespace rollcall::audit
