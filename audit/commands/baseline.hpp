// A tool list kept in a file, and today's compared with it: what `check --save` and `check --baseline` do.
#pragma once

#include "audit/drift/diff.hpp"
#include "data/model/cell.hpp"
#include "data/model/time.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace rollcall::audit::commands {

struct baseline {
    std::string url;
    data::time_point at{};
    data::era era = data::era::unknown;
    std::string protocol_version, server_name, server_version;
    std::string contract_hash, full_hash;
    std::string manifest;  // canonical array of the tools
};

// Of a good cell; throws std::runtime_error, saying why, of one without a whole list: nothing can be compared with it.
baseline baseline_of(const std::string& url, data::time_point at, const data::cell& c);

// The file's text: JSON, indented, so that a change of the file is a readable change of the tools.
std::string to_text(const baseline& b);

// Throws data::config_error: "tools.json: /era: \"old\", expected \"legacy\" or \"modern\"".
baseline parse_baseline(std::string_view text, const std::string& file);
baseline load_baseline(const std::filesystem::path& file);

// Replaces the file as a whole or not at all. Throws data::config_error if another kind of file stands there,
// std::runtime_error if it cannot be written.
void save_baseline(const std::filesystem::path& file, const baseline& b);

// Today's list against the file's.
struct against {
    const baseline& before;
    std::string file;
    std::optional<drift::comparison> changes;  // nothing: they could not be compared
    std::string why_not;
    bool no_list = false;  // why not: the server gave none today
};
against compare_with(const baseline& before, const std::string& file, const data::cell& today);

std::string as_text(const against& a, bool colour);
nlohmann::ordered_json as_json(const against& a);

// What a script is told: 0 nothing that breaks a caller, 1 something that does, or no list today; 3 not comparable.
int code_of(const against& a);

}  // namespace rollcall::audit::commands
