#include "audit/round/probe_round.hpp"

#include "audit/net/resolver.hpp"
#include "audit/net/tls.hpp"
#include "audit/probe/prober.hpp"
#include "audit/round/cell_writer.hpp"
#include "audit/schedule/scheduler.hpp"

#include <boost/asio/signal_set.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using clock = std::chrono::steady_clock;

// Above this our own thread was too slow for a time-out to be anybody else's: half of the shortest limit that a
// server is held to, and never more than a second.
std::chrono::milliseconds too_late(const data::settings& s)
{
    return std::min({std::chrono::milliseconds(1000), s.dns.timeout / 2, s.probe.connect / 2, s.probe.tls / 2, s.probe.first_byte / 2});
}

constexpr unsigned most_attempts_under_lag = 4;

probe_target target_of(const data::pending_endpoint& e, std::int64_t round)
{
    auto url = split_url(e.probed_url);
    if (!url) url = split_url(e.url);
    probe_target out{*url, {}};
    out.known.remembered_era = e.remembered_era;
    out.known.remembered_transport = e.remembered_transport;
    out.known.listed_as_sse = e.listed_as_sse;
    // A remembered legacy era never fails by itself: each endpoint is asked again every seventh round.
    out.known.also_ask_modern = (e.id + round) % 7 == 0;
    // Nor does an open list: whether calls need a login is asked at the first meeting and then as rarely.
    out.check_posture = out.known.also_ask_modern || e.remembered_era == data::era::unknown;
    return out;
}

// Descriptors of this process; 0 where nobody can say.
std::size_t open_descriptors()
{
    std::error_code ec;
    const auto all = std::filesystem::directory_iterator("/proc/self/fd", ec);
    return ec ? 0 : static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

data::cell not_reached()
{
    data::cell c;
    c.why = data::reason::budget;
    c.tries = 0;
    return c;
}

}  // namespace

std::string ensure_descriptors(std::size_t concurrency)
{
    // A probe may hold two connections (HTTP+SSE) and race two more; names and files need some.
    const rlim_t needed = concurrency * 3 + 200;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return {};
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? needed : std::min<rlim_t>(needed, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= needed) return {};
    return "only " + std::to_string(limit.rlim_cur) + " open files are allowed, " + std::to_string(needed) + " are needed for " +
           std::to_string(concurrency) + " probes in flight; raise `ulimit -n` or lower /probe/concurrency";
}

namespace {

round_result probe_all(data::ledger& store, const data::settings& settings, const data::round_facts& round,
                       std::int64_t region, const round_options& options)
{
    const auto pending = store.pending(round.id, region);
    round_result result;
    if (pending.empty()) return result;

    net::io_context context{1};
    auto dns = make_resolver(context, {settings.dns.timeout, settings.dns.tries, settings.dns.servers});
    auto tls = make_tls_context(settings.tls.trust_file);
    metadata_source metadata({*dns, tls, settings.probe.connect, settings.probe.tls, !options.allow_private}, user_agent_of(settings));
    const probe_services services{*dns, tls, settings, user_agent_of(settings), metadata, options.allow_private};
    cell_writer writer(store, round.id, region);
    lag_meter lag(context);
    progress shown(pending.size(), detect_style(options.quiet), options.say, clock::now());

    std::vector<std::string> sites;
    for (const auto& e : pending) sites.push_back(e.site);
    schedule_limits limits;
    limits.in_flight = settings.probe.concurrency;
    limits.site_requests_per_second = settings.politeness.per_site_per_second;
    limits.site_burst = settings.politeness.per_site_burst;
    limits.site_in_flight = settings.politeness.per_site_connections;
    limits.budget = settings.probe.budget;
    // Long before somebody else's time-out could be our own doing.
    limits.out_of_breath = [&lag, most = too_late(settings) / 4] { return lag.now() > most; };

    const auto file = [&](std::size_t job, data::cell c, std::optional<cell_writer::checked> owner = {}) {
        ++result.probed;
        const auto of = data::class_of(c.why);
        if (data::is_good(of)) ++result.good;
        shown.count(of, clock::now());
        writer.put(pending[job].id, std::move(c), std::move(owner));
    };
    const auto one = [&](std::size_t job, unsigned attempt) -> net::awaitable<std::optional<std::chrono::milliseconds>> {
        const auto begun = clock::now();
        auto seen = co_await probe(target_of(pending[job], round.id), services);
        result.longest = std::max(result.longest, std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begun));
        const bool ours = lag.worst_since(begun) > too_late(settings) &&
                          (!data::is_good(data::class_of(seen.cell.why)) || seen.cell.why == data::reason::slow);
        // What was seen while we were slow is looked at again, whatever it was.
        const bool again = (worth_a_retry(seen.cell) && attempt <= settings.probe.retries) || (ours && attempt < most_attempts_under_lag);
        if (again) {
            auto wait = settings.probe.retry_after;
            if (seen.retry_after) wait = std::max(wait, std::min(std::chrono::milliseconds(*seen.retry_after), std::chrono::milliseconds(std::chrono::minutes(15))));
            co_return wait;
        }
        if (ours) seen.cell.why = data::reason::interrupted;  // our own slowness is never theirs
        seen.cell.tries = static_cast<std::uint8_t>(std::min(attempt, 255u));
        std::optional<cell_writer::checked> checked;
        if (const auto owner = options.owners.find(pending[job].id); owner != options.owners.end() && data::is_valid(data::class_of(seen.cell.why))) {
            const auto visit_begun = clock::now();
            auto found = co_await visit(owner->second, target_of(pending[job], round.id), seen.cell, services);
            // What our own slowness may have broken is not kept.
            if (!found.check.failing || lag.worst_since(visit_begun) <= too_late(settings))
                checked = cell_writer::checked{std::move(found.check), owner->second.record.note};
        }
        file(job, std::move(seen.cell), std::move(checked));
        co_return std::nullopt;
    };
    scheduler many(context, limits, sites, static_cast<std::uint64_t>(round.id), one, [&](std::size_t job) {
        ++result.over_budget;
        file(job, not_reached());
    });

    net::signal_set signals(context, SIGINT, SIGTERM);
    net::steady_timer ticker(context);
    std::function<void()> tick = [&] {
        ticker.expires_after(std::chrono::milliseconds(200));
        ticker.async_wait([&](boost::system::error_code ec) {
            if (ec) return;
            const auto [name, length] = many.longest_queue();
            shown.tick(clock::now(), many.in_flight(), length > 1 ? name + " " + std::to_string(length) : std::string());
            if (many.waiting() == 0 && many.in_flight() == 0) {  // nothing keeps the loop alive now but us
                signals.cancel();
                lag.stop();
                return;
            }
            if (result.interrupted && many.in_flight() == 0) {
                lag.stop();
                return;
            }
            tick();
        });
    };
    signals.async_wait([&](boost::system::error_code ec, int) {
        if (ec) return;
        result.interrupted = true;
        many.stop();
    });
    const auto begun = clock::now();
    lag.start();
    tick();
    many.run();
    writer.finish();
    shown.done(clock::now());
    result.most_in_flight = many.most_in_flight();
    result.worst_lag = lag.worst_since(begun);
    return result;
}

}  // namespace

round_result probe_round(data::ledger& store, const data::settings& settings, const data::round_facts& round,
                         std::int64_t region, const round_options& options)
{
    const auto before = open_descriptors();
    auto result = probe_all(store, settings, round, region, options);
    const auto after = open_descriptors();
    result.left_open = after - std::min(before, after);
    return result;
}

}  // namespace rollcall::audit
