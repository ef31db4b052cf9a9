#include "audit/net/watched_link.hpp"

#include "audit/net/dial.hpp"

#include <algorithm>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using data::reason;

class watched_link final : public link {
public:
    watched_link(std::unique_ptr<link> inner, const egress& out, std::chrono::milliseconds limit, resolver& dns)
        : inner_(std::move(inner)), out_(out), limit_(limit), dns_(dns)
    {
    }

    net::awaitable<std::optional<net_failure>> send(const http_request& request, deadline until) override
    {
        auto failure = co_await inner_->send(request, until);
        if (failure) co_await doubt(*failure, out_, limit_, dns_);
        co_return failure;
    }

    net::awaitable<std::variant<http_head, net_failure>> head(deadline until) override
    {
        auto head = co_await inner_->head(until);
        if (auto* failure = std::get_if<net_failure>(&head)) co_await doubt(*failure, out_, limit_, dns_);
        co_return head;
    }

    net::awaitable<http_piece> piece(deadline until) override
    {
        auto piece = co_await inner_->piece(until);
        if (piece.failure) co_await doubt(*piece.failure, out_, limit_, dns_);
        co_return piece;
    }

    bool reusable() const override { return inner_->reusable(); }

private:
    std::unique_ptr<link> inner_;
    const egress& out_;
    std::chrono::milliseconds limit_;
    resolver& dns_;
};

}  // namespace

net::awaitable<void> doubt(net_failure& f, const egress& out, std::chrono::milliseconds limit, resolver& dns)
{
    const bool broke = f.timed_out || f.why == reason::tcp_reset || f.why == reason::tls_handshake;
    if (!broke || co_await proxy_lives(out, limit, dns)) co_return;
    f.why = reason::proxy_failed;
    f.timed_out = false;
    f.detail = "the connection through our proxy broke, and the proxy is gone";
}

std::unique_ptr<link> watch(std::unique_ptr<link> inner, const egress& out, std::chrono::milliseconds limit, resolver& dns)
{
    return std::make_unique<watched_link>(std::move(inner), out, std::min(limit, std::chrono::milliseconds(2000)), dns);
}

}  // namespace rollcall::audit
