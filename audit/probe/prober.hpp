// One look at one endpoint: carries the MCP conversation over real connections, and files what came of it.
#pragma once

#include "audit/mcp/conversation.hpp"
#include "audit/net/resolver.hpp"
#include "audit/probe/body_room.hpp"
#include "audit/probe/metadata_source.hpp"
#include "audit/url/url.hpp"
#include "data/config/config.hpp"
#include "data/model/cell.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>

#include <functional>
#include <string>
#include <vector>

namespace rollcall::audit {

// What a probe costs its server, in requests: a legacy conversation with a session.
inline constexpr unsigned requests_of_a_probe = 4;

// What all probes of a run share. Everything referred to must outlive them.
struct probe_services {
    resolver& dns;
    boost::asio::ssl::context& tls;
    const data::settings& settings;
    std::string user_agent;
    metadata_source& metadata;
    bool allow_private = false;
    bool (*keeps_out)(const boost::asio::ip::address&) = is_private;
    const egress* out = nullptr;  // of the region; null: direct
    body_room* room = nullptr;    // null: bodies are bounded one by one
    std::function<std::chrono::milliseconds()> late_now{};  // how late our own thread is; empty: nobody measures

    way_out way() const { return {dns, tls, settings.probe.connect, settings.probe.tls, !allow_private, keeps_out, out}; }
};

struct probe_target {
    canonical_url url;   // the listed spelling, split
    mcp::hints known;
    // Header fields with secrets, sent to this very origin only, never over a redirect, masked everywhere.
    std::vector<std::pair<std::string, std::string>> credentials{};
    bool keep_transcript = false;  // also of a good cell
    bool check_posture = false;    // of an open server: does metadata say that calls need a token?
};

struct probe_report {
    data::cell cell;
    std::vector<std::string> tool_names;  // in the list's order
    std::string reproduce;                // the curl command of the exchange that decided
    std::string metadata_command;         // and of the metadata document that was missing or wrong; or empty
    std::optional<mcp::call_report> call;  // of the canary, if one was asked for and a list was read
    std::optional<std::uint32_t> call_ms;
    std::optional<std::chrono::seconds> retry_after;  // the server asked for this much patience
    std::chrono::milliseconds held{0};    // waited for our own limits: in none of the times, and the deadlines moved by it
    std::chrono::milliseconds late{0};    // our own thread's delays at each step of it, together: what they may have added
    bool ran_out = false;                 // the time for the whole probe was used up
    bool may_pass = false;                // an attempt on the way failed as a passing trouble does, whatever is filed
};

// "Rollcall/0.1.0 (+https://...)": who we are and where to opt out.
std::string user_agent_of(const data::settings& s);

// Never throws for anything that a server or the network does.
boost::asio::awaitable<probe_report> probe(probe_target target, const probe_services& with);

// Whether a second look may find something else: after transport failures, time-outs, 5xx, the fallback pages of
// platforms that put apps to sleep, whatever an attempt on the way failed at in such a manner, and all trouble of our
// own; after 429 if the server says when; never after another 4xx.
bool worth_a_retry(const probe_report& seen);

}  // namespace rollcall::audit
