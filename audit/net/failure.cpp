#include "audit/net/failure.hpp"

#include "audit/net/resolver.hpp"

#include <ares.h>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
namespace errc = boost::system::errc;
using boost::system::error_code;
using data::reason;
using data::step;

template <class... Codes>
bool any_of(const error_code& ec, Codes... codes) { return ((ec == codes) || ...); }

// No descriptors, no memory, no ports, no network; and what only this machine's own firewall or routes say.
bool is_ours(const error_code& ec)
{
    return any_of(ec, errc::too_many_files_open, errc::too_many_files_open_in_system, errc::network_down, errc::no_buffer_space,
                  errc::not_enough_memory, errc::address_not_available, errc::address_in_use, errc::address_family_not_supported,
                  errc::permission_denied, errc::operation_not_permitted, errc::invalid_argument);
}

// What routers answer in place of a host (RFC 1122 section 3.2.2.1, in the words of the kernel).
bool is_unreachable(const error_code& ec)
{
    return any_of(ec, errc::network_unreachable, errc::host_unreachable, errc::no_protocol_option, errc::operation_not_supported) ||
           ec == error_code(EHOSTDOWN, boost::system::system_category()) || ec == error_code(ENONET, boost::system::system_category());
}

bool is_closed(const error_code& ec)
{
    return any_of(ec, net::error::eof, net::error::connection_reset, net::error::broken_pipe, net::error::connection_aborted,
                  net::ssl::error::stream_truncated, http::error::end_of_stream, http::error::partial_message);
}

reason of_name(const error_code& ec)
{
    switch (ec.value()) {
        case ARES_ENOTFOUND: return reason::dns_nxdomain;
        case ARES_ENODATA: return reason::dns_nodata;
        case ARES_ETIMEOUT: return reason::dns_timeout;
        case ARES_ECONNREFUSED:  // our own resolver is not running
        case ARES_ENOMEM:
        case ARES_EDESTRUCTION: return reason::region_down;
        case ARES_ECANCELLED: return reason::interrupted;  // our own questions were too many for it
        case ARES_EBADNAME: return reason::dns_nxdomain;
        default: return reason::dns_servfail;
    }
}

bool is_http_garbage(const error_code& ec) { return ec.category() == http::make_error_code(http::error::bad_version).category(); }

}  // namespace

net_failure failure_of(const error_code& ec, step at)
{
    net_failure out{reason::tcp_reset, at, ec.message()};
    if (ec.category() == dns_category()) {
        out.why = of_name(ec);
        return out;
    }
    if (is_ours(ec)) {
        out.why = reason::region_down;
        return out;
    }
    if (any_of(ec, net::error::operation_aborted)) {
        out.why = reason::interrupted;
        return out;
    }
    out.timed_out = any_of(ec, boost::beast::error::timeout, net::error::timed_out);
    if (out.timed_out) out.detail = "no answer within the limit";
    switch (at) {
        case step::resolve: out.why = reason::region_down; break;
        case step::connect:
            out.why = out.timed_out                                ? reason::tcp_timeout
                      : any_of(ec, net::error::connection_refused) ? reason::tcp_refused
                      : is_unreachable(ec)                         ? reason::tcp_unreachable
                                                                   : reason::tcp_reset;
            break;
        case step::tls:
            // Reset or silence before the first byte of TLS is still a handshake that did not happen.
            out.why = reason::tls_handshake;
            if (ec.category() == net::error::get_ssl_category()) {
                const int why = ERR_GET_REASON(static_cast<unsigned long>(ec.value()));
                if (why == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL) out.why = reason::http2_only;
            }
            break;
        case step::http:
        case step::mcp:
        case step::tools:
            // With TLS 1.3 a server refuses after the handshake, in place of its answer: for want of our certificate, say.
            out.why = out.timed_out                                              ? reason::http_hang
                      : is_closed(ec)                                            ? reason::tcp_reset
                      : ec.category() == net::error::get_ssl_category()          ? reason::tls_handshake
                      : is_http_garbage(ec)                                      ? reason::http_garbage
                                                                                 : reason::tcp_reset;
            break;
    }
    return out;
}

net_failure failure_of_connect(const error_code& ec, bool has_route)
{
    auto out = failure_of(ec, step::connect);
    if (out.why == reason::tcp_unreachable && !has_route) {
        out.why = reason::region_down;
        out.detail = "no route from here: " + out.detail;
    }
    return out;
}

}  // namespace rollcall::audit
