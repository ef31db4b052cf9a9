// Copies of this program as child processes, one for each part of a round, and what they say while they run.
#pragma once

#include "audit/round/progress.hpp"

#include <functional>
#include <string>
#include <vector>

namespace rollcall::audit::commands {

struct child {
    std::string name;                    // "part 2/4", for what is said about it
    std::vector<std::string> arguments;  // without the program's name
    // How it ended.
    int code = 0;    // exit code
    int signal = 0;  // that ended it; 0: none
    bool well() const { return code == 0 && signal == 0; }
};

struct children_result {
    bool interrupted = false;  // SIGINT or SIGTERM came and was handed to all of them
    progress_counts counts{};  // the sum of what they last said
};

// Starts all and waits until all have ended. Each line on a child's standard error is a line of counts (progress.hpp) or
// handed to `say` with the child's name before it; the sums go to `shown`. A signal that would end us is handed to the
// children, each in a process group of its own, so that a person's Ctrl-C reaches them once. Throws std::system_error if
// one cannot be started; those that were are told to end, and waited for.
children_result run_children(std::vector<child>& all, progress& shown, const std::function<void(const std::string&)>& say);

// The child's side: it is told to end when the process that started it dies.
void end_with_parent();

}  // namespace rollcall::audit::commands
