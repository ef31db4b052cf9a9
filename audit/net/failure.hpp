// Why a step of the network ended badly, in the words of the taxonomy; the library's own words are kept beside.
#pragma once

#include "data/model/cell.hpp"
#include "data/model/reason.hpp"

#include <boost/system/error_code.hpp>

#include <string>

namespace rollcall::audit {

struct net_failure {
    data::reason why;
    data::step at;
    std::string detail;
    bool timed_out = false;
};

// The only place that compares the libraries' codes. `at` is the step that was under way. Codes that speak of
// our own machine (no descriptors, no route, no IPv6) are class U: never a verdict on a server.
net_failure failure_of(const boost::system::error_code& ec, data::step at);

// Of a connection that did not come about. Unreachable is a word about the server only if our own machine has a
// route to that address.
net_failure failure_of_connect(const boost::system::error_code& ec, bool has_route);

}  // namespace rollcall::audit
