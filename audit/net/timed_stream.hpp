// A connected socket, with TLS on it or without, whose every step has a deadline.
//
// The TLS library reads and writes the socket itself, so a connection that waits holds no buffers: boost::asio::ssl::stream
// keeps 68 KiB for each, and thousands wait at once. And a step that is out of time ends right there, on the timer: with
// an operation that is cancelled first, an end waits in the queue of a busy thread twice.
//
// An asynchronous stream in Asio's sense: one step at a time, each on the socket's executor, which is one thread.
#pragma once

#include "audit/net/nothrow.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/error.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace rollcall::audit {

class timed_stream {
public:
    using executor_type = boost::asio::ip::tcp::socket::executor_type;

    // With TLS where there is a context, which must outlive it. Throws boost::system::system_error if there is no memory
    // for a session.
    timed_stream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

    executor_type get_executor();
    SSL* native_handle();  // null without TLS

    // For what begins after this: it ends with beast::error::timeout when it is not done by then, and nothing is said to
    // the peer that was not begun by then. What the peer said is read even up to `grace` later, since a busy thread comes
    // late to bytes that were in time; and no longer, since no timer would ever end a peer that always has one more ready.
    static constexpr std::chrono::milliseconds grace{500};
    void expires_at(deadline until);

    // Completes with (error_code). A connection that ends in the middle is net::ssl::error::stream_truncated.
    template <class Token>
    auto async_handshake(Token&& token)
    {
        return boost::asio::async_compose<Token, void(boost::system::error_code)>(step<act::handshake>{shared_, {}, 0}, token, get_executor());
    }

    // Complete with (error_code, bytes), as Asio's streams do. An end that was announced (FIN; close_notify of TLS) is
    // net::error::eof.
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
    static bool is_over(const session& on, std::chrono::milliseconds late);
    // Calls `resume` once: when the socket is ready, when waiting failed, or at the deadline.
    static void wait(const std::shared_ptr<session>& on, tried::next what, std::function<void(boost::system::error_code)> resume);
    static executor_type executor_of(session& on);

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
        bool waited = false, ended = false;
        tried last{};

        template <class Self>
        void operator()(Self& self, boost::system::error_code ec = {})
        {
            if (!ended) {
                if (!ec && is_over(*on, What == act::read || waited ? grace : std::chrono::milliseconds(0))) ec = boost::beast::error::timeout;
                last = ec ? tried{ec, 0, tried::next::done} : perform(*on, What, data, size);
                if (last.then != tried::next::done) {
                    waited = true;
                    const auto stream = on;
                    const auto then = last.then;
                    const auto kept = std::make_shared<Self>(std::move(self));
                    wait(stream, then, [kept](boost::system::error_code result) { (*kept)(result); });
                    return;
                }
                ended = true;
                // Never completed from within its own beginning.
                if (!waited) {
                    boost::asio::post(executor_of(*on), std::move(self));
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
