// What a health document does to the state of an endpoint that answered.
#pragma once

#include "audit/health/report.hpp"

#include <string>

namespace rollcall::audit::health {

struct effect {
    bool degrades = false;  // up becomes degraded
    std::string component;  // the worst one; the first of several
    std::string reason;     // its code
    std::string words;      // "postgres is degraded (pool exhausted), and 2 more components": fit for a public page
};

// Only an endpoint that is up is degraded, and only by a document that was understood and says degraded or down. An
// unknown document, or one that was not to be had for reasons of ours, changes nothing. Names that may be those of
// hosts or accounts are not repeated.
effect effect_on(state endpoint, const report& document);

}  // namespace rollcall::audit::health
