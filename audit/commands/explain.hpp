// A probe's outcome for people and for machines. Pure: text in, text out.
#pragma once

#include "audit/probe/prober.hpp"
#include "data/model/owner.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace rollcall::audit::commands {

struct explained {
    std::string url;
    const probe_report& report;
    bool retried = false;
    // What its owner's record gave, and the nominal time of it; null if none was asked for.
    const data::owner_check* owner = nullptr;
    data::time_point now{};
    // The region that it was seen from, and how that goes out: "tokyo", "socks5"; empty: from here.
    std::string region{}, egress{};
};

// Steps with their times, verdict, reason in words, what to fix, the command that reproduces it.
std::string explain_as_text(const explained& e, bool colour);

// The same as one JSON document.
std::string explain_as_json(const explained& e);

// One line and an exit code of the monitoring-plugin convention: 0 up, 1 degraded, 2 down, 3 unknown.
std::string explain_as_plugin(const explained& e);
int plugin_code(const explained& e);

// It answered, and nothing that its owner registered failed.
bool is_fine(const explained& e);

}  // namespace rollcall::audit::commands
