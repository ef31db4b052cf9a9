#include "render/templating/markdown.hpp"

#include <cmark.h>

#include <cstdlib>
#include <memory>
#include <new>

namespace rollcall::render {

std::string markdown_to_html(std::string_view markdown)
{
    struct release { void operator()(char* p) const { std::free(p); } };
    const std::unique_ptr<char, release> html(
        cmark_markdown_to_html(markdown.data(), markdown.size(), CMARK_OPT_SAFE | CMARK_OPT_VALIDATE_UTF8));
    if (!html) throw std::bad_alloc();
    return html.get();
}

std::string markdown_escaped(std::string_view text)
{
    std::string out;
    for (char c : text) {
        if (c == '\n' || c == '\t') {
            out += ' ';
            continue;
        }
        if ((c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~')) out += '\\';
        out += c;
    }
    return out;
}

}  // namespace rollcall::render
