#include "render/links/style.hpp"

#include <algorithm>

namespace rollcall::render {
namespace {

constexpr std::string_view blank = " \t\n\r\f";

void skip_blank(std::string_view css, std::size_t& at) { at = std::min(css.find_first_not_of(blank, at), css.size()); }

// The string or the bare word at `at`, which is moved past it.
std::string_view word_at(std::string_view css, std::size_t& at, std::string_view ends)
{
    skip_blank(css, at);
    const bool quoted = at < css.size() && (css[at] == '"' || css[at] == '\'');
    const auto begin = quoted ? at + 1 : at;
    const auto end = std::min(quoted ? css.find(css[at], begin) : css.find_first_of(ends, begin), css.size());
    at = end;
    auto word = css.substr(begin, end - begin);
    if (!quoted) word = word.substr(0, word.find_last_not_of(blank) + 1);
    return word;
}

}  // namespace

std::vector<reference> targets_of_style(std::string_view css)
{
    std::vector<reference> out;
    const auto line_of = [&](std::size_t at) { return 1 + static_cast<std::size_t>(std::ranges::count(css.substr(0, at), '\n')); };
    for (std::size_t at = 0; at < css.size();) {
        const auto rest = css.substr(at);
        if (rest.starts_with("/*")) {
            const auto end = css.find("*/", at + 2);
            at = end == std::string_view::npos ? css.size() : end + 2;
        } else if (rest.starts_with("url(")) {
            const auto line = line_of(at);
            at += 4;
            out.push_back({std::string(word_at(css, at, ")")), line});
        } else if (rest.starts_with("@import")) {
            const auto line = line_of(at);
            at += 7;
            skip_blank(css, at);
            if (css.substr(at).starts_with("url(")) continue;
            out.push_back({std::string(word_at(css, at, ";")), line});
        } else {
            ++at;
        }
    }
    return out;
}

}  // namespace rollcall::render
