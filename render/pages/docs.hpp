// The documentation of the site: hand-written Markdown, with the addresses and figures of this site in it.
#pragma once

#include "render/documents/documents.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::render {

// A page of documentation, for the index and the footer.
struct doc_page { const char* folder; const char* title; const char* description; };
const std::vector<doc_page>& doc_pages();

// A heading of a text and its anchor.
struct heading { int level; std::string id, text; };

// Gives each heading of HTML that cmark made an id ("what-never-changes"; the second of a name ends in "-2"), and
// tells what they are.
std::vector<heading> anchor_headings(std::string& html);

// A kind of document of the API: where it is, by which schema, what it is.
struct api_row { std::string path, schema, title, what; };
const std::vector<api_row>& api_rows();

}  // namespace rollcall::render
