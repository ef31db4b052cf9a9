#include "audit/net/dial.hpp"
#include "audit/net/link.hpp"
#include "tests/audit/net/byte_server.hpp"

#include "tests/catch.hpp"

using namespace rollcall;
using namespace rollcall::audit;
using rollcall::tests::byte_script;
using rollcall::tests::byte_server;
using rollcall::tests::run;

namespace {

using enum byte_script::ending;

// "200 body", or why not; a body that was cut is told so.
boost::asio::awaitable<std::string> ask(std::uint16_t port, std::chrono::milliseconds patience)
{
    const std::vector<boost::asio::ip::address> here{boost::asio::ip::address_v4::loopback()};
    const auto until = std::chrono::steady_clock::now() + patience;
    auto dialled = co_await dial(here, port, until);
    data::path_facts facts;
    auto made = co_await make_link(std::move(std::get<boost::asio::ip::tcp::socket>(dialled)), nullptr, "a.test", facts, until);
    auto& to = *std::get<std::unique_ptr<audit::link>>(made);
    http_request request{"GET", "/", "a.test", {}, {}};
    if (auto failure = co_await to.send(request, until)) co_return std::string(data::code_of(failure->why));
    auto head = co_await to.head(until);
    if (auto* failure = std::get_if<net_failure>(&head)) co_return std::string(data::code_of(failure->why));
    std::string body;
    for (;;) {
        auto piece = co_await to.piece(until);
        body += piece.bytes;
        if (body.size() > 100'000) co_return "endless";
        if (piece.failure) co_return std::to_string(std::get<http_head>(head).answer.status) + " " + body + (piece.failure->timed_out ? " ... silence" : " ... cut");
        if (piece.last) break;
    }
    co_return std::to_string(std::get<http_head>(head).answer.status) + " " + body;
}

std::string answer_to(byte_script script, std::chrono::milliseconds patience = std::chrono::seconds(5))
{
    boost::asio::io_context context{1};
    byte_server server(context, {std::move(script)});
    return run(context, ask(server.port(), patience));
}

struct row { const char* name; std::string bytes; const char* expected; };

const std::string ok = "HTTP/1.1 200 OK\r\n", four = "Content-Length: 4\r\n", chunked = "Transfer-Encoding: chunked\r\n";
const std::string in_chunks = ok + chunked + "\r\n";

std::string settings_frame() { return {"\0\0\0\4\0\0\0\0\0", 9}; }

std::string fields(std::size_t count)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += "X-Field-" + std::to_string(i) + ": v\r\n";
    return out;
}

}  // namespace

TEST_CASE("what one HTTP library of clients takes is taken, what all refuse is refused")
{
    const std::vector<row> rows{
        {"plain", ok + four + "\r\nbody", "200 body"},
        {"no reason", "HTTP/1.1 200 \r\n" + four + "\r\nbody", "200 body"},
        {"no reason and no space", "HTTP/1.1 200\r\n" + four + "\r\nbody", "200 body"},
        {"a reason in UTF-8", "HTTP/1.1 200 d\xc3\xa9j\xc3\xa0 vu\r\n" + four + "\r\nbody", "200 body"},
        {"line feeds alone", "HTTP/1.1 200 OK\nContent-Length: 4\n\nbody", "200 body"},
        {"a line feed for the blank line", ok + four + "\nbody", "200 body"},
        {"blank lines in front", "\r\n\r\n" + ok + four + "\r\nbody", "200 body"},
        {"a folded field", ok + "X-Long: a\r\n b\r\n" + four + "\r\nbody", "200 body"},
        {"a field without a name", ok + ": a\r\n" + four + "\r\nbody", "200 body"},
        {"a name with a space", ok + "X Y: a\r\n" + four + "\r\nbody", "200 body"},
        {"a value in UTF-8", ok + "X-Y: caf\xc3\xa9\r\n" + four + "\r\nbody", "200 body"},
        {"a value in Latin-1", ok + "X-Y: caf\xe9\r\n" + four + "\r\nbody", "200 body"},
        {"a control character in a value", ok + "X-Y: a\x01z\r\n" + four + "\r\nbody", "200 body"},
        {"the same length twice", ok + four + four + "\r\nbody", "200 body"},
        {"a list of the same length", ok + "Content-Length: 4, 4\r\n\r\nbody", "200 body"},
        {"length, then chunks", ok + four + chunked + "\r\n4\r\nbody\r\n0\r\n\r\n", "200 body"},
        {"chunks, then length", ok + chunked + four + "\r\n4\r\nbody\r\n0\r\n\r\n", "200 body"},
        {"chunked twice", ok + chunked + chunked + "\r\n4\r\nbody\r\n0\r\n\r\n", "200 body"},
        {"Chunked", ok + "Transfer-Encoding: Chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", "200 body"},
        {"chunk extensions", in_chunks + "2;a=b\r\nbo\r\n2;c\r\ndy\r\n0\r\n\r\n", "200 body"},
        {"zeros before chunk sizes", in_chunks + "0004\r\nbody\r\n0000\r\n\r\n", "200 body"},
        {"trailers", in_chunks + "4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n", "200 body"},
        {"HTTP/1.0 without length", "HTTP/1.0 200 OK\r\n\r\nbody", "200 body"},
        {"HTTP/1.0 with length", "HTTP/1.0 200 OK\r\n" + four + "\r\nbody", "200 body"},
        {"HTTP/1.0 in chunks", "HTTP/1.0 200 OK\r\n" + chunked + "\r\n4\r\nbody\r\n0\r\n\r\n", "200 body"},
        {"HTTP/2.0 in the status line", "HTTP/2.0 200 OK\r\n" + four + "\r\nbody", "200 body"},
        {"no length", ok + "\r\nbody", "200 body"},
        {"no length, and a promise to stay", ok + "Connection: keep-alive\r\n\r\nbody", "200 body"},
        {"a length that is too short", ok + "Content-Length: 3\r\n\r\nbody", "200 bod"},
        {"bytes behind the end", ok + four + "\r\nbodyrubbish", "200 body"},
        {"204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n", "204 "},
        {"100 before the answer", "HTTP/1.1 100 Continue\r\n\r\n" + ok + four + "\r\nbody", "200 body"},
        {"102 and 103 before the answer", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + four + "\r\nbody", "200 body"},
        {"101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", "101 "},
        {"a status that nobody defined", "HTTP/1.1 999 Go Away\r\n" + four + "\r\nbody", "999 body"},
        {"a field of 20 KB", ok + "X-Y: " + std::string(20'000, 'y') + "\r\n" + four + "\r\nbody", "200 body"},
        {"2,000 fields", ok + fields(2'000) + four + "\r\nbody", "200 body"},

        {"a space before the colon", ok + "Content-Length : 4\r\n\r\nbody", "http_garbage"},
        {"a line without a colon", ok + "what\r\n" + four + "\r\nbody", "http_garbage"},
        {"a NUL in a value", ok + std::string("X-Y: a\0z\r\n", 10) + four + "\r\nbody", "http_garbage"},
        {"two lengths", ok + four + "Content-Length: 5\r\n\r\nbody", "http_garbage"},
        {"a negative length", ok + "Content-Length: -4\r\n\r\nbody", "http_garbage"},
        {"a length that is no number", ok + "Content-Length: four\r\n\r\nbody", "http_garbage"},
        {"interim answers without end", [] { std::string all; for (int i = 0; i < 100; ++i) all += "HTTP/1.1 102 Processing\r\n\r\n"; return all; }(), "http_garbage"},
        {"another protocol", "SSH-2.0-OpenSSH_9.6\r\n", "http_garbage"},
        {"an old protocol's page", "<html>It works!</html>", "http_garbage"},
        {"a radio", "ICY 200 OK\r\n\r\n", "http_garbage"},
        {"a version that does not exist", "HTTP/1.2 200 OK\r\n" + four + "\r\nbody", "http_garbage"},
        {"a status line without a status", "HTTP/1.1 OK\r\n\r\n", "http_garbage"},
        {"a status of four digits", "HTTP/1.1 2000 OK\r\n" + four + "\r\nbody", "http_garbage"},
        {"a status of two digits", "HTTP/1.1 20 OK\r\n" + four + "\r\nbody", "http_garbage"},
        {"zeros", std::string(20, '\0'), "http_garbage"},
        {"HTTP/2 settings", settings_frame(), "http2_only"},
        {"a header of 100 KB", ok + "X-Y: " + std::string(100'000, 'y') + "\r\n" + four + "\r\nbody", "too_large"},
        {"a status line of 100 KB", "HTTP/1.1 200 " + std::string(100'000, 'y') + "\r\n\r\n", "too_large"},
        {"blank lines without end", std::string(100'000, '\n'), "too_large"},

        {"nothing", "", "tcp_reset"},
        {"the end within the status line", "HTTP/1", "tcp_reset"},
        {"the end within a field", ok + "Content-Ty", "tcp_reset"},
        {"the end before the blank line", ok + four, "tcp_reset"},
        {"a length that is too long", ok + "Content-Length: 9\r\n\r\nbody", "200 body ... cut"},
        {"the end within a chunk", in_chunks + "9\r\nbody", "200 body ... cut"},
        {"no last chunk", in_chunks + "4\r\nbody\r\n", "200 body ... cut"},
        {"a chunk size that is no number", in_chunks + "zz\r\nbody\r\n0\r\n\r\n", "200  ... cut"},
        {"a chunk size like C's", in_chunks + "0x4\r\nbody\r\n0\r\n\r\n", "200  ... cut"},
        {"a chunk longer than its size", in_chunks + "2\r\nbody\r\n0\r\n\r\n", "200 bo ... cut"},
        {"a chunk of 2^64 bytes", in_chunks + "10000000000000000\r\nbody\r\n0\r\n\r\n", "200  ... cut"},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.name) { CHECK(answer_to({{r.bytes}}) == r.expected); }
    }
}

TEST_CASE("an answer means the same in whatever pieces it comes")
{
    const std::string whole = "HTTP/1.1 103 Early Hints\r\n\r\n" + ok + "X-Long: a\r\n b\r\n" + chunked + "\r\n4\r\nbody\r\n0\r\n\r\n";
    for (const std::size_t size : {1u, 2u, 3u, 10u}) {
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < whole.size(); at += size) pieces.push_back(whole.substr(at, size));
        CHECK(answer_to({pieces}) == "200 body");
    }
}

TEST_CASE("what has come of a body is told at once, though nothing may follow")
{
    const auto first_piece = [](std::vector<std::string> bytes) {
        boost::asio::io_context context{1};
        byte_server server(context, {{std::move(bytes), stays}});
        const auto read = [](std::uint16_t port) -> boost::asio::awaitable<std::string> {
            const std::vector<boost::asio::ip::address> here{boost::asio::ip::address_v4::loopback()};
            const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
            auto dialled = co_await dial(here, port, until);
            data::path_facts facts;
            auto made = co_await make_link(std::move(std::get<boost::asio::ip::tcp::socket>(dialled)), nullptr, "a.test", facts, until);
            auto& to = *std::get<std::unique_ptr<audit::link>>(made);
            http_request request{"GET", "/", "a.test", {}, {}};
            co_await to.send(request, until);
            co_await to.head(until);
            const auto piece = co_await to.piece(until);
            co_return piece.bytes + (piece.failure ? " late" : "");
        };
        return run(context, read(server.port()));
    };
    CHECK(first_piece({in_chunks + "4\r\nbody\r\n"}) == "body");
    CHECK(first_piece({in_chunks + "2\r\nbo\r\n1\r\nd\r\n1\r\ny\r\n"}) == "body");  // together
    CHECK(first_piece({in_chunks + "4\r\nbody\r\n9\r\nand"}) == "bodyand");
    CHECK(first_piece({in_chunks + "4\r\nbody\r\n9"}) == "body");
    CHECK(first_piece({ok + "Content-Length: 9\r\n\r\nbody"}) == "body");
    CHECK(first_piece({ok + "\r\nbody"}) == "body");
}

TEST_CASE("an answer that lies there long after its time is a time-out all the same")
{
    using namespace std::chrono_literals;
    const auto ask_late = [](std::uint16_t port, std::chrono::milliseconds after) -> boost::asio::awaitable<std::string> {
        const std::vector<boost::asio::ip::address> here{boost::asio::ip::address_v4::loopback()};
        const auto until = std::chrono::steady_clock::now() + 5s;
        auto dialled = co_await dial(here, port, until);
        auto& socket = std::get<boost::asio::ip::tcp::socket>(dialled);
        co_await socket.async_wait(boost::asio::ip::tcp::socket::wait_read, boost::asio::use_awaitable);
        data::path_facts facts;
        auto made = co_await make_link(std::move(socket), nullptr, "a.test", facts, until);
        auto head = co_await std::get<std::unique_ptr<audit::link>>(made)->head(std::chrono::steady_clock::now() - after);
        const auto* failure = std::get_if<net_failure>(&head);
        co_return failure ? (failure->timed_out ? "late" : "failed") : "taken";
    };
    const auto answer = [&](std::chrono::milliseconds after) {
        boost::asio::io_context context{1};
        byte_server server(context, {{{ok + four + "\r\nbody"}, stays, true}});
        return run(context, ask_late(server.port(), after));
    };
    CHECK(answer(-5s) == "taken");
    CHECK(answer(1s) == "late");
}

TEST_CASE("how a connection ends says what it was: cut, silent, or another protocol")
{
    using std::chrono::milliseconds;
    CHECK(answer_to({{}, resets}) == "tcp_reset");
    CHECK(answer_to({{}, resets, true}) == "tcp_reset");
    CHECK(answer_to({{}, closes, true}) == "tcp_reset");
    CHECK(answer_to({{}, stays}, milliseconds(100)) == "http_hang");
    CHECK(answer_to({{ok, "X-Y: "}, stays}, milliseconds(100)) == "http_hang");
    CHECK(answer_to({{ok + "Content-Length: 9\r\n\r\nbody"}, stays}, milliseconds(100)) == "200 body ... silence");
    // No more than its first bytes is needed of what is no HTTP: the rest may never come.
    CHECK(answer_to({{"220 mail.a.test ESMTP"}, stays, true}) == "http_garbage");
    CHECK(answer_to({{std::string("J\0\0\0\n8.0.36\0", 12)}, stays, true}) == "http_garbage");
    CHECK(answer_to({{settings_frame()}, stays, true}) == "http2_only");
    CHECK(answer_to({{settings_frame().substr(0, 4), settings_frame().substr(4)}, stays}) == "http2_only");
}
