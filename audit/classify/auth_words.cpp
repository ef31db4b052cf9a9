#include "audit/classify/auth_words.hpp"

#include "audit/classify/ascii.hpp"

#include <array>

namespace rollcall::audit {
namespace {

constexpr std::array<std::string_view, 9> phrases{"unauthorised", "unauthorized",      "authenticat", "login",   "log in",
                                                  "signin",       "sign in",           "permission denied", "forbidden"};
constexpr std::array<std::string_view, 4> lacking{"missing", "invalid", "no", "expired"};
constexpr std::array<std::string_view, 5> credentials{"token", "apikey", "api key", "api-key", "credential"};

// How far behind "missing" the thing that is missing may stand.
constexpr std::size_t reach = 20;
constexpr std::size_t longest_credential = 10;

bool names_credential_soon(std::string_view text, std::size_t after)
{
    const auto window = text.substr(after, reach + longest_credential);
    for (const auto word : credentials)
        if (const auto at = window.find(word); at != std::string_view::npos && at <= reach) return true;
    // "api_key", "api.key": any one character between
    const auto api = window.find("api");
    return api != std::string_view::npos && api <= reach && window.substr(api).size() > 6 && window.substr(api + 4, 3) == "key";
}

}  // namespace

bool speaks_of_auth(std::string_view raw)
{
    const std::string text = lower(raw.substr(0, 4096));
    if (text.find("session") != std::string::npos) return false;
    for (const auto phrase : phrases)
        if (text.find(phrase) != std::string::npos) return true;
    for (const auto word : lacking)
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
            if (names_credential_soon(text, at + word.size())) return true;
    return false;
}

}  // namespace rollcall::audit
