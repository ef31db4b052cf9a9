// HTML and XML as events, by libxml2: any HTML is read as a browser would, without a tree.
#pragma once

#include "render/links/references.hpp"

namespace rollcall::render {

references references_of_html(std::string_view bytes);
references references_of_xml(std::string_view bytes);

}  // namespace rollcall::render
