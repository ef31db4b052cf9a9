#include "render/badge/kinds.hpp"

#include <array>

namespace rollcall::render {
namespace {

constexpr std::array kinds{
    badge_kind{"status", ".svg", "roll call", "What the last roll call saw, and on how many of the last 30 nights the server answered."},
};

}  // namespace

std::span<const badge_kind> badge_kinds() noexcept { return kinds; }

}  // namespace rollcall::render
