// Changes as short lines, for tables: "breaking parameter_now_required region".
#pragma once

#include "audit/drift/diff.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace rollcall::tests {

// One line a change, joined by "; ": grade, kind, subject, and where they matter the keyword and the values.
std::string told(const audit::drift::comparison& c);

// The list of one tool `t` with this input schema; `members` are more of its members, as JSON without braces.
std::string with_input(std::string_view schema, std::string_view members = "");
std::string with_output(std::string_view schema);

// Each change's place leads to something, in the later list or in the earlier.
bool places_lead_somewhere(const audit::drift::comparison& c, std::string_view before, std::string_view after);

}  // namespace rollcall::tests
