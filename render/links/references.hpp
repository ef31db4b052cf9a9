// What a file of the site leads to, and the places in it that others may lead to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::render {

struct reference {
    std::string target;  // as it is written, without the references to characters
    std::size_t line;
};

struct anchor { std::string id; std::size_t line; };

struct references {
    std::vector<reference> links;
    std::vector<anchor> anchors;  // in the order of the file, doubles too
    std::string base;             // of a <base href>; empty without one
    std::string problem;          // it could not be read to its end as what its name says
};

// By the ending of the path: pages, feeds, drawings and other XML, style sheets, documents. Of documents those strings
// count that begin with `base_url` and are not the words of strangers. Anything else leads nowhere.
references references_of(std::string_view path, std::string_view bytes, std::string_view base_url);

}  // namespace rollcall::render
