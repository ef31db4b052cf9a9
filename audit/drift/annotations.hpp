// The hints by which clients decide to call a tool without asking, or to repeat a call.
#pragma once

#include "audit/drift/change.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>
#include <vector>

namespace rollcall::audit::drift {

// What the tool promises where the hint is set its safe way: "to change nothing". Empty for what is no such hint.
std::string_view promise_of(std::string_view hint) noexcept;

// Of the `annotations` of two versions of a tool, by what they mean: a hint that is not there has its default.
std::vector<change> changes_of_annotations(const nlohmann::json& before, const nlohmann::json& after);

}  // namespace rollcall::audit::drift
