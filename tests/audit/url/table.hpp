// Listed texts, their canonical URLs, slugs and classes: the rules of identity as a table.
#pragma once

#include <span>
#include <string_view>

namespace rollcall::tests {

struct listed_url { std::string_view listed, canonical, slug, why; };
std::span<const listed_url> listed_urls() noexcept;

}  // namespace rollcall::tests
