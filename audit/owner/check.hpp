// The eight steps from what two probes, the canary and the health document gave. Pure.
#pragma once

#include "audit/owner/canary.hpp"
#include "data/model/cell.hpp"
#include "data/model/owner.hpp"

#include <optional>
#include <string>

namespace rollcall::audit::owner {

struct evidence {
    const data::cell& open;                  // without a credential
    const data::cell* behind = nullptr;      // with it; null if none is registered
    std::optional<canary_verdict> canary;    // empty: none is registered, or no list was read
    std::optional<std::uint32_t> canary_ms;
    bool canary_registered = false;
    std::optional<data::time_point> expires_at;
    data::time_point now;                    // nominal
    std::string contract_before;             // of the last time, within the same era; empty: none is known
    bool in_public = false;                  // for the store and the site: without the words of what is behind the door
    std::optional<std::string> health_words; // the health document turns `up` into `degraded`: why
};

// Failing, if a step from the handshake to the canary failed, the credential has run out, or the health document
// reports trouble. The other steps are told, and change nothing: who is refused without a challenge, or whose tools
// changed, has a verdict for that already. What was not evidence about the server is skipped, never failed.
data::owner_check judge_owner(const evidence& seen);

}  // namespace rollcall::audit::owner
