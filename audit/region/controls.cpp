#include "audit/region/controls.hpp"

#include "audit/net/tls.hpp"
#include "audit/probe/prober.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <list>
#include <memory>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;

constexpr int most_attempts = 3;

// One region while it looks.
struct watcher {
    watcher(net::io_context& context, const data::settings& s, net::ssl::context& tls, bool allow_private, const egress& out)
        : dns(make_resolver(context, {s.dns.timeout, s.dns.tries, s.dns.servers, out.source})),
          metadata({*dns, tls, s.probe.connect, s.probe.tls, !allow_private, is_private, &out}, user_agent_of(s)),
          services{*dns, tls, s, user_agent_of(s), metadata, allow_private, is_private, &out}
    {
    }
    std::unique_ptr<resolver> dns;
    metadata_source metadata;
    probe_services services;
};

net::awaitable<void> look(control_result& into, const probe_services& with)
{
    const auto url = split_url(into.control.url);
    for (int attempt = 0; url && attempt < most_attempts && !into.passed; ++attempt) {
        const auto seen = co_await probe({*url, {}}, with);
        into.why = seen.cell.why;
        into.passed = is_as_expected(into.control.expect, seen.cell.why);
    }
}

}  // namespace

bool is_as_expected(const std::string& expected, data::reason seen)
{
    const auto of = data::class_of(seen);
    if (const auto why = data::parse_reason(expected)) return *why == seen;
    if (expected == "P") return data::is_good(of);
    return expected.size() == 1 && data::parse_class(expected.front()) == of;
}

std::vector<control_result> look_at_controls(const data::settings& settings, const std::vector<region_route>& regions, bool allow_private)
{
    std::vector<control_result> out;
    if (settings.self_check.empty()) return out;
    net::io_context context{1};
    auto tls = make_tls_context(settings.tls.trust_file);
    std::list<watcher> watchers;
    out.reserve(regions.size() * settings.self_check.size());
    std::exception_ptr failure;
    std::size_t pending = 0;
    for (const auto& region : regions) {
        watchers.emplace_back(context, settings, tls, allow_private, region.out);
        for (const auto& control : settings.self_check) {
            out.push_back({region.id, control, data::reason::interrupted, false});
            ++pending;
            net::co_spawn(context, look(out.back(), watchers.back().services), [&](std::exception_ptr e) {
                if (e && !failure) failure = e;
                if (--pending == 0) context.stop();
            });
        }
    }
    context.run();
    if (failure) std::rethrow_exception(failure);
    return out;
}

}  // namespace rollcall::audit
