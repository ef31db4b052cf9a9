#include "audit/incident/detect.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <set>

namespace rollcall::audit::incident {
namespace {

using data::common_key;
using data::reason;

const key vercel{common_key::platform, "vercel.app"};

// A crowd to build nights from; endpoints are numbered as they are added.
struct crowd {
    std::vector<subject> all;

    // `failed` of `n` servers with the keys, each on a site of its own unless `sites` says fewer.
    crowd& add(std::int64_t n, std::int64_t failed, std::vector<key> keys, reason why = reason::host_reaped, unsigned vantages = 3, std::int64_t sites = 1000000)
    {
        for (std::int64_t i = 0; i < n; ++i) {
            subject s;
            s.endpoint = static_cast<std::int64_t>(all.size()) + 1;
            s.site = std::to_string(i % sites) + (keys.empty() ? ".alone" + std::to_string(s.endpoint) : "." + keys.front().text);
            s.keys = keys;
            s.failed = i < failed;
            if (s.failed) {
                s.why = why;
                s.signature = data::code_of(why);
                s.vantages = vantages;
            }
            all.push_back(std::move(s));
        }
        return *this;
    }
};

}  // namespace

TEST_CASE("a platform most of whose servers fail is found, with its figures", "[incident]")
{
    auto found = detect(crowd().add(44, 41, {vercel}).add(956, 2, {}, reason::tcp_timeout).all);
    REQUIRE(found.size() == 1);
    const auto& f = found[0];
    CHECK(f.key == vercel);
    CHECK(f.members.size() == 41);
    CHECK(f.at_risk == 44);
    CHECK(f.sites == 41);
    CHECK(f.everybody == 1000);
    CHECK(f.new_failures == 43);
    CHECK(f.vantages == 3);
    CHECK(f.why == reason::host_reaped);
    CHECK(f.alike);
    CHECK_FALSE(f.global);
    CHECK(f.sure == data::confidence::likely);
}

TEST_CASE("each threshold is reached by its very value, and by nothing below it", "[incident]")
{
    struct row { const char* what; std::int64_t n, failed, sites, others, others_failed; bool fires; };
    const row table[] = {
        {"5 failures of 10", 10, 5, 10, 1000, 0, true},
        {"4 failures of 10", 10, 4, 10, 1000, 0, false},
        {"3 sites", 10, 5, 3, 1000, 0, true},
        {"2 sites", 10, 5, 2, 1000, 0, false},
        {"10 at risk", 10, 6, 10, 1000, 0, true},
        {"9 at risk", 9, 9, 9, 1000, 0, false},
        {"30 % of 20", 20, 6, 20, 1000, 0, true},
        {"a little less than 30 % of 20", 21, 6, 21, 1000, 0, false},
        {"ten times the others' rate: 60 % against 6 %", 20, 12, 20, 1000, 60, true},
        {"less than ten times: 60 % against 6.1 %", 20, 12, 20, 1000, 61, false},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.what)
        {
            crowd c;
            c.add(r.n, r.failed, {vercel}, reason::host_reaped, 3, r.sites);
            // The others fail each in its own way: no signature of theirs counts.
            c.add(r.others, r.others_failed, {}, reason::tcp_timeout);
            for (auto& s : c.all)
                if (s.failed && s.keys.empty()) s.signature += std::to_string(s.endpoint);
            CHECK(detect(c.all).size() == (r.fires ? 1u : 0u));
        }
}

TEST_CASE("many small groups raise what one of them must show", "[incident]")
{
    // 5 of 16 against a rate of 3 %: a chance of about 0.0002. Alone enough, among 40 such tests not.
    crowd alone, among;
    alone.add(16, 5, {vercel}).add(3000, 93, {}, reason::tcp_timeout);
    among = alone;
    for (int g = 0; g < 40; ++g) among.add(16, 0, {{common_key::platform, "p" + std::to_string(g) + ".app"}});
    for (auto* c : {&alone, &among})
        for (auto& s : c->all)
            if (s.failed && s.keys.empty()) s.signature += std::to_string(s.endpoint);
    CHECK(detect(alone.all).size() == 1);
    CHECK(detect(among.all).empty());
}

TEST_CASE("only failures of the most frequent family are members", "[incident]")
{
    crowd c;
    c.add(20, 12, {vercel}, reason::tcp_refused).add(10, 2, {vercel}, reason::http_404).add(500, 0, {});
    const auto found = detect(c.all);
    REQUIRE(found.size() == 1);
    CHECK(found[0].members.size() == 12);
    CHECK(found[0].at_risk == 30);
}

TEST_CASE("of nested groups the smallest is named whose removal leaves nothing", "[incident]")
{
    const key net{common_key::network, "192.0.2.0/24"}, cname{common_key::cname, "edge.example"};
    SECTION("the same servers: the platform says most")
    {
        const auto found = detect(crowd().add(30, 28, {net, vercel, cname}).add(500, 0, {}).all);
        REQUIRE(found.size() == 1);
        CHECK(found[0].key == vercel);
    }
    SECTION("one network of a platform")
    {
        const auto found = detect(crowd().add(20, 20, {vercel, net}).add(40, 0, {vercel}).add(500, 0, {}).all);
        REQUIRE(found.size() == 1);
        CHECK(found[0].key == net);
    }
    SECTION("a platform beyond one network")
    {
        const auto found = detect(crowd().add(15, 14, {vercel, net}).add(25, 23, {vercel}).add(500, 0, {}).all);
        REQUIRE(found.size() == 1);
        CHECK(found[0].key == vercel);
        CHECK(found[0].members.size() == 37);
    }
}

TEST_CASE("two outages in one night do not hide one another", "[incident]")
{
    const key railway{common_key::platform, "railway.app"};
    const auto found = detect(crowd().add(60, 58, {vercel}).add(30, 12, {railway}, reason::tcp_timeout).add(900, 1, {}, reason::http_5xx).all);
    REQUIRE(found.size() == 2);
    CHECK(found[0].key == vercel);
    CHECK(found[1].key == railway);
    CHECK(found[1].sure == data::confidence::possible);  // 40 %
}

TEST_CASE("a wide network or issuer must fail in one way; a platform need not", "[incident]")
{
    for (const auto kind : {common_key::issuer, common_key::network, common_key::cname, common_key::platform})
        for (const bool alike : {true, false})
            DYNAMIC_SECTION(data::code_of(kind) << (alike ? ", alike" : ", each in its own way"))
            {
                crowd c;
                c.add(100, 40, {{kind, "wide"}}).add(800, 0, {});
                if (!alike)
                    for (auto& s : c.all)
                        if (s.failed) s.signature += std::to_string(s.endpoint);
                CHECK(detect(c.all).size() == (alike || kind == common_key::platform ? 1u : 0u));
            }
}

TEST_CASE("above a tenth of all it is a global notice; a tenth is not above", "[incident]")
{
    for (const auto& [failed, global] : {std::pair{100, false}, std::pair{101, true}}) {
        const auto found = detect(crowd().add(110, failed, {vercel}).add(890, 0, {}).all);
        REQUIRE(found.size() == 1);
        CHECK(found[0].global == global);
    }
}

TEST_CASE("the same error everywhere is one notice from a tenth of all on, a night without a pattern from three tenths on", "[incident]")
{
    for (const auto& [failed, fires] : {std::pair{100, false}, std::pair{101, true}}) {
        const auto found = detect(crowd().add(1000, failed, {}, reason::dns_servfail).all);
        REQUIRE(found.size() == (fires ? 1u : 0u));
        if (!fires) continue;
        CHECK(found[0].key == key{common_key::error, "dns_servfail"});
        CHECK(found[0].global);
        CHECK(found[0].sure == data::confidence::possible);
    }
    for (const auto& [failed, fires] : {std::pair{300, false}, std::pair{301, true}}) {
        crowd c;
        c.add(1000, failed, {}, reason::dns_servfail);
        for (auto& s : c.all) s.signature += std::to_string(s.endpoint);
        const auto found = detect(c.all);
        REQUIRE(found.size() == (fires ? 1u : 0u));
        if (fires) CHECK(found[0].key == key{common_key::everything, ""});
    }
}

TEST_CASE("likely needs one look, four fifths of those at risk and two places", "[incident]")
{
    struct row { const char* what; std::int64_t failed; unsigned vantages; bool alike; data::confidence sure; };
    const row table[] = {{"all three", 40, 2, true, data::confidence::likely}, {"79 %", 39, 2, true, data::confidence::possible},
                         {"one place", 40, 1, true, data::confidence::possible}, {"many looks", 40, 2, false, data::confidence::possible}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.what)
        {
            crowd c;
            c.add(50, r.failed, {vercel}, reason::host_reaped, r.vantages).add(2000, 0, {});
            if (!r.alike)
                for (auto& s : c.all)
                    if (s.failed) s.signature += std::to_string(s.endpoint % 3);
            const auto found = detect(c.all);
            REQUIRE(found.size() == 1);
            CHECK(found[0].sure == r.sure);
        }
}

TEST_CASE("a quiet night and an empty one find nothing", "[incident]")
{
    CHECK(detect({}).empty());
    CHECK(detect(crowd().add(1000, 3, {}).all).empty());
    CHECK(detect(crowd().add(5, 5, {vercel}).all).empty());  // a handful of servers is no statistics
}

TEST_CASE("whatever the night, no failure is explained twice, and the order of rows changes nothing", "[incident]")
{
    std::mt19937 random(20261121);
    const auto up_to = [&](unsigned n) { return static_cast<std::int64_t>(random() % n); };
    int nights_with_groups = 0;
    for (int round = 0; round < 120; ++round) {
        crowd c;
        const auto platforms = 1 + up_to(6);
        for (std::int64_t p = 0; p < platforms; ++p) {
            const auto n = 5 + up_to(60);
            const std::vector<key> keys{{common_key::platform, "p" + std::to_string(p)}, {common_key::network, "n" + std::to_string(up_to(4))}, {common_key::issuer, "i" + std::to_string(up_to(2))}};
            const reason whys[] = {reason::host_reaped, reason::tcp_refused, reason::http_5xx};
            c.add(n, up_to(3) == 0 ? up_to(static_cast<unsigned>(n) + 1) : 0, keys, whys[up_to(3)], static_cast<unsigned>(1 + up_to(3)));
        }
        c.add(200 + up_to(300), up_to(12), {}, reason::http_404);
        const auto found = detect(c.all);
        nights_with_groups += !found.empty();

        std::set<std::int64_t> failures, explained;
        for (const auto& s : c.all)
            if (s.failed) failures.insert(s.endpoint);
        for (const auto& f : found) {
            CAPTURE(round, f.key.text);
            CHECK(std::ranges::is_sorted(f.members));
            CHECK(static_cast<std::int64_t>(f.members.size()) <= f.at_risk);
            for (const auto m : f.members) {
                CHECK(failures.contains(m));
                CHECK(explained.insert(m).second);
            }
        }
        auto shuffled = c.all;
        std::ranges::shuffle(shuffled, random);
        for (auto& s : shuffled) std::ranges::shuffle(s.keys, random);
        CAPTURE(round);
        CHECK(detect(shuffled) == found);
    }
    CHECK(nights_with_groups > 40);
}

}  // namespace rollcall::audit::incident
