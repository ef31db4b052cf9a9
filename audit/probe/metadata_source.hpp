// Fetches the metadata documents that a ladder asks for. Those of authorization servers are asked for once a round:
// a thousand endpoints may share one login.
#pragma once

#include "audit/auth/ladder.hpp"
#include "audit/net/nothrow.hpp"
#include "audit/net/open.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <string>

namespace rollcall::audit {

class metadata_source {
public:
    // The services of `way` must outlive the source, and the source every run of its executor.
    metadata_source(way_out way, std::string user_agent);

    // Never throws for what a server does; never later than `until`.
    boost::asio::awaitable<auth::document> get(std::string url, bool shared, deadline until);

private:
    struct entry;
    boost::asio::awaitable<void> fill(std::shared_ptr<entry> into, std::string url);
    boost::asio::awaitable<auth::document> fetch_one(std::string url, std::chrono::milliseconds limit);

    way_out way_;
    std::string user_agent_;
    std::map<std::string, std::shared_ptr<entry>> shared_;
};

}  // namespace rollcall::audit
