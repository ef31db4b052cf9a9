// What the scripts of one conversation share: who we are, the numbers of our requests, and the way to the peer.
#pragma once

#include "audit/mcp/conversation.hpp"
#include "audit/mcp/script.hpp"

#include <coroutine>
#include <optional>
#include <string>
#include <string_view>

namespace rollcall::audit::mcp {

class dialogue {
public:
    dialogue(hints known_facts, client_info client, limits all_caps)
        : known(std::move(known_facts)), who(std::move(client)), caps(all_caps)
    {}

    const hints known;
    const client_info who;
    const limits caps;

    int new_id() { return ++last_id_; }
    std::size_t asked() const { return asked_; }  // asks handed out so far

    struct speaking {
        dialogue& through;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> here) const noexcept { through.waiting_ = here; }
        heard await_resume() const { return *through.answer_; }
    };

    // `heard h = co_await talk.say(a)`: hands the ask out, suspends, and gives what came of it.
    speaking say(ask a)
    {
        wanted_ = std::move(a);
        ++asked_;
        return {*this};
    }

    // For the holder: the ask that a script handed out, and the answer to it.
    std::optional<ask> take_wanted() { return std::exchange(wanted_, std::nullopt); }
    void answer_with(const heard& h)
    {
        answer_ = &h;
        waiting_.resume();
        answer_ = nullptr;
    }

private:
    std::optional<ask> wanted_;
    const heard* answer_ = nullptr;
    std::coroutine_handle<> waiting_;
    int last_id_ = 0;
    std::size_t asked_ = 0;
};

}  // namespace rollcall::audit::mcp
