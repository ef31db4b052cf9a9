#include "render/publish/paths.hpp"

#include <algorithm>
#include <string>

namespace rollcall::render {

bool is_publishable(std::string_view path) noexcept
{
    if (path.empty() || path.size() > 2000 || path.front() == '/' || path.back() == '/') return false;
    for (bool first = true; !path.empty(); first = false) {
        const auto end = std::min(path.find('/'), path.size());
        const auto segment = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (segment.empty() || segment.size() > 255) return false;
        if (segment.front() == '.' && !(first && segment == ".well-known")) return false;
        for (const char c : segment)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\') return false;
    }
    return true;
}

void require_publishable(std::string_view path)
{
    if (!is_publishable(path)) throw publish_error("'" + std::string(path) + "' is no path that may be published");
}

}  // namespace rollcall::render
