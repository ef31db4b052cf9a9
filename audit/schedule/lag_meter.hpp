// How late this process's own thread runs: a timer that should fire every 100 ms.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <map>

namespace rollcall::audit {

class lag_meter {
public:
    using clock = std::chrono::steady_clock;
    explicit lag_meter(boost::asio::io_context& context);
    void start();
    void stop();
    // The worst delay seen at or after that moment.
    std::chrono::milliseconds worst_since(clock::time_point from) const;
    // How late it is at this moment.
    std::chrono::milliseconds now() const;

private:
    void tick();
    boost::asio::steady_timer timer_;
    std::map<clock::time_point, std::chrono::milliseconds> late_;  // only delays worth a note
    clock::time_point due_;
    std::chrono::milliseconds last_{0};
    bool running_ = false;
};

}  // namespace rollcall::audit
