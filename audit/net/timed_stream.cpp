#include "audit/net/timed_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <stdexcept>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using boost::system::error_code;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// The socket of a stream, and what last went wrong with it: OpenSSL forgets which. Both return bytes or -1; with `broken`
// unset that is "not now".
struct transport {
    int socket = -1;
    error_code broken;

    ssize_t read(void* into, std::size_t size)
    {
        const auto n = ::recv(socket, into, size, 0);
        if (n > 0) return n;
        if (n == 0)
            broken = net::error::eof;
        else if (!would_block(errno))
            broken = error_code(errno, boost::system::system_category());
        return -1;
    }

    // A write to a closed connection is an error, and no signal.
    ssize_t write(const void* from, std::size_t size)
    {
        const auto n = ::send(socket, from, size, MSG_NOSIGNAL);
        if (n < 0 && !would_block(errno)) broken = error_code(errno, boost::system::system_category());
        return n;
    }
};

transport& transport_of(BIO* bio) { return *static_cast<transport*>(BIO_get_data(bio)); }

// Not OpenSSL's own socket BIO: that one lets a write to a closed connection end the process (SIGPIPE).
int read_socket(BIO* bio, char* into, int size)
{
    auto& t = transport_of(bio);
    BIO_clear_retry_flags(bio);
    const auto n = t.read(into, static_cast<std::size_t>(size));
    if (n < 0 && !t.broken) BIO_set_retry_read(bio);
    return static_cast<int>(n);
}

int write_socket(BIO* bio, const char* from, int size)
{
    auto& t = transport_of(bio);
    BIO_clear_retry_flags(bio);
    const auto n = t.write(from, static_cast<std::size_t>(size));
    if (n < 0 && !t.broken) BIO_set_retry_write(bio);
    return static_cast<int>(n);
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* socket_method()
{
    static BIO_METHOD* const method = [] {
        auto* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
        BIO_meth_set_read(m, read_socket);
        BIO_meth_set_write(m, write_socket);
        BIO_meth_set_ctrl(m, control);
        return m;
    }();
    return method;
}

}  // namespace

struct timed_stream::session {
    net::ip::tcp::socket socket;
    net::steady_timer timer;
    transport under;
    std::unique_ptr<SSL, void (*)(SSL*)> tls{nullptr, SSL_free};
    deadline until = deadline::max();
    std::uint64_t waits = 0;  // what was waited for earlier resumes nothing now

    session(net::ip::tcp::socket s, net::ssl::context* context) : socket(std::move(s)), timer(socket.get_executor()), under{socket.native_handle(), {}}
    {
        socket.native_non_blocking(true);
        error_code ignored;
        socket.set_option(net::ip::tcp::no_delay(true), ignored);  // a request is written whole: nothing would come to join it
        if (!context) return;
        tls.reset(SSL_new(context->native_handle()));
        BIO* bio = tls ? BIO_new(socket_method()) : nullptr;
        if (!bio) throw boost::system::system_error(error_code(ENOMEM, boost::system::system_category()), "a TLS session");
        BIO_set_data(bio, &under);
        BIO_set_init(bio, 1);
        SSL_set_bio(tls.get(), bio, bio);
        SSL_set_connect_state(tls.get());
        SSL_set_mode(tls.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    }
};

timed_stream::timed_stream(net::ip::tcp::socket socket, net::ssl::context* tls) : shared_(std::make_shared<session>(std::move(socket), tls)) {}

timed_stream::executor_type timed_stream::get_executor() { return executor_of(*shared_); }
timed_stream::executor_type timed_stream::executor_of(session& on) { return on.socket.get_executor(); }
SSL* timed_stream::native_handle() { return shared_->tls.get(); }
void timed_stream::expires_at(deadline until) { shared_->until = until; }

bool timed_stream::is_over(const session& on, std::chrono::milliseconds late) { return std::chrono::steady_clock::now() - late >= on.until; }

timed_stream::tried timed_stream::perform(session& on, act what, void* data, std::size_t size)
{
    if (what != act::handshake && size == 0) return {};
    tried out;
    on.under.broken = {};
    SSL* tls = on.tls.get();
    if (!tls) {
        const auto n = what == act::read ? on.under.read(data, size) : what == act::write ? on.under.write(data, size) : 0;
        if (n >= 0)
            out.bytes = static_cast<std::size_t>(n);
        else if (on.under.broken)
            out.ec = on.under.broken;
        else
            out.then = what == act::read ? tried::next::wait_to_read : tried::next::wait_to_write;
        return out;
    }
    ERR_clear_error();
    const int done = what == act::handshake ? SSL_do_handshake(tls)
                     : what == act::read    ? SSL_read_ex(tls, data, size, &out.bytes)
                                            : SSL_write_ex(tls, data, size, &out.bytes);
    if (done == 1) return out;
    out.bytes = 0;
    switch (SSL_get_error(tls, done)) {
        case SSL_ERROR_WANT_READ: out.then = tried::next::wait_to_read; break;
        case SSL_ERROR_WANT_WRITE: out.then = tried::next::wait_to_write; break;
        case SSL_ERROR_ZERO_RETURN: out.ec = net::error::eof; break;
        default:
            // The connection comes first: with it broken, whatever TLS says is only what follows.
            if (on.under.broken)
                out.ec = on.under.broken == net::error::eof ? error_code(net::ssl::error::stream_truncated) : on.under.broken;
            else if (const auto why = ERR_get_error())
                out.ec = error_code(static_cast<int>(why), net::error::get_ssl_category());
            else
                out.ec = net::ssl::error::unspecified_system_error;
    }
    return out;
}

void timed_stream::wait(const std::shared_ptr<session>& on, tried::next what, std::function<void(error_code)> resume)
{
    const auto ready = what == tried::next::wait_to_read ? net::ip::tcp::socket::wait_read : net::ip::tcp::socket::wait_write;
    const auto mine = ++on->waits;
    const auto once = [on, mine, resume = std::move(resume)](error_code ec) {
        if (on->waits != mine) return;
        ++on->waits;
        resume(ec);
    };
    if (on->until != deadline::max()) {
        on->timer.expires_at(on->until);
        on->timer.async_wait([on, mine, once](error_code ec) {
            if (ec || on->waits != mine) return;
            error_code ignored;
            on->socket.cancel(ignored);
            once(boost::beast::error::timeout);
        });
    }
    on->socket.async_wait(ready, [on, mine, once](error_code ec) {
        if (on->waits == mine) on->timer.cancel();
        once(ec);
    });
}

}  // namespace rollcall::audit
