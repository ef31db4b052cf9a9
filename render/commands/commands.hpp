// The command line of rollcall-render.
#pragma once

namespace rollcall::render {

// Exit codes: 0 ok, 1 a finding, 2 bad usage, 3 the run itself failed.
int run_command_line(int argc, const char* const* argv);

}  // namespace rollcall::render
