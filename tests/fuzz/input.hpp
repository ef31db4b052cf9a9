// What the fuzzers share: an input as text that a person can write too, and the one way to say what must hold.
//
// Where an input needs more than one text, its first line holds the choices and the rest is the foreign text:
//
//     200 application/json; 3 17 1
//     {"jsonrpc":"2.0", ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

namespace rollcall::fuzz {

// Ends the run, and libFuzzer keeps the input: a fact about the product turned out to be false.
inline void must(bool holds, const char* fact, std::string_view seen = {})
{
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", fact);
    if (!seen.empty()) std::fprintf(stderr, "seen: %.*s\n", static_cast<int>(seen.size() < 2000 ? seen.size() : 2000), seen.data());
    std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size)
{
    return size ? std::string_view(reinterpret_cast<const char*>(data), size) : std::string_view();
}

// Takes off what stands before the next `mark`, which is dropped; all of it if there is none.
inline std::string_view take_to(std::string_view& rest, std::string_view mark)
{
    const auto at = rest.find(mark);
    const auto taken = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + mark.size());
    return taken;
}

inline std::string_view take_line(std::string_view& rest) { return take_to(rest, "\n"); }

// Takes a decimal number off the front, and one blank behind it; 0 where there is none.
inline unsigned take_number(std::string_view& rest, unsigned most)
{
    unsigned n = 0;
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
        n = n > most ? n : n * 10 + static_cast<unsigned>(rest.front() - '0');
        rest.remove_prefix(1);
    }
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    return n > most ? most : n;
}

// Hands the text on in slices whose lengths the choices say, over and over: each byte one length, from 1 to 64.
// Stops when told to.
inline void in_slices(std::string_view choices, std::string_view text, const std::function<bool(std::string_view)>& go_on)
{
    for (std::size_t i = 0; !text.empty(); ++i) {
        const auto length = choices.empty() ? text.size() : static_cast<unsigned char>(choices[i % choices.size()]) % 64u + 1;
        if (!go_on(text.substr(0, length))) return;
        text.remove_prefix(length < text.size() ? length : text.size());
    }
}

// Unicode table 3-7, written down once more: what the product replaces is judged by somebody else.
inline bool is_utf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto b = [&](std::size_t n) { return i + n < text.size() ? static_cast<unsigned char>(text[i + n]) : 0u; };
        const auto more = [&](std::size_t n) { return b(n) >= 0x80 && b(n) <= 0xBF; };
        if (b(0) < 0x80) i += 1;
        else if (b(0) >= 0xC2 && b(0) <= 0xDF && more(1)) i += 2;
        else if (b(0) >= 0xE0 && b(0) <= 0xEF && more(1) && more(2) && (b(0) != 0xE0 || b(1) >= 0xA0) && (b(0) != 0xED || b(1) <= 0x9F)) i += 3;
        else if (b(0) >= 0xF0 && b(0) <= 0xF4 && more(1) && more(2) && more(3) && (b(0) != 0xF0 || b(1) >= 0x90) && (b(0) != 0xF4 || b(1) <= 0x8F)) i += 4;
        else return false;
    }
    return true;
}

// Fit for a cell and a page: UTF-8, no control characters, no longer than promised.
inline void must_be_one_line(std::string_view text, std::size_t most, const char* what)
{
    must(text.size() <= most, what, text);
    must(is_utf8(text), what, text);
    for (const char c : text) must(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, what, text);
}

}  // namespace rollcall::fuzz

// What libFuzzer calls, once an input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
