// Words of strangers on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::data {

// The text without what acts on a terminal instead of being seen: control characters of ASCII and of ISO 8859 (U+0080
// to U+009F), marks that turn the direction of writing, broken UTF-8. Each becomes a '?', white space among them a
// blank; with `lines`, newlines and tabs stay.
std::string plain(std::string_view text, bool lines = false);

}  // namespace rollcall::data
