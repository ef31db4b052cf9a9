// Runs of nights in which servers did not answer, one by one or together, and notices of what is about to happen.
//
// The codes are stored and published: add rows at the end, never rename.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rollcall::data {

// What an incident is about.
enum class incident_kind : std::uint8_t {
    shared,       // servers that have something in common stopped answering in one night
    single,       // one server did not answer
    owner,        // one server answered, but what its owner registered failed
    drift,        // a notice: the tools of a server changed so that callers break
    certificate,  // a notice: a certificate is about to expire
    token,        // a notice: a registered credential is about to expire
};

// What the servers of a shared outage have in common.
enum class common_key : std::uint8_t {
    none,        // not a shared outage
    platform,    // the registrable domain of their hosts
    cname,       // the registrable domain that their names lead to
    network,     // a /24 of IPv4, a /48 of IPv6
    issuer,      // of their certificates
    error,       // the same failure, and nothing else that is known
    everything,  // nothing but the night
};

// Where an incident stands.
enum class incident_state : std::uint8_t {
    open,    // they did not answer
    watch,   // they answered again; not yet for long enough
    closed,
};

// What became of an incident in a round.
enum class incident_event : std::uint8_t {
    seen,      // nothing new: the counts of the night
    opened,
    grew,      // more servers joined
    changed,   // another severity
    answered,  // answers came again: watched from here on
    again,     // failed again while watched
    closed,
    lasting,   // closed without an answer: after so many nights it is how the server is
    delisted,  // closed: nothing of it is on the roll any more
};

// 1 is the worst. See the method page.
enum class severity : std::uint8_t { p1 = 1, p2, p3, p4 };

// How sure we are that the members of a shared outage share a cause. Never "caused by".
enum class confidence : std::uint8_t { none, possible, likely };

struct incident_kind_row { incident_kind value; std::string_view code, label; };
struct common_key_row { common_key value; std::string_view code, words; };  // words: "on the platform", before the key
struct incident_state_row { incident_state value; std::string_view code, label; };
struct incident_event_row { incident_event value; std::string_view code, label; };

std::span<const incident_kind_row> all_incident_kinds() noexcept;    // each in enum order
std::span<const common_key_row> all_common_keys() noexcept;
std::span<const incident_state_row> all_incident_states() noexcept;
std::span<const incident_event_row> all_incident_events() noexcept;

const incident_kind_row& row_of(incident_kind v) noexcept;
const common_key_row& row_of(common_key v) noexcept;
const incident_state_row& row_of(incident_state v) noexcept;
const incident_event_row& row_of(incident_event v) noexcept;
inline std::string_view code_of(incident_kind v) noexcept { return row_of(v).code; }
inline std::string_view code_of(common_key v) noexcept { return row_of(v).code; }
inline std::string_view code_of(incident_state v) noexcept { return row_of(v).code; }
inline std::string_view code_of(incident_event v) noexcept { return row_of(v).code; }
std::string_view code_of(severity v) noexcept;    // "P1" to "P4"
std::string_view meaning_of(severity v) noexcept; // a sentence for readers
std::string_view code_of(confidence v) noexcept;  // "none", "possible", "likely"

// The inverse, for rows read back; empty for a code that we never wrote.
std::optional<incident_kind> parse_incident_kind(std::string_view code) noexcept;
std::optional<common_key> parse_common_key(std::string_view code) noexcept;
std::optional<incident_state> parse_incident_state(std::string_view code) noexcept;
std::optional<incident_event> parse_incident_event(std::string_view code) noexcept;
std::optional<severity> parse_severity(std::int64_t stored) noexcept;
std::optional<confidence> parse_confidence(std::string_view code) noexcept;

// Nothing to wait for: a notice tells of what is about to happen, or happened at once.
constexpr bool is_notice(incident_kind v) noexcept
{
    return v == incident_kind::drift || v == incident_kind::certificate || v == incident_kind::token;
}

}  // namespace rollcall::data
