// The badges that there are of every server: one row a kind. Pages that offer badges are made from these rows.
#pragma once

#include <span>
#include <string_view>

namespace rollcall::render {

struct badge_kind {
    std::string_view code;     // stable; "status" is the one that stands for the server
    std::string_view ending;   // its address: "badge/" + slug + ending
    std::string_view label;    // the alternative text, too
    std::string_view meaning;  // one sentence
};
std::span<const badge_kind> badge_kinds() noexcept;

}  // namespace rollcall::render
