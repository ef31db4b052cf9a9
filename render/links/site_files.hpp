// The files of a written site, from its folder or from its tar.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rollcall::render {

struct site_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Hands every file to `take`: its path below the site's root, and its bytes, which live as long as the call. What this
// program keeps in the folder for itself is no part of the site. Throws site_error for what is neither a folder nor a tar.
void each_file(const std::filesystem::path& site, const std::function<void(const std::string& path, std::string_view bytes)>& take);

}  // namespace rollcall::render
