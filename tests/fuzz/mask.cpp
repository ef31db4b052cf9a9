// What is kept of a conversation for people. "$S" in the input is where a secret stands; the first line is a header's
// name, the rest its value or a body.
#include "audit/probe/mask.hpp"
#include "audit/probe/transcript.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

using namespace rollcall::audit;
using namespace rollcall::fuzz;

namespace {

constexpr std::string_view secret = "Zq7xW3kP9vR2mT5nB8cD4fG6";

bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("_-.+=~@%").find(c) != std::string_view::npos;
}

// The text with the secret in its place; a dotted word around it is a host name's shape, which is let through.
bool plant(std::string& text)
{
    bool any = false;
    for (auto at = text.find("$S"); at != std::string::npos; at = text.find("$S", at + secret.size())) {
        auto from = at, to = at + 2;
        while (from > 0 && in_word(text[from - 1])) --from;
        while (to < text.size() && in_word(text[to])) ++to;
        if (text.substr(from, to - from).find('.') != std::string::npos) return false;
        text.replace(at, 2, secret);
        any = true;
    }
    return any;
}

// Not even a good part of it.
bool tells(std::string_view text)
{
    for (std::size_t i = 0; i + 12 <= secret.size(); ++i)
        if (text.find(secret.substr(i, 12)) != std::string_view::npos) return true;
    return false;
}
void must_not_tell(std::string_view text, const char* fact) { must(!tells(text), fact, text); }

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto input = text_of(data, size);
    const std::string name(take_line(input));
    std::string text(input);
    // A part that libFuzzer learnt from our own comparisons is no secret that we planted.
    if (tells(name) || tells(text)) return 0;
    const bool planted = plant(text);

    const auto masked = mask(text);
    must(masked.size() <= text.size() + text.size() / 6 * 8 + 8, "masking does not blow up");
    must(mask(masked) == masked, "what is masked stays as it is", masked);

    transcript t;
    t.heard({200, {{name, text}}, {}});
    t.body(text);
    t.note("the end");
    must(t.text().size() <= 40 * 1024, "a transcript has a bound");
    for (const char c : t.text()) must(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f), "nothing that paints on a terminal");
    for (const std::string_view whole : {"authorization", "Set-Cookie", "MCP-Session-Id", "x-auth-token"})
        must(mask_header(whole, text) == "[masked]", "a credential's field is masked whole");

    if (planted) {
        must_not_tell(masked, "a secret does not survive");
        must_not_tell(mask_header(name, text), "a secret does not survive in a field");
        must_not_tell(t.text(), "a secret does not survive in a transcript, not even where it is cut");
    }
    return 0;
}
