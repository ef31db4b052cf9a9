// What one JSON object says of itself: its state, why, and in which words.
#pragma once

#include "audit/health/report.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::health {

using json = nlohmann::ordered_json;

struct said {
    bool spoke = false;       // something that should be a state stood there
    bool understood = false;  // and we know the word
    state word = state::unknown;  // by the word alone
    state is = state::unknown;    // with what its flags add
    std::string reason;       // the document's own code for it, or what its error text is about
    std::string word_reason;  // what the word itself says beyond the state; counts less than a broken limit
    std::string note;
    std::vector<std::string> used;  // names of the members that this was read from
};

// `name` is the component's. `failed_answer`: the document came with a server error, so that a bare "detail" tells why.
said read_object(const json& object, std::string_view name, bool failed_answer);

// "status", "state", "health" and the like.
bool is_state_name(std::string_view snake_name);

// Does this object speak of a state at all, so that it is a component where it stands?
bool is_component(const json& value);

// Is one, or holds one somewhere below.
bool holds_components(const json& value);

// {"db": {"status": "down"}} under "error" lists what failed; {"message": "..."} or a text says that something did.
bool is_error(const json& value);

// HTTP's word for a state: 2xx up, 503 degraded, other 5xx down, everything else unknown.
state state_of_http(unsigned status) noexcept;

// A yes or no about a state: "db_connected", "reachable", "throttled". `good` is the value that means up.
struct flag_row {
    bool good;
    state otherwise;
    std::string_view reason;  // empty: the flag's own name is one
};
const flag_row* find_flag(std::string_view snake_name);

}  // namespace rollcall::audit::health
