// A connection that has a place at its address for as long as it lives.
#pragma once

#include "audit/net/address_gate.hpp"
#include "audit/net/link.hpp"

#include <memory>
#include <utility>

namespace rollcall::audit {

class placed_link final : public link {
public:
    placed_link(std::unique_ptr<link> inner, address_gate::place where) : where_(std::move(where)), inner_(std::move(inner)) {}

    boost::asio::awaitable<std::optional<net_failure>> send(const http_request& request, deadline until) override { return inner_->send(request, until); }
    boost::asio::awaitable<std::variant<http_head, net_failure>> head(deadline until) override { return inner_->head(until); }
    boost::asio::awaitable<http_piece> piece(deadline until) override { return inner_->piece(until); }
    bool reusable() const override { return inner_->reusable(); }

private:
    address_gate::place where_;  // given back after the connection is closed
    std::unique_ptr<link> inner_;
};

}  // namespace rollcall::audit
