// What changed between two tool lists, tool by tool, graded for those who call the tools. Pure: two texts in, a list of
// changes out; the same texts give the same list.
#pragma once

#include "audit/drift/change.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::drift {

struct caps {
    std::size_t changes = 500;          // kept; the rest is counted
    std::size_t changes_of_a_tool = 100;
    std::size_t work = 200'000;         // steps of comparing schemas, over all tools
    std::size_t work_of_a_tool = 20'000;
    std::size_t likenesses = 50'000;    // of tools and fields that may have been renamed
    int depth = 64;                     // of the JSON texts
};

struct comparison {
    std::string problem;  // not empty: one of the texts is not a tool list, and all else means nothing

    std::vector<change> changes;  // worst first, then by tool and place
    std::array<std::size_t, grade_count> count{};  // by grade, those left out included
    std::size_t left_out = 0;     // changes counted but not kept
    std::size_t for_review = 0;   // changes whose new text a person should read, those left out included
    std::size_t tools_before = 0, tools_after = 0;
    std::size_t likenesses = 0;   // how often two tools or fields were asked how alike they are

    // The worst of all; nothing if nothing changed.
    std::optional<grade> worst() const noexcept;
};

// Both texts are JSON arrays of tools in the form of mcp::contract::manifest. Never throws for any text.
comparison compare_manifests(std::string_view before, std::string_view after, const caps& limits = {});

}  // namespace rollcall::audit::drift
