#include "data/model/secret.hpp"

#include <algorithm>
#include <array>

namespace rollcall::data {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Words of a parameter's name, whichever way they are joined: "demo_token", "accessToken", "X-API-Key".
std::string plain(std::string_view name)
{
    std::string out;
    for (const char c : name)
        if (c != '_' && c != '-' && c != '.') out += lower(c);
    return out;
}

bool names_secret(std::string_view name)
{
    const auto word = plain(name);
    for (const std::string_view whole : {"key", "auth", "pass", "pwd", "sig", "jwt", "sessionid", "sid"})
        if (word == whole) return true;
    for (const std::string_view part : {"token", "secret", "password", "passwd", "apikey", "accesskey", "authkey", "privatekey", "credential", "signature", "bearer"})
        if (word.find(part) != std::string::npos) return true;
    return false;
}

bool looks_secret(std::string_view value)
{
    constexpr std::array<std::string_view, 12> prefixes{"sk-", "pk-", "sk_", "pk_", "ghp_", "gho_", "github_pat_", "xoxb-", "xoxp-", "eyJ", "AKIA", "glpat-"};
    return std::ranges::any_of(prefixes, [&](std::string_view p) { return value.size() >= p.size() + 8 && value.starts_with(p); });
}

}  // namespace

std::string shown_url(std::string_view url)
{
    const auto mark = url.find('?');
    if (mark == std::string_view::npos) return std::string(url);
    const auto end_of_query = std::min(url.find('#', mark), url.size());
    std::string out(url.substr(0, mark + 1));
    for (auto at = mark + 1; at < end_of_query;) {
        const auto end = std::min(url.find('&', at), end_of_query);
        const auto parameter = url.substr(at, end - at);
        const auto equals = parameter.find('=');
        const auto value = equals == std::string_view::npos ? parameter : parameter.substr(equals + 1);
        const bool secret = equals == std::string_view::npos ? looks_secret(value) : !value.empty() && (names_secret(parameter.substr(0, equals)) || looks_secret(value));
        if (secret) {
            if (equals != std::string_view::npos) out += parameter.substr(0, equals + 1);
            out += "masked";
        } else {
            out += parameter;
        }
        if (end < end_of_query) out += '&';
        at = end + 1;
    }
    return out += url.substr(end_of_query);
}

}  // namespace rollcall::data
