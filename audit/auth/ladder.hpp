// The way from a refusal to a credential, climbed as a client would, without taking the last step (RFC 9728, RFC 8414).
//
// A value: it says which document it wants next and is told what came. Nothing but GETs of metadata; no registration
// and no token endpoint is ever contacted.
#pragma once

#include "audit/auth/metadata.hpp"
#include "audit/classify/http_answer.hpp"
#include "data/model/auth.hpp"
#include "data/model/warning.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rollcall::audit::auth {

// What the conversation met at the gate.
struct gate {
    bool status_401 = false;     // a request was refused with 401
    bool bearer = false;         // a Bearer challenge came with the refusal, or with a success
    std::string metadata_url;    // that it named; empty if it named none
    bool listed = false;         // the tools were listed without a credential
    bool lazy = false;           // listed, although one request was refused with 401
};
// Adds what one answer says.
void look_at(gate& g, const http_answer& answer);

// What came of the GET of a document.
struct document {
    unsigned status = 0;   // 0: no HTTP answer
    std::string body;
    std::string problem;   // why there is no answer, one line
    bool ours = false;     // because of us: says nothing about them
};

class ladder {
public:
    ladder(const canonical_url& endpoint, const gate& seen);
    ~ladder();
    ladder(ladder&&) noexcept;

    // The URL of the next document; empty when the climb is over.
    const std::string& wanted() const;
    // The document may be shared by endpoints: it belongs to an authorization server.
    bool wants_shared() const;
    void heard(document d);

    // When the climb is over. The posture is that of a refused or an open server, or unknown if we ourselves were
    // in the way.
    data::auth_facts facts() const;
    std::vector<data::warning> warnings() const;
    // The document at which it ended badly; empty if none was missing.
    const std::string& stumbled_at() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

// Posture of a server about which no metadata was asked for.
data::posture posture_without_climb(const gate& seen, bool refused, bool payment);

}  // namespace rollcall::audit::auth
