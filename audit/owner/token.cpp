#include "audit/owner/token.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace rollcall::audit::owner {
namespace {

constexpr double last_second = 253402300799.0;  // 9999-12-31T23:59:59Z
constexpr std::size_t longest_token = 64 * 1024;

// RFC 4648 section 5, without padding. Empty if a character does not belong.
std::string base64url(std::string_view text)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    unsigned bits = 0, held = 0;
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    for (const char c : text) {
        const auto value = digits.find(c);
        if (value == std::string_view::npos) return {};
        bits = bits << 6 | static_cast<unsigned>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<char>(bits >> held & 0xff));
    }
    return out;
}

}  // namespace

std::optional<data::time_point> jwt_expiry(std::string_view token)
{
    if (token.size() > longest_token) return std::nullopt;
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
    const auto claims = nlohmann::json::parse(base64url(token.substr(first + 1, second - first - 1)), nullptr, /*allow_exceptions=*/false);
    if (!claims.is_object()) return std::nullopt;
    const auto exp = claims.find("exp");
    if (exp == claims.end() || !exp->is_number()) return std::nullopt;
    const auto seconds = exp->get<double>();
    if (!(seconds >= 0 && seconds <= last_second)) return std::nullopt;
    return data::time_point(std::chrono::seconds(static_cast<std::int64_t>(std::floor(seconds))));
}

}  // namespace rollcall::audit::owner
