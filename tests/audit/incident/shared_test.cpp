#include "tests/audit/incident/nights.hpp"
#include "tests/catch.hpp"

#include <iostream>
#include <random>
#include <set>

namespace rollcall::audit::incident::tests {
namespace {

using data::common_key;
using lines = std::vector<std::string>;

const std::vector<key> render{{common_key::platform, "onrender.com"}};
const std::vector<key> railway{{common_key::platform, "railway.app"}};
const std::vector<key> edge{{common_key::cname, "cdn.example"}};

lines play(week& w) { return told(w.play()); }

}  // namespace

TEST_CASE("many servers of a platform are one incident, and none of their own", "[incident]")
{
    week w;
    w.add_many(18, {"...", "...", "...", "ppp", "ppp", "...", "..."}, render);
    w.add_many(2, {"..."}, render);
    w.add_many(200, {"..."}, {});
    for (int i = 0; i < 3; ++i) CHECK(w.play().empty());
    const auto changes = w.play();
    CHECK(told(changes) == lines{"opened P1 2026-11-04-onrender-com +18"});
    const auto& i = changes[0].now;
    CHECK(i.at_risk == 20);
    CHECK(i.seen == counts{18, 0, 0});
    CHECK(i.last_good == 3);
    CHECK(i.begun == 4);
    CHECK(i.sure == data::confidence::likely);
    CHECK_FALSE(i.global);
    CHECK(in_words(changes) == "1 incident opened, 1 notice absorbs 17");
    CHECK(w.play().empty());  // nothing new: nothing told
    const auto over = w.play();
    CHECK(told(over) == lines{"answered P1 2026-11-04-onrender-com"});
    CHECK(over[0].now.seen == counts{0, 18, 0});
    CHECK(in_words(over) == "1 incident closed");
    for (int n = 7; n < 13; ++n) CHECK(w.play().empty());
    const auto closed = w.play();
    CHECK(told(closed) == lines{"closed P1 2026-11-04-onrender-com"});
    CHECK(in_words(closed).empty());
    CHECK(w.standing_now().empty());
}

TEST_CASE("it is over when four fifths answer again, and who is left has an incident of their own", "[incident]")
{
    week w;
    w.add_many(15, {"...", "...", "...", "ppp", "..."}, render);
    w.add({"...", "...", "...", "ppp", "ppp", "..."}, render);
    w.add_many(4, {"...", "...", "...", "ppp"}, render);
    w.add_many(200, {"..."}, {});
    for (int i = 0; i < 3; ++i) w.play();
    CHECK(play(w) == lines{"opened P1 2026-11-04-onrender-com +20"});
    const auto most = w.play();  // 15 of 20
    CHECK(told(most) == lines{"seen P1 2026-11-04-onrender-com"});
    CHECK(most[0].now.seen == counts{5, 15, 0});
    CHECK(play(w) == lines{"answered P1 2026-11-04-onrender-com", "opened P2 2026-11-06-id17", "opened P2 2026-11-06-id18", "opened P2 2026-11-06-id19", "opened P2 2026-11-06-id20"});
}

TEST_CASE("a night that measured too few of them does not end it", "[incident]")
{
    week w;
    w.add_many(14, {"...", "...", "...", "ppp", "---", "..."}, render);
    w.add_many(6, {"...", "...", "...", "ppp", "..."}, render);
    w.add_many(200, {"..."}, {});
    for (int i = 0; i < 4; ++i) w.play();
    CHECK(play(w) == lines{"seen P1 2026-11-04-onrender-com"});
    CHECK(play(w) == lines{"answered P1 2026-11-04-onrender-com"});
}

TEST_CASE("servers that fail later join, as long as together they are enough", "[incident]")
{
    week w;
    w.add_many(18, {"...", "...", "...", "ppp"}, render);
    w.add_many(2, {"...", "...", "...", "...", "ppp"}, render);
    w.add({"...", "...", "...", "...", "xxx"}, render);  // another kind of failure
    w.add_many(10, {"..."}, render);
    w.add_many(200, {"..."}, {});
    for (int i = 0; i < 3; ++i) w.play();
    CHECK(play(w) == lines{"opened P1 2026-11-04-onrender-com +18"});
    const auto second = w.play();
    CHECK(told(second) == lines{"grew P1 2026-11-04-onrender-com +2", "opened P2 2026-11-05-id21"});
    CHECK(second[0].now.members.size() == 20);
    CHECK(in_words(second) == "1 incident opened, 1 notice absorbs 1");
}

TEST_CASE("the same platform within three rounds is the same incident, later it is another", "[incident]")
{
    for (const int good : {3, 4})
        DYNAMIC_SECTION(good << " good rounds between")
        {
            week w;
            lines first{"...", "...", "...", "ppp"}, second{"...", "...", "...", "..."};
            for (int i = 0; i < good; ++i) first.push_back("..."), second.push_back("...");
            first.push_back("...");
            second.push_back("ppp");
            w.add_many(12, first, render);
            w.add_many(12, second, render);
            w.add_many(200, {"..."}, {});
            lines all;
            for (int i = 0; i < 5 + good; ++i)
                for (const auto& line : play(w)) all.push_back(line);
            const lines merged{"opened P1 2026-11-04-onrender-com +12", "answered P1 2026-11-04-onrender-com", "again P1 2026-11-04-onrender-com +12"};
            const lines apart{"opened P1 2026-11-04-onrender-com +12", "answered P1 2026-11-04-onrender-com", "opened P1 2026-11-09-onrender-com +12"};
            CHECK(all == (good == 3 ? merged : apart));
        }
}

TEST_CASE("members that fail again within the watch take it up again", "[incident]")
{
    week w;
    w.add_many(18, {"...", "...", "...", "ppp", "...", "ppp", "..."}, render);
    w.add_many(200, {"..."}, {});
    lines all;
    for (int i = 0; i < 7; ++i)
        for (const auto& line : play(w)) all.push_back(line);
    CHECK(all == lines{"opened P1 2026-11-04-onrender-com +18", "answered P1 2026-11-04-onrender-com", "again P1 2026-11-04-onrender-com", "answered P1 2026-11-04-onrender-com"});
}

TEST_CASE("from one region only it takes a second round, from two regions one", "[incident]")
{
    week one, two, blip;
    for (auto* w : {&one, &two, &blip}) w->add_many(200, {"..."}, {});
    one.add_many(12, {"...", "...", "...", "..x", "..x", "..."}, edge);
    two.add_many(12, {"...", "...", "...", ".xx", "..."}, edge);
    blip.add_many(12, {"...", "...", "...", "..x", "..."}, edge);
    lines told_one, told_two, told_blip;
    for (int i = 0; i < 6; ++i) {
        for (const auto& line : play(one)) told_one.push_back(line);
        for (const auto& line : play(two)) told_two.push_back(line);
        for (const auto& line : play(blip)) told_blip.push_back(line);
    }
    CHECK(told_one == lines{"opened P2 2026-11-05-cname-cdn-example-from-sin +12", "answered P2 2026-11-05-cname-cdn-example-from-sin"});
    CHECK(told_two == lines{"opened P2 2026-11-04-cname-cdn-example-from-iad-sin +12", "answered P2 2026-11-04-cname-cdn-example-from-iad-sin"});
    CHECK(told_blip.empty());
}

TEST_CASE("above a tenth of all it says so", "[incident]")
{
    week w;
    w.add_many(30, {"...", "...", "...", "ppp"}, render);
    w.add_many(100, {"..."}, {});
    for (int i = 0; i < 3; ++i) w.play();
    const auto changes = w.play();
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].now.global);
    CHECK(changes[0].now.severity == data::severity::p1);
}

TEST_CASE("a region that was not able to measure opens nothing", "[incident]")
{
    week w;
    w.add_many(300, {"...", "...", "...", "..-", "..-", "..."}, render);
    for (int i = 0; i < 6; ++i) CHECK(w.play().empty());
}

TEST_CASE("the golden outage night: three firings, 101 events, 4 notices, 97 absorbed", "[incident][golden]")
{
    week w;
    w.add_many(46, {"...", "...", "...", "ppp"}, render);   // a cluster of a platform
    w.add_many(3, {"..."}, render);
    w.add_many(31, {"...", "...", "...", "eee"}, railway);  // a credit cap
    w.add_many(40, {"..."}, railway);
    w.add_many(23, {"...", "...", "...", ".xx"}, edge);     // a CDN's edge, from two places
    w.add_many(30, {"..."}, edge);
    w.add({"...", "...", "...", "xxx"});                    // one on its own
    w.add_many(1200, {"..."}, {});
    w.add_many(700, {"xxx"}, {});                           // these never answered
    for (int i = 0; i < 3; ++i) REQUIRE(w.play().empty());
    const auto changes = w.play();
    const auto t = tally_of(changes);
    std::cout << "the golden outage night: " << t.firings << " firings, " << t.events << " events, " << t.notices << " notices, " << t.absorbed() << " absorbed; " << in_words(changes) << "\n";
    for (const auto& line : told(changes)) std::cout << "  " << line << "\n";
    CHECK(t.firings == 3);
    CHECK(t.events == 101);
    CHECK(t.notices == 4);
    CHECK(t.absorbed() == 97);
    CHECK(told(changes) == lines{"opened P2 2026-11-04-cname-cdn-example-from-iad-sin +23", "opened P1 2026-11-04-onrender-com +46", "opened P1 2026-11-04-railway-app +31", "opened P2 2026-11-04-id174"});
    CHECK(in_words(changes) == "4 incidents opened, 3 notices absorb 97");
}

TEST_CASE("whatever the nights: each server has one notice at most, and the order of rows changes nothing", "[incident]")
{
    std::mt19937 random(20261121);
    std::size_t happened = 0;
    for (int round = 0; round < 12; ++round) {
        week w;
        const char* letters = "..........xpe-";
        for (int i = 0; i < 160; ++i) {
            lines nights;
            const bool wave = i % 4 == 0 && i < 100;
            for (int n = 0; n < 12; ++n) {
                std::string night = "...";
                if (random() % 9 == 0)
                    for (auto& c : night) c = letters[random() % 14];
                if (wave && (n == 5 || n == 6)) night = random() % 8 ? "ppp" : "...";
                nights.push_back(night);
            }
            w.add(nights, {{common_key::platform, "p" + std::to_string(i % 4)}, {common_key::network, "n" + std::to_string(i % 7)}});
        }
        for (int n = 0; n < 12; ++n) {
            const auto before = w.standing_now();
            const auto changes = w.play();
            happened += changes.size();
            // Shuffled, it comes out the same.
            auto shuffled = w.last();
            std::ranges::shuffle(shuffled.servers, random);
            for (auto& s : shuffled.servers)
                for (auto& o : s.nights) std::ranges::shuffle(o.cells, random);
            auto standing_shuffled = before;
            std::ranges::shuffle(standing_shuffled, random);
            CAPTURE(round, n);
            CHECK(told(call_night(shuffled, standing_shuffled)) == told(changes));

            std::set<std::int64_t> notified;
            std::set<std::string> codes;
            for (const auto& c : changes) {
                CHECK(codes.insert(c.now.code).second);
                if (c.now.kind == data::incident_kind::single && c.event == data::incident_event::opened) CHECK(notified.insert(*c.now.endpoint).second);
                if (c.now.kind == data::incident_kind::shared && c.event == data::incident_event::opened)
                    for (const auto m : c.joined) CHECK(notified.insert(m).second);
            }
            CHECK(tally_of(changes).absorbed() >= 0);
        }
    }
    CHECK(happened > 300);
}

}  // namespace rollcall::audit::incident::tests
