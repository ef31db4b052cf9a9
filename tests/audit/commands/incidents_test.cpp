#include "audit/commands/incidents.hpp"

#include "audit/net/tls.hpp"
#include "data/store/ledger.hpp"
#include "data/store/reader.hpp"
#include "tests/catch.hpp"
#include "tests/support/scratch.hpp"

#include <string>
#include <vector>

namespace rollcall::audit::commands {
namespace {

using data::reason;
using data::state;

// A store with 30 servers on two platforms, 12 of which fail in nights 4 and 5, and one more from night 4 on.
class stored_week {
public:
    explicit stored_week(const std::string& file) : db_(file), ledger_(db_, [](std::string_view text) { return sha256(text); })
    {
        fra_ = ledger_.region("fra", "Frankfurt", "DE");
        sin_ = ledger_.region("sin", "Singapore", "SG");
        for (int i = 0; i < 150; ++i) {
            const auto name = "s" + std::to_string(i);
            const auto host = i < 15 ? name + ".onrender.com" : name + ".example";
            const auto url = "https://" + host + "/mcp";
            endpoints_.push_back(ledger_.endpoint({url, host + "/mcp", url, host, host, false}, start_));
        }
        for (int n = 1; n <= 7; ++n) {
            const auto round = ledger_.freeze(start_ + std::chrono::days(n - 1), endpoints_, "hash", "1", "1", "{}");
            rounds_.push_back(round.id);
            data::transaction all(db_);
            std::vector<data::verdict_row> verdicts;
            for (std::size_t i = 0; i < endpoints_.size(); ++i) {
                const bool down = (i < 12 && (n == 4 || n == 5)) || (i == 20 && n >= 4);
                data::cell c;
                c.why = down ? (i < 12 ? reason::host_reaped : reason::tcp_timeout) : reason::ok;
                c.answer.http_status = down ? (i < 12 ? 404 : 0) : 200;
                c.path.address = "192.0.2." + std::to_string(i + 1);
                c.path.tls_issuer = "An authority";
                for (const auto region : {fra_, sin_}) ledger_.record(round.id, region, endpoints_[i], c);
                data::verdict_row v{};
                v.endpoint = endpoints_[i];
                v.state = down ? state::down : state::up;
                v.why = c.why;
                v.valid = true;
                v.good = !down;
                v.streak = 1;
                verdicts.push_back(v);
            }
            all.commit();
            verdicts_.push_back(std::move(verdicts));
        }
    }

    // As a night does it: incidents first, then what marks it as judged.
    std::string record(int night)
    {
        const auto n = static_cast<std::size_t>(night - 1);
        auto words = record_incidents(db_, rounds_.at(n), verdicts_.at(n)).words;
        ledger_.write_verdicts(rounds_.at(n), verdicts_.at(n));
        return words;
    }

    // Everything that the nights left, as text.
    std::string left()
    {
        std::string out;
        for (const char* sql : {"SELECT quote(id) || code || kind || key_kind || key || quote(endpoint_id) || opened_id || begun_id || quote(good_id) || reason_id || detail || at_risk || global FROM incident ORDER BY id",
                                "SELECT incident_id || ' ' || round_id || event || state || since_id || severity || confidence || places || failing || ' ' || answering || ' ' || unmeasured || ' ' || joined FROM incident_night ORDER BY 1",
                                "SELECT incident_id || ' ' || endpoint_id || ' ' || joined_id FROM incident_member ORDER BY 1",
                                "SELECT endpoint_id || platform || cname || network || issuer FROM endpoint_key ORDER BY 1"}) {
            auto s = db_.prepare(sql);
            for (auto [line] : s.rows<std::string>()) out += line + "\n";
        }
        return out;
    }

    data::connection& db() { return db_; }
    std::int64_t endpoint(std::size_t i) const { return endpoints_.at(i); }

private:
    data::connection db_;
    data::ledger ledger_;
    data::time_point start_ = *data::parse_time("2026-11-15T02:30:00Z");
    std::int64_t fra_ = 0, sin_ = 0;
    std::vector<std::int64_t> endpoints_, rounds_;
    std::vector<std::vector<data::verdict_row>> verdicts_;
};

}  // namespace

TEST_CASE("a week of incidents from the store, and what a run says of it", "[incidents]")
{
    tests::scratch_folder folder;
    const auto file = (folder.path / "rollcall.sqlite").string();
    {
        stored_week week(file);
        const char* told[] = {"", "", "", "2 incidents opened, 1 notice absorbs 11", "", "1 incident closed", ""};
        for (int n = 1; n <= 7; ++n) {
            CAPTURE(n);
            CHECK(week.record(n) == told[n - 1]);
        }
        const auto once = week.left();
        // Judged again, from any night on, in any order: the same.
        for (const int n : {7, 4, 1, 6, 5, 4}) {
            CAPTURE(n);
            week.record(n);
            CHECK(week.left() == once);
        }
    }
    const auto e = data::read_edition(file);
    REQUIRE(e.incidents.size() == 2);
    const auto& shared = e.incidents[0].kind == data::incident_kind::shared ? e.incidents[0] : e.incidents[1];
    CHECK(shared.code == "2026-11-18-onrender-com");
    CHECK(shared.members.size() == 12);
    CHECK(shared.at_risk == 15);
    CHECK(shared.everybody == 150);
    CHECK(shared.new_failures == 13);
    CHECK(data::to_date(*shared.last_good) == "2026-11-17");
    CHECK(shared.nights.size() == 2);
    CHECK(shared.nights.back().state == data::incident_state::watch);
    CHECK(shared.nights.front().sure == data::confidence::likely);
    CHECK(e.endpoints.front().platform.find('.') != std::string::npos);
}

TEST_CASE("a server that is erased takes its incidents with it", "[incidents]")
{
    stored_week week(":memory:");
    for (int n = 1; n <= 4; ++n) week.record(n);
    auto count = [&](const char* table) { return std::get<0>(*week.db().prepare("SELECT count(*) FROM " + std::string(table)).row<std::int64_t>()); };
    REQUIRE(count("incident") == 2);
    REQUIRE(count("incident_member") == 12);
    for (const auto i : {std::size_t{0}, std::size_t{20}}) {
        // Every table but those of incidents is emptied of it by hand.
        auto others = week.db().prepare("SELECT t.name, f.\"from\" FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND f.\"table\" = 'endpoint' AND f.on_delete <> 'CASCADE'");
        std::vector<std::pair<std::string, std::string>> names;
        for (auto [table, column] : others.rows<std::string, std::string>()) names.emplace_back(table, column);
        for (const auto& [table, column] : names) week.db().prepare("DELETE FROM " + table + " WHERE " + column + " = ?1").execute(week.endpoint(i));
        week.db().prepare("DELETE FROM endpoint WHERE id = ?1").execute(week.endpoint(i));
    }
    CHECK(count("incident") == 1);
    CHECK(count("incident_member") == 11);
    CHECK(count("incident_night") == 1);
}

}  // namespace rollcall::audit::commands
