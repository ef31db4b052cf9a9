// The tool list of one server, page by page: checked as the official clients check it, gathered.
#pragma once

#include "audit/classify/classify.hpp"
#include "data/model/cell.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::mcp {

class tool_list {
public:
    struct caps {
        std::size_t pages = 50;
        std::size_t tools = 2000;
        std::size_t bytes = 8u << 20;  // of all pages: no further one is asked for
    };
    enum class after { ask_next, complete, refused };

    tool_list(data::era era, const caps& limits) : era_(era), caps_(limits) {}

    // Takes the `result` of a tools/list, whose text had so many bytes. refused: see problem(); ask_next: ask with next_cursor().
    after add_page(const nlohmann::json& result, std::size_t bytes = 0);

    const finding& problem() const { return problem_; }
    const std::string& next_cursor() const { return cursor_; }
    std::size_t pages() const { return pages_; }
    const std::vector<nlohmann::json>& tools() const { return tools_; }
    const std::vector<data::warning>& warnings() const { return warnings_; }  // in order of appearance

private:
    after refuse(data::reason why, std::string detail);
    bool check_list(const nlohmann::json& result);
    bool check_tool(const nlohmann::json& tool, std::size_t index);
    void warn(data::warning w);

    data::era era_;
    caps caps_;
    finding problem_{};
    std::string cursor_;
    std::size_t pages_ = 0, bytes_ = 0;
    std::vector<nlohmann::json> tools_;
    std::set<std::string> names_;
    std::set<std::string> used_cursors_;
    std::vector<data::warning> warnings_;
};

// What of a tool's definition the official clients refuse, as a path and what is wrong there
// ("inputSchema.type: not \"object\""); empty if they take it.
std::optional<std::string> tool_fault(const nlohmann::json& tool, data::era era);

// An `x-mcp-header` declaration against the rules of 2026-07-28: clients drop the tool.
bool has_bad_header_declaration(const nlohmann::json& input_schema);

// Oddities below the root of a JSON Schema, which clients live with. References are never followed.
struct schema_oddities {
    bool invalid = false;        // not a schema by its dialect
    bool bad_reference = false;  // to the network, to another document, or to nothing
};
schema_oddities look_into_schema(const nlohmann::json& schema);

}  // namespace rollcall::audit::mcp
