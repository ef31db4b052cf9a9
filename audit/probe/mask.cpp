#include "audit/probe/mask.hpp"

#include "audit/classify/ascii.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <functional>

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

// Long enough, and not a word of prose ("the token is missing").
bool may_be_secret(std::string_view w)
{
    return w.size() >= 6 && std::ranges::any_of(w, is_digit);
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

// How much of "user:password@host..." is the user and the password: up to the last @ before the path. A password may
// hold any character but those that end an authority.
std::size_t userinfo_length(std::string_view authority)
{
    const auto at = authority.substr(0, authority.find_first_of("/?# \t\r\n\"'<>\\")).rfind('@');
    return at == std::string_view::npos ? 0 : at;
}

}  // namespace

std::string mask(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at).starts_with("://")) {
            out += "://";
            at += 3;
            if (const auto length = userinfo_length(text.substr(at))) {
                out += masked;
                at += length;
                if (at < text.size()) out.push_back(text[at++]);
            }
            continue;
        }
        if (!in_word(text[at])) {
            out.push_back(text[at++]);
            continue;
        }
        auto end = at;
        while (end < text.size() && in_word(text[end])) ++end;
        auto word = text.substr(at, end - at);
        // Announced by the words before it, the whole run is the secret: an equals sign in it is one of its characters.
        if (may_be_secret(word) && announces_secret(text.substr(at > 24 ? at - 24 : 0, at > 24 ? 24 : at))) {
            out += masked;
            at = end;
            continue;
        }
        // key=value in one run: the key stays.
        std::string_view key;
        if (const auto equals = word.find('='); equals != std::string_view::npos && equals + 1 < word.size() && word[equals + 1] != '=') {
            key = word.substr(0, equals + 1);
            word.remove_prefix(equals + 1);
        }
        if (is_keylike(key) || is_email(key))
            (out += masked) += '=';
        else
            out += key;
        const bool announced = may_be_secret(word) && announces_secret(key);
        out += is_email(word) || is_keylike(word) || announced ? masked : word;
        at = end;
    }
    return out;
}

std::string_view whole_words(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes) return text;
    while (bytes > 0 && in_word(text[bytes]) && in_word(text[bytes - 1])) --bytes;
    return text.substr(0, bytes);
}

std::string mask_header(std::string_view name, std::string_view value)
{
    static constexpr std::array whole{"authorization", "proxy-authorization", "cookie", "set-cookie", "mcp-session-id", "x-api-key"};
    const auto key = lower(name);
    if (std::ranges::find(whole, key) != whole.end() || contains_word(key, "token") || contains_word(key, "secret"))
        return std::string(masked);
    return mask(value);
}

namespace {

constexpr std::size_t shortest_secret = 4;

std::string percent_encoded(std::string_view text, std::string_view digits)
{
    std::string out;
    for (const char c : text) {
        if (is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

std::string json_escaped(std::string_view text)
{
    const auto quoted = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return quoted.substr(1, quoted.size() - 2);
}

// Base64 has three spellings of a text, by where it begins; the characters that depend on its neighbours are left out.
std::string base64_core(std::string_view text, std::size_t skipped, std::string_view digits)
{
    std::string out;
    text.remove_prefix(std::min(skipped, text.size()));
    for (; text.size() >= 3; text.remove_prefix(3)) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
        const unsigned group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (int shift = 18; shift >= 0; shift -= 6) out += digits[group >> shift & 63];
    }
    return out;
}

void add_spellings(std::string_view secret, std::vector<std::string>& out)
{
    if (secret.size() < shortest_secret) return;
    out.emplace_back(secret);
    out.push_back(json_escaped(secret));
    for (const std::string_view digits : {"0123456789ABCDEF", "0123456789abcdef"}) out.push_back(percent_encoded(secret, digits));
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (const std::string_view marks : {"+/", "-_"})
        for (std::size_t skipped = 0; skipped < 3; ++skipped)
            if (auto core = base64_core(secret, skipped, std::string(letters) + std::string(marks)); core.size() >= 8) out.push_back(std::move(core));
}

}  // namespace

std::string without_secrets(std::string text, const std::vector<std::string>& secrets)
{
    std::vector<std::string> spellings;
    for (const auto& secret : secrets) {
        add_spellings(secret, spellings);
        if (const auto space = secret.rfind(' '); space != std::string::npos) add_spellings(std::string_view(secret).substr(space + 1), spellings);
    }
    // The longest first: none leaves the end of a longer one.
    std::ranges::sort(spellings, std::greater{}, &std::string::size);
    for (const auto& s : spellings)
        for (std::size_t at = 0; (at = text.find(s, at)) != std::string::npos; at += masked.size()) text.replace(at, s.size(), masked);
    return text;
}

}  // namespace rollcall::audit
