#include "audit/net/tunnel.hpp"

#include "audit/classify/ascii.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace rollcall::audit {
namespace {

using data::reason;
using data::step;
using next = tunnel_talk::next;

constexpr std::size_t longest_head = 16 * 1024;

net_failure ours(std::string detail) { return {reason::proxy_failed, step::connect, std::move(detail)}; }
net_failure theirs(reason why, std::string detail) { return {why, step::connect, std::move(detail)}; }

// --- SOCKS 5

class socks_talk final : public tunnel_talk {
public:
    socks_talk(const egress& out, tunnel_target to) : user_(out.user), password_(out.password), to_(std::move(to)) {}

    std::string begin() override { return user_.empty() ? std::string("\x05\x01\x00", 3) : std::string("\x05\x02\x00\x02", 4); }
    bool asked() const override { return stage_ == stage::reply; }
    bool refused() const override { return refused_; }

    next feed(std::string_view bytes, std::size_t& used) override
    {
        // What was not enough last time comes together with what is new.
        used = 0;
        while (used < bytes.size()) {
            held_ += bytes[used++];
            if (auto said = look(); !std::holds_alternative<more>(said)) return said;
        }
        return more{};
    }

private:
    enum class stage { method, sign_in, reply };
    unsigned char at(std::size_t i) const { return static_cast<unsigned char>(held_[i]); }

    next look()
    {
        switch (stage_) {
            case stage::method: return read_method();
            case stage::sign_in: return read_sign_in();
            case stage::reply: break;
        }
        return read_reply();
    }

    next read_method()
    {
        if (at(0) != 5) return ours("the proxy does not speak SOCKS 5");
        if (held_.size() < 2) return more{};
        const auto method = at(1);
        held_.clear();
        if (method == 0) return request();
        if (method == 2 && !user_.empty()) {
            stage_ = stage::sign_in;
            std::string out(1, '\x01');
            for (const auto* text : {&user_, &password_}) (out += static_cast<char>(text->size())) += *text;
            return say{std::move(out)};
        }
        return ours(method == 0xff ? user_.empty() ? "the proxy asks for a user and a password" : "the proxy accepts no way of signing in that we know" : "the proxy chose a way of signing in that was not offered");
    }

    next read_sign_in()
    {
        if (held_.size() < 2) return more{};  // the first byte, a version, is 1 or, from some, 5
        if (at(1) != 0) return ours("the proxy refused our user and password");
        held_.clear();
        return request();
    }

    next request()
    {
        stage_ = stage::reply;
        std::string out("\x05\x01\x00", 3);
        if (const auto* name = std::get_if<std::string>(&to_.host)) {
            ((out += '\x03') += static_cast<char>(name->size())) += *name;
        } else {
            const auto& address = std::get<boost::asio::ip::address>(to_.host);
            const auto add = [&](char type, const auto& raw) {
                out += type;
                for (const auto byte : raw) out += static_cast<char>(byte);
            };
            if (address.is_v4()) add('\x01', address.to_v4().to_bytes());
            else add('\x04', address.to_v6().to_bytes());
        }
        (out += static_cast<char>(to_.port >> 8)) += static_cast<char>(to_.port & 0xff);
        return say{std::move(out)};
    }

    next read_reply()
    {
        if (at(0) != 5) return ours("the proxy answered something that is not SOCKS 5");
        if (held_.size() < 2) return more{};
        if (at(1) != 0) {
            refused_ = at(1) != 2 && at(1) < 7;
            return failure_of_socks(at(1), to_.by_name());
        }
        if (held_.size() < 5) return more{};
        std::size_t length = 0;
        switch (at(3)) {
            case 1: length = 4 + 4 + 2; break;
            case 3: length = 5 + std::size_t{at(4)} + 2; break;
            case 4: length = 4 + 16 + 2; break;
            default: return ours("the proxy answered something that is not SOCKS 5");
        }
        if (held_.size() < length) return more{};
        // The address from which it connected. From loopback one reaches nothing but the proxy's own machine.
        const bool loopback = (at(3) == 1 && at(4) == 127) || (at(3) == 4 && held_.substr(4, 16) == std::string(15, '\0') + '\x01');
        if (to_.by_name() && loopback) return ours("the proxy says that it connected to its own machine");
        return open{};
    }

    std::string user_, password_;
    tunnel_target to_;
    stage stage_ = stage::method;
    bool refused_ = false;
    std::string held_;
};

// --- CONNECT

std::string base64(const std::string& text)
{
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

class connect_talk final : public tunnel_talk {
public:
    connect_talk(const egress& out, tunnel_target to) : to_(std::move(to)), signs_in_(!out.user.empty())
    {
        const auto authority = authority_of(to_);
        request_ = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
        if (signs_in_) request_ += "Proxy-Authorization: Basic " + base64(out.user + ":" + out.password) + "\r\n";
        request_ += "\r\n";
    }

    std::string begin() override { return request_; }
    // The first thing that is said is the request, and a proxy that is too busy to read it is as silent as a server.
    bool asked() const override { return false; }
    bool refused() const override { return refused_; }

    next feed(std::string_view bytes, std::size_t& used) override
    {
        constexpr std::string_view version = "HTTP/1.";
        used = 0;
        while (used < bytes.size()) {
            head_ += bytes[used++];
            if (head_.size() <= version.size() && !version.starts_with(head_)) return ours("the proxy answered something that is not HTTP/1");
            if (head_.size() > longest_head) return ours("the proxy answered without end");
            if (!head_.ends_with("\n\r\n") && !head_.ends_with("\n\n")) continue;
            const unsigned status = status_of(head_);
            if (status == 0) return ours("the proxy answered something that is not HTTP/1");
            if (status >= 200 && status < 300) return open{};
            if (status >= 200) {
                if (status == 407) return ours(signs_in_ ? "the proxy refused our user and password" : "the proxy asks for a user and a password");
                refused_ = status >= 500 || status == 404;
                return failure_of_connect_status(status, field("proxy-status"), to_);
            }
            head_.clear();  // interim
            if (++interim_ > 8) return ours("the proxy answered without end");
        }
        return more{};
    }

private:
    static unsigned status_of(std::string_view head)
    {
        const auto space = head.find(' ');
        unsigned status = 0;
        if (space == std::string_view::npos || head.size() < space + 4) return 0;
        const auto [end, ec] = std::from_chars(head.data() + space + 1, head.data() + space + 4, status);
        return ec == std::errc() && end == head.data() + space + 4 && status >= 100 ? status : 0;
    }

    std::string field(std::string_view name) const
    {
        std::string out;
        std::string_view rest(head_);
        while (!rest.empty()) {
            const auto end = std::min(rest.find('\n'), rest.size());
            const auto line = rest.substr(0, end);
            rest.remove_prefix(std::min(rest.size(), end + 1));
            const auto colon = line.find(':');
            if (colon == std::string_view::npos || lower(line.substr(0, colon)) != name) continue;
            out += (out.empty() ? "" : ", ") + std::string(trim(line.substr(colon + 1)));
        }
        return out;
    }

    tunnel_target to_;
    bool signs_in_, refused_ = false;
    std::string request_, head_;
    unsigned interim_ = 0;
};

// --- Proxy-Status

// The next token up to one of the separators, quotes undone; what is malformed ends the reading.
std::string word(std::string_view& text, std::string_view until)
{
    std::string out;
    if (text.starts_with('"')) {
        text.remove_prefix(1);
        for (; !text.empty() && text.front() != '"'; text.remove_prefix(1)) {
            if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
            out += text.front();
        }
        if (!text.empty()) text.remove_prefix(1);
        return out;
    }
    const auto end = std::min(text.find_first_of(until), text.size());
    out = std::string(trim(text.substr(0, end)));
    text.remove_prefix(end);
    return out;
}

struct proxy_status { std::string error, rcode, next_hop; };

// The members stand in the order of the way back: the first is the one next to the server.
proxy_status first_error(std::string_view text)
{
    while (!text.empty()) {
        proxy_status found;
        word(text, ";,");
        while (text.starts_with(';')) {
            text.remove_prefix(1);
            text = trim(text);
            const auto key = lower(word(text, "=;,"));
            std::string value;
            if (text.starts_with('=')) {
                text.remove_prefix(1);
                value = word(text, ";,");
            }
            text = trim(text);
            if (key == "error") found.error = value;
            if (key == "rcode") found.rcode = value;
            if (key == "next-hop") found.next_hop = value;
        }
        if (!found.error.empty()) return found;
        const auto comma = text.find(',');
        if (comma == std::string_view::npos) break;
        text = trim(text.substr(comma + 1));
    }
    return {};
}

std::string host_of(const tunnel_target& to)
{
    if (const auto* name = std::get_if<std::string>(&to.host)) return *name;
    return std::get<boost::asio::ip::address>(to.host).to_string();
}

}  // namespace

std::string authority_of(const tunnel_target& to)
{
    const auto* address = std::get_if<boost::asio::ip::address>(&to.host);
    const auto host = host_of(to);
    return (address && address->is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(to.port);
}

net_failure failure_of_socks(unsigned char reply, bool by_name)
{
    switch (reply) {
        case 1: return ours("the proxy failed (general failure)");
        case 2: return ours("the proxy's rules forbid it");
        case 3: return ours("the proxy has no way to that network");
        // Of a name it may be the proxy's own resolver that failed.
        case 4: return by_name ? ours("the proxy did not reach the host") : theirs(reason::tcp_unreachable, "host unreachable, says our proxy");
        case 5: return theirs(reason::tcp_refused, "connection refused, says our proxy");
        case 6: {
            auto failure = theirs(reason::tcp_timeout, "no answer, says our proxy");
            failure.timed_out = true;
            return failure;
        }
        case 7: return ours("the proxy does not connect to others");
        case 8: return ours("the proxy has no such addresses");
        default: return ours("the proxy answered with an unknown code");
    }
}

net_failure failure_of_connect_status(unsigned status, std::string_view proxy_status, const tunnel_target& to)
{
    const auto said = first_error(proxy_status);
    // A word about another proxy in the chain is none about the server.
    const bool of_server = said.next_hop.empty() || said.next_hop == host_of(to) || said.next_hop == authority_of(to);
    if (of_server && said.error == "connection_refused") return theirs(reason::tcp_refused, "connection refused, says our proxy");
    if (of_server && said.error == "connection_terminated") return theirs(reason::tcp_reset, "the connection was closed, says our proxy");
    if (of_server && said.error == "connection_timeout") {
        auto failure = theirs(reason::tcp_timeout, "no answer, says our proxy");
        failure.timed_out = true;
        return failure;
    }
    if (of_server && said.error == "dns_error" && lower(said.rcode) == "nxdomain") return {reason::dns_nxdomain, step::resolve, "no such name, says our proxy"};
    return ours("the proxy answered HTTP " + std::to_string(status));
}

std::unique_ptr<tunnel_talk> make_talk(const egress& out, tunnel_target to)
{
    if (out.kind == egress_kind::socks5) return std::make_unique<socks_talk>(out, std::move(to));
    return std::make_unique<connect_talk>(out, std::move(to));
}

}  // namespace rollcall::audit
