// Names to addresses, without a thread per question.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>
#include <optional>

namespace rollcall::audit {

// The values are those of c-ares: ARES_ENOTFOUND (NXDOMAIN), ARES_ENODATA, ARES_ESERVFAIL, ARES_ETIMEOUT ...
// ARES_ECONNREFUSED is our own resolver's failure: it answers no other question either.
const boost::system::error_category& dns_category() noexcept;

struct resolution {
    boost::system::error_code error;
    std::vector<boost::asio::ip::address> addresses;  // both families, in the order received
    std::string cname;                                // the last name of the CNAME chain; empty without one
};

// The seam a test replaces to point any host name anywhere.
class resolver {
public:
    virtual ~resolver() = default;
    // `host` is a name, not an address literal.
    virtual boost::asio::awaitable<resolution> resolve(std::string host) = 0;
};

struct dns_options {
    std::chrono::milliseconds timeout{2000};  // of one try
    int tries = 2;
    std::string servers;  // "127.0.0.1:5353,..."; empty: the system's
};

// The real one, on c-ares. Answers are shared within a run: a name is asked once. All calls must come from the
// context's thread, and the context must outlive it. Throws boost::system::system_error on unusable options.
    // Where questions leave from, if the servers can be reached from there: a resolver on this machine's loopback answers
    // only loopback.
    std::optional<boost::asio::ip::address> source{};
std::unique_ptr<resolver> make_resolver(boost::asio::io_context& context, const dns_options& options = {});

}  // namespace rollcall::audit
