#include "audit/commands/commands.hpp"

#include "data/config/config.hpp"

namespace rollcall::audit::commands {

data::time_point nominal_time(const std::string& at)
{
    // The one place that reads the wall clock.
    if (at.empty()) return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (const auto t = data::parse_time(at)) return *t;
    throw data::config_error("--at: \"" + at.substr(0, 80) + "\", expected a time such as 2026-11-21T02:30:00Z");
}

}  // namespace rollcall::audit::commands
