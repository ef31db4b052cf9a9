#include "render/badge/badge.hpp"

#include <array>
#include <cmath>
#include <cstdint>

namespace rollcall::render {
namespace {

// Hundredths of a pixel at 11 px, U+0020 to U+007E: the greater advance of the two families a badge is drawn in.
constexpr std::array<std::uint16_t, 95> advances{
    387, 441, 506, 922, 700, 1184, 858, 302, 500, 500, 699, 922, 400, 500, 400, 500,           // space to /
    700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 500, 500, 922, 922, 922, 600,            // 0 to ?
    1100, 752, 755, 768, 848, 696, 633, 853, 827, 463, 500, 762, 613, 949, 823, 866,           // @ to O
    663, 866, 765, 752, 678, 805, 752, 1088, 754, 677, 754, 500, 500, 500, 922, 699,           // P to _
    699, 674, 698, 605, 698, 677, 387, 698, 697, 306, 379, 651, 306, 1072, 697, 673,           // ` to o
    698, 698, 469, 573, 433, 697, 651, 900, 651, 651, 578, 700, 500, 700, 922,                 // p to ~
};
constexpr std::uint16_t widest = 1184;

// Up to an odd number of pixels: texts centred in it fall onto the pixel grid.
int odd(double width) { return static_cast<int>(std::ceil(width)) | 1; }

}  // namespace

double text_width(std::string_view text) noexcept
{
    std::uint32_t sum = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0u) == 0x80u) continue;  // the rest of a character that was counted
        sum += byte >= 0x20 && byte < 0x7F ? advances[byte - 0x20u] : widest;
    }
    return sum / 100.0;
}

std::string badge_svg(const template_set& t, const badge_text& text)
{
    constexpr int pad = 6, tally = 18;  // the tally mark stands before the label
    const int label = odd(text_width(text.label)), message = odd(text_width(text.message));
    const int left = pad + tally + label + pad, right = pad + message + pad;
    return t.render("badge.svg", {{"title", text.title},
                                  {"label", text.label},
                                  {"message", text.message},
                                  {"colour", text.colour},
                                  {"width", left + right},
                                  {"left", left},
                                  {"right", right},
                                  {"label_x", pad + tally},
                                  {"label_width", label},
                                  {"message_x", left + pad},
                                  {"message_width", message}});
}

}  // namespace rollcall::render
