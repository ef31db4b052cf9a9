#include "tests/render/support/sample.hpp"

#include <algorithm>

namespace rollcall::render::tests {
namespace {

using data::common_key;
using data::confidence;
using data::incident_event;
using data::incident_kind;
using data::incident_state;
using data::severity;

data::incident_row one(std::string code, incident_kind kind, data::time_point opened)
{
    data::incident_row i;
    i.code = std::move(code);
    i.kind = kind;
    i.key_kind = common_key::none;
    i.opened = i.begun = opened;
    i.why = data::reason::ok;
    return i;
}

void tell(data::incident_row& i, data::time_point at, incident_event event, incident_state state, severity grave, std::int64_t failing, std::int64_t answering, std::int64_t joined = 0)
{
    i.nights.push_back({at, event, state, grave, i.kind == incident_kind::shared ? confidence::possible : confidence::none, {}, failing, answering, 0, joined});
}

data::incident_row of_server(const data::endpoint_row& e, incident_kind kind, data::time_point opened, const std::string& code)
{
    auto i = one(code, kind, opened);
    i.endpoint = e.id;
    i.slug = e.slug;
    i.url = e.url;
    i.why = e.why;
    return i;
}

}  // namespace

void add_incidents(data::edition& e)
{
    const auto newest = e.rounds.back().at;
    const auto ago = [&](std::size_t rounds) { return e.rounds[e.rounds.size() - 1 - std::min(rounds, e.rounds.size() - 1)].at; };
    for (std::size_t k = 0; k < e.endpoints.size(); ++k) e.endpoints[k].platform = k % 4 == 0 ? "hosting.example" : k % 4 == 1 ? "edge.example" : e.endpoints[k].site;
    if (e.rounds.size() < 40) return;

    auto open = one(data::to_date(ago(1)) + "-hosting-example", incident_kind::shared, ago(1));
    open.key_kind = common_key::platform;
    open.key = "hosting.example";
    open.why = data::reason::host_reaped;
    open.detail = "host_reaped 404 application not found";
    open.last_good = ago(2);
    open.at_risk = 14, open.sites = 12, open.everybody = 48, open.new_failures = 13;
    open.global = true;
    for (std::size_t k = 0; k < e.endpoints.size() && open.members.size() < 12; k += 4) open.members.push_back({e.endpoints[k].id, e.endpoints[k].slug, e.endpoints[k].url, open.members.size() < 9 ? ago(1) : newest});
    tell(open, ago(1), incident_event::opened, incident_state::open, severity::p1, 9, 0, 9);
    tell(open, newest, incident_event::grew, incident_state::open, severity::p1, 11, 1, 3);

    auto big = one(data::to_date(ago(30)) + "-issuer-b-b", incident_kind::shared, ago(30));
    big.key_kind = common_key::issuer;
    big.key = hostile_name;
    big.why = data::reason::tls_expired;
    big.detail = hostile_name;
    big.last_good = ago(31);
    big.at_risk = 150, big.sites = 120, big.everybody = 2000, big.new_failures = 145;
    for (int k = 0; k < 140; ++k) {
        const auto slug = "gone" + std::to_string(1000 + k) + ".example/mcp";
        big.members.push_back({5000 + k, slug, "https://" + slug, ago(30)});
    }
    tell(big, ago(30), incident_event::opened, incident_state::open, severity::p1, 140, 0, 140);
    tell(big, ago(29), incident_event::seen, incident_state::open, severity::p1, 90, 50);
    tell(big, ago(28), incident_event::answered, incident_state::watch, severity::p1, 4, 136);
    tell(big, ago(21), incident_event::closed, incident_state::closed, severity::p1, 0, 140);

    // One of each other kind: with a name that attacks, being watched, over, and notices.
    auto attacked = of_server(e.endpoints[1], incident_kind::single, ago(1), data::to_date(ago(1)) + "-0a1b2c3d4e5f");
    attacked.why = data::reason::http_5xx;
    attacked.begun = ago(2), attacked.last_good = ago(3);
    tell(attacked, ago(1), incident_event::opened, incident_state::open, severity::p2, 1, 0);
    auto watched = of_server(e.endpoints[12], incident_kind::single, ago(4), data::to_date(ago(4)) + "-112233445566");
    watched.why = data::reason::tcp_timeout;
    watched.last_good = ago(5);
    tell(watched, ago(4), incident_event::opened, incident_state::open, severity::p3, 1, 0);
    tell(watched, newest, incident_event::answered, incident_state::watch, severity::p3, 0, 1);
    auto over = of_server(e.endpoints[20], incident_kind::single, ago(38), data::to_date(ago(38)) + "-aabbccddeeff");
    over.why = data::reason::dns_servfail;
    over.last_good = ago(39);
    tell(over, ago(38), incident_event::opened, incident_state::open, severity::p2, 1, 0);
    tell(over, ago(36), incident_event::answered, incident_state::watch, severity::p2, 0, 1);
    tell(over, ago(35), incident_event::closed, incident_state::closed, severity::p2, 0, 1);
    auto drift = of_server(e.endpoints[12], incident_kind::drift, newest, data::to_date(newest) + "-112233445566-drift");
    tell(drift, newest, incident_event::opened, incident_state::open, severity::p3, 0, 0);
    auto certificate = of_server(e.endpoints[2], incident_kind::certificate, newest, data::to_date(newest) + "-223344556677-certificate");
    certificate.due = newest + std::chrono::hours(50);
    tell(certificate, newest, incident_event::opened, incident_state::open, severity::p3, 0, 0);

    e.incidents = {drift, certificate, open, attacked, watched, big, over};
    std::ranges::stable_sort(e.incidents, std::greater<>{}, &data::incident_row::opened);
}

}  // namespace rollcall::render::tests
