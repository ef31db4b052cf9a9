// `rollcall-render check-links`: does everything in a written site lead somewhere?
#pragma once

#include <filesystem>
#include <string>

namespace rollcall::render {

struct check_links_options {
    std::filesystem::path site;  // a folder or a tar
    std::string base_url;
};

// Names every finding on the standard output, one a line. True if there is none. Throws what reading throws.
bool check_links_of(const check_links_options& o);

}  // namespace rollcall::render
