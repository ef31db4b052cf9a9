// Do all links of a written site lead somewhere?
#pragma once

#include "render/links/site_files.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace rollcall::render {

struct finding {
    std::string page;
    std::size_t line;
    std::string link;  // as it is written; or the id that stands there twice
    std::string what;  // in words
    bool operator==(const finding&) const = default;
};

struct link_check {
    std::size_t files = 0, pages = 0, links = 0;  // links: those that lead inside the site
    std::vector<finding> findings;                // by page, in the order of their lines
};

// Looks at every page, feed, drawing, style sheet and document: a link must lead to a file, to a folder with an index.html, to an
// id that its page has; an id stands once in a page; an absolute link to the site's own host stays below `base_url`, which may
// be empty. Links to other sites are not followed. Throws site_error for what cannot be read.
link_check check_links(const std::filesystem::path& site, const std::string& base_url);

}  // namespace rollcall::render
