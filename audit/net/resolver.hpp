// Names to addresses, without a thread per question.
#pragma once

#include "audit/net/nothrow.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rollcall::audit {

// The values are those of c-ares: ARES_ENOTFOUND (NXDOMAIN), ARES_ENODATA, ARES_ESERVFAIL, ARES_ETIMEOUT ...
// ARES_ECONNREFUSED is our own resolver's failure: it answers no other question either. ARES_ECANCELLED: it was overrun
// by our own questions when this one went unanswered.
const boost::system::error_category& dns_category() noexcept;

struct resolution {
    boost::system::error_code error;
    std::vector<boost::asio::ip::address> addresses;  // both families, in the order received
    std::string cname;                                // the last name of the CNAME chain; empty without one
    std::chrono::milliseconds held{0};                // before the question was asked, because too many others were: our own time
};

// The seam a test replaces to point any host name anywhere.
class resolver {
public:
    virtual ~resolver() = default;
    // `host` is a name, not an address literal. Without an answer by `until` (and what it was held) it is a time-out.
    virtual boost::asio::awaitable<resolution> resolve(std::string host, deadline until = deadline::max()) = 0;
};

struct dns_options {
    std::chrono::milliseconds timeout{2000};  // of one try
    int tries = 2;
    std::string servers;  // "127.0.0.1:5353,..."; empty: the system's
    // Where questions leave from, if the servers can be reached from there: a resolver on this machine's loopback answers
    // only loopback.
    std::optional<boost::asio::ip::address> source{};
};

// The real one, on c-ares. Answers are shared within a run: a name is asked once; so many at a time as the resolver keeps
// up with (name_window). All calls must come from the
// context's thread, and the context must outlive it. Throws boost::system::system_error on unusable options.
std::unique_ptr<resolver> make_resolver(boost::asio::io_context& context, const dns_options& options = {});

}  // namespace rollcall::audit
