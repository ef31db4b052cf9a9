#include "audit/net/timed_stream.hpp"
#include "tests/support/scripted_server.hpp"

#include "tests/catch.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/error.hpp>

#include <openssl/evp.h>
#include <openssl/x509.h>

using namespace rollcall::audit;
using namespace std::chrono_literals;
namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;
using rollcall::tests::run;

namespace {

// A context that shows a certificate of its own making; nobody asks here whether it is to be trusted.
net::ssl::context showing_a_certificate()
{
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    net::ssl::context out(net::ssl::context::tls_server);
    SSL_CTX_use_certificate(out.native_handle(), certificate.get());
    SSL_CTX_use_PrivateKey(out.native_handle(), key.get());
    return out;
}

// Two ends of a connection on this machine: ours to be tried, theirs plain.
struct pair_of_sockets { tcp::socket ours, theirs; };
pair_of_sockets connected(net::io_context& context)
{
    tcp::acceptor door(context, {net::ip::address_v4::loopback(), 0});
    pair_of_sockets out{tcp::socket(context), tcp::socket(context)};
    out.ours.connect(door.local_endpoint());
    door.accept(out.theirs);
    return out;
}

enum class end { announced, cut, none };
struct play { std::vector<std::string> pieces; end how = end::announced; };

template <class Peer>
net::awaitable<void> say(Peer& peer, const play& p)
{
    for (const auto& piece : p.pieces) co_await net::async_write(peer, net::buffer(piece), nothrow);
}

// The peer plays its part while we read with that deadline: what came, and how it ended.
net::awaitable<std::string> heard(net::io_context& context, bool secure, play p, std::chrono::milliseconds patience)
{
    auto both = connected(context);
    auto theirs = showing_a_certificate();
    net::ssl::context ours(net::ssl::context::tls_client);
    auto peer = std::make_shared<net::ssl::stream<tcp::socket>>(std::move(both.theirs), theirs);
    net::co_spawn(context, [](auto of, bool tls, play what) -> net::awaitable<void> {
        if (tls) co_await of->async_handshake(net::ssl::stream_base::server, nothrow);
        if (tls) co_await say(*of, what);
        else co_await say(of->next_layer(), what);
        if (tls && what.how == end::announced) co_await of->async_shutdown(nothrow);
        if (what.how != end::none) of->next_layer().close();
    }(peer, secure, std::move(p)), net::detached);

    timed_stream stream(std::move(both.ours), secure ? &ours : nullptr);
    stream.expires_at(std::chrono::steady_clock::now() + 5s);
    if (secure)
        if (auto [ec] = co_await stream.async_handshake(nothrow); ec) co_return ec.message();
    stream.expires_at(std::chrono::steady_clock::now() + patience);
    std::string all, piece(3, '\0');
    for (;;) {
        auto [ec, n] = co_await stream.async_read_some(net::buffer(piece), nothrow);
        all += piece.substr(0, n);
        if (ec) co_return all + (ec == net::error::eof ? "." : ec == net::ssl::error::stream_truncated ? "/" : ec == boost::beast::error::timeout ? "..." : "?" + ec.message());
    }
}

}  // namespace

TEST_CASE("what a peer says comes as it is said, and its end is told apart: announced, cut, or none in time")
{
    struct row { const char* name; play what; std::chrono::milliseconds patience; const char *plain, *secure; };
    const row rows[] = {
        {"in pieces", {{"one ", "t", "wo"}}, 5s, "one two.", "one two."},
        {"nothing", {{}}, 5s, ".", "."},
        {"cut", {{"half"}, end::cut}, 5s, "half.", "half/"},
        {"silence", {{"half"}, end::none}, 200ms, "half...", "half..."},
        {"out of time from the beginning", {{}, end::none}, -1s, "...", "..."},
    };
    for (const auto& r : rows)
        for (const bool secure : {false, true}) {
            DYNAMIC_SECTION(r.name << (secure ? ", TLS" : ", plain"))
            {
                net::io_context context{1};
                CHECK(run(context, heard(context, secure, r.what, r.patience)) == (secure ? r.secure : r.plain));
            }
        }
}

TEST_CASE("what was said is still heard when we are a little late; then nothing is, and nothing is said when it is late at all")
{
    struct row { std::chrono::milliseconds late; std::string read, written; };
    const row rows[] = {{-5s, "said", "said"}, {1ms, "said", "timeout"}, {10s, "timeout", "timeout"}};
    for (const auto& r : rows) {
        CAPTURE(r.late.count());
        net::io_context context{1};
        auto both = connected(context);
        net::write(both.theirs, net::buffer("said", 4));
        const auto talk = [&]() -> net::awaitable<std::pair<std::string, std::string>> {
            timed_stream stream(std::move(both.ours), nullptr);
            stream.expires_at(std::chrono::steady_clock::now() - r.late);
            std::string got(4, '\0');
            const auto told = [](error_code ec, const std::string& good) { return !ec ? good : ec == boost::beast::error::timeout ? "timeout" : ec.message(); };
            auto [no_read, n] = co_await net::async_read(stream, net::buffer(got), nothrow);
            auto [no_write, m] = co_await net::async_write(stream, net::buffer("said", 4), nothrow);
            co_return std::pair{told(no_read, got), told(no_write, "said")};
        };
        CHECK(run(context, talk()) == std::pair{r.read, r.written});
    }
}

TEST_CASE("a peer that reads late gets everything, and we what it sends meanwhile")
{
    const std::string much(3 << 20, 'x');
    for (const bool secure : {false, true}) {
        net::io_context context{1};
        auto both = connected(context);
        auto theirs = showing_a_certificate();
        net::ssl::context ours(net::ssl::context::tls_client);
        net::ssl::stream<tcp::socket> peer(std::move(both.theirs), theirs);
        std::string got(much.size(), '\0');
        const auto echo = [&]() -> net::awaitable<void> {
            if (secure) co_await peer.async_handshake(net::ssl::stream_base::server, nothrow);
            if (secure) {
                co_await net::async_read(peer, net::buffer(got), nothrow);
                co_await net::async_write(peer, net::buffer(got), nothrow);
            } else {
                co_await net::async_read(peer.next_layer(), net::buffer(got), nothrow);
                co_await net::async_write(peer.next_layer(), net::buffer(got), nothrow);
            }
        };
        net::co_spawn(context, echo(), net::detached);
        const auto talk = [&]() -> net::awaitable<bool> {
            timed_stream stream(std::move(both.ours), secure ? &ours : nullptr);
            stream.expires_at(std::chrono::steady_clock::now() + 30s);
            if (secure) co_await stream.async_handshake(nothrow);
            co_await net::async_write(stream, net::buffer(much), nothrow);
            std::string back(much.size(), '\0');
            co_await net::async_read(stream, net::buffer(back), nothrow);
            co_return back == much;
        };
        CHECK(run(context, talk()));
    }
}

TEST_CASE("a handshake with somebody silent ends at its deadline, and what comes later wakes nobody")
{
    net::io_context context{1};
    auto both = connected(context);
    net::ssl::context ours(net::ssl::context::tls_client);
    const auto shake = [&]() -> net::awaitable<error_code> {
        timed_stream stream(std::move(both.ours), &ours);
        stream.expires_at(std::chrono::steady_clock::now() + 50ms);
        auto [ec] = co_await stream.async_handshake(nothrow);
        net::write(both.theirs, net::buffer("too late", 8));
        co_return ec;
    };
    CHECK(run(context, shake()) == boost::beast::error::timeout);
    context.restart();
    context.run();  // to its end: nothing is left to wait for
}
