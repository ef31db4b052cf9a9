#include "audit/commands/children.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace rollcall::audit::commands {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr long patience_ms = 200;

volatile std::sig_atomic_t asked_to_end = 0;

// While it lives, SIGINT and SIGTERM are noted, and seen only where somebody waits for them.
class signals_noted {
public:
    signals_noted()
    {
        sigset_t ours;
        sigemptyset(&ours);
        sigaddset(&ours, SIGINT);
        sigaddset(&ours, SIGTERM);
        sigprocmask(SIG_BLOCK, &ours, &before_);
        struct sigaction note {};
        note.sa_handler = [](int which) { asked_to_end = which; };
        asked_to_end = 0;
        sigaction(SIGINT, &note, &interrupt_);
        sigaction(SIGTERM, &note, &terminate_);
    }
    signals_noted(const signals_noted&) = delete;
    ~signals_noted()
    {
        sigaction(SIGINT, &interrupt_, nullptr);
        sigaction(SIGTERM, &terminate_, nullptr);
        sigprocmask(SIG_SETMASK, &before_, nullptr);
    }
    const sigset_t& before() const { return before_; }

private:
    sigset_t before_{};
    struct sigaction interrupt_ {}, terminate_ {};
};

struct running {
    pid_t pid = 0;
    int errors = -1;  // its standard error, to be read
    std::string text;
    progress_counts counts{};
};

running start(const child& c, const sigset_t& mask)
{
    std::array<int, 2> pipe{};
    if (pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), c.name);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, pipe[1], STDERR_FILENO);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    posix_spawnattr_setsigdefault(&how, &usual);
    posix_spawnattr_setsigmask(&how, &mask);
    posix_spawnattr_setpgroup(&how, 0);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

    std::string program = "rollcall-audit";
    std::vector<std::string> words = c.arguments;
    std::vector<char*> argv{program.data()};
    for (auto& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    running out;
    const int error = posix_spawn(&out.pid, "/proc/self/exe", &files, &how, argv.data(), environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    close(pipe[1]);
    if (error != 0) {
        close(pipe[0]);
        throw std::system_error(error, std::generic_category(), c.name + " could not be started");
    }
    out.errors = pipe[0];
    return out;
}

// Takes whole lines from what a child said; without an end a line is cut.
void take_lines(running& r, const std::string& name, const std::function<void(const std::string&)>& say, bool at_end)
{
    for (;;) {
        auto end = r.text.find('\n');
        if (end == std::string::npos && (r.text.size() > longest_line || (at_end && !r.text.empty()))) end = std::min(r.text.size(), longest_line);
        if (end == std::string::npos) return;
        const auto line = r.text.substr(0, end);
        r.text.erase(0, end + 1);
        if (const auto counts = parse_counts(line))
            r.counts = *counts;
        else if (!line.empty())
            say(name + ": " + line);
    }
}

progress_counts sum_of(const std::vector<running>& all)
{
    progress_counts out;
    for (const auto& r : all) {
        out.total += r.counts.total;
        out.done += r.counts.done;
        out.good += r.counts.good;
        out.now.in_flight += r.counts.now.in_flight;
        out.now.aside += r.counts.now.aside;
        if (r.counts.now.queued > out.now.queued) std::tie(out.now.queued, out.now.queue) = std::tie(r.counts.now.queued, r.counts.now.queue);
    }
    return out;
}

void wait_for(std::vector<running>& all, std::vector<child>& children)
{
    for (std::size_t i = 0; i < all.size(); ++i) {
        int status = 0;
        while (waitpid(all[i].pid, &status, 0) < 0 && errno == EINTR) {}
        children[i].code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        children[i].signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        if (all[i].errors >= 0) close(all[i].errors);
    }
}

}  // namespace

children_result run_children(std::vector<child>& all, progress& shown, const std::function<void(const std::string&)>& say)
{
    using clock = std::chrono::steady_clock;
    const signals_noted noted;
    std::vector<running> living;
    try {
        for (const auto& c : all) living.push_back(start(c, noted.before()));
    } catch (...) {
        for (const auto& r : living) kill(r.pid, SIGTERM);
        wait_for(living, all);
        throw;
    }

    children_result out;
    for (;;) {
        std::vector<pollfd> watched;
        std::vector<std::size_t> of;
        for (std::size_t i = 0; i < living.size(); ++i)
            if (living[i].errors >= 0) {
                watched.push_back({living[i].errors, POLLIN, 0});
                of.push_back(i);
            }
        if (watched.empty()) break;
        const timespec patience{0, patience_ms * 1'000'000};
        ppoll(watched.data(), watched.size(), &patience, &noted.before());
        if (asked_to_end != 0) {
            out.interrupted = true;
            for (const auto& r : living)
                if (r.errors >= 0) kill(r.pid, asked_to_end);  // a pid is ours until it is waited for
            asked_to_end = 0;
        }
        for (std::size_t w = 0; w < watched.size(); ++w) {
            if (watched[w].revents == 0) continue;
            auto& r = living[of[w]];
            std::array<char, 16 * 1024> bytes;
            const auto got = read(r.errors, bytes.data(), bytes.size());
            if (got < 0 && errno == EINTR) continue;
            if (got > 0) r.text.append(bytes.data(), static_cast<std::size_t>(got));
            take_lines(r, all[of[w]].name, say, got <= 0);
            if (got <= 0) close(std::exchange(r.errors, -1));
        }
        out.counts = sum_of(living);
        shown.set(out.counts);
        shown.tick(clock::now(), out.counts.now);
    }
    wait_for(living, all);
    return out;
}

void end_with_parent()
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() == 1) kill(getpid(), SIGTERM);  // it died before we asked
}

}  // namespace rollcall::audit::commands
