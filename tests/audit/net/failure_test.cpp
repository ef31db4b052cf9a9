#include "audit/net/failure.hpp"
#include "audit/net/resolver.hpp"

#include "tests/catch.hpp"

#include <ares.h>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

using namespace rollcall;
using namespace rollcall::audit;
using boost::system::error_code;
using data::reason;
using data::step;

namespace {

error_code os(int number) { return {number, boost::system::system_category()}; }
error_code dns(int number) { return {number, dns_category()}; }
error_code tls(int why) { return {static_cast<int>(ERR_PACK(ERR_LIB_SSL, 0, why)), boost::asio::error::get_ssl_category()}; }
const error_code too_late = boost::beast::error::timeout;

struct row { const char* name; error_code code; step at; reason expected; };

const std::vector<row> theirs{
    {"NXDOMAIN", dns(ARES_ENOTFOUND), step::resolve, reason::dns_nxdomain},
    {"no address", dns(ARES_ENODATA), step::resolve, reason::dns_nodata},
    {"SERVFAIL", dns(ARES_ESERVFAIL), step::resolve, reason::dns_servfail},
    {"REFUSED", dns(ARES_EREFUSED), step::resolve, reason::dns_servfail},
    {"a damaged answer", dns(ARES_EBADRESP), step::resolve, reason::dns_servfail},
    {"no answer about the name", dns(ARES_ETIMEOUT), step::resolve, reason::dns_timeout},
    {"a name that cannot be", dns(ARES_EBADNAME), step::resolve, reason::dns_nxdomain},
    {"refused", os(ECONNREFUSED), step::connect, reason::tcp_refused},
    {"the kernel's time-out", os(ETIMEDOUT), step::connect, reason::tcp_timeout},
    {"our time-out", too_late, step::connect, reason::tcp_timeout},
    {"no host there", os(EHOSTUNREACH), step::connect, reason::tcp_unreachable},
    {"no network there", os(ENETUNREACH), step::connect, reason::tcp_unreachable},
    {"the host is down", os(EHOSTDOWN), step::connect, reason::tcp_unreachable},
    {"the host is cut off", os(ENONET), step::connect, reason::tcp_unreachable},
    {"the host knows no TCP", os(ENOPROTOOPT), step::connect, reason::tcp_unreachable},
    {"reset while connecting", os(ECONNRESET), step::connect, reason::tcp_reset},
    {"reset while shaking hands", os(ECONNRESET), step::tls, reason::tls_handshake},
    {"closed while shaking hands", boost::asio::error::eof, step::tls, reason::tls_handshake},
    {"silence while shaking hands", too_late, step::tls, reason::tls_handshake},
    {"an alert", tls(SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE), step::tls, reason::tls_handshake},
    {"not TLS", tls(SSL_R_WRONG_VERSION_NUMBER), step::tls, reason::tls_handshake},
    {"old TLS", tls(SSL_R_UNSUPPORTED_PROTOCOL), step::tls, reason::tls_handshake},
    {"HTTP/2 alone", tls(SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL), step::tls, reason::http2_only},
    {"our certificate is wanted", tls(SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED), step::http, reason::tls_handshake},
    {"reset", os(ECONNRESET), step::http, reason::tcp_reset},
    {"a pipe without a reader", os(EPIPE), step::http, reason::tcp_reset},
    {"closed", boost::asio::error::eof, step::http, reason::tcp_reset},
    {"closed without a goodbye", boost::asio::ssl::error::stream_truncated, step::http, reason::tcp_reset},
    {"closed within a message", boost::beast::http::error::partial_message, step::http, reason::tcp_reset},
    {"silence", too_late, step::http, reason::http_hang},
    {"packets go unanswered", os(ETIMEDOUT), step::http, reason::http_hang},
    {"no HTTP", boost::beast::http::error::bad_version, step::http, reason::http_garbage},
};

const std::vector<row> ours{
    {"our resolver is not there", dns(ARES_ECONNREFUSED), step::resolve, reason::region_down},
    {"no memory for a name", dns(ARES_ENOMEM), step::resolve, reason::region_down},
    {"the run ends while a name is asked for", dns(ARES_EDESTRUCTION), step::resolve, reason::region_down},
    {"our own questions were too many", dns(ARES_ECANCELLED), step::resolve, reason::interrupted},
    {"any other fault of the system while a name is asked for", os(EIO), step::resolve, reason::region_down},
    {"no descriptors", os(EMFILE), step::connect, reason::region_down},
    {"no descriptors in the whole system", os(ENFILE), step::connect, reason::region_down},
    {"no buffers", os(ENOBUFS), step::connect, reason::region_down},
    {"no memory", os(ENOMEM), step::connect, reason::region_down},
    {"no network here", os(ENETDOWN), step::connect, reason::region_down},
    {"no ports left", os(EADDRNOTAVAIL), step::connect, reason::region_down},
    {"the port is taken", os(EADDRINUSE), step::connect, reason::region_down},
    {"no IPv6 here", os(EAFNOSUPPORT), step::connect, reason::region_down},
    {"our firewall", os(EPERM), step::connect, reason::region_down},
    {"our routes forbid it", os(EACCES), step::connect, reason::region_down},
    {"our routes swallow it", os(EINVAL), step::connect, reason::region_down},
    {"no network here any more", os(ENETDOWN), step::http, reason::region_down},
    {"no memory for TLS", os(ENOMEM), step::tls, reason::region_down},
    {"the run ends", boost::asio::error::operation_aborted, step::http, reason::interrupted},
};

}  // namespace

TEST_CASE("what a server, its network or its name servers do is class T")
{
    for (const auto& r : theirs) {
        DYNAMIC_SECTION(r.name)
        {
            const auto got = failure_of(r.code, r.at);
            CHECK(data::code_of(got.why) == data::code_of(r.expected));
            CHECK(data::class_of(got.why) == data::cell_class::transport);
            CHECK_FALSE(got.detail.empty());
        }
    }
}

TEST_CASE("what our own machine fails at is class U: never a verdict")
{
    for (const auto& r : ours) {
        DYNAMIC_SECTION(r.name)
        {
            const auto got = failure_of(r.code, r.at);
            CHECK(data::code_of(got.why) == data::code_of(r.expected));
            CHECK_FALSE(data::is_valid(data::class_of(got.why)));
        }
    }
}

TEST_CASE("unreachable is a word about the server only where we have a route ourselves")
{
    for (const int code : {ENETUNREACH, EHOSTUNREACH, EHOSTDOWN}) {
        CHECK(failure_of_connect(os(code), true).why == reason::tcp_unreachable);
        CHECK(failure_of_connect(os(code), false).why == reason::region_down);
    }
    CHECK(failure_of_connect(os(ECONNREFUSED), false).why == reason::tcp_refused);
    CHECK(failure_of_connect(too_late, false).why == reason::tcp_timeout);
}
