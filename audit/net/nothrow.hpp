// How coroutines wait here: every network step completes with an error code in its result, never with a throw.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace rollcall::audit {

inline constexpr auto nothrow = boost::asio::as_tuple(boost::asio::use_awaitable);

using deadline = std::chrono::steady_clock::time_point;

}  // namespace rollcall::audit
