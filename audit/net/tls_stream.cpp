#include "audit/net/tls_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>

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

// The socket under a session, and what last went wrong with it: OpenSSL forgets which.
struct transport {
    int socket = -1;
    error_code broken;
};

transport& transport_of(BIO* bio) { return *static_cast<transport*>(BIO_get_data(bio)); }

// Not OpenSSL's own socket BIO: that one lets a write to a closed connection end the process (SIGPIPE).
int read_socket(BIO* bio, char* into, int size)
{
    auto& t = transport_of(bio);
    BIO_clear_retry_flags(bio);
    const auto n = ::recv(t.socket, into, static_cast<std::size_t>(size), 0);
    if (n > 0) return static_cast<int>(n);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        BIO_set_retry_read(bio);
    else
        t.broken = n == 0 ? error_code(net::error::eof) : error_code(errno, boost::system::system_category());
    return -1;
}

int write_socket(BIO* bio, const char* from, int size)
{
    auto& t = transport_of(bio);
    BIO_clear_retry_flags(bio);
    const auto n = ::send(t.socket, from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (n >= 0) return static_cast<int>(n);
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        BIO_set_retry_write(bio);
    else
        t.broken = error_code(errno, boost::system::system_category());
    return -1;
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

struct tls_stream::session {
    net::ip::tcp::socket socket;
    net::steady_timer timer;
    transport under;
    std::unique_ptr<SSL, void (*)(SSL*)> tls;
    deadline until = deadline::max();
    std::uint64_t waits = 0;  // a deadline of an earlier wait ends no later one
    bool expired = false;

    session(net::ip::tcp::socket s, SSL_CTX* context)
        : socket(std::move(s)), timer(socket.get_executor()), under{socket.native_handle(), {}}, tls(SSL_new(context), SSL_free)
    {
        BIO* bio = tls ? BIO_new(socket_method()) : nullptr;
        if (!bio) throw boost::system::system_error(error_code(ENOMEM, boost::system::system_category()), "a TLS session");
        BIO_set_data(bio, &under);
        BIO_set_init(bio, 1);
        SSL_set_bio(tls.get(), bio, bio);
        SSL_set_connect_state(tls.get());
        SSL_set_mode(tls.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        socket.native_non_blocking(true);
    }
};

tls_stream::tls_stream(net::ip::tcp::socket socket, net::ssl::context& context)
    : shared_(std::make_shared<session>(std::move(socket), context.native_handle()))
{
}

tls_stream::executor_type tls_stream::get_executor() { return shared_->socket.get_executor(); }
SSL* tls_stream::native_handle() { return shared_->tls.get(); }
void tls_stream::expires_at(deadline until) { shared_->until = until; }
net::ip::tcp::socket& tls_stream::socket_of(session& on) { return on.socket; }

tls_stream::tried tls_stream::perform(session& on, act what, void* data, std::size_t size)
{
    if (what != act::handshake && size == 0) return {};
    tried out;
    on.under.broken = {};
    ERR_clear_error();
    SSL* tls = on.tls.get();
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

void tls_stream::arm(const std::shared_ptr<session>& on)
{
    const auto wait = ++on->waits;
    on->expired = false;
    if (on->until == deadline::max()) return;
    on->timer.expires_at(on->until);
    on->timer.async_wait([weak = std::weak_ptr(on), wait](error_code ec) {
        const auto still = weak.lock();
        if (ec || !still || still->waits != wait) return;
        still->expired = true;
        error_code ignored;
        still->socket.cancel(ignored);
    });
}

void tls_stream::disarm(session& on)
{
    ++on.waits;
    on.timer.cancel();
}

error_code tls_stream::waited(session& on, error_code ec) { return on.expired ? error_code(boost::beast::error::timeout) : ec; }

}  // namespace rollcall::audit
