#include "render/templating/grouped.hpp"

#include <algorithm>

namespace rollcall::render {

std::string grouped(std::string_view text)
{
    std::string out(text);
    const std::ptrdiff_t sign = out.starts_with('-') ? 1 : 0;
    if (!std::all_of(out.begin() + sign, out.end(), [](char c) { return c >= '0' && c <= '9'; })) return out;
    for (auto i = static_cast<std::ptrdiff_t>(out.size()) - 3; i > sign; i -= 3) out.insert(static_cast<std::size_t>(i), ",");
    return out;
}

std::string grouped(std::int64_t number) { return grouped(std::string_view(std::to_string(number))); }

}  // namespace rollcall::render
