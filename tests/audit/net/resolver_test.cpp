#include "audit/net/failure.hpp"
#include "audit/net/resolver.hpp"
#include "tests/audit/net/name_server.hpp"

#include "tests/catch.hpp"

using namespace rollcall;
using namespace rollcall::audit;
using rollcall::tests::dns_answer;
using rollcall::tests::dns_record;
using rollcall::tests::name_server;
using rollcall::tests::run;
using rollcall::tests::wire_name;

namespace {

constexpr std::uint16_t a = 1, ns = 2, cname = 5, aaaa = 28;
constexpr int servfail = 2, nxdomain = 3, refused = 5;
const std::string four_bytes("\x7f\0\0\1", 4), sixteen_bytes = std::string(15, '\0') + '\1';

// A resolver that knows the root, and one name.
name_server::answers well(std::function<dns_answer(std::uint16_t)> of_the_name)
{
    return [=](const std::string& name, std::uint16_t type) {
        if (name.empty()) return dns_answer{0, {{"", ns, wire_name("a.root-servers.net")}}};
        return of_the_name(type);
    };
}

dns_answer only(std::uint16_t asked, std::uint16_t type, dns_answer yes) { return asked == type ? yes : dns_answer{}; }

struct heard { std::string what; std::size_t addresses; std::string last_name; };

heard ask(name_server::answers say, const std::string& name = "www.a.dev")
{
    boost::asio::io_context context{1};
    name_server server(context, std::move(say));
    const auto dns = make_resolver(context, {std::chrono::milliseconds(60), 2, server.address()});
    const auto got = run(context, dns->resolve(name));
    return {got.error ? std::string(data::code_of(failure_of(got.error, data::step::resolve).why)) : "found", got.addresses.size(), got.cname};
}

}  // namespace

TEST_CASE("what a name server says of a name is told apart")
{
    struct row { const char* name; std::function<dns_answer(std::uint16_t)> say; const char* expected; std::size_t addresses; };
    for (const auto& r : std::vector<row>{
             {"an address", [](auto type) { return only(type, a, {0, {{"www.a.dev", a, four_bytes}}}); }, "found", 1},
             {"IPv6 alone", [](auto type) { return only(type, aaaa, {0, {{"www.a.dev", aaaa, sixteen_bytes}}}); }, "found", 1},
             {"both", [](auto type) { return dns_answer{0, {{"www.a.dev", type, type == a ? four_bytes : sixteen_bytes}}}; }, "found", 2},
             {"no such name", [](auto) { return dns_answer{nxdomain}; }, "dns_nxdomain", 0},
             {"no address", [](auto) { return dns_answer{}; }, "dns_nodata", 0},
             {"failure", [](auto) { return dns_answer{servfail}; }, "dns_servfail", 0},
             {"refusal", [](auto) { return dns_answer{refused}; }, "dns_servfail", 0},
             {"silence", [](auto) { return dns_answer{.silent = true}; }, "dns_timeout", 0},
             {"failure for IPv6 alone", [](auto type) { return type == a ? dns_answer{0, {{"www.a.dev", a, four_bytes}}} : dns_answer{servfail}; }, "found", 1},
             {"silence for IPv6 alone", [](auto type) { return type == a ? dns_answer{0, {{"www.a.dev", a, four_bytes}}} : dns_answer{.silent = true}; }, "found", 1},
             {"answers to another question", [](auto) { return dns_answer{.records = {{"www.a.dev", a, four_bytes}}, .of_another = true}; }, "dns_timeout", 0},
             {"an alias to no address", [](auto) { return dns_answer{0, {{"www.a.dev", cname, wire_name("b.dev")}}}; }, "dns_nodata", 0},
             {"an alias to itself", [](auto) { return dns_answer{0, {{"www.a.dev", cname, wire_name("www.a.dev")}}}; }, "dns_nodata", 0},
             {"an alias to a name that does not exist", [](auto) { return dns_answer{nxdomain, {{"www.a.dev", cname, wire_name("b.dev")}}}; }, "dns_nxdomain", 0}}) {
        DYNAMIC_SECTION(r.name)
        {
            const auto got = ask(well(r.say));
            CHECK(got.what == r.expected);
            CHECK(got.addresses == r.addresses);
        }
    }
}

TEST_CASE("a resolver that answers nothing is ours: no name is blamed for it")
{
    struct row { const char* name; name_server::answers say; };
    for (const auto& r : std::vector<row>{{"silent", [](auto&, auto) { return dns_answer{.silent = true}; }},
                                          {"fails at everything", [](auto&, auto) { return dns_answer{servfail}; }},
                                          {"refuses everything", [](auto&, auto) { return dns_answer{refused}; }}}) {
        DYNAMIC_SECTION(r.name) { CHECK(ask(r.say).what == "region_down"); }
    }
    boost::asio::io_context context{1};
    boost::asio::ip::udp::socket nobody(context, {boost::asio::ip::address_v4::loopback(), 0});
    const auto port = nobody.local_endpoint().port();
    nobody.close();
    const auto dns = make_resolver(context, {std::chrono::milliseconds(60), 2, "127.0.0.1:" + std::to_string(port)});
    CHECK(failure_of(run(context, dns->resolve("www.a.dev")).error, data::step::resolve).why == data::reason::region_down);
}

TEST_CASE("aliases lead to the last name, if it is one that a host can have")
{
    const dns_record one{"www.a.dev", cname, wire_name("edge.b.dev")}, two{"edge.b.dev", cname, wire_name("NODE7.c.dev")},
        address{"node7.c.dev", a, four_bytes};
    const auto say = [](std::vector<dns_record> records) { return well([=](auto) { return dns_answer{0, records}; }); };
    CHECK(ask(say({one, two, address})).last_name == "node7.c.dev");
    CHECK(ask(say({address})).last_name.empty());
    CHECK(ask(say({{"WWW.a.dev", cname, wire_name("b.dev")}, {"b.dev", a, four_bytes}})).last_name == "b.dev");
    CHECK(ask(say({{"www.a.dev", cname, wire_name("<b>&")}, {"<b>&", a, four_bytes}})).last_name.empty());
    CHECK(ask(say({one, {"edge.b.dev", cname, wire_name("www.a.dev")}})).what == "dns_nodata");
}

TEST_CASE("a name has no more addresses than we would ever try")
{
    std::vector<dns_record> many;
    for (char i = 1; i <= 70; ++i) many.push_back({"@", a, std::string("\x7f\0\0", 3) + i});
    const auto got = ask(well([&](auto type) { return only(type, a, {0, many}); }));
    CHECK(got.what == "found");
    CHECK(got.addresses == 64);
}

TEST_CASE("a name is asked for once, unless its name servers failed")
{
    boost::asio::io_context context{1};
    name_server server(context, [](const std::string& name, std::uint16_t type) {
        if (name == "bad.dev") return dns_answer{servfail};
        return type == a ? dns_answer{0, {{name, a, four_bytes}}} : dns_answer{};
    });
    const auto dns = make_resolver(context, {std::chrono::milliseconds(500), 2, server.address()});
    for (int i = 0; i < 3; ++i) CHECK_FALSE(run(context, dns->resolve("good.dev")).error);
    CHECK(server.asked().at("good.dev") == 2);  // one question a family
    CHECK(run(context, dns->resolve("bad.dev")).error);
    const auto once = server.asked().at("bad.dev");
    CHECK(run(context, dns->resolve("bad.dev")).error);
    CHECK(server.asked().at("bad.dev") == 2 * once);
}
