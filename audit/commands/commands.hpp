// The commands of rollcall-audit: each adds its options and says what to do once they are known.
#pragma once

#include "data/model/time.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace rollcall::audit::commands {

// What a script can tell apart.
enum exit_code { ok = 0, finding = 1, misused = 2, failed = 3 };

// Set by the chosen command's callback: the program's exit code.
using result = int;

// What --at says, or the present moment if it says nothing. Throws config_error.
data::time_point nominal_time(const std::string& at);

void add_run(CLI::App& app, result& code);
void add_intake(CLI::App& app, result& code);
void add_probe(CLI::App& app, result& code);
void add_judge(CLI::App& app, result& code);
void add_shard(CLI::App& app, result& code);
void add_merge(CLI::App& app, result& code);
void add_prune(CLI::App& app, result& code);
void add_check(CLI::App& app, result& code);
void add_health(CLI::App& app, result& code);
void add_forget(CLI::App& app, result& code);
void add_planted(CLI::App& app, result& code);

}  // namespace rollcall::audit::commands
