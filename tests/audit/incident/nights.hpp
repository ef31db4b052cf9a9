// Weeks of servers to play through, night by night, as a store would hand them on.
#pragma once

#include "audit/incident/night.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace rollcall::audit::incident::tests {

// What a server did in one night, a letter a region: '.' answered, 'x' no connection, 'p' the platform's page, 'e' a
// server error, 'a' asked for a credential, '-' not measured, 'o' what its owner registered failed. " " is not on the list.
inline outcome played(std::int64_t round, const std::string& regions)
{
    outcome o{round, data::state::unknown, data::reason::interrupted, false, {}};
    std::size_t bad = 0, gated = 0;
    bool owner = false;
    for (std::size_t i = 0; i < regions.size(); ++i) {
        data::reason why = data::reason::ok;
        switch (regions[i]) {
            case 'x': why = data::reason::tcp_timeout; break;
            case 'p': why = data::reason::host_reaped; break;
            case 'e': why = data::reason::http_5xx; break;
            case 'a': why = data::reason::auth_challenge; break;
            case 'o': owner = true; break;
            case '-': continue;
            default: break;
        }
        const auto c = data::class_of(why);
        bad += c == data::cell_class::transport || c == data::cell_class::http;
        gated += c == data::cell_class::auth;
        o.cells.push_back({static_cast<std::int64_t>(i) + 1, why, data::is_good(c) ? std::string() : signature_of(why, 0, "")});
    }
    if (o.cells.empty()) return o;
    o.valid = true;
    const auto n = o.cells.size();
    if (bad + gated == n) {
        o.state = gated > bad ? data::state::gated : data::state::down;
        o.why = o.cells.front().why;
    } else if (owner) {
        o.state = data::state::degraded;
        o.why = data::reason::canary_failed;
    } else {
        o.state = bad + gated > (n >= 3 ? 1u : 0u) ? data::state::degraded : data::state::up;
        o.why = data::reason::ok;
    }
    return o;
}

class week {
public:
    // A server with its nights, oldest first.
    std::int64_t add(std::vector<std::string> nights, std::vector<key> keys = {}, std::string site = "")
    {
        const auto id = static_cast<std::int64_t>(servers_.size()) + 1;
        servers_.push_back({id, {}, std::move(site), std::move(keys), {}});
        servers_.back().identity = "id" + std::to_string(id);
        if (servers_.back().site.empty()) servers_.back().site = "site" + std::to_string(id) + ".example";
        nights_.push_back(std::move(nights));
        return id;
    }

    void add_many(std::int64_t n, const std::vector<std::string>& nights, const std::vector<key>& keys)
    {
        for (std::int64_t i = 0; i < n; ++i) add(nights, keys);
    }

    std::size_t nights() const
    {
        std::size_t n = 0;
        for (const auto& s : nights_) n = std::max(n, s.size());
        return n;
    }

    // The next night; what changed.
    std::vector<change> play(const std::function<void(evening&)>& alter = [](evening&) {})
    {
        const auto round = static_cast<std::int64_t>(rounds_.size()) + 1;
        rounds_.push_back({round, "2026-11-" + std::string(round < 10 ? "0" : "") + std::to_string(round)});
        evening e;
        e.rounds = rounds_;
        e.at = *data::parse_time("2026-11-01T02:30:00Z") + std::chrono::days(round - 1);
        e.regions = {{1, "fra"}, {2, "iad"}, {3, "sin"}};
        for (std::size_t i = 0; i < servers_.size(); ++i) {
            auto s = servers_[i];
            const auto first = std::max<std::int64_t>(1, round - rounds_remembered + 1);
            for (auto r = first; r <= round; ++r) {
                const auto& story = nights_[i];
                const auto& that = story.empty() ? std::string(" ") : story[std::min(story.size(), static_cast<std::size_t>(r)) - 1];
                if (that != " ") s.nights.push_back(played(r, that));
            }
            if (!s.nights.empty()) e.servers.push_back(std::move(s));
        }
        alter(e);
        auto changes = call_night(e, standing_);
        for (auto& c : changes) {
            if (c.now.id == 0) c.now.id = ++last_id_;
            std::erase_if(standing_, [&](const standing& s) { return s.id == c.now.id; });
            if (c.now.state != data::incident_state::closed) standing_.push_back(c.now);
        }
        last_ = std::move(e);
        return changes;
    }

    const std::vector<standing>& standing_now() const { return standing_; }
    const evening& last() const { return last_; }

private:
    std::vector<server> servers_;
    std::vector<std::vector<std::string>> nights_;  // the last entry goes on for ever
    std::vector<round_name> rounds_;
    std::vector<standing> standing_;
    evening last_;
    std::int64_t last_id_ = 0;
};

// "opened P2 2026-11-04-id1" for each change.
inline std::vector<std::string> told(const std::vector<change>& changes)
{
    std::vector<std::string> out;
    for (const auto& c : changes) {
        auto line = std::string(data::code_of(c.event)) + " " + std::string(data::code_of(c.now.severity)) + " " + c.now.code;
        if (!c.joined.empty()) line += " +" + std::to_string(c.joined.size());
        out.push_back(line);
    }
    return out;
}

}  // namespace rollcall::audit::incident::tests
