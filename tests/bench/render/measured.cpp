#include "tests/bench/render/measured.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>

namespace rollcall::bench {
namespace {

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; }

}  // namespace

cost measured(const std::function<void()>& work)
{
    std::fflush(nullptr);
    ::sync();  // so that no work pays for what the one before left to be written
    const auto begun = std::chrono::steady_clock::now();
    const auto child = fork();
    if (child < 0) throw std::runtime_error("cannot start a process");
    if (child == 0) {
        int code = 0;
        try {
            work();
        } catch (const std::exception& e) {
            std::fprintf(stderr, "%s\n", e.what());
            code = 3;
        }
        _exit(code);
    }
    int status = 0;
    rusage used{};
    if (wait4(child, &status, 0, &used) != child || status != 0) throw std::runtime_error("the work failed");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    return {took.count(), seconds(used.ru_utime) + seconds(used.ru_stime), static_cast<double>(used.ru_maxrss) / 1024};
}

}  // namespace rollcall::bench
