// What is said to a proxy until it has connected us to a server: SOCKS 5 (RFC 1928, RFC 1929) and CONNECT
// (RFC 9110 section 9.3.6). Pure conversations: bytes in, bytes out; who carries them is not known here.
//
// A proxy's word is evidence about the server only where it cannot mean the proxy as well. What could be either is ours.
#pragma once

#include "audit/net/egress.hpp"
#include "audit/net/failure.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace rollcall::audit {

// Whom to connect to: a name that the proxy looks up, or an address.
struct tunnel_target {
    std::variant<boost::asio::ip::address, std::string> host;
    std::uint16_t port = 0;
    bool by_name() const { return host.index() == 1; }
};

class tunnel_talk {
public:
    struct say { std::string bytes; };  // to be sent; then goes on
    struct more {};                     // what was fed does not suffice
    struct open {};                     // from here on the bytes are the server's
    using next = std::variant<say, more, open, net_failure>;

    virtual ~tunnel_talk() = default;
    virtual std::string begin() = 0;
    // Takes no more than belongs to the proxy's answer: `used` says how much.
    virtual next feed(std::string_view bytes, std::size_t& used) = 0;
    // The proxy has let us in and was asked: silence from here on may be the server's.
    virtual bool asked() const = 0;
    // It said no, and not to us but to the target.
    virtual bool refused() const = 0;
};

// For the two kinds of egress that are proxies.
std::unique_ptr<tunnel_talk> make_talk(const egress& out, tunnel_target to);

// What the proxy's refusal means: `why` is proxy_failed unless it can only be the server.
net_failure failure_of_socks(unsigned char reply, bool by_name);
// `proxy_status`: the value of Proxy-Status (RFC 9209), or empty.
net_failure failure_of_connect_status(unsigned status, std::string_view proxy_status, const tunnel_target& to);

// "203.0.113.9:443", "[2001:db8::1]:443", "mcp.example.com:443"
std::string authority_of(const tunnel_target& to);

}  // namespace rollcall::audit
