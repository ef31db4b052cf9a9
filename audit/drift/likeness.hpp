// How alike two names, two tools are: what seems to be the same thing under another name.
#pragma once

#include "audit/drift/schema.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rollcall::audit::drift {

// 0 to 1 by the pairs of neighbouring letters they share; 1 if only case and separators differ.
double likeness_of_names(std::string_view a, std::string_view b);

// What of a tool is compared.
struct portrait {
    std::string name, plain_name;                // plain: lower-case, without separators
    std::string first_word_of_name, first_word;  // of the description
    std::vector<std::uint64_t> schema, words;    // sorted, each once: fields with their types; words of the description
    bool changes_things = true;                  // not annotated as read-only
};
portrait portrait_of(const nlohmann::json& tool);

// 0 to 1, by name, description and schema as far as there are any; 0 for tools that are plainly two.
double likeness_of(const portrait& a, const portrait& b);

// Tools that seem to be called otherwise now, as pairs of positions: the best match first, each at most once, only
// above a threshold. At most 16 likenesses a tool where there are many.
std::vector<std::pair<std::size_t, std::size_t>> renamed_tools(const std::vector<portrait>& gone, const std::vector<portrait>& fresh, budget& work);

}  // namespace rollcall::audit::drift
