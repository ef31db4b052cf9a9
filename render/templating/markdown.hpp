// CommonMark to HTML.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::render {

// Raw HTML and links with unsafe schemes are dropped: the text may quote what a server told us.
std::string markdown_to_html(std::string_view markdown);

// As it stands, with no meaning in Markdown: every punctuation character is escaped.
std::string markdown_escaped(std::string_view text);

}  // namespace rollcall::render
