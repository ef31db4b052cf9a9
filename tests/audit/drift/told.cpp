#include "tests/audit/drift/told.hpp"

#include <algorithm>

namespace rollcall::tests {

using audit::drift::comparison;
using nlohmann::json;

std::string told(const comparison& c)
{
    if (!c.problem.empty()) return "problem: " + c.problem;
    std::string out;
    for (const auto& change : c.changes) {
        if (!out.empty()) out += "; ";
        out += std::string(code_of(change.grade())) + " " + std::string(row_of(change.what).code);
        if (!change.subject.empty()) out += " " + change.subject;
        if (!change.keyword.empty()) out += " " + change.keyword;
    }
    return out;
}

std::string with_input(std::string_view schema, std::string_view members)
{
    return R"([{"name":"t","inputSchema":)" + std::string(schema) + (members.empty() ? "" : ",") + std::string(members) + "}]";
}

std::string with_output(std::string_view schema)
{
    return R"([{"name":"t","inputSchema":{"type":"object"},"outputSchema":)" + std::string(schema) + "}]";
}

bool places_lead_somewhere(const comparison& c, std::string_view before, std::string_view after)
{
    const auto old = json::parse(before), fresh = json::parse(after);
    return std::ranges::all_of(c.changes, [&](const audit::drift::change& one) {
        const json::json_pointer place(one.place);
        const auto holds = [&](const json& tools, const std::string& name) {
            return std::ranges::any_of(tools, [&](const json& t) { return t["name"] == name && t.contains(place); });
        };
        return holds(fresh, one.renamed.empty() ? one.tool : one.renamed) || holds(old, one.tool);
    });
}

}  // namespace rollcall::tests
