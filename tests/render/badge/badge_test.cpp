#include "render/badge/badge.hpp"

#include "tests/catch.hpp"
#include "tests/render/support/golden.hpp"

#include <cmath>

namespace rollcall::render::tests {
namespace {

// WCAG 2: the contrast of white on a colour given as six hex digits.
double contrast_with_white(const std::string& hex)
{
    const auto channel = [&](std::size_t at) {
        const double v = std::stoi(hex.substr(at, 2), nullptr, 16) / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 1.05 / (0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4) + 0.05);
}

entry in_state(const data::endpoint_row& row, data::state s) { return {&row, s, {}, 29, 30, change::none, "x"}; }

const template_set& templates()
{
    static const template_set all(std::filesystem::path(ROLLCALL_SOURCE_DIR) / "templates");
    return all;
}

}  // namespace

TEST_CASE("a badge says a word and a count, and white is legible on its colour", "[badge]")
{
    struct row { data::state state; const char* message; };
    const row table[] = {{data::state::up, "up 29/30"}, {data::state::degraded, "degraded 29/30"}, {data::state::down, "down 29/30"},
                         {data::state::gated, "gated"}, {data::state::unknown, "unknown"}};
    const data::endpoint_row endpoint{};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.message)
        {
            const auto badge = badge_of(in_state(endpoint, r.state));
            CHECK(badge.message == r.message);
            CHECK(contrast_with_white(badge.colour) >= 4.5);
            const auto svg = badge_svg(templates(), badge);
            CHECK(svg.find("role=\"img\" aria-label=\"" + badge.title + "\"") != std::string::npos);
            CHECK(svg.find("<filter") == std::string::npos);
            CHECK(svg.find("style=") == std::string::npos);
            CHECK(svg.find("2026") == std::string::npos);
            CHECK(svg.size() < 1500);
        }
    CHECK(contrast_with_white("343b46") >= 4.5);
    CHECK(badge_of(in_state(endpoint, data::state::gated)).colour == badge_of(in_state(endpoint, data::state::unknown)).colour);
}

TEST_CASE("the badge of a server that is up", "[badge]")
{
    const data::endpoint_row endpoint{};
    check_golden("badge.svg", badge_svg(templates(), badge_of(in_state(endpoint, data::state::up))));
}

TEST_CASE("hostile text stays text in a badge", "[badge]")
{
    const auto svg = badge_svg(templates(), {"<b>", "\"/><script>", "b3261e", "'&<"});
    CHECK(svg.find("<b>") == std::string::npos);
    CHECK(svg.find("<script>") == std::string::npos);
}

TEST_CASE("texts are as wide as the widest of their fonts", "[badge]")
{
    CHECK(text_width("") == 0.0);
    CHECK(text_width("0123456789") == 70.0);
    CHECK(text_width("mm") == 21.44);
    CHECK(text_width("\xC3\xA9") == 11.84);
    CHECK(text_width("up 29/30") > text_width("up 29/3"));
}

TEST_CASE("the shields document has only the keys that shields takes", "[badge]")
{
    const data::endpoint_row endpoint{};
    CHECK(shields_document(in_state(endpoint, data::state::up)).dump() ==
          R"({"schemaVersion":1,"label":"roll call","message":"up 29/30","color":"12704d","cacheSeconds":3600})");
}

}  // namespace rollcall::render::tests
