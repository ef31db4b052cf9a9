#include "audit/health/saved_answer.hpp"

#include "audit/classify/ascii.hpp"

#include <optional>

namespace rollcall::audit::health {
namespace {

std::string_view next_line(std::string_view& text)
{
    const auto end = text.find('\n');
    const auto line = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return line;
}

// "HTTP/1.1 503 Service Unavailable", "HTTP/2 200"
std::optional<unsigned> status_in(std::string_view line)
{
    if (!line.starts_with("HTTP/")) return std::nullopt;
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto code = trim(line.substr(space)).substr(0, 3);
    if (code.size() != 3 || code[0] < '1' || code[0] > '5' || !is_digit(code[1]) || !is_digit(code[2])) return std::nullopt;
    return static_cast<unsigned>((code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0'));
}

}  // namespace

http_answer saved_answer(std::string_view text)
{
    http_answer out;
    for (;;) {
        auto rest = text;
        const auto status = status_in(next_line(rest));
        if (!status) break;
        out.status = *status;
        out.headers.clear();
        while (!rest.empty()) {
            const auto line = next_line(rest);
            if (line.empty()) break;
            if (const auto colon = line.find(':'); colon != std::string_view::npos)
                out.headers.emplace_back(lower(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
        }
        text = rest;
    }
    out.body = text;
    return out;
}

}  // namespace rollcall::audit::health
