// A health document from a file: bare, or with the head that `curl -i` writes before it.
#pragma once

#include "audit/classify/http_answer.hpp"

#include <string_view>

namespace rollcall::audit::health {

// A head is taken off, as are those of earlier answers (a proxy's, 100, redirects that were followed). Text without a
// head has status 0: nothing is known of how it came.
http_answer saved_answer(std::string_view text);

}  // namespace rollcall::audit::health
