// The operator's own endpoints with known answers, looked at from every region before and after its probes.
#pragma once

#include "audit/net/egress.hpp"
#include "data/config/config.hpp"
#include "data/model/reason.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace rollcall::audit {

// Is that what was expected? `expected` is a reason's code or a class's letter; P means any good answer.
bool is_as_expected(const std::string& expected, data::reason seen);

struct control_result {
    std::int64_t region;
    data::control_source control;
    data::reason why;
    bool passed;
};

// Probes every control of the settings from every region, all at once, and what is not as expected twice more. Empty
// without controls. Blocks for no longer than three probes take.
std::vector<control_result> look_at_controls(const data::settings& settings, const std::vector<region_route>& regions, bool allow_private);

}  // namespace rollcall::audit
