// One HTTP/1.1 connection, plain or TLS: send a request, read the header, read the body piece by piece.
//
// The stream's deadline is set anew before every step. Everything completes with a value; nothing throws for what
// a peer does.
#pragma once

#include "audit/classify/http_answer.hpp"
#include "audit/net/failure.hpp"
#include "audit/net/nothrow.hpp"
#include "data/model/cell.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rollcall::audit {

struct http_request {
    std::string method, target, host;  // host: value of the Host field
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

// The head of an answer: status and fields; the body stays to be read.
struct http_head { http_answer answer; };

// A piece of the body.
struct http_piece {
    std::string bytes;
    bool last = false;                     // the message is complete
    std::optional<net_failure> failure;    // the connection ended in the middle, or our deadline
};

class link {
public:
    virtual ~link() = default;

    // Only one exchange at a time: send, head, pieces until `last`.
    virtual boost::asio::awaitable<std::optional<net_failure>> send(const http_request& request, deadline until) = 0;
    virtual boost::asio::awaitable<std::variant<http_head, net_failure>> head(deadline until) = 0;
    virtual boost::asio::awaitable<http_piece> piece(deadline until) = 0;

    // The last exchange was read to its end and the peer keeps the connection.
    virtual bool reusable() const = 0;
};

// A connected socket becomes a link. For https, `tls` is given: the handshake is done here, and a refusal
// carries its exact reason. `facts` already holds address and CNAME; what the certificate says is added, also when
// it is refused. It must outlive the awaitable.
boost::asio::awaitable<std::variant<std::unique_ptr<link>, net_failure>> make_link(
    boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, std::string host, data::path_facts& facts, deadline until);

}  // namespace rollcall::audit
