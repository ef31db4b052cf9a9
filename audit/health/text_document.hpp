// Health in plain text: a word, lines of components, the verbose checks of Kubernetes, what health tools throw.
#pragma once

#include "audit/health/walk.hpp"

#include <string>
#include <string_view>

namespace rollcall::audit::health {

struct text_reading {
    reading read;
    family form = family::none;  // none: not understood
};

text_reading read_text(std::string_view text, const std::string& subject);

}  // namespace rollcall::audit::health
