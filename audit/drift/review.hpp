// What in a text a person should look at before a model reads it: characters that nobody sees, characters that turn
// the line around, and phrases that speak to the model instead of about the tool. Noticed, never judged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::drift {

enum class sign_kind : std::uint8_t { invisible, bidirectional, instruction };
std::string_view code_of(sign_kind k) noexcept;  // "invisible"

struct sign {
    sign_kind what = sign_kind::invisible;
    char32_t code_point = 0;  // of a character
    std::string phrase;       // of an instruction: the words as they were recognised, lower-case
    std::size_t count = 1;
    bool operator==(const sign&) const = default;
};

// Each character and phrase once, in order of first appearance. Selectors that belong to an emoji, joiners within emoji
// and within scripts that need them, and the tags of regional flags are ordinary writing.
std::vector<sign> signs_in(std::string_view utf8);

// Those that `after` has more of than `before`; `count` is how many more.
std::vector<sign> signs_gained(std::string_view before, std::string_view after);

// "U+200B", "\"ignore all previous instructions\""
std::string words_of(const sign& s);

// The text without control, bidirectional and invisible characters: each replaced by U+FFFD.
std::string safe_to_show(std::string_view utf8);

}  // namespace rollcall::audit::drift
