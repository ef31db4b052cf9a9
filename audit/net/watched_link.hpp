// A connection through a proxy: when it breaks, is it the server's doing, or has the proxy gone?
#pragma once

#include "audit/net/egress.hpp"
#include "audit/net/link.hpp"
#include "audit/net/resolver.hpp"

#include <chrono>
#include <memory>

namespace rollcall::audit {

// A connection that broke, or fell silent, is no evidence about the server unless the proxy still takes us in: then `f`
// becomes proxy_failed. What a server said, however wrong, is left alone.
boost::asio::awaitable<void> doubt(net_failure& f, const egress& out, std::chrono::milliseconds limit, resolver& dns);

// The link, with each failure doubted. `out` and `dns` must outlive it.
std::unique_ptr<link> watch(std::unique_ptr<link> inner, const egress& out, std::chrono::milliseconds limit, resolver& dns);

}  // namespace rollcall::audit
