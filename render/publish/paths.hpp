// Which paths may be published.
#pragma once

#include <stdexcept>
#include <string_view>

namespace rollcall::render {

struct publish_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A relative path of visible segments; `.well-known` may be the first of them.
bool is_publishable(std::string_view path) noexcept;

// Throws publish_error for a path that is not.
void require_publishable(std::string_view path);

}  // namespace rollcall::render
