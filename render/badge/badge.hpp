// The badge that an author puts into a README: an SVG that needs nothing but itself.
#pragma once

#include "render/documents/documents.hpp"
#include "render/templating/template_set.hpp"

#include <string>
#include <string_view>

namespace rollcall::render {

// The advance of a line of text in pixels at 11 px: of the widest of the fonts that the badge asks for, so that
// none overflows. Printable ASCII is exact, anything else counts as the widest letter.
double text_width(std::string_view text) noexcept;

// No date in it: its bytes change only when what it says does.
std::string badge_svg(const template_set& t, const badge_text& text);

}  // namespace rollcall::render
