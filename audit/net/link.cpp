#include "audit/net/link.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/net/head_text.hpp"
#include "audit/net/tls.hpp"
#include "audit/net/timed_stream.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <sstream>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::uint32_t header_limit = 64 * 1024;
constexpr unsigned most_interim = 32;

class http_link final : public link {
public:
    explicit http_link(timed_stream stream) : stream_(std::move(stream)) {}

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
        stream_.expires_at(until);
        std::ostringstream text;  // in one piece: header and body are one packet, one record of TLS
        text << message;
        const auto bytes = std::move(text).str();
        auto [ec, written] = co_await net::async_write(stream_, net::buffer(bytes), nothrow);
        // The peer may have answered and closed before it read everything: its answer is what counts.
        if (ec && ec != net::error::connection_reset && ec != net::error::broken_pipe)
            co_return failure_of(ec, data::step::http);
        co_return std::nullopt;
    }

    net::awaitable<std::variant<http_head, net_failure>> head(deadline until) override
    {
        stream_.expires_at(until);
        for (unsigned answers = 0; answers < most_interim; ++answers) {
            auto text = co_await head_text();
            if (auto* failure = std::get_if<net_failure>(&text)) {
                parser_.reset();
                co_return std::move(*failure);
            }
            parser_.emplace();
            parser_->header_limit(2 * header_limit);  // the limit is kept where the text is read
            parser_->body_limit(boost::none);
            error_code ec;
            const auto tidy = tidy_head(std::get<std::string>(text));
            parser_->put(net::buffer(tidy), ec);
            if (ec && ec != http::error::need_buffer) {
                parser_.reset();
                co_return failure_of(ec, data::step::http);
            }
            if (parser_->get().result_int() >= 200 || parser_->get().result_int() == 101) co_return head_of(parser_->get());
        }
        parser_.reset();
        co_return net_failure{data::reason::http_garbage, data::step::http, "interim answers (1xx) without end"};
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
        stream_.expires_at(until);
        auto [ec, read] = co_await http::async_read_some(stream_, buffer_, *parser_, nothrow);
        // Many small chunks of one packet are one piece; what is not whole yet is not waited for, since an event stream
        // may say nothing more. (An eager parser would wait.)
        while (!ec && body.size > 0 && buffer_.size() > 0 && !parser_->is_done()) {
            const auto used = parser_->put(buffer_.data(), ec);
            buffer_.consume(used);
            if (used == 0) break;
        }
        if (ec == http::error::need_more) ec = {};
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
    std::string_view received() const { return {static_cast<const char*>(buffer_.data().data()), buffer_.size()}; }

    // Reads up to the blank line.
    net::awaitable<std::variant<std::string, net_failure>> head_text()
    {
        for (std::size_t looked_at = 0;;) {
            if (auto wrong = what_is_not_http(received())) co_return net_failure{wrong->why, data::step::http, std::move(wrong->detail)};
            if (const auto end = end_of_head(received(), looked_at)) {
                std::string text(received().substr(0, *end));
                buffer_.consume(*end);
                co_return text;
            }
            if (received().size() > header_limit) co_return net_failure{data::reason::too_large, data::step::http, "a header of more than 64 KiB"};
            looked_at = received().size() - std::min<std::size_t>(received().size(), 2);
            auto [ec, read] = co_await stream_.async_read_some(buffer_.prepare(4096), nothrow);
            buffer_.commit(read);
            if (ec) co_return failure_of(ec, data::step::http);
        }
    }

    static http_head head_of(const http::response_header<>& header)
    {
        http_head out;
        out.answer.status = header.result_int();
        for (const auto& field : header) out.answer.headers.emplace_back(lower(std::string(field.name_string())), std::string(field.value()));
        return out;
    }

    timed_stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::response_parser<http::buffer_body>> parser_;
    std::array<char, 4 * 1024> chunk_{};  // thousands of links are open at once
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
    timed_stream stream(std::move(socket), tls);
    if (tls) {
        prepare_session(stream.native_handle(), host);
        stream.expires_at(until);
        auto [ec] = co_await stream.async_handshake(nothrow);
        read_tls_facts(stream.native_handle(), facts);
        if (ec) co_return explain_handshake(ec, stream.native_handle());
    }
    co_return std::make_unique<http_link>(std::move(stream));
}

}  // namespace rollcall::audit
