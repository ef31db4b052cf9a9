#include "audit/registry/surrogates.hpp"

namespace rollcall::audit::detail {
namespace {

// The code of "\uXXXX" at `at`; nothing if there is no such escape.
std::optional<unsigned> escape_at(std::string_view text, std::size_t at)
{
    if (text.size() - at < 6 || text[at] != '\\' || text[at + 1] != 'u') return {};
    unsigned code = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return {};
        code = code * 16 + static_cast<unsigned>(digit);
    }
    return code;
}

bool is_high(unsigned code) { return code >= 0xd800 && code <= 0xdbff; }
bool is_low(unsigned code) { return code >= 0xdc00 && code <= 0xdfff; }

}  // namespace

std::optional<std::string> without_lone_surrogates(std::string_view json)
{
    std::optional<std::string> out;
    for (auto at = json.find('\\'); at != std::string_view::npos; at = json.find('\\', at)) {
        const auto code = escape_at(json, at);
        if (!code) {
            at += 2;  // another escape, or none at all: the parser says so
            if (at > json.size()) break;
            continue;
        }
        const auto next = is_high(*code) && json.size() - at >= 12 ? escape_at(json, at + 6) : std::nullopt;
        if (next && is_low(*next)) {
            at += 12;
            continue;
        }
        if (is_high(*code) || is_low(*code)) {
            if (!out) out = std::string(json);
            out->replace(at + 2, 4, "fffd");
        }
        at += 6;
    }
    return out;
}

}  // namespace rollcall::audit::detail
