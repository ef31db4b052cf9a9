// Connections through proxies that misbehave, over real sockets: whose failure it is, and whose time.
#include "audit/net/dial.hpp"
#include "audit/net/open.hpp"
#include "audit/net/tls.hpp"
#include "tests/audit/net/byte_server.hpp"

#include "tests/catch.hpp"

#include <ares.h>

using namespace rollcall;
using namespace rollcall::audit;
using rollcall::tests::byte_script;
using rollcall::tests::byte_server;
using rollcall::tests::run;
using rollcall::tests::scripted_server;
using ending = byte_script::ending;
namespace net = boost::asio;

namespace {

const std::string in{"\x05\x00", 2}, through{"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10};
std::string socks_no(char code) { return std::string("\x05", 1) + code + std::string("\x00\x01\x00\x00\x00\x00\x00\x00", 8); }

// One name, whose answer the test chooses.
class one_name final : public resolver {
public:
    resolution answer;
    net::awaitable<resolution> resolve(std::string, deadline) override { co_return answer; }
};

struct kitchen {
    net::io_context context{1};
    one_name dns;
    net::ssl::context tls = make_tls_context("");
    egress out;
    bool public_only = false;

    explicit kitchen(egress_kind kind = egress_kind::socks5, bool names_there = false)
    {
        out.kind = kind;
        out.host = "127.0.0.1";
        out.names_there = names_there;
        out.record = std::make_shared<proxy_record>();
        dns.answer.addresses = {net::ip::make_address("127.0.0.1")};
    }

    opened open(std::uint16_t proxy_port, const std::string& url = "http://server.test:1/")
    {
        out.port = proxy_port;
        const way_out way{dns, tls, std::chrono::milliseconds(200), std::chrono::milliseconds(200), public_only, is_private, &out};
        return run(context, open_link(way, *split_url(url), std::chrono::steady_clock::now() + std::chrono::seconds(5)));
    }

    std::string told(std::uint16_t proxy_port, const std::string& url = "http://server.test:1/")
    {
        const auto o = open(proxy_port, url);
        if (const auto* f = std::get_if<net_failure>(&o.result)) return std::string(data::code_of(f->why)) + ": " + f->detail;
        return "open";
    }
};

// A port at which nobody listens.
std::uint16_t deaf_port(net::io_context& context)
{
    net::ip::tcp::acceptor taken(context, {net::ip::address_v4::loopback(), 0});
    return taken.local_endpoint().port();
}

// The proxy's answers one after the other: each is written when something came.
byte_script answers(std::vector<std::string> pieces, ending end = ending::stays) { return {std::move(pieces), end}; }

}  // namespace

TEST_CASE("a proxy that fails is our failure, however it fails", "[proxy]")
{
    struct row { const char* name; egress_kind kind; byte_script script; const char* told; };
    const std::vector<row> rows{
        {"SOCKS: closes at once", egress_kind::socks5, {{}, ending::closes, true}, "proxy_failed: our proxy hung up"},
        {"SOCKS: resets", egress_kind::socks5, answers({}, ending::resets), "proxy_failed: our proxy hung up"},
        {"SOCKS: silent", egress_kind::socks5, answers({}), "proxy_failed: our proxy did not answer"},
        {"SOCKS: silent after letting us in", egress_kind::socks5, answers({in}), "proxy_failed: our proxy did not answer"},
        {"SOCKS: closes after letting us in", egress_kind::socks5, answers({in}, ending::closes), "proxy_failed: our proxy hung up"},
        {"SOCKS: half a reply", egress_kind::socks5, answers({in, through.substr(0, 6)}, ending::closes), "proxy_failed: our proxy hung up"},
        {"SOCKS: garbage", egress_kind::socks5, answers({"HTTP/1.1 400 Bad Request\r\n\r\n"}), "proxy_failed: the proxy does not speak SOCKS 5"},
        {"SOCKS: general failure", egress_kind::socks5, answers({in, socks_no(1)}), "proxy_failed: the proxy failed (general failure)"},
        {"SOCKS: the server refused", egress_kind::socks5, answers({in, socks_no(5)}, ending::closes), "tcp_refused: connection refused, says our proxy"},
        {"SOCKS: connected", egress_kind::socks5, answers({in, through}), "open"},
        {"SOCKS: all at once", egress_kind::socks5, answers({in + through}), "open"},
        {"CONNECT: closes", egress_kind::http_connect, answers({}, ending::closes), "proxy_failed: our proxy hung up"},
        {"CONNECT: silent", egress_kind::http_connect, answers({}), "proxy_failed: our proxy did not answer"},
        {"CONNECT: half an answer", egress_kind::http_connect, answers({"HTTP/1.1 200 OK\r\n"}, ending::closes), "proxy_failed: our proxy hung up"},
        {"CONNECT: 407", egress_kind::http_connect, answers({"HTTP/1.1 407 Who\r\n\r\n"}), "proxy_failed: the proxy asks for a user and a password"},
        {"CONNECT: 502", egress_kind::http_connect, answers({"HTTP/1.1 502 Bad\r\n\r\n"}), "proxy_failed: the proxy answered HTTP 502"},
        {"CONNECT: connected", egress_kind::http_connect, answers({"HTTP/1.1 2", "00 OK\r\n\r", "\n"}), "open"},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name)
        {
            kitchen k(row.kind);
            byte_server server(k.context, {row.script});
            CHECK(k.told(server.port()) == row.told);
        }
    }
    kitchen k;
    CHECK(k.told(deaf_port(k.context)) == "proxy_failed: our proxy refused the connection");
    k.out.host = "proxy.test";
    k.dns.answer.error = {ARES_ENOTFOUND, dns_category()};
    CHECK(k.told(1, "http://127.0.0.1:1/") == "proxy_failed: our proxy's own name was not found");
}

TEST_CASE("a silent server is told from a silent proxy by what the proxy did for others", "[proxy]")
{
    kitchen k;
    byte_server server(k.context, {answers({in})});
    // Somebody else is served after we were let in.
    k.out.record->served = std::chrono::steady_clock::now() + std::chrono::hours(1);
    CHECK(k.told(server.port()) == "tcp_timeout: no answer within the limit, through our proxy");
    // Of a name it may still be the proxy's resolver.
    k.out.names_there = true;
    CHECK(k.told(server.port()) == "proxy_failed: our proxy did not answer");
    // And a proxy that never let us in may have a queue.
    byte_server closed(k.context, {answers({})});
    k.out.names_there = false;
    CHECK(k.told(closed.port()) == "proxy_failed: our proxy did not answer");
}

TEST_CASE("the guard holds through a proxy as far as it can", "[proxy]")
{
    const auto address = [](const char* text) { return net::ip::make_address(text); };
    struct row { const char* name; const char* url; std::vector<net::ip::address> ours; bool names_there; const char* told; std::string asked; };
    const std::string by_v4{"\x05\x01\x00\x01\x08\x08\x08\x08\x00\x01", 10};
    const std::string by_name{"\x05\x01\x00\x03\x0bserver.test\x00\x01", 18};
    const std::vector<row> rows{
        {"a public name, looked up here", "http://server.test:1/", {address("8.8.8.8")}, false, "open", by_v4},
        {"a public name, looked up there", "http://server.test:1/", {address("8.8.8.8")}, true, "open", by_name},
        {"a private name, looked up there", "http://server.test:1/", {address("10.0.0.1"), address("::1")}, true, "dns_private: the name leads to a private or reserved address only, which we do not contact", ""},
        {"a name of both kinds is not left to the proxy", "http://server.test:1/", {address("10.0.0.1"), address("8.8.8.8")}, true, "open", by_v4},
        {"a private address", "http://169.254.169.254:1/", {}, true, "dns_private: the address is private or reserved, which we do not contact", ""},
        {"a public address", "http://8.8.8.8:1/", {}, true, "open", by_v4},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name)
        {
            kitchen k(egress_kind::socks5, row.names_there);
            k.public_only = true;
            k.dns.answer.addresses = row.ours;
            std::string asked;
            net::ip::tcp::acceptor acceptor(k.context, {net::ip::address_v4::loopback(), 0});
            acceptor.async_accept([&](boost::system::error_code, net::ip::tcp::socket accepted) {
                auto peer = std::make_shared<net::ip::tcp::socket>(std::move(accepted));
                auto text = std::make_shared<std::string>(512, '\0');
                peer->async_read_some(net::buffer(*text), [&, peer, text](boost::system::error_code, std::size_t) {
                    net::write(*peer, net::buffer(in));
                    peer->async_read_some(net::buffer(*text), [&, peer, text](boost::system::error_code, std::size_t n) {
                        asked = text->substr(0, n);
                        net::write(*peer, net::buffer(through));
                    });
                });
            });
            CHECK(k.told(acceptor.local_endpoint().port(), row.url) == row.told);
            CHECK(asked == row.asked);
        }
    }
}

TEST_CASE("a name that neither we nor the proxy know is the server's matter", "[proxy]")
{
    struct row { const char* name; egress_kind kind; int ours; byte_script script; const char* told; };
    const std::vector<row> rows{
        {"both say no", egress_kind::socks5, ARES_ENOTFOUND, answers({in, socks_no(1)}), "dns_nxdomain: "},
        {"no address, and no", egress_kind::socks5, ARES_ENODATA, answers({in, socks_no(4)}), "dns_nodata: "},
        {"tinyproxy's 500", egress_kind::http_connect, ARES_ENOTFOUND, answers({"HTTP/1.0 500 Unable to connect\r\n\r\n"}), "dns_nxdomain: "},
        {"the proxy found it", egress_kind::socks5, ARES_ENOTFOUND, answers({in, through}), "open"},
        {"our resolver failed, which says nothing", egress_kind::socks5, ARES_ESERVFAIL, answers({in, socks_no(1)}), "proxy_failed: the proxy failed"},
        {"its resolver failed, which says nothing", egress_kind::socks5, ARES_SUCCESS, answers({in, socks_no(4)}), "proxy_failed: the proxy did not reach the host"},
        {"the proxy hung up, which says nothing", egress_kind::socks5, ARES_ENOTFOUND, answers({in}, ending::closes), "proxy_failed: our proxy hung up"},
        {"its rules, which say nothing", egress_kind::socks5, ARES_ENOTFOUND, answers({in, socks_no(2)}), "proxy_failed: the proxy's rules"},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name)
        {
            kitchen k(row.kind, true);
            if (row.ours != ARES_SUCCESS) {
                k.dns.answer.error = {row.ours, dns_category()};
                k.dns.answer.addresses.clear();
            }
            byte_server server(k.context, {row.script});
            const auto told = k.told(server.port());
            CAPTURE(told);
            CHECK(told.starts_with(row.told));
        }
    }
}

TEST_CASE("a connection that breaks while the proxy is gone is no word about the server", "[proxy]")
{
    kitchen k;
    // A proxy that connects us to a server that hangs up, lives on, and then is gone.
    auto proxy = std::make_unique<byte_server>(k.context, std::vector<byte_script>{answers({in, through}, ending::stays)});
    const auto port = proxy->port();
    const auto ask = [&](audit::link& l) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
        run(k.context, l.send({"GET", "/", "server.test", {}, {}}, until));
        const auto head = run(k.context, l.head(until));
        return data::code_of(std::get<net_failure>(head).why);
    };
    auto o = k.open(port);
    CHECK(ask(*std::get<std::unique_ptr<audit::link>>(o.result)) == "http_hang");
    auto second = k.open(port);
    proxy.reset();
    CHECK(ask(*std::get<std::unique_ptr<audit::link>>(second.result)) == "proxy_failed");
}

TEST_CASE("the way to the proxy is no part of the server's time", "[proxy]")
{
    kitchen k;
    net::ip::tcp::acceptor acceptor(k.context, {net::ip::address_v4::loopback(), 0});
    net::steady_timer slow(k.context);
    std::array<char, 64> buffer;
    acceptor.async_accept([&](boost::system::error_code, net::ip::tcp::socket accepted) {
        auto peer = std::make_shared<net::ip::tcp::socket>(std::move(accepted));
        slow.expires_after(std::chrono::milliseconds(150));
        slow.async_wait([&, peer](boost::system::error_code) {
            net::write(*peer, net::buffer(in));
            peer->async_read_some(net::buffer(buffer), [peer](boost::system::error_code, std::size_t) { net::write(*peer, net::buffer(through)); });
        });
    });
    const auto begun = std::chrono::steady_clock::now();
    const auto o = k.open(acceptor.local_endpoint().port());
    const auto all = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    REQUIRE(std::holds_alternative<std::unique_ptr<audit::link>>(o.result));
    REQUIRE(o.ms[1].has_value());
    CHECK(*o.ms[1] + 150 <= static_cast<std::uint64_t>(all.count()) + 1);
    CHECK(o.facts.address == "127.0.0.1");
}

TEST_CASE("a region with a source address leaves from it", "[proxy]")
{
    kitchen k(egress_kind::bind);
    k.out.source = net::ip::make_address("127.66.0.3");
    net::ip::tcp::acceptor acceptor(k.context, {net::ip::address_v4::loopback(), 0});
    std::string came_from;
    acceptor.async_accept([&](boost::system::error_code, net::ip::tcp::socket peer) { came_from = peer.remote_endpoint().address().to_string(); });
    CHECK(k.told(1, "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/") == "open");
    k.context.restart();
    k.context.poll();
    CHECK(came_from == "127.66.0.3");
    // A server of the other family is not to be reached from there: our lack.
    CHECK(k.told(1, "http://[2001:db8::1]:1/") == "region_down: no route from here: this region has no IPv6");
}
