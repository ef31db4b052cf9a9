#include "audit/probe/mask.hpp"

#include "audit/classify/ascii.hpp"

#include <algorithm>
#include <array>

namespace rollcall::audit {
namespace {

constexpr std::string_view masked = "[masked]";

bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// Characters of which tokens, keys and addresses are made.
bool in_word(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '+' || c == '=' || c == '~' || c == '@' || c == '%'; }

bool contains_word(std::string_view text, std::string_view needle)
{
    return std::ranges::search(text, needle, [](char a, char b) { return lower(a) == b; }).begin() != text.end();
}

bool is_email(std::string_view w)
{
    const auto at = w.find('@');
    return at != std::string_view::npos && at > 0 && w.find('.', at) != std::string_view::npos && at + 1 < w.size();
}

// A run of mixed letters and digits that is too long to be a word and has no shape of a host name or a version.
bool is_keylike(std::string_view w)
{
    static constexpr std::array prefixes{"sk-", "pk-", "sk_", "pk_", "ghp_", "gho_", "github_pat_", "xox", "eyj", "akia", "glpat-"};
    for (const std::string_view p : prefixes)
        if (w.size() >= p.size() + 8 && std::ranges::equal(w.substr(0, p.size()), p, [](char a, char b) { return lower(a) == b; })) return true;
    if (w.size() < 24) return false;
    const auto digits = std::ranges::count_if(w, is_digit), letters = std::ranges::count_if(w, is_letter);
    const auto dots = std::ranges::count(w, '.');
    return digits >= 4 && letters >= 4 && dots <= 2;
}

// "api_key": "...", token=..., Bearer ...: what follows such a word is a secret, whatever it looks like.
bool announces_secret(std::string_view before)
{
    static constexpr std::array words{"token", "secret", "password", "passwd", "api_key", "apikey", "api-key", "bearer", "authorization", "session_id", "sessionid"};
    while (!before.empty() && (before.back() == ' ' || before.back() == '"' || before.back() == '\'' || before.back() == ':' ||
                               before.back() == '=' || before.back() == '\\'))
        before.remove_suffix(1);
    for (const std::string_view w : words)
        if (before.size() >= w.size() && std::ranges::equal(before.substr(before.size() - w.size()), w, [](char a, char b) { return lower(a) == b; }))
            return true;
    return false;
}

}  // namespace

std::string mask(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (!in_word(text[at])) {
            out.push_back(text[at++]);
            continue;
        }
        auto end = at;
        while (end < text.size() && in_word(text[end])) ++end;
        auto word = text.substr(at, end - at);
        // key=value in one run: the key stays.
        std::string_view key;
        if (const auto equals = word.find('='); equals != std::string_view::npos && equals + 1 < word.size() && word[equals + 1] != '=') {
            key = word.substr(0, equals + 1);
            word.remove_prefix(equals + 1);
        }
        out += key;
        const bool announced = word.size() >= 6 && std::ranges::any_of(word, is_digit) &&
                               announces_secret(key.empty() ? text.substr(at > 24 ? at - 24 : 0, at > 24 ? 24 : at) : key);
        out += is_email(word) || is_keylike(word) || announced ? masked : word;
        at = end;
    }
    return out;
}

std::string mask_header(std::string_view name, std::string_view value)
{
    static constexpr std::array whole{"authorization", "proxy-authorization", "cookie", "set-cookie", "mcp-session-id", "x-api-key"};
    const auto key = lower(name);
    if (std::ranges::find(whole, key) != whole.end() || contains_word(key, "token") || contains_word(key, "secret"))
        return std::string(masked);
    return mask(value);
}

}  // namespace rollcall::audit
