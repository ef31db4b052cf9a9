// What a style sheet leads to: url(...) and @import.
#pragma once

#include "render/links/references.hpp"

namespace rollcall::render {

std::vector<reference> targets_of_style(std::string_view css);

}  // namespace rollcall::render
