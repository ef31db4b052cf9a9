#include "audit/net/link.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/net/tls.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <openssl/err.h>

#include <array>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

using plain_stream = beast::tcp_stream;
using tls_stream = net::ssl::stream<beast::tcp_stream>;

constexpr std::uint32_t header_limit = 64 * 1024;

template <class Stream>
class http_link final : public link {
public:
    explicit http_link(Stream stream) : stream_(std::move(stream)) {}

    net::awaitable<std::optional<net_failure>> send(const http_request& request, deadline until) override
    {
        http::request<http::string_body> message;
        message.version(11);
        message.method_string(request.method);
        message.target(request.target);
        message.set(http::field::host, request.host);
        for (const auto& [name, value] : request.headers) message.set(name, value);
        message.body() = request.body;
        if (request.method == "POST") message.prepare_payload();

        parser_.reset();
        beast::get_lowest_layer(stream_).expires_at(until);
        auto [ec, written] = co_await http::async_write(stream_, message, nothrow);
        // The peer may have answered and closed before it read everything: its answer is what counts.
        if (ec && ec != net::error::connection_reset && ec != net::error::broken_pipe)
            co_return failure_of(ec, data::step::http);
        co_return std::nullopt;
    }

    net::awaitable<std::variant<http_head, net_failure>> head(deadline until) override
    {
        for (;;) {
            parser_.emplace();
            parser_->header_limit(header_limit);
            parser_->body_limit(boost::none);
            beast::get_lowest_layer(stream_).expires_at(until);
            auto [ec, read] = co_await http::async_read_header(stream_, buffer_, *parser_, nothrow);
            if (ec) {
                const auto failure = explain_head(ec);
                parser_.reset();
                co_return failure;
            }
            if (parser_->get().result_int() >= 200 || parser_->get().result_int() == 101) break;  // skip 1xx
        }
        http_head out;
        out.answer.status = parser_->get().result_int();
        for (const auto& field : parser_->get()) {
            out.answer.headers.emplace_back(lower(std::string(field.name_string())), std::string(field.value()));
        }
        co_return out;
    }

    net::awaitable<http_piece> piece(deadline until) override
    {
        http_piece out;
        if (!parser_ || parser_->is_done()) {
            out.last = true;
            co_return out;
        }
        auto& body = parser_->get().body();
        body.data = chunk_.data();
        body.size = chunk_.size();
        beast::get_lowest_layer(stream_).expires_at(until);
        auto [ec, read] = co_await http::async_read_some(stream_, buffer_, *parser_, nothrow);
        out.bytes.assign(chunk_.data(), chunk_.size() - body.size);
        if (ec == http::error::need_buffer) ec = {};
        // A server that ends a TLS connection without close_notify, after a message without length, has said it all.
        if (ec == net::ssl::error::stream_truncated && parser_->need_eof()) {
            out.last = true;
            co_return out;
        }
        if (ec)
            out.failure = failure_of(ec, data::step::http);
        else
            out.last = parser_->is_done();
        co_return out;
    }

    bool reusable() const override { return parser_ && parser_->is_done() && parser_->keep_alive() && !parser_->need_eof(); }

private:
    // Bytes that are not HTTP/1 may still be HTTP/2's first frame (RFC 9113 section 3.4: a SETTINGS frame).
    net_failure explain_head(const error_code& ec)
    {
        auto failure = failure_of(ec, data::step::http);
        if (failure.why == data::reason::http_garbage) {
            const auto bytes = buffer_.data();
            const auto* start = static_cast<const unsigned char*>(bytes.data());
            if (bytes.size() >= 9 && start[0] == 0 && start[3] == 4 && start[5] == 0 && start[8] == 0)
                failure.why = data::reason::http2_only;
        }
        return failure;
    }

    Stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::response_parser<http::buffer_body>> parser_;
    std::array<char, 16 * 1024> chunk_{};
};

net_failure explain_handshake(const error_code& ec, SSL* session)
{
    auto failure = failure_of(ec, data::step::tls);
    if (const auto fault = fault_of_certificate(session); fault && !failure.timed_out) {
        failure.why = fault->why;
        failure.detail = fault->detail;
    }
    return failure;
}

}  // namespace

net::awaitable<std::variant<std::unique_ptr<link>, net_failure>> make_link(net::ip::tcp::socket socket, net::ssl::context* tls,
                                                                           std::string host, data::path_facts& facts, deadline until)
{
    if (!tls) co_return std::make_unique<http_link<plain_stream>>(plain_stream(std::move(socket)));

    tls_stream stream(plain_stream(std::move(socket)), *tls);
    prepare_session(stream.native_handle(), host);
    ERR_clear_error();
    beast::get_lowest_layer(stream).expires_at(until);
    auto [ec] = co_await stream.async_handshake(net::ssl::stream_base::client, nothrow);
    read_tls_facts(stream.native_handle(), facts);
    if (ec) co_return explain_handshake(ec, stream.native_handle());
    co_return std::make_unique<http_link<tls_stream>>(std::move(stream));
}

}  // namespace rollcall::audit
