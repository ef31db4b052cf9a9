// What a name server answers, through the real resolver: the input is the answer to A, a line of "~~~", the answer to
// AAAA; each without its first two bytes (the number of the question) and without the question itself.
#include "audit/net/resolver.hpp"
#include "audit/url/url.hpp"
#include "tests/fuzz/input.hpp"

#include <ares.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <array>
#include <optional>

using namespace rollcall::audit;
using namespace rollcall::fuzz;
namespace net = boost::asio;
using net::ip::udp;

namespace {

constexpr std::size_t head = 12;

class name_server {
public:
    name_server(net::io_context& context, std::string_view to_a, std::string_view to_aaaa)
        : socket_(context, udp::endpoint(net::ip::address_v4::loopback(), 0)), answers_{to_a, to_aaaa}
    {
        wait();
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port()); }
    void close() { socket_.close(); }

private:
    void wait()
    {
        socket_.async_receive_from(net::buffer(question_), from_, [this](boost::system::error_code ec, std::size_t size) {
            if (ec) return;
            if (size > head) answer({question_.data(), size});
            wait();
        });
    }

    void answer(std::string_view question)
    {
        std::size_t end = head;
        while (end < question.size() && question[end] != 0) end += static_cast<unsigned char>(question[end]) + 1u;
        end += 5;
        if (end > question.size()) return;
        auto said = answers_[question[end - 3] == 28 ? 1 : 0];
        std::string reply(question.substr(0, 2));
        // Flags and the three counts of records; one question is always repeated.
        std::string numbers(said.substr(0, 8));
        numbers.resize(8);
        said.remove_prefix(std::min<std::size_t>(8, said.size()));
        reply += static_cast<char>(static_cast<unsigned char>(numbers[0]) | 0x80u);
        (reply += numbers[1]) += std::string("\0\1", 2);
        reply += numbers.substr(2);
        ((reply += question.substr(head, end - head)) += said);
        boost::system::error_code ignored;
        socket_.send_to(net::buffer(reply.substr(0, 4096)), from_, 0, ignored);
    }

    udp::socket socket_;
    std::array<std::string_view, 2> answers_;
    std::array<char, 1024> question_{};
    udp::endpoint from_;
};

resolution ask(std::string_view to_a, std::string_view to_aaaa)
{
    net::io_context context{1};
    name_server server(context, to_a, to_aaaa);
    dns_options options;
    options.servers = server.address();
    options.timeout = std::chrono::milliseconds(20);
    options.tries = 1;
    const auto dns = make_resolver(context, options);
    std::optional<resolution> got;
    auto asking = [&]() -> net::awaitable<void> {
        got = co_await dns->resolve("mcp.example.org");
        server.close();
    };
    net::co_spawn(context, asking, net::detached);
    while (!got && context.run_one() > 0) {
    }
    must(got.has_value(), "a question has an end");
    server.close();
    return *got;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto text = text_of(data, size);
    const auto to_a = take_to(text, "\n~~~\n");
    const auto got = ask(to_a, text);
    must(got.error.failed() == got.addresses.empty(), "an error, or addresses");
    if (got.error) must(&got.error.category() == &dns_category() && got.error.value() != ARES_EDESTRUCTION, "an error of DNS");
    must(got.addresses.size() <= 64, "few addresses");
    must(got.cname.size() <= 253, "a name has a length", got.cname);
    for (const char c : got.cname) must((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.', "a name is a host's", got.cname);
    for (const auto& a : got.addresses) {
        if (!a.is_v6()) continue;
        const auto bytes = a.to_v6().to_bytes();
        // An IPv4 address in disguise is as special as it is bare; what is neither is global unicast.
        const bool nat64 = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == 0xff && bytes[3] == 0x9b;
        if (!nat64 && (bytes[0] & 0xe0) != 0x20) must(is_special_purpose(bytes.data(), bytes.size()), "only global unicast is public");
    }
    return 0;
}
