// Texts that somebody was meant to fill in first.
#include "audit/url/parts.hpp"

namespace rollcall::audit::detail {
namespace {

bool has_pair(std::string_view text, char open, char close) noexcept
{
    const std::size_t at = text.find(open);
    return at != std::string_view::npos && text.find(close, at) != std::string_view::npos;
}

// "[YOUR_TOKEN]". In a query only capitals count: "filter[name]=x" is how some frameworks write a parameter.
bool has_bracketed_words(std::string_view text) noexcept
{
    const std::size_t query = text.find('?');
    std::size_t open = text.find('[');
    while (open != std::string_view::npos) {
        bool words = true, letter = false;
        std::size_t at = open + 1;
        for (; at < text.size() && text[at] != ']' && words; ++at) {
            const char c = text[at];
            letter = letter || is_alpha(c);
            words = (is_alpha(c) && (open < query || c < 'a')) || is_digit(c) || c == '_' || c == '-';
        }
        if (words && letter && at < text.size()) return true;
        open = text.find('[', at);
    }
    return false;
}

bool has_your(std::string_view text) noexcept
{
    for (std::size_t at = text.find("YOUR"); at != std::string_view::npos; at = text.find("YOUR", at + 1))
        if (at + 5 < text.size() && (text[at + 4] == '_' || text[at + 4] == '-') && is_alpha(text[at + 5])) return true;
    return false;
}

bool has_your_label(std::string_view host)
{
    const std::string name = lower(host);
    return name.starts_with("your-") || name.find(".your-") != std::string::npos;
}

}  // namespace

bool is_template(std::string_view text)
{
    const auto authority = parse_reference(text).authority;
    const std::string_view host = authority ? parse_authority(*authority).host : std::string_view();
    const bool ipv6 = host.starts_with('[') && host.ends_with(']') && host.find(':') != std::string_view::npos;
    const std::string_view rest =
        ipv6 ? text.substr(static_cast<std::size_t>(host.data() - text.data()) + host.size()) : text;
    return has_pair(rest, '{', '}') || rest.find("%7B") != std::string_view::npos ||
           rest.find("%7b") != std::string_view::npos || has_pair(rest, '<', '>') || has_bracketed_words(rest) ||
           rest.find('*') != std::string_view::npos || rest.find("\u2022") != std::string_view::npos ||
           rest.find("\u2026") != std::string_view::npos || has_your(rest) || has_your_label(host);
}

}  // namespace rollcall::audit::detail
