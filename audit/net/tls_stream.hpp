// TLS over a connected socket. The library reads and writes the socket itself, so a connection that waits holds no
// buffers: boost::asio::ssl::stream keeps 68 KiB for each, and thousands wait at once.
//
// An asynchronous stream in Asio's sense: one read and one write at a time.
#pragma once

#include "audit/net/nothrow.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace rollcall::audit {

class tls_stream {
public:
    using executor_type = boost::asio::ip::tcp::socket::executor_type;

    // `context` must outlive it. Throws boost::system::system_error if there is no memory for a session.
    tls_stream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context);

    executor_type get_executor();
    SSL* native_handle();

    // What begins after this and takes longer ends with beast::error::timeout.
    void expires_at(deadline until);

    // Completes with (error_code). A connection that ends in the middle is net::ssl::error::stream_truncated.
    template <class Token>
    auto async_handshake(Token&& token)
    {
        return boost::asio::async_compose<Token, void(boost::system::error_code)>(step<act::handshake>{shared_, {}, 0}, token, get_executor());
    }

    // Complete with (error_code, bytes), as Asio's streams do. An end that was announced (close_notify) is net::error::eof.
    template <class Buffers, class Token>
    auto async_read_some(const Buffers& into, Token&& token)
    {
        const auto first = first_of<boost::asio::mutable_buffer>(into);
        return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(step<act::read>{shared_, first.data(), first.size()}, token, get_executor());
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& from, Token&& token)
    {
        const auto first = first_of<boost::asio::const_buffer>(from);
        return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
            step<act::write>{shared_, const_cast<void*>(first.data()), first.size()}, token, get_executor());
    }

private:
    enum class act { handshake, read, write };
    struct session;

    // What one try came to: bytes, an error, or what the socket must be ready for before the next.
    struct tried {
        boost::system::error_code ec;
        std::size_t bytes = 0;
        enum class next { done, wait_to_read, wait_to_write } then = next::done;
    };
    static tried perform(session& on, act what, void* data, std::size_t size);
    // Arms the deadline; `socket_of` is then waited for.
    static void arm(const std::shared_ptr<session>& on);
    static void disarm(session& on);
    // A wait that was cut short by the deadline says so.
    static boost::system::error_code waited(session& on, boost::system::error_code ec);
    static boost::asio::ip::tcp::socket& socket_of(session& on);

    template <class Buffer, class Buffers>
    static Buffer first_of(const Buffers& all)
    {
        for (auto it = boost::asio::buffer_sequence_begin(all); it != boost::asio::buffer_sequence_end(all); ++it)
            if (const Buffer one(*it); one.size() > 0) return one;
        return {};
    }

    template <act What>
    struct step {
        std::shared_ptr<session> on;
        void* data = nullptr;
        std::size_t size = 0;
        bool begun = false, ended = false;
        tried last{};

        template <class Self>
        void operator()(Self& self, boost::system::error_code ec = {})
        {
            if (!ended) {
                last = ec ? tried{waited(*on, ec), 0, tried::next::done} : perform(*on, What, data, size);
                if (last.then != tried::next::done) {
                    begun = true;
                    arm(on);
                    auto& socket = socket_of(*on);
                    const auto ready = last.then == tried::next::wait_to_read ? boost::asio::ip::tcp::socket::wait_read : boost::asio::ip::tcp::socket::wait_write;
                    socket.async_wait(ready, std::move(self));
                    return;
                }
                disarm(*on);
                ended = true;
                // Never completed from within its own beginning.
                if (!begun) {
                    boost::asio::post(socket_of(*on).get_executor(), std::move(self));
                    return;
                }
            }
            if constexpr (What == act::handshake)
                self.complete(last.ec);
            else
                self.complete(last.ec, last.bytes);
        }
    };

    std::shared_ptr<session> shared_;
};

}  // namespace rollcall::audit
