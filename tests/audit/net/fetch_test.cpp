#include "audit/net/dial.hpp"
#include "audit/net/fetch.hpp"
#include "audit/net/inflater.hpp"
#include "audit/net/tls.hpp"
#include "tests/support/scripted_server.hpp"

#include "tests/catch.hpp"

#include <zlib.h>

using namespace rollcall;
using namespace rollcall::audit;
using rollcall::tests::run;
using rollcall::tests::scripted_server;

namespace {

// Any name is this machine.
class loopback_resolver final : public resolver {
public:
    boost::asio::awaitable<resolution> resolve(std::string, deadline) override
    {
        co_return resolution{{}, {boost::asio::ip::address_v4::loopback()}, ""};
    }
};

constexpr int as_gzip = 15 + 16, as_zlib = 15, as_raw = -15;

std::string packed(const std::string& text, int format)
{
    z_stream z{};
    deflateInit2(&z, 9, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY);
    std::string out(text.size() + 1000, '\0');
    std::string in(text);
    z.next_in = reinterpret_cast<Bytef*>(in.data());
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(out.size() - z.avail_out);
    deflateEnd(&z);
    return out;
}

std::string gzip(const std::string& text) { return packed(text, as_gzip); }

std::string http(const std::string& body, const std::string& fields = {}, const std::string& status = "200 OK")
{
    return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct kitchen {
    boost::asio::io_context context{1};
    loopback_resolver dns;
    boost::asio::ssl::context tls = make_tls_context("");

    std::string get(const std::vector<std::string>& answers, std::size_t cap = 1 << 20)
    {
        scripted_server server(context, answers);
        const auto url = split_url("http://registry.test:" + std::to_string(server.port()) + "/list");
        fetch_options o;
        o.user_agent = "test";
        o.body_bytes = cap;
        o.first_byte = std::chrono::milliseconds(300);
        o.whole = std::chrono::milliseconds(600);
        const auto got = run(context, fetch(*url, o, dns, tls));
        if (const auto* e = std::get_if<fetch_error>(&got)) return "error: " + e->problem;
        const auto& f = std::get<fetched>(got);
        return std::to_string(f.status) + " " + f.body;
    }
};

}  // namespace

TEST_CASE("a document comes whole or not at all")
{
    kitchen k;
    CHECK(k.get({http("hello")}) == "200 hello");
    CHECK(k.get({http("x", {}, "503 Busy")}) == "503 x");
    CHECK(k.get({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"}) == "200 abcde");
    CHECK(k.get({http(gzip("squeezed"), "Content-Encoding: gzip\r\n")}) == "200 squeezed");
    CHECK(k.get({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf"}) == "error: was cut off after 4 bytes");
    CHECK(k.get({http(std::string(5000, 'x'))}, 1000) == "error: is larger than 0 MiB");
    CHECK(k.get({http(gzip(std::string(100'000, 'x')), "Content-Encoding: gzip\r\n")}, 50'000) == "error: is larger than 0 MiB");
    CHECK(k.get({http(gzip("text").replace(10, 4, "????"), "Content-Encoding: gzip\r\n")}) == "error: its compression is damaged");
    CHECK(k.get({http("x", "Content-Encoding: br\r\n")}) == "error: came in an encoding that we did not ask for");
    CHECK(k.get({""}).starts_with("error: connection was cut"));
    CHECK(k.get({}).starts_with("error: connected, then silence"));
    CHECK(k.get({"SSH-2.0-OpenSSH_9.2\r\n"}).starts_with("error: "));
}

TEST_CASE("redirects of a document are followed, but not without end")
{
    kitchen k;
    CHECK(k.get({"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", http("there")}) == "200 there");
    const std::string loop = "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    CHECK(k.get({loop, loop, loop, loop, loop, loop, loop}) == "error: redirects without end");
}

TEST_CASE("addresses are tried family by family in turn")
{
    using boost::asio::ip::make_address;
    const auto v4 = make_address("192.0.2.1"), v4b = make_address("192.0.2.2"), v6 = make_address("2001:db8::1"), v6b = make_address("2001:db8::2");
    CHECK(interleave({v4, v4b, v6, v6b}) == std::vector{v6, v4, v6b, v4b});
    CHECK(interleave({v4, v4b}) == std::vector{v4, v4b});
    CHECK(interleave({v4, v4b, v6}, 2) == std::vector{v6, v4});
    CHECK(interleave({}).empty());
}

TEST_CASE("a refused address does not keep the next one from being tried")
{
    boost::asio::io_context context{1};
    scripted_server server(context, {});
    using boost::asio::ip::make_address;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    const auto port = server.port();
    const auto both = run(context, dial({make_address("127.0.0.2"), make_address("127.0.0.1")}, port, until));
    CHECK(std::holds_alternative<boost::asio::ip::tcp::socket>(both));
    const auto neither = run(context, dial({make_address("127.0.0.2")}, port, until));
    REQUIRE(std::holds_alternative<net_failure>(neither));
    CHECK(std::get<net_failure>(neither).why == data::reason::tcp_refused);
}

TEST_CASE("compressed bodies are undone in any slices")
{
    struct row { const char* encoding; int format; };
    const row rows[] = {{"gzip", as_gzip}, {"x-gzip", as_gzip}, {"deflate", as_zlib}, {"deflate", as_raw}, {"deflate", as_gzip}};
    // A long run packs into so few bytes that all of them are taken before the text is out.
    const std::string texts[] = {"", "x", "The quick brown fox " + std::string(3000, 'z'), std::string(100'000, '0')};
    for (const auto& [encoding, format] : rows)
        for (const auto& text : texts)
            for (const std::size_t slice : {1u, 2u, 7u, 100u, 100000u}) {
                const auto sent = packed(text, format);
                inflater undo(encoding, 1 << 20);
                std::string out;
                for (std::size_t at = 0; at < sent.size(); at += slice) CHECK(undo.feed(std::string_view(sent).substr(at, slice), out) == inflater::status::ok);
                CHECK(out == text);
            }
    CHECK(inflater("br", 10).unknown());
    CHECK(inflater("gzip, br", 10).unknown());
    CHECK_FALSE(inflater(" GZIP ", 10).unknown());
}

TEST_CASE("gzip may come in several members, and with something behind")
{
    for (const std::size_t slice : {1u, 5u, 1000u}) {
        const std::string sent = gzip("one ") + gzip("two ") + gzip("three") + "\r\nan advertisement";
        inflater undo("gzip", 1000);
        std::string out;
        for (std::size_t at = 0; at < sent.size(); at += slice) CHECK(undo.feed(std::string_view(sent).substr(at, slice), out) == inflater::status::ok);
        CHECK(out == "one two three");
    }
}
