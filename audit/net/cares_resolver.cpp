#include "audit/net/resolver.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/net/name_window.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <ares.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <stdexcept>
#include <unordered_map>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

// c-ares speaks int; the rest of the program speaks error_code.
class ares_category final : public boost::system::error_category {
    const char* name() const noexcept override { return "dns"; }
    std::string message(int code) const override { return ares_strerror(code); }
};

error_code dns_error(int code) { return {code, dns_category()}; }

struct library {
    library()
    {
        if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) throw std::runtime_error("c-ares: init failed");
    }
    ~library() { ares_library_cleanup(); }
};

std::optional<net::ip::address> to_address(const sockaddr* raw)
{
    if (raw->sa_family == AF_INET) {
        net::ip::address_v4::bytes_type bytes;
        std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(raw)->sin_addr, bytes.size());
        return net::ip::address_v4(bytes);
    }
    if (raw->sa_family == AF_INET6) {
        net::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(raw)->sin6_addr, bytes.size());
        return net::ip::address_v6(bytes);
    }
    return std::nullopt;
}

constexpr std::size_t most_addresses = 64, most_aliases = 16, longest_name = 253;

bool is_host_name(std::string_view name)
{
    return !name.empty() && name.size() <= longest_name &&
           std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

// Follows the aliases from the name that was asked for, in whatever order they came; a circle ends somewhere.
std::string end_of_chain(const ares_addrinfo_cname* aliases, const std::string& host)
{
    std::string at = lower(host);
    for (std::size_t steps = 0; steps < most_aliases; ++steps) {
        const auto* next = aliases;
        while (next && !(next->alias && next->name && lower(next->alias) == at)) next = next->next;
        if (!next) break;
        at = lower(next->name);
    }
    return at != lower(host) && is_host_name(at) ? at : std::string();
}

class cares_resolver final : public resolver {
public:
    cares_resolver(net::io_context& context, const dns_options& options) : context_(context), timer_(context), try_time_(options.timeout), window_(options.timeout)
    {
        static const library once;

        ares_options ares{};
        ares.timeout = static_cast<int>(options.timeout.count());
        ares.tries = options.tries;
        ares.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
            static_cast<cares_resolver*>(self)->watch(fd, readable != 0, writable != 0);
        };
        ares.sock_state_cb_data = this;
        ares.ndomains = 0;  // a registry's host name is complete: never try it under our own domain
        // SERVFAIL and REFUSED are answers about the name, not a reason to say that no server could be reached. EDNS,
        // for a name with many addresses needs more than 512 bytes, and not every resolver answers over TCP.
        ares.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_EDNS;
        ares.ednspsz = 1232;  // fits a packet of IPv6 everywhere
        constexpr int given = ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB | ARES_OPT_DOMAINS;
        if (const int rc = ares_init_options(&channel_, &ares, given); rc != ARES_SUCCESS)
            throw boost::system::system_error(dns_error(rc), "c-ares");
        if (!options.servers.empty())
            if (const int rc = ares_set_servers_ports_csv(channel_, options.servers.c_str()); rc != ARES_SUCCESS)
                throw boost::system::system_error(dns_error(rc), "DNS servers \"" + options.servers + "\"");
        if (options.source && can_ask_from(*options.source)) leave_from(*options.source);
    }

    cares_resolver(const cares_resolver&) = delete;
    cares_resolver& operator=(const cares_resolver&) = delete;
    ~cares_resolver() override
    {
        closing_ = true;
        ares_destroy(channel_);  // completes what is pending with ARES_EDESTRUCTION
    }

    net::awaitable<resolution> resolve(std::string host, deadline until) override
    {
        if (const auto known = answers_.find(host); known != answers_.end()) co_return known->second;
        const auto came = clock::now();
        co_await wait_for_turn();
        const auto begun = clock::now();
        if (until != deadline::max()) until += begun - came;
        auto answer = co_await look_up(host, until);
        // c-ares gives up on all questions of a server at once when one of them goes wrong.
        if (answer.error == dns_error(ARES_ECONNREFUSED)) answer = co_await look_up(host, until);
        give_turn();
        if (is_lasting(answer.error)) {
            answers_.insert_or_assign(host, answer);
            answer.held = std::chrono::duration_cast<std::chrono::milliseconds>(begun - came);
            co_return answer;
        }
        // A name server that did not answer may answer the retry.
        if (!co_await serves_others(begun, until))
            answer.error = dns_error(ARES_ECONNREFUSED);
        else if (answer.error == dns_error(ARES_ETIMEOUT) && window_.overrun(clock::now()))
            answer.error = dns_error(ARES_ECANCELLED);
        answer.held = std::chrono::duration_cast<std::chrono::milliseconds>(begun - came);
        co_return answer;
    }

private:
    struct socket {
        net::posix::stream_descriptor descriptor;
        bool readable = false, writable = false;
    };

    // Loopback speaks with loopback alone, and each family with its own.
    bool can_ask_from(const net::ip::address& source) const
    {
        ares_addr_port_node* servers = nullptr;
        if (ares_get_servers_ports(channel_, &servers) != ARES_SUCCESS || !servers) return false;
        bool can = true;
        for (const auto* s = servers; s; s = s->next) {
            net::ip::address_v4::bytes_type v4;
            net::ip::address_v6::bytes_type v6;
            std::memcpy(v4.data(), &s->addr.addr4, v4.size());
            std::memcpy(v6.data(), &s->addr.addr6, v6.size());
            const auto server = s->family == AF_INET ? net::ip::address(net::ip::address_v4(v4)) : net::ip::address(net::ip::address_v6(v6));
            can &= server.is_v6() == source.is_v6() && server.is_loopback() == source.is_loopback();
        }
        ares_free_data(servers);
        return can;
    }

    void leave_from(const net::ip::address& source)
    {
        if (source.is_v4()) ares_set_local_ip4(channel_, source.to_v4().to_uint());
        else ares_set_local_ip6(channel_, source.to_v6().to_bytes().data());
    }

    static bool is_lasting(const error_code& ec)
    {
        return !ec || ec == dns_error(ARES_ENOTFOUND) || ec == dns_error(ARES_ENODATA);
    }

    // So many names are asked for at once, first come, first served.
    net::awaitable<void> wait_for_turn()
    {
        if (asking_ < window_.allowed() && queue_.empty()) {
            ++asking_;
            co_return;
        }
        net::steady_timer turn(context_, clock::time_point::max());
        queue_.push_back(&turn);
        co_await turn.async_wait(nothrow);
    }

    void give_turn()
    {
        --asking_;
        while (!queue_.empty() && asking_ < window_.allowed()) {
            ++asking_;
            queue_.front()->cancel();
            queue_.pop_front();
        }
    }

    net::awaitable<resolution> look_up(std::string host, deadline until)
    {
        const auto begun = clock::now();
        // Named, not written inside the co_await expression: gcc 12 destroys such temporaries twice (gcc bug 107288).
        auto start = [this, &host, until](auto handler) { ask(host, until, std::move(handler)); };
        auto answer = co_await net::async_initiate<const net::use_awaitable_t<>, void(resolution)>(start, net::use_awaitable);
        if (is_lasting(answer.error)) {
            last_good_ = clock::now();
            window_.answered(std::chrono::duration_cast<std::chrono::milliseconds>(last_good_ - begun), last_good_);
        }
        co_return answer;
    }

    // Is it that name, or our own resolver that has died or lost its way out? One that has since answered about
    // another name is well; else it is asked for the name servers of the root, which every resolver knows: within what
    // time is left, or one try's if that is more.
    net::awaitable<bool> serves_others(clock::time_point since, deadline until)
    {
        if (last_good_ >= since) co_return true;
        until = std::max(until, clock::now() + 2 * try_time_);
        auto start = [this, until](auto handler) { ask_for_root(until, std::move(handler)); };
        const int status = co_await net::async_initiate<const net::use_awaitable_t<>, void(int)>(start, net::use_awaitable);
        if (is_lasting(status == ARES_SUCCESS ? error_code() : dns_error(status))) last_good_ = clock::now();
        co_return last_good_ >= since;
    }

    // What waits for an answer: the first of c-ares and the deadline completes it.
    template <class Handler>
    struct question {
        question(net::io_context& c, Handler h, std::string name) : context(c), handler(std::move(h)), host(std::move(name)), limit(c) {}
        net::io_context& context;
        std::optional<Handler> handler;
        std::string host;
        net::steady_timer limit;
    };

    // The callback of c-ares owns one share of the question, the deadline another.
    template <class Question, class Result>
    static void set_limit(const std::shared_ptr<Question>& q, deadline until, Result result)
    {
        if (until == deadline::max()) return;
        q->limit.expires_at(until);
        q->limit.async_wait([q, result = std::move(result)](error_code ec) mutable {
            if (ec || !q->handler) return;
            auto h = std::move(*q->handler);
            q->handler.reset();
            h(std::move(result));
        });
    }

    // Post: never resume a coroutine from inside c-ares.
    template <class Question, class Result>
    static void answer_with(Question& q, int status, Result result)
    {
        q.limit.cancel();
        if (!q.handler) return;
        auto h = std::move(*q.handler);
        q.handler.reset();
        if (status == ARES_EDESTRUCTION) return;  // nobody waits any more
        net::post(q.context, [h = std::move(h), r = std::move(result)]() mutable { h(std::move(r)); });
    }

    template <class Handler>
    void ask(const std::string& host, deadline until, Handler handler)
    {
        using pending = question<Handler>;
        auto q = std::make_shared<pending>(context_, std::move(handler), host);
        resolution too_late;
        too_late.error = dns_error(ARES_ETIMEOUT);
        set_limit(q, until, std::move(too_late));

        ares_addrinfo_hints hints{};
        hints.ai_family = AF_UNSPEC;
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = ARES_AI_NOSORT | ARES_AI_CANONNAME;
        ares_getaddrinfo(
            channel_, host.c_str(), nullptr, &hints,
            [](void* arg, int status, int, ares_addrinfo* list) {
                const std::unique_ptr<std::shared_ptr<pending>> owned(static_cast<std::shared_ptr<pending>*>(arg));
                auto& asked = **owned;
                answer_with(asked, status, to_resolution(status, list, asked.host));
            },
            new std::shared_ptr<pending>(std::move(q)));
        arm_timer();
    }

    template <class Handler>
    void ask_for_root(deadline until, Handler handler)
    {
        using pending = question<Handler>;
        auto q = std::make_shared<pending>(context_, std::move(handler), std::string());
        set_limit(q, until, static_cast<int>(ARES_ETIMEOUT));
        constexpr int internet = 1, name_servers = 2;
        ares_query(
            channel_, ".", internet, name_servers,
            [](void* arg, int status, int, unsigned char*, int) {
                const std::unique_ptr<std::shared_ptr<pending>> owned(static_cast<std::shared_ptr<pending>*>(arg));
                answer_with(**owned, status, status);
            },
            new std::shared_ptr<pending>(std::move(q)));
        arm_timer();
    }

    // What a name server sent, in bounds: it need not mean well.
    static resolution to_resolution(int status, ares_addrinfo* list, const std::string& host)
    {
        resolution answer;
        if (status != ARES_SUCCESS) answer.error = dns_error(status);
        for (auto* node = list ? list->nodes : nullptr; node && answer.addresses.size() < most_addresses; node = node->ai_next)
            if (const auto address = to_address(node->ai_addr)) answer.addresses.push_back(*address);
        if (list) {
            answer.cname = end_of_chain(list->cnames, host);
            ares_freeaddrinfo(list);
        }
        if (!answer.error && answer.addresses.empty()) answer.error = dns_error(ARES_ENODATA);
        return answer;
    }

    // c-ares wants to hear about this socket, or (both false) is about to close it.
    void watch(ares_socket_t fd, bool readable, bool writable)
    {
        if (!readable && !writable) {
            if (auto it = sockets_.find(fd); it != sockets_.end()) {
                it->second->descriptor.release();  // c-ares owns the descriptor
                sockets_.erase(it);
            }
            return;
        }
        if (closing_) return;
        auto& s = sockets_[fd];
        if (!s) s = std::make_shared<socket>(socket{net::posix::stream_descriptor(context_, fd)});
        const bool was_readable = std::exchange(s->readable, readable), was_writable = std::exchange(s->writable, writable);
        if (readable && !was_readable) wait(fd, s, net::posix::stream_descriptor::wait_read);
        if (writable && !was_writable) wait(fd, s, net::posix::stream_descriptor::wait_write);
    }

    void wait(ares_socket_t fd, std::shared_ptr<socket> s, net::posix::stream_descriptor::wait_type type)
    {
        auto& descriptor = s->descriptor;
        descriptor.async_wait(type, [this, fd, s = std::move(s), type](error_code ec) {
            if (ec) return;
            const bool read = type == net::posix::stream_descriptor::wait_read;
            ares_process_fd(channel_, read ? fd : ARES_SOCKET_BAD, read ? ARES_SOCKET_BAD : fd);
            auto it = sockets_.find(fd);
            if (it == sockets_.end() || it->second != s) return;  // c-ares closed it
            if (read ? s->readable : s->writable) wait(fd, s, type);
            arm_timer();
        });
    }

    // c-ares has no clock of its own: it asks to be woken for its retries.
    void arm_timer()
    {
        timeval tv{};
        if (!ares_timeout(channel_, nullptr, &tv)) return;
        timer_.expires_after(std::chrono::seconds(tv.tv_sec) + std::chrono::microseconds(tv.tv_usec));
        timer_.async_wait([this](error_code ec) {
            if (ec) return;
            ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
            arm_timer();
        });
    }

    net::io_context& context_;
    net::steady_timer timer_;
    ares_channel channel_ = nullptr;
    bool closing_ = false;
    std::map<ares_socket_t, std::shared_ptr<socket>> sockets_;
    std::unordered_map<std::string, resolution> answers_;
    clock::time_point last_good_{};  // when an answer came that says something about a name
    std::chrono::milliseconds try_time_;
    name_window window_;
    std::size_t asking_ = 0;
    std::deque<net::steady_timer*> queue_;  // names that wait to be asked for
};

}  // namespace

const boost::system::error_category& dns_category() noexcept
{
    static const ares_category category;
    return category;
}

std::unique_ptr<resolver> make_resolver(net::io_context& context, const dns_options& options)
{
    return std::make_unique<cares_resolver>(context, options);
}

}  // namespace rollcall::audit
