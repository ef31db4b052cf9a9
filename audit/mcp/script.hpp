// A piece of a conversation as straight-line code: a lazy coroutine that suspends whenever it has something to say.
//
// Nothing runs in parallel and nothing waits: whoever holds the dialogue resumes the innermost script when the
// answer is there. Scripts are named before they are awaited, since g++ 12 destroys some temporaries twice.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace rollcall::audit::mcp {

template <class T>
class [[nodiscard]] script {
public:
    struct promise_type {
        std::optional<T> value;
        std::exception_ptr error;
        std::coroutine_handle<> caller;

        struct back_to_caller {
            bool await_ready() const noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) const noexcept
            {
                const auto waiting = self.promise().caller;
                return waiting ? waiting : std::noop_coroutine();
            }
            void await_resume() const noexcept {}
        };

        script get_return_object() { return script(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_always initial_suspend() const noexcept { return {}; }
        back_to_caller final_suspend() const noexcept { return {}; }
        void return_value(T v) { value.emplace(std::move(v)); }
        void unhandled_exception() { error = std::current_exception(); }
    };

    script(script&& other) noexcept : self_(std::exchange(other.self_, {})) {}
    script& operator=(script&&) = delete;
    ~script()
    {
        if (self_) self_.destroy();
    }

    void start() { self_.resume(); }
    bool done() const { return self_.done(); }
    T take()
    {
        if (self_.promise().error) std::rethrow_exception(self_.promise().error);
        return std::move(*self_.promise().value);
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept
    {
        self_.promise().caller = caller;
        return self_;
    }
    T await_resume() { return take(); }

private:
    explicit script(std::coroutine_handle<promise_type> self) : self_(self) {}
    std::coroutine_handle<promise_type> self_;
};

}  // namespace rollcall::audit::mcp
