// What an owner's record asks for, done: the probe with the credential, the test call, the health document.
#pragma once

#include "audit/probe/prober.hpp"
#include "data/config/owners.hpp"
#include "data/model/owner.hpp"

#include <string>

namespace rollcall::audit {

// A record with what it needs at run time.
struct registered {
    data::owner_record record;
    std::string secret;           // the credential itself; empty: none is registered
    std::string contract_before;  // of the last check, lower-case hex
    data::time_point now;         // nominal
    bool in_public = true;        // what is told goes into the store and onto the site
};

// Reads the environment. Throws config_error, with `file` and the record's place, for a variable that is not set and
// for a credential that would travel over http.
registered ready(const data::owner_record& record, const std::string& file, data::time_point now);

struct visited {
    data::owner_check check;
    probe_report behind;  // of the probe with the credential; of the open one where none is registered
};

// After the probe without a credential, `open`. The record is not looked at for what it may do: `ready` was asked.
boost::asio::awaitable<visited> visit(registered who, probe_target target, data::cell open, const probe_services& with);

}  // namespace rollcall::audit
