// Finds the components of a JSON health document, in its order, with their states, reasons and figures.
#pragma once

#include "audit/health/report.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace rollcall::audit::health {

// What was read of a document, before HTTP's own word is heard.
struct reading {
    std::vector<component> components;
    bool spoke = false, understood = false;  // the document as a whole names a state; in a word that we know
    state whole = state::unknown;               // by that word alone
    std::vector<oddity> oddities;
    std::vector<std::string> recognised, unrecognised;
};

// `failed_answer`: it came with a server error. The component that a document without names is about is `subject`.
reading walk(const nlohmann::ordered_json& document, const std::string& subject, bool failed_answer);

}  // namespace rollcall::audit::health
