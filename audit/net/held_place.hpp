// A place that somebody was given: it goes back, by `host.left(at)`, when this is destroyed. The host must outlive it.
#pragma once

#include <utility>

namespace rollcall::audit {

template <class Host, class At>
class held_place {
public:
    held_place() = default;
    held_place(Host& host, At at) : host_(&host), at_(std::move(at)) {}
    held_place(held_place&& other) noexcept { *this = std::move(other); }
    held_place& operator=(held_place&& other) noexcept
    {
        std::swap(host_, other.host_);
        std::swap(at_, other.at_);
        return *this;
    }
    ~held_place()
    {
        if (host_) host_->left(at_);
    }
    const At& at() const { return at_; }

private:
    Host* host_ = nullptr;
    At at_{};
};

}  // namespace rollcall::audit
