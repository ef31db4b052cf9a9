// The words in which documents speak of a state.
#pragma once

#include "data/model/verdict.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rollcall::audit::health {

// Where a word counts. The same word is a state in one place and something harmless in another: "log_level": "error",
// "env": "live". So most words count only where a state is expected.
enum class word_scope { state_only, anywhere, breaker, indicator, pace };

struct word_row {
    std::string_view word;
    data::state is;
    word_scope scope;
    std::string_view reason;  // where the word says more than the state does
};

// The row of a word, in any case, with spaces or hyphens for underscores. Empty for a word that we do not know.
// `about` is the name of what it is said of: some words count only of some things.
std::optional<word_row> find_word(std::string_view word, std::string_view about = {});

// May a word under this name be the state of a component of that name? Not under "log_level" or "last_status".
bool may_hold_state(std::string_view member);

// "unhealthy: connection refused" -> the word's row and what follows. A text without a colon is all word.
struct spoken_word { word_row row; std::string_view rest; };
std::optional<spoken_word> split_word(std::string_view text, std::string_view about = {});

// latencyMs, "Latency-ms", "latency ms" -> latency_ms; at most 64 characters of a-z, 0-9 and "_".
std::string snake(std::string_view name);

}  // namespace rollcall::audit::health
