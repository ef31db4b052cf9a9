// The conversations with proxies, as bytes: every code, cut off at every byte, in pieces of any size.
#include "audit/net/tunnel.hpp"

#include "tests/catch.hpp"

using namespace rollcall;
using namespace rollcall::audit;
using data::reason;

namespace {

using boost::asio::ip::make_address;

tunnel_target by_address(const char* address) { return {make_address(address), 443}; }
tunnel_target by_name(const char* name) { return {std::string(name), 8443}; }

egress proxy(egress_kind kind, std::string user = {}, std::string password = {})
{
    egress out;
    out.kind = kind;
    out.user = std::move(user);
    out.password = std::move(password);
    return out;
}

std::string hex(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto b = static_cast<unsigned char>(c);
        (out += digits[b >> 4]) += digits[b & 15];
    }
    return out;
}

std::string bytes(std::string_view text)
{
    std::string out;
    int high = -1;
    for (const char c : text) {
        if (c == ' ') continue;
        const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
        if (high < 0) high = digit;
        else {
            out += static_cast<char>(high * 16 + digit);
            high = -1;
        }
    }
    return out;
}

struct end { std::string what; std::vector<std::string> said; std::size_t left = 0; bool asked = false, refused = false; };

// Plays what the proxy sends, in pieces of so many bytes.
end play(const egress& out, const tunnel_target& to, std::string_view heard, std::size_t piece)
{
    const auto talk = make_talk(out, to);
    end e{"more", {talk->begin()}};
    for (std::size_t at = 0; at < heard.size();) {
        std::size_t used = 0;
        const auto said = talk->feed(heard.substr(at, piece), used);
        at += used;
        if (const auto* say = std::get_if<tunnel_talk::say>(&said)) e.said.push_back(say->bytes);
        if (std::holds_alternative<tunnel_talk::open>(said)) e.what = "open";
        if (const auto* f = std::get_if<net_failure>(&said)) e.what = std::string(data::code_of(f->why)) + ": " + f->detail;
        if (e.what != "more") {
            e.left = heard.size() - at;
            break;
        }
    }
    e.asked = talk->asked();
    e.refused = talk->refused();
    return e;
}

const std::string v4_reply = "0500 0001 c6336401 01bb";

}  // namespace

TEST_CASE("SOCKS 5: what we say, byte for byte (RFC 1928, RFC 1929)", "[tunnel]")
{
    struct row { const char* name; egress out; tunnel_target to; const char* heard; std::vector<std::string> said; };
    const std::vector<row> rows{
        {"an IPv4 address, without signing in", proxy(egress_kind::socks5), by_address("198.51.100.7"), "0500 05000001c633640101bb", {"050100", "05010001c633640701bb"}},
        {"an IPv6 address", proxy(egress_kind::socks5), by_address("2001:db8::1"), "0500 05000001c633640101bb", {"050100", "0501000420010db800000000000000000000000101bb"}},
        {"a name", proxy(egress_kind::socks5), by_name("mcp.test"), "0500 05000001c633640101bb", {"050100", "05010003086d63702e7465737420fb"}},
        {"a user and a password", proxy(egress_kind::socks5, "me", "pw"), by_name("a"), "0502 0100 05000001c633640101bb", {"05020002", "01026d65027077", "0501000301" "6120fb"}},
        {"the proxy does not want them", proxy(egress_kind::socks5, "me", "pw"), by_name("a"), "0500 05000001c633640101bb", {"05020002", "05010003016120fb"}},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name)
        {
            const auto heard = bytes(row.heard);
            for (std::size_t piece = 1; piece <= heard.size(); ++piece) {
                CAPTURE(piece);
                const auto e = play(row.out, row.to, heard, piece);
                CHECK(e.what == "open");
                std::vector<std::string> said;
                for (const auto& s : e.said) said.push_back(hex(s));
                CHECK(said == row.said);
            }
        }
    }
}

TEST_CASE("SOCKS 5: every code of a reply, and whose failure it is", "[tunnel]")
{
    struct row { int code; const char* by_address; const char* by_name; bool refused; };
    const std::vector<row> rows{
        {1, "proxy_failed: the proxy failed (general failure)", "proxy_failed: the proxy failed (general failure)", true},
        {2, "proxy_failed: the proxy's rules forbid it", "proxy_failed: the proxy's rules forbid it", false},
        {3, "proxy_failed: the proxy has no way to that network", "proxy_failed: the proxy has no way to that network", true},
        {4, "tcp_unreachable: host unreachable, says our proxy", "proxy_failed: the proxy did not reach the host", true},
        {5, "tcp_refused: connection refused, says our proxy", "tcp_refused: connection refused, says our proxy", true},
        {6, "tcp_timeout: no answer, says our proxy", "tcp_timeout: no answer, says our proxy", true},
        {7, "proxy_failed: the proxy does not connect to others", "proxy_failed: the proxy does not connect to others", false},
        {8, "proxy_failed: the proxy has no such addresses", "proxy_failed: the proxy has no such addresses", false},
        {9, "proxy_failed: the proxy answered with an unknown code", "proxy_failed: the proxy answered with an unknown code", false},
        {255, "proxy_failed: the proxy answered with an unknown code", "proxy_failed: the proxy answered with an unknown code", false},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION("code " << row.code)
        {
            const auto heard = bytes("0500 05") + static_cast<char>(row.code) + bytes("0001 00000000 0000");
            const auto e = play(proxy(egress_kind::socks5), by_address("198.51.100.7"), heard, 64);
            CHECK(e.what == row.by_address);
            CHECK(e.refused == row.refused);
            CHECK(play(proxy(egress_kind::socks5), by_name("mcp.test"), heard, 1).what == row.by_name);
        }
    }
}

TEST_CASE("SOCKS 5: what a proxy may say otherwise", "[tunnel]")
{
    const auto plain = proxy(egress_kind::socks5), with_user = proxy(egress_kind::socks5, "me", "pw");
    struct row { const char* name; egress out; const char* heard; const char* what; };
    const std::vector<row> rows{
        {"another version", plain, "04", "proxy_failed: the proxy does not speak SOCKS 5"},
        {"HTTP", plain, "48545450", "proxy_failed: the proxy does not speak SOCKS 5"},
        {"it wants a password and we have none", plain, "05ff", "proxy_failed: the proxy asks for a user and a password"},
        {"no method suits", with_user, "05ff", "proxy_failed: the proxy accepts no way of signing in that we know"},
        {"a method that was not offered", plain, "0502", "proxy_failed: the proxy chose a way of signing in that was not offered"},
        {"GSSAPI", with_user, "0501", "proxy_failed: the proxy chose a way of signing in that was not offered"},
        {"the password is wrong", with_user, "0502 0101", "proxy_failed: the proxy refused our user and password"},
        {"another version in the reply", plain, "0500 04", "proxy_failed: the proxy answered something that is not SOCKS 5"},
        {"another type of address", plain, "0500 0500000200", "proxy_failed: the proxy answered something that is not SOCKS 5"},
        {"it tells a name", plain, "0500 05000003 03616263 01bb", "open"},
        {"it tells an IPv6 address", plain, "0500 05000004 20010db8000000000000000000000001 01bb", "open"},
        {"it tells nothing", plain, "0500 05000001 00000000 0000", "open"},
        {"it connected to its own machine", plain, "0500 05000001 7f000001 01bb", "proxy_failed: the proxy says that it connected to its own machine"},
        {"the same, over IPv6", plain, "0500 05000004 00000000000000000000000000000001 01bb", "proxy_failed: the proxy says that it connected to its own machine"},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name)
        {
            const auto heard = bytes(row.heard);
            for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, heard.size()}) CHECK(play(row.out, by_name("mcp.test"), heard, piece).what == row.what);
        }
    }
    // The proxy's own address may be private, and an address was checked before it was given away.
    CHECK(play(plain, by_address("198.51.100.7"), bytes("0500 05000001 7f000001 01bb"), 64).what == "open");
    CHECK(play(plain, by_name("mcp.test"), bytes("0500 05000001 0a000001 01bb"), 64).what == "open");
}

TEST_CASE("a conversation that is cut off at any byte is not over, and not a byte of the server's is taken", "[tunnel]")
{
    const auto socks = bytes("0502 0100 05000001c633640101bb");
    for (std::size_t n = 0; n < socks.size(); ++n) {
        CAPTURE(n);
        const auto e = play(proxy(egress_kind::socks5, "me", "pw"), by_address("198.51.100.7"), socks.substr(0, n), 64);
        CHECK(e.what == "more");
        CHECK(e.asked == (n >= 4));
    }
    CHECK(play(proxy(egress_kind::socks5, "me", "pw"), by_address("198.51.100.7"), socks + "SSH-2.0-x", 64).left == 9);

    const std::string http = "HTTP/1.1 200 Connection established\r\nVia: 1.1 x\r\n\r\n";
    for (std::size_t n = 0; n < http.size(); ++n) CHECK(play(proxy(egress_kind::http_connect), by_name("mcp.test"), http.substr(0, n), 64).what == "more");
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 4096u}) {
        const auto e = play(proxy(egress_kind::http_connect), by_name("mcp.test"), http + "SSH-2.0-x", piece);
        CHECK(e.what == "open");
        CHECK(e.left == 9);
    }
}

TEST_CASE("CONNECT: what we say (RFC 9110 section 9.3.6, RFC 7617)", "[tunnel]")
{
    const auto said = [](const egress& out, const tunnel_target& to) { return make_talk(out, to)->begin(); };
    CHECK(said(proxy(egress_kind::http_connect), by_name("mcp.test")) == "CONNECT mcp.test:8443 HTTP/1.1\r\nHost: mcp.test:8443\r\n\r\n");
    CHECK(said(proxy(egress_kind::http_connect), by_address("2001:db8::1")) == "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n");
    CHECK(said(proxy(egress_kind::http_connect, "Aladdin", "open sesame"), by_address("198.51.100.7")) ==
          "CONNECT 198.51.100.7:443 HTTP/1.1\r\nHost: 198.51.100.7:443\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
}

TEST_CASE("CONNECT: what a proxy answers, and whose failure it is", "[tunnel]")
{
    const auto plain = proxy(egress_kind::http_connect), with_user = proxy(egress_kind::http_connect, "me", "pw");
    struct row { const char* name; egress out; std::string heard; const char* what; bool refused; };
    const std::vector<row> rows{
        {"200", plain, "HTTP/1.0 200 OK\r\n\r\n", "open", false},
        {"201", plain, "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\n", "open", false},
        {"bare line feeds", plain, "HTTP/1.1 200 OK\nVia: x\n\n", "open", false},
        {"no reason", plain, "HTTP/1.1 200\r\n\r\n", "open", false},
        {"interim first", plain, "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "open", false},
        {"interim without end", plain, [] { std::string s; for (int i = 0; i < 9; ++i) s += "HTTP/1.1 100 Go\r\n\r\n"; return s; }(), "proxy_failed: the proxy answered without end", false},
        {"407 for want of a user", plain, "HTTP/1.1 407 X\r\n\r\n", "proxy_failed: the proxy asks for a user and a password", false},
        {"407 for ours", with_user, "HTTP/1.1 407 X\r\n\r\n", "proxy_failed: the proxy refused our user and password", false},
        {"403", plain, "HTTP/1.1 403 Filtered\r\n\r\n", "proxy_failed: the proxy answered HTTP 403", false},
        {"404", plain, "HTTP/1.1 404 X\r\n\r\n", "proxy_failed: the proxy answered HTTP 404", true},
        {"500, as tinyproxy says it", plain, "HTTP/1.0 500 Unable to connect\r\n\r\n", "proxy_failed: the proxy answered HTTP 500", true},
        {"502 may be another proxy behind it", plain, "HTTP/1.1 502 Bad Gateway\r\n\r\n", "proxy_failed: the proxy answered HTTP 502", true},
        {"504 too", plain, "HTTP/1.1 504 Gateway Timeout\r\n\r\n", "proxy_failed: the proxy answered HTTP 504", true},
        {"a redirect", plain, "HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", "proxy_failed: the proxy answered HTTP 302", false},
        {"SSH", plain, "SSH-2.0-OpenSSH\r\n", "proxy_failed: the proxy answered something that is not HTTP/1", false},
        {"SOCKS", plain, std::string("\x05\x00", 2), "proxy_failed: the proxy answered something that is not HTTP/1", false},
        {"HTTP/2", plain, "HTTP/2 200\r\n\r\n", "proxy_failed: the proxy answered something that is not HTTP/1", false},
        {"no status", plain, "HTTP/1.1 OK\r\n\r\n", "proxy_failed: the proxy answered something that is not HTTP/1", false},
        {"a head without end", plain, "HTTP/1.1 200 OK\r\nX: " + std::string(17'000, 'x'), "proxy_failed: the proxy answered without end", false},
        {"refused, in words of RFC 9209", plain, "HTTP/1.1 502 X\r\nProxy-Status: a.example; error=connection_refused\r\n\r\n", "tcp_refused: connection refused, says our proxy", true},
        {"a time-out", plain, "HTTP/1.1 504 X\r\nproxy-status: a; received-status=1 ; error=connection_timeout\r\n\r\n", "tcp_timeout: no answer, says our proxy", true},
        {"a name that is not there", plain, "HTTP/1.1 502 X\r\nProxy-Status: a; error=dns_error; rcode=\"NXDOMAIN\"\r\n\r\n", "dns_nxdomain: no such name, says our proxy", true},
        {"a resolver that failed may be the proxy's", plain, "HTTP/1.1 502 X\r\nProxy-Status: a; error=dns_error; rcode=\"SERVFAIL\"\r\n\r\n", "proxy_failed: the proxy answered HTTP 502", true},
        {"its own trouble", plain, "HTTP/1.1 502 X\r\nProxy-Status: a; error=proxy_internal_error\r\n\r\n", "proxy_failed: the proxy answered HTTP 502", true},
        {"the next proxy refused", plain, "HTTP/1.1 502 X\r\nProxy-Status: a; error=connection_refused; next-hop=\"10.0.0.9\"\r\n\r\n", "proxy_failed: the proxy answered HTTP 502", true},
        {"the next hop is the server", plain, "HTTP/1.1 502 X\r\nProxy-Status: \"a, b\"; next-hop=mcp.test; error=connection_refused\r\n\r\n", "tcp_refused: connection refused, says our proxy", true},
        {"of two the one next to the server", plain, "HTTP/1.1 502 X\r\nProxy-Status: inner; error=connection_timeout, outer; error=connection_refused\r\n\r\n", "tcp_timeout: no answer, says our proxy", true},
        {"damaged words", plain, "HTTP/1.1 502 X\r\nProxy-Status: ;;=\",,;error\r\n\r\n", "proxy_failed: the proxy answered HTTP 502", true},
    };
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name)
        {
            for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, row.heard.size()}) {
                const auto e = play(row.out, by_name("mcp.test"), row.heard, piece);
                CHECK(e.what == row.what);
                CHECK(e.refused == row.refused);
            }
        }
    }
}
