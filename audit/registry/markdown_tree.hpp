// A Markdown text as cmark reads it, and what we take out of its inline parts: code spans, links, words.
#pragma once

#include <cmark.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::detail {

struct node_deleter { void operator()(cmark_node* n) const { cmark_node_free(n); } };
using markdown_tree = std::unique_ptr<cmark_node, node_deleter>;

markdown_tree parse_tree(std::string_view text);

// One inline piece, in the order of the text.
struct inline_piece {
    enum kind : unsigned char { text, code, link, html } what;
    std::string words;          // text, code: what it says; link: what its text says; html: the tag
    std::string target;         // link
    bool pictured = false;      // link: around an image, which makes it a badge
};

// Of one paragraph or heading, and of nothing below another block.
std::vector<inline_piece> pieces_of(cmark_node* block);

// What they say, without links to badges and without code; white space made single.
std::string words_of(const std::vector<inline_piece>& pieces);

// Lines of the text that define what reference links lead to.
std::string link_definitions(std::string_view text);

}  // namespace rollcall::audit::detail
