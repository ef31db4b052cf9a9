// A name server on a loopback port, on the test's own io_context, that answers as a function says.
#pragma once

#include "tests/support/scripted_server.hpp"

#include <boost/asio/ip/udp.hpp>

#include <cstdint>
#include <map>
#include <tuple>

namespace rollcall::tests {

struct dns_record {
    std::string owner;  // "@": the name that was asked for, in two bytes
    std::uint16_t type;
    std::string data;
};

inline std::string wire_name(const std::string& name)
{
    std::string out;
    for (std::size_t at = 0; at < name.size();) {
        const auto end = std::min(name.find('.', at), name.size());
        out += static_cast<char>(end - at);
        out += name.substr(at, end - at);
        at = end + 1;
    }
    return out + '\0';
}

inline std::string two_bytes(std::size_t n) { return {static_cast<char>(n >> 8 & 0xff), static_cast<char>(n & 0xff)}; }

struct dns_answer {
    int code = 0;
    std::vector<dns_record> records{};
    bool silent = false;
    bool of_another = false;  // the id is that of no question
};

class name_server {
public:
    using answers = std::function<dns_answer(const std::string& name, std::uint16_t type)>;

    name_server(net::io_context& context, answers say) : socket_(context, {net::ip::address_v4::loopback(), 0}), say_(std::move(say))
    {
        net::co_spawn(context, serve(), net::detached);
    }

    std::string address() const { return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port()); }
    const std::map<std::string, int>& asked() const { return asked_; }

private:
    net::awaitable<void> serve()
    {
        for (;;) {
            std::array<char, 4096> packet;
            net::ip::udp::endpoint from;
            auto [ec, size] = co_await socket_.async_receive_from(net::buffer(packet), from, nothrow);
            if (ec) co_return;
            const std::string query(packet.data(), size);
            const auto reply = answer(query);
            if (reply.empty()) continue;
            std::ignore = co_await socket_.async_send_to(net::buffer(reply), from, nothrow);
        }
    }

    std::string answer(const std::string& query)
    {
        std::string name;
        std::size_t at = 12;
        while (at < query.size() && query[at] != 0) {
            const auto length = static_cast<unsigned char>(query[at]);
            name += (name.empty() ? "" : ".") + query.substr(at + 1, length);
            at += 1u + length;
        }
        const auto type = static_cast<std::uint16_t>(static_cast<unsigned char>(query.at(at + 2)));
        ++asked_[name];
        const auto said = say_(name, type);
        if (said.silent) return {};
        std::string out = said.of_another ? std::string(2, '\x7f') : query.substr(0, 2);
        out += '\x85';
        out += static_cast<char>(0x80 | said.code);
        out += two_bytes(1) + two_bytes(said.records.size()) + two_bytes(0) + two_bytes(0) + query.substr(12, at + 5 - 12);
        for (const auto& r : said.records)
            out += (r.owner == "@" ? std::string("\xc0\x0c") : wire_name(r.owner)) + two_bytes(r.type) + two_bytes(1) + std::string("\0\0\0\x1e", 4) + two_bytes(r.data.size()) + r.data;
        return out;
    }

    net::ip::udp::socket socket_;
    answers say_;
    std::map<std::string, int> asked_;
};

}  // namespace rollcall::tests
