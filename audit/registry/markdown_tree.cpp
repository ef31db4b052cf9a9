#include "audit/registry/markdown_tree.hpp"

#include <algorithm>

namespace rollcall::audit::detail {
namespace {

std::string literal(cmark_node* node)
{
    const char* text = cmark_node_get_literal(node);
    return text ? text : "";
}

bool is_block(cmark_node_type type) { return type >= CMARK_NODE_FIRST_BLOCK && type <= CMARK_NODE_LAST_BLOCK; }

}  // namespace

markdown_tree parse_tree(std::string_view text)
{
    return markdown_tree(cmark_parse_document(text.data(), text.size(), CMARK_OPT_VALIDATE_UTF8));
}

// Walked without recursion: how deep a stranger nests is theirs.
std::vector<inline_piece> pieces_of(cmark_node* block)
{
    std::vector<inline_piece> out;
    bool in_link = false;
    unsigned images = 0;
    const std::unique_ptr<cmark_iter, void (*)(cmark_iter*)> walk(cmark_iter_new(block), cmark_iter_free);
    for (auto event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE; event = cmark_iter_next(walk.get())) {
        cmark_node* node = cmark_iter_get_node(walk.get());
        const auto type = cmark_node_get_type(node);
        const bool enter = event == CMARK_EVENT_ENTER;
        if (node != block && is_block(type)) continue;
        const auto say = [&](const std::string& words) {
            if (in_link)
                out.back().words += words;
            else
                out.push_back({inline_piece::text, words, {}, false});
        };
        switch (type) {
            case CMARK_NODE_IMAGE:
                images = enter ? images + 1 : images - std::min(images, 1u);
                if (enter && in_link) out.back().pictured = true;
                break;
            case CMARK_NODE_LINK:
                in_link = enter;
                if (enter) {
                    const char* url = cmark_node_get_url(node);
                    out.push_back({inline_piece::link, {}, url ? url : "", false});
                }
                break;
            case CMARK_NODE_TEXT:
                if (images == 0) say(literal(node));
                break;
            case CMARK_NODE_CODE:
                if (images > 0) break;
                if (in_link)
                    say(literal(node));
                else
                    out.push_back({inline_piece::code, literal(node), {}, false});
                break;
            case CMARK_NODE_SOFTBREAK:
            case CMARK_NODE_LINEBREAK:
                if (images == 0) say(" ");
                break;
            case CMARK_NODE_HTML_INLINE:
                if (!in_link) out.push_back({inline_piece::html, literal(node), {}, false});
                break;
            default: break;
        }
    }
    return out;
}

std::string words_of(const std::vector<inline_piece>& pieces)
{
    std::string out;
    for (const auto& p : pieces) {
        if (p.what != inline_piece::text && p.what != inline_piece::link) continue;
        for (const char c : p.words) {
            const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (!blank)
                out += c;
            else if (!out.empty() && out.back() != ' ')
                out += ' ';
        }
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string link_definitions(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\r\n"), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto start = line.find_first_not_of(' ');
        if (start == std::string_view::npos || start > 3 || line[start] != '[') continue;
        const auto close = line.find("]:");
        if (close == std::string_view::npos || close == start + 1) continue;
        (out += line) += '\n';
    }
    return out;
}

}  // namespace rollcall::audit::detail
