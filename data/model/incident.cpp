#include "data/model/incident.hpp"

#include <algorithm>
#include <array>

namespace rollcall::data {
namespace {

using k = incident_kind;
using c = common_key;
using s = incident_state;
using e = incident_event;

constexpr std::array kinds{
    incident_kind_row{k::shared, "shared", "shared outage"},
    incident_kind_row{k::single, "single", "one server"},
    incident_kind_row{k::owner, "owner", "behind the login"},
    incident_kind_row{k::drift, "drift", "tools changed"},
    incident_kind_row{k::certificate, "certificate", "certificate about to expire"},
    incident_kind_row{k::token, "token", "credential about to expire"},
};

constexpr std::array keys{
    common_key_row{c::none, "none", ""},
    common_key_row{c::platform, "platform", "on"},
    common_key_row{c::cname, "cname", "whose names lead to"},
    common_key_row{c::network, "network", "in the network"},
    common_key_row{c::issuer, "issuer", "with a certificate from"},
    common_key_row{c::error, "error", "with the same failure:"},
    common_key_row{c::everything, "everything", "of all kinds"},
};

constexpr std::array states{
    incident_state_row{s::open, "open", "not answering at the last roll call"},
    incident_state_row{s::watch, "watch", "answered again, being watched"},
    incident_state_row{s::closed, "closed", "over"},
};

constexpr std::array events{
    incident_event_row{e::seen, "seen", "seen again"},
    incident_event_row{e::opened, "opened", "opened"},
    incident_event_row{e::grew, "grew", "more servers joined"},
    incident_event_row{e::changed, "changed", "severity changed"},
    incident_event_row{e::answered, "answered", "answered again"},
    incident_event_row{e::again, "again", "failed again"},
    incident_event_row{e::closed, "closed", "closed"},
    incident_event_row{e::lasting, "lasting", "closed without an answer"},
    incident_event_row{e::delisted, "delisted", "closed, no longer on the roll"},
};

template <class Rows>
consteval bool in_order(const Rows& rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].value) != i) return false;
    return true;
}
static_assert(in_order(kinds) && kinds.size() == static_cast<std::size_t>(k::token) + 1);
static_assert(in_order(keys) && keys.size() == static_cast<std::size_t>(c::everything) + 1);
static_assert(in_order(states) && states.size() == static_cast<std::size_t>(s::closed) + 1);
static_assert(in_order(events) && events.size() == static_cast<std::size_t>(e::delisted) + 1);

template <class Rows>
auto parsed(const Rows& rows, std::string_view code) -> std::optional<decltype(rows[0].value)>
{
    for (const auto& row : rows)
        if (row.code == code) return row.value;
    return {};
}

}  // namespace

std::span<const incident_kind_row> all_incident_kinds() noexcept { return kinds; }
std::span<const common_key_row> all_common_keys() noexcept { return keys; }
std::span<const incident_state_row> all_incident_states() noexcept { return states; }
std::span<const incident_event_row> all_incident_events() noexcept { return events; }

const incident_kind_row& row_of(incident_kind v) noexcept { return kinds[static_cast<std::size_t>(v)]; }
const common_key_row& row_of(common_key v) noexcept { return keys[static_cast<std::size_t>(v)]; }
const incident_state_row& row_of(incident_state v) noexcept { return states[static_cast<std::size_t>(v)]; }
const incident_event_row& row_of(incident_event v) noexcept { return events[static_cast<std::size_t>(v)]; }

std::string_view code_of(severity v) noexcept
{
    constexpr std::array<std::string_view, 4> codes{"P1", "P2", "P3", "P4"};
    return codes[static_cast<std::size_t>(v) - 1];
}

std::string_view meaning_of(severity v) noexcept
{
    constexpr std::array<std::string_view, 4> meanings{
        "A shared outage seen from everywhere.",
        "One server from everywhere, or a shared outage from some places only.",
        "One server from some places only; tools changed so that callers break; a certificate or a registered credential about to expire.",
        "What an owner registered failed on two nights in a row."};
    return meanings[static_cast<std::size_t>(v) - 1];
}

std::string_view code_of(confidence v) noexcept
{
    constexpr std::array<std::string_view, 3> codes{"none", "possible", "likely"};
    return codes[static_cast<std::size_t>(v)];
}

std::optional<incident_kind> parse_incident_kind(std::string_view code) noexcept { return parsed(kinds, code); }
std::optional<common_key> parse_common_key(std::string_view code) noexcept { return parsed(keys, code); }
std::optional<incident_state> parse_incident_state(std::string_view code) noexcept { return parsed(states, code); }
std::optional<incident_event> parse_incident_event(std::string_view code) noexcept { return parsed(events, code); }

std::optional<severity> parse_severity(std::int64_t stored) noexcept
{
    if (stored < 1 || stored > 4) return {};
    return static_cast<severity>(stored);
}

std::optional<confidence> parse_confidence(std::string_view code) noexcept
{
    for (const auto v : {confidence::none, confidence::possible, confidence::likely})
        if (code_of(v) == code) return v;
    return {};
}

}  // namespace rollcall::data
