#include "audit/round/probe_round.hpp"

#include "audit/net/resolver.hpp"
#include "audit/net/tls.hpp"
#include "audit/probe/prober.hpp"
#include "audit/round/cell_writer.hpp"
#include "audit/round/second_look.hpp"
#include "audit/schedule/lag_meter.hpp"
#include "audit/schedule/scheduler.hpp"
#include "data/store/rounds.hpp"

#include <boost/asio/signal_set.hpp>

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <ranges>
#include <set>

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

data::cell not_reached(unsigned tries)
{
    data::cell c;
    c.why = data::reason::budget;
    c.tries = static_cast<std::uint8_t>(std::min(tries, 255u));
    return c;
}

// One region while its probes run.
struct visitor {
    visitor(net::io_context& context, const data::settings& settings, net::ssl::context& tls, body_room& room, const lag_meter& lag, bool allow_private, region_route r)
        : route(std::move(r)),
          dns(make_resolver(context, {settings.dns.timeout, settings.dns.tries, settings.dns.servers, route.out.source})),
          metadata({*dns, tls, settings.probe.connect, settings.probe.tls, !allow_private, is_private, &route.out}, user_agent_of(settings)),
          services{*dns, tls, settings, user_agent_of(settings), metadata, allow_private, is_private, &route.out, &room, [&lag] { return lag.now(); }}
    {
    }
    visitor(const visitor&) = delete;
    visitor& operator=(const visitor&) = delete;

    region_route route;
    std::unique_ptr<resolver> dns;
    metadata_source metadata;
    probe_services services;
};

// What is to be done, and for whom.
struct task { std::size_t region; data::pending_endpoint endpoint; };

std::vector<task> tasks_of(data::ledger& store, const data::round_facts& round, const std::vector<region_route>& regions, const round_options& options)
{
    std::vector<task> out;
    for (std::size_t r = 0; r < regions.size(); ++r)
        for (auto& e : store.pending(round.id, regions[r].id))
            if (options.part.holds(e.site) && !options.done.contains({regions[r].id, e.id})) out.push_back({r, std::move(e)});
    return out;
}

std::vector<job> jobs_of(data::ledger& store, const data::round_facts& round, const std::vector<task>& tasks)
{
    const auto asked = data::last_asked(store.db(), round.id);
    std::vector<job> out;
    out.reserve(tasks.size());
    for (const auto& t : tasks) {
        const auto known = asked.find(t.endpoint.id);
        out.push_back({t.endpoint.site, t.endpoint.id, known == asked.end() ? 0 : known->second});
    }
    return out;
}

schedule_limits schedule_of(const data::settings& s)
{
    schedule_limits out;
    out.in_flight = s.probe.concurrency;
    out.site_requests_per_second = s.politeness.per_site_per_second;
    out.site_burst = s.politeness.per_site_burst;
    out.site_in_flight = s.politeness.per_site_connections;
    out.requests_a_job = requests_of_a_probe;
    out.budget = s.probe.budget;
    // What was begun in time may have its second look.
    out.grace = s.probe.retry_after + s.probe.total;
    return out;
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

// One run of a round: everything its coroutines refer to.
class run_of_round {
public:
    run_of_round(data::ledger& store, const data::settings& settings, const data::round_facts& round, std::vector<region_route> regions, const round_options& options)
        : settings_(settings),
          round_(round),
          options_(options),
          tasks_(tasks_of(store, round, regions, options)),
          tls_(make_tls_context(settings.tls.trust_file)),
          gate_(context_, limits_of(settings.politeness.per_address_per_second, settings.politeness.per_address_connections, options.part.of)),
          room_(context_),
          lag_(context_),
          writer_(store, round.id),
          shown_(tasks_.size(), options.counts_only ? progress_style::counts : detect_style(options.quiet), options.say, clock::now()),
          signals_(context_),
          ticker_(context_)
    {
        for (auto& r : regions) {
            result_.regions.push_back({r.code});
            r.out.gate = &gate_;
            from_.push_back(std::make_unique<visitor>(context_, settings_, tls_, room_, lag_, options_.allow_private, std::move(r)));
        }
        const auto jobs = jobs_of(store, round, tasks_);
        scheduler::events tell;
        tell.over_budget = [this](std::size_t t, unsigned attempt) { give_up(t, attempt); };
        tell.late_now = [this] { return lag_.now(); };
        tell.worst_since = [this](clock::time_point since) { return lag_.worst_since(since); };
        tell.too_late = too_late(settings_);
        tell.ended = [this] { wind_up(); };
        const auto one = [this](std::size_t t, unsigned attempt) { return look_at(t, attempt); };
        many_ = std::make_unique<scheduler>(context_, schedule_of(settings_), jobs, static_cast<std::uint64_t>(round.id), one, std::move(tell));
        gate_.report_to(many_.get());
    }

    bool idle() const { return tasks_.empty(); }

    round_result operator()()
    {
        const auto begun = clock::now();
        signals_.add(SIGINT);
        signals_.add(SIGTERM);
        signals_.async_wait([this](boost::system::error_code ec, int) {
            if (!ec) stop();
        });
        lag_.start();
        tick();
        many_->run();
        writer_.finish();
        shown_.done(clock::now());
        result_.most_in_flight = many_->most_in_flight();
        result_.worst_lag = lag_.worst_since(begun);
        result_.times_shrunk = many_->speed().times_shrunk();
        result_.fewest_allowed = many_->speed().lowest();
        count_unreached();
        return std::move(result_);
    }

private:
    void file(std::size_t t, data::cell c, std::optional<cell_writer::checked> owner = {})
    {
        const auto of = data::class_of(c.why);
        auto& region = result_.regions[tasks_[t].region];
        ++region.probed;
        ++result_.probed;
        if (data::is_good(of)) {
            ++region.good;
            ++result_.good;
        }
        shown_.count(of);
        try {
            writer_.put(from_[tasks_[t].region]->route.id, tasks_[t].endpoint.id, std::move(c), std::move(owner));
        } catch (...) {
            gate_.close();  // nothing can be stored: nobody need wait for a turn to be measured
            throw;
        }
    }

    void give_up(std::size_t t, unsigned attempt)
    {
        unreached_.emplace(tasks_[t].endpoint.site, tasks_[t].endpoint.id);
        file(t, not_reached(attempt - 1));
    }

    net::awaitable<wish> look_at(std::size_t t, unsigned attempt)
    {
        const auto& endpoint = tasks_[t].endpoint;
        const auto& services = from_[tasks_[t].region]->services;
        const auto begun = clock::now();
        auto seen = co_await probe(target_of(endpoint, round_.id), services);
        result_.longest = std::max(result_.longest, std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begun) - seen.held);

        const auto verdict = judge_look(seen, {attempt, lag_.worst_since(begun), too_late(settings_)}, settings_);
        if (verdict.ours) ++result_.looked_again;
        // What we broke off ourselves stays pending, like what would be looked at again.
        if (!verdict.filed || (many_->stopped() && seen.cell.why == data::reason::interrupted)) co_return verdict.next;
        if (verdict.ours) seen.cell.why = data::reason::interrupted;  // our own slowness is never theirs
        seen.cell.tries = static_cast<std::uint8_t>(std::min(attempt, 255u));
        std::optional<cell_writer::checked> checked;
        if (const auto owner = options_.owners.find(endpoint.id); owner != options_.owners.end() && data::is_valid(data::class_of(seen.cell.why))) {
            const auto visit_begun = clock::now();
            auto found = co_await visit(owner->second, target_of(endpoint, round_.id), seen.cell, services);
            // What our own slowness may have broken is not kept.
            if (!found.check.failing || lag_.worst_since(visit_begun) <= too_late(settings_))
                checked = cell_writer::checked{std::move(found.check), owner->second.record.note};
            // And a refusal says nothing of a server whose owner gave us the key, until somebody has looked behind it.
            else if (found.check.credentialed && data::class_of(seen.cell.why) == data::cell_class::auth)
                seen.cell.why = data::reason::interrupted;
        }
        file(t, std::move(seen.cell), std::move(checked));
        co_return verdict.next;
    }

    void stop()
    {
        result_.interrupted = true;
        many_->stop();
        gate_.close();
        signals_.clear();  // who asks a second time does not want to wait: the process ends at once
    }

    // Nothing keeps the context running now but these.
    void wind_up()
    {
        signals_.cancel();
        lag_.stop();
        ended_ = true;
        ticker_.cancel();
    }

    void tick()
    {
        ticker_.expires_after(std::chrono::milliseconds(200));
        ticker_.async_wait([this](boost::system::error_code ec) {
            if (ec || ended_) return;
            const auto [name, length] = many_->longest_queue();
            shown_.tick(clock::now(), {many_->in_flight(), many_->aside(), name, length});
            tick();
        });
    }

    void count_unreached()
    {
        std::map<std::string, std::size_t> by_site;
        for (const auto& [site, endpoint] : unreached_) ++by_site[site];
        result_.over_budget = unreached_.size();
        result_.unreached.assign(by_site.begin(), by_site.end());
        std::ranges::stable_sort(result_.unreached, std::ranges::greater{}, &std::pair<std::string, std::size_t>::second);
    }

    const data::settings& settings_;
    const data::round_facts& round_;
    const round_options& options_;
    std::vector<task> tasks_;
    net::io_context context_{1};
    net::ssl::context tls_;
    address_gate gate_;
    body_room room_;
    std::vector<std::unique_ptr<visitor>> from_;  // by region
    lag_meter lag_;
    cell_writer writer_;
    progress shown_;
    net::signal_set signals_;
    net::steady_timer ticker_;
    round_result result_;
    std::set<std::pair<std::string, std::int64_t>> unreached_;  // site, endpoint
    bool ended_ = false;
    std::unique_ptr<scheduler> many_;
};

}  // namespace

round_result probe_round(data::ledger& store, const data::settings& settings, const data::round_facts& round,
                         std::vector<region_route> regions, const round_options& options)
{
    const auto before = open_descriptors();
    round_result result;
    {
        run_of_round run(store, settings, round, std::move(regions), options);
        if (!run.idle()) result = run();
    }
    const auto after = open_descriptors();
    result.left_open = after - std::min(before, after);
    return result;
}

std::string unreached_in_words(const round_result& r)
{
    if (r.over_budget == 0) return {};
    constexpr std::size_t named = 3;
    std::string sites;
    for (const auto& [site, n] : r.unreached | std::views::take(named)) sites += fmt::format("{}{} {}", sites.empty() ? "" : ", ", site, n);
    if (r.unreached.size() > named) sites += fmt::format(" and {} more", r.unreached.size() - named);
    return fmt::format("{} endpoint{} of {} site{} {} not reached in time ({}); they come first in the next round", r.over_budget, r.over_budget == 1 ? "" : "s",
                       r.unreached.size(), r.unreached.size() == 1 ? "" : "s", r.over_budget == 1 ? "was" : "were", sites);
}

std::vector<std::string> in_words(const round_result& r, std::size_t concurrency)
{
    std::vector<std::string> out;
    const bool one = r.regions.size() == 1;
    if (r.probed > 0) {
        for (const auto& region : r.regions)
            if (!one && region.probed > 0) out.push_back(fmt::format("region {}: {} endpoints, {} answered", region.code, region.probed, region.good));
        out.push_back(fmt::format("{}: {} {}, {} answered, at most {} in flight, the longest probe {} ms, our own worst delay {} ms",
                                  one ? "region " + r.regions.front().code : "all regions", r.probed, one ? "endpoints" : "cells", r.good, r.most_in_flight, r.longest.count(),
                                  r.worst_lag.count()));
    }
    if (r.times_shrunk > 0 || r.looked_again > 0) {
        std::string line = "this machine was too slow at times:";
        if (r.times_shrunk > 0) line += fmt::format(" as few as {} of {} were in flight", r.fewest_allowed, concurrency);
        if (r.looked_again > 0) line += fmt::format("{} {} probe{} ran under our own delay and said nothing", r.times_shrunk > 0 ? "," : "", r.looked_again, r.looked_again == 1 ? "" : "s");
        out.push_back(line + "; no verdict rests on that");
    }
    if (r.left_open > 0) out.push_back(fmt::format("{} connections or files were left open after probing; please report it", r.left_open));
    if (auto line = unreached_in_words(r); !line.empty()) out.push_back(std::move(line));
    return out;
}

}  // namespace rollcall::audit
