#include "audit/probe/prober.hpp"

#include "audit/auth/ladder.hpp"
#include "audit/classify/retry_after.hpp"
#include "audit/net/failure.hpp"
#include "audit/net/inflater.hpp"
#include "audit/net/open.hpp"
#include "audit/probe/mask.hpp"
#include "audit/probe/redirect.hpp"
#include "audit/probe/transcript.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace rollcall::audit {
namespace {

namespace net = boost::asio;
using clock = std::chrono::steady_clock;
using data::reason;
using data::step;
using std::chrono::milliseconds;

std::uint32_t ms_between(clock::time_point from, clock::time_point to)
{
    return static_cast<std::uint32_t>(std::max<std::int64_t>(0, std::chrono::duration_cast<milliseconds>(to - from).count()));
}

// As much of a body as walls and fallback pages are told by.
constexpr std::size_t beginning = 64 * 1024;

// A server that was not read from for so long may have given up on us.
constexpr milliseconds long_unread{1000};

// A name, a connection, and two ways of a handshake are waited for until a connection stands.
constexpr unsigned opening_steps = 4;

bool same_origin(const canonical_url& a, const canonical_url& b) { return a.scheme == b.scheme && a.host == b.host && a.port == b.port; }

// How long one exchange took, and what it needed.
struct timing {
    mcp::purpose what;
    std::uint32_t first_byte = 0, whole = 0;
    std::uint32_t held = 0;                                    // by our own limits: in none of the others
    bool sent = false;                                         // the request went out
    std::array<std::optional<std::uint32_t>, 3> opened{};  // resolve, connect, tls, if a connection was opened for it
};

class probe_run {
public:
    probe_run(probe_target target, const probe_services& with)
        : with_(with), base_(target.url), listed_(target.url), known_(std::move(target.known)), credentials_(std::move(target.credentials)), keep_transcript_(target.keep_transcript), check_posture_(target.check_posture), until_(clock::now() + with.settings.probe.total)
    {
        for (const auto& [name, value] : credentials_) secrets_.push_back(value);
    }

    net::awaitable<probe_report> run()
    {
        known_.origin = base_.scheme + "://" + authority(base_);
        known_.path_ends_in_sse = base_.target.substr(0, base_.target.find('?')).ends_with("/sse");
        mcp::limits caps;
        caps.pages = with_.settings.probe.pages;
        caps.tools = with_.settings.probe.tools;
        caps.reply.body = with_.settings.probe.body_bytes;
        mcp::conversation talk(known_, {"rollcall", ROLLCALL_VERSION}, caps);

        auto next = talk.begin();
        while (auto* ask = std::get_if<mcp::ask>(&next)) {
            mcp::ask current = std::move(*ask);
            auto heard = co_await carry(std::move(current));
            next = talk.next(heard);
        }
        auto ended = std::get<mcp::outcome>(std::move(next));
        co_await look_at_the_gate(ended);
        co_return report(std::move(ended));
    }

private:
    // --- one exchange, redirects included

    net::awaitable<mcp::heard> carry(mcp::ask ask)
    {
        if (ask.delay.count() > 0) {
            net::steady_timer pause(co_await net::this_coro::executor, std::min<clock::duration>(ask.delay, until_ - clock::now()));
            co_await pause.async_wait(nothrow);
        }
        if (ask.what == mcp::purpose::initialize) ++initializes_;
        times_.push_back({ask.what});
        requests_.emplace_back();
        const auto begun = clock::now();
        // Closing a session is a courtesy: short, not part of the measurement, and no reason to stay much longer.
        auto limit = ask.what == mcp::purpose::end_session ? std::min(begun + std::chrono::seconds(2), until_ + std::chrono::milliseconds(500)) : until_;

        auto where = ask.url.empty() ? std::optional(base_) : resolve_reference(stream_base_.value_or(base_), ask.url);
        mcp::heard out;
        if (!where) {
            out.failed = reason::bad_envelope;
            out.failed_at = step::mcp;
            out.failed_detail = "the message endpoint is not a URL";
            co_return out;
        }
        const auto start = base_;
        for (unsigned hops = 0;; ++hops) {
            out = co_await exchange(ask, *where, limit);
            scrub(out);
            if (out.failed) break;
            if (where->scheme == base_.scheme && where->host == base_.host) auth::look_at(gate_, out.answer);
            const auto redirect = read_redirect(out.answer.status, out.answer.header("location"), *where, hops, with_.settings.probe.redirects);
            if (!redirect) {
                if (hops > 0 && out.reply.problem == reason::html && out.answer.status < 300) {
                    fail(out, reason::auth_redirect, "redirects to a web page");
                    base_ = start;
                }
                break;
            }
            if (const auto* stop = std::get_if<finding>(&*redirect)) {
                fail(out, stop->why, stop->detail);
                base_ = start;  // the way led nowhere: the next attempt goes all of it again
                break;
            }
            const auto& go = std::get<follow>(*redirect);
            if (go.method_lost) method_lost_ = true;
            if (go.warn) warnings_.push_back(*go.warn);
            for_good_ = for_good_ && go.permanent;
            where = go.target;
            final_url_ = where->scheme + "://" + authority(*where) + where->target;
            if (ask.url.empty()) base_ = *where;
        }
        times_.back().whole = ms_between(begun, clock::now()) - connect_time(times_.back()) - times_.back().held;
        if (out.failed) notes_.note(std::string(data::label_of(out.failed_at)) + ": " + out.failed_detail);
        if (const auto wait = patience_asked_for(out.answer)) retry_after_ = *wait;
        co_return out;
    }

    static void fail(mcp::heard& out, reason why, std::string detail)
    {
        out.failed = why;
        out.failed_at = step::http;
        out.failed_detail = std::move(detail);
    }

    static std::uint32_t connect_time(const timing& t)
    {
        std::uint32_t sum = 0;
        for (const auto& part : t.opened) sum += part.value_or(0);
        return sum;
    }

    http_request to_request(const mcp::ask& ask, const canonical_url& where) const
    {
        static constexpr std::array methods{"POST", "GET", "DELETE"};
        http_request r{methods[static_cast<std::size_t>(ask.method)], where.target, authority(where), {}, ask.body};
        r.headers.emplace_back("User-Agent", with_.user_agent);
        r.headers.insert(r.headers.end(), ask.headers.begin(), ask.headers.end());
        r.headers.emplace_back("Accept-Encoding", "identity");
        // Cookies only once a session was lost: balancers that stick by cookie need them, official clients send none.
        if (initializes_ > 1 && !cookies_.empty() && where.host == cookie_host_) {
            std::string all;
            for (const auto& [name, value] : cookies_) all += (all.empty() ? "" : "; ") + name + "=" + value;
            r.headers.emplace_back("Cookie", all);
        }
        return r;
    }

    void keep_cookies(const http_answer& answer, const canonical_url& from)
    {
        for (const auto& [name, value] : answer.headers) {
            if (name != "set-cookie" || cookies_.size() >= 20) continue;
            const auto equals = value.find('='), end = std::min(value.find(';'), value.size());
            if (equals == std::string::npos || equals == 0 || equals > end || end > 4096) continue;
            cookie_host_ = from.host;
            cookies_[value.substr(0, equals)] = value.substr(equals + 1, end - equals - 1);
        }
    }

    // What our own limits cost moves `limit`.
    net::awaitable<mcp::heard> exchange(const mcp::ask& ask, const canonical_url& where, deadline& limit)
    {
        mcp::heard out;
        const bool may_reuse = !ask.fresh_connection && link_ && link_->reusable() && same_origin(link_to_, where);
        for (bool reused = may_reuse;; reused = false) {
            if (!reused) {
                if (auto failure = co_await open(where, limit)) {
                    set_failure(out, *failure);
                    co_return out;
                }
            }
            auto request = to_request(ask, where);
            const bool with_secrets = may_carry_secrets(where);
            if (with_secrets)
                for (const auto& [name, value] : credentials_) request.headers.emplace_back(name, "[masked]");
            requests_.back() = {where.scheme, request};
            notes_.sent(where.scheme, request);
            if (with_secrets)
                for (std::size_t i = 0; i < credentials_.size(); ++i) request.headers[request.headers.size() - credentials_.size() + i].second = credentials_[i].second;
            times_.back().sent = true;
            const auto sent_at = clock::now();
            const auto first = std::min(limit, sent_at + std::min(ask.first_byte, with_.settings.probe.first_byte));

            auto failure = co_await link_->send(request, first);
            if (!failure) {
                auto head = co_await link_->head(first);
                note_lateness(1);
                if (auto* good = std::get_if<http_head>(&head)) {
                    times_.back().first_byte = ms_between(sent_at, clock::now());
                    out.answer = std::move(good->answer);
                    scrub(out.answer.headers);
                    notes_.heard(out.answer);
                    keep_cookies(out.answer, where);
                    const auto waited = waited_for_room_;
                    co_await read_body(ask, where, out, ask.what == mcp::purpose::discover ? first : limit);
                    limit += waited_for_room_ - waited;
                    if (ours_) set_failure(out, *ours_);  // it broke off on our side: no word about the body
                    co_return out;
                }
                failure = std::get<net_failure>(std::move(head));
            }
            // A kept connection may have been closed at the very moment of our request: that says nothing.
            if (reused && !failure->timed_out) continue;
            link_.reset();
            set_failure(out, *failure);
            co_return out;
        }
    }

    // To the listed origin only, over TLS, and never once anything was redirected. A loopback address of this machine
    // is as good as TLS: one's own server at one's own desk.
    bool may_carry_secrets(const canonical_url& where) const
    {
        const bool local = with_.allow_private && (where.host == "localhost" || where.host == "[::1]" || where.host.starts_with("127."));
        return !credentials_.empty() && final_url_.empty() && same_origin(where, listed_) && (where.scheme == "https" || local);
    }

    void set_failure(mcp::heard& out, const net_failure& f)
    {
        out.failed = f.why;
        out.failed_at = f.at;
        out.failed_detail = f.detail;
    }

    net::awaitable<void> read_body(const mcp::ask& ask, const canonical_url& where, mcp::heard& out, deadline limit)
    {
        mcp::reply_limits caps;
        caps.body = with_.settings.probe.body_bytes;
        auto reader = std::make_unique<mcp::reply_reader>(out.answer.status, out.answer.header("content-type"), ask.reply_on_stream ? mcp::awaits::nothing : ask.awaits,
                                                          ask.id, caps);
        if (ask.reply_on_stream || ask.awaits == mcp::awaits::nothing) limit = std::min(limit, clock::now() + std::chrono::seconds(2));
        inflater decode(out.answer.header("content-encoding"), caps.body);
        damaged_ = false;
        ours_.reset();
        auto end = co_await pump(*link_, *reader, decode, limit);
        note_lateness(1);
        // What is judged by its first lines is kept by them: a whole body may be 4 MiB, and thousands are in flight.
        out.answer.body = scrubbed(reader->seen().substr(0, beginning));
        notes_.body(out.answer.body, reader->seen().size());

        if (ask.keep_stream && end == mcp::ending::enough) {
            out.reply = reader->finish(end);
            stream_link_ = std::move(link_);
            stream_reader_ = std::move(reader);
            stream_decode_ = std::make_unique<inflater>(std::move(decode));
            stream_base_ = where;
            co_return;
        }
        if (ask.reply_on_stream && out.answer.status < 300 && stream_link_) {
            stream_reader_->expect(ask.id);
            const auto begin = stream_reader_->seen().size();
            end = co_await pump(*stream_link_, *stream_reader_, *stream_decode_, until_);
            note_lateness(1);
            out.reply = stream_reader_->finish(end);
            const auto& seen = stream_reader_->seen();
            notes_.body(scrubbed(seen.substr(std::min(begin, seen.size()), beginning)), seen.size() - std::min(begin, seen.size()));
            co_return;
        }
        out.reply = reader->finish(end);
        if (out.reply.problem && (damaged_ || (decode.unknown() && out.reply.problem == reason::not_json))) {
            out.reply.problem = reason::not_json;
            out.reply.detail = (damaged_ ? "damaged encoding: " : "encoding: ") + std::string(out.answer.header("content-encoding").substr(0, 40));
        }
        if (ask.what == mcp::purpose::open_stream || ask.what == mcp::purpose::end_session) link_.reset();
    }

    // Reads until the reader has enough, the message ends, or the deadline.
    net::awaitable<mcp::ending> pump(link& from, mcp::reply_reader& into, inflater& decode, deadline limit)
    {
        if (into.feed({})) co_return mcp::ending::enough;
        milliseconds waited{0};
        for (;;) {
            auto piece = co_await from.piece(limit);
            std::string decoded;
            const auto undone = decode.feed(piece.bytes, decoded);
            const auto now = co_await make_room(decoded.size());
            waited += now;
            limit += now;
            const bool enough = into.feed(decoded);
            if (undone == inflater::status::too_large) co_return mcp::ending::too_large;
            if (undone == inflater::status::damaged && !enough) {
                damaged_ = true;
                co_return mcp::ending::cut_off;
            }
            if (enough) co_return piece.last ? mcp::ending::whole : mcp::ending::enough;
            if (piece.last) co_return mcp::ending::whole;
            if (piece.failure && !data::is_valid(data::class_of(piece.failure->why))) ours_ = piece.failure;
            if (piece.failure && waited >= long_unread) ours_ = net_failure{reason::interrupted, step::http, "it broke off after we had not read on for want of room"};
            if (piece.failure) co_return piece.failure->timed_out ? mcp::ending::timed_out : mcp::ending::cut_off;
        }
    }

    // What was just waited for may have been there before, by as much as our thread is behind.
    void note_lateness(unsigned steps)
    {
        if (with_.late_now) late_ += steps * with_.late_now();
    }

    // Takes note of bytes that will be held until the end, and waits for a place when they become many. Returns how long.
    net::awaitable<milliseconds> make_room(std::size_t bytes)
    {
        held_bytes_ += bytes;
        const auto needed = body_room::size_of(held_bytes_);
        if (!with_.room || needed <= room_.at()) co_return milliseconds(0);
        const auto begun = clock::now();
        room_ = co_await with_.room->enter(needed);
        const auto waited = std::chrono::duration_cast<milliseconds>(clock::now() - begun);
        until_ += waited;
        waited_for_room_ += waited;
        times_.back().held += static_cast<std::uint32_t>(waited.count());
        co_return waited;
    }

    // --- opening a connection

    net::awaitable<std::optional<net_failure>> open(const canonical_url& where, deadline& limit)
    {
        link_.reset();
        auto way = with_.way();
        // Most probes need one connection for all they ask.
        if (std::exchange(first_connection_, false)) way.load = {requests_of_a_probe, false};
        auto made = co_await open_link(way, where, limit);
        note_lateness(opening_steps);
        limit += made.held;
        until_ += made.held;
        times_.back().held += static_cast<std::uint32_t>(made.held.count());
        path_ = std::move(made.facts);
        if (made.left_out_private) warnings_.push_back(data::warning::private_addresses);
        times_.back().opened = made.ms;
        if (auto* failure = std::get_if<net_failure>(&made.result)) co_return std::move(*failure);
        link_ = std::get<std::unique_ptr<link>>(std::move(made.result));
        link_to_ = where;
        co_return std::nullopt;
    }

    // --- what stands before a credential

    // Climbs the ladder behind a refusal; of an open server only on the nights on which that is asked.
    net::awaitable<void> look_at_the_gate(mcp::outcome& ended)
    {
        const auto of = data::class_of(ended.why);
        const bool refused = of == data::cell_class::auth;
        gate_.listed = data::is_good(of);
        gate_.lazy = gate_.listed && gate_.status_401;
        const bool climbs = refused ? ended.why != reason::payment && ended.why != reason::auth_redirect && (gate_.status_401 || gate_.bearer)
                                    : gate_.listed && check_posture_;
        if (!climbs) {
            ended.answer.auth.posture = auth::posture_without_climb(gate_, refused, ended.why == reason::payment);
            co_return;
        }
        auth::ladder way_in(base_, gate_);
        while (!way_in.wanted().empty()) {
            const std::string url = way_in.wanted();
            auto document = co_await with_.metadata.get(url, way_in.wants_shared(), until_);
            notes_.note("GET " + mask(url) + ": " + (document.status ? "HTTP " + std::to_string(document.status) : document.problem));
            notes_.body(document.body);
            way_in.heard(std::move(document));
        }
        ended.answer.auth = way_in.facts();
        for (const auto w : way_in.warnings()) warnings_.push_back(w);
        if (!way_in.stumbled_at().empty() && ended.answer.auth.missing()) stumbled_at_ = way_in.stumbled_at();
        // A 401 is worth the name of a challenge only if a client can go on from it (posture C).
        using data::posture;
        if (ended.why == reason::auth_bare && ended.answer.auth.posture == posture::gated) ended.why = reason::auth_challenge;
        if (ended.why == reason::auth_challenge && ended.answer.auth.posture == posture::opaque) ended.why = reason::auth_bare;
    }

    // --- the cell

    probe_report report(mcp::outcome ended)
    {
        probe_report out;
        auto& c = out.cell;
        c.why = ended.why;
        c.answer = std::move(ended.answer);
        c.manifest = std::move(ended.manifest);
        c.path = path_;
        c.answer.final_url = final_url_;
        const auto of = data::class_of(c.why);
        if (method_lost_ && data::is_valid(of) && of != data::cell_class::transport && c.why != reason::auth_redirect &&
            c.why != reason::redirect_off_site && c.why != reason::redirect_loop) {
            c.answer.detail = "redirects with a status for which clients drop the request; " +
                              std::string(data::is_good(of) ? "it works at " : "the target is ") + final_url_;
            c.why = reason::redirect_method;
            c.manifest.clear();
        }
        for (const auto w : warnings_) c.answer.warnings.push_back(w);
        if (for_good_ && !final_url_.empty() && data::is_good(data::class_of(c.why))) c.answer.warnings.push_back(data::warning::redirect_permanent);
        std::ranges::sort(c.answer.warnings);
        const auto twice = std::ranges::unique(c.answer.warnings);
        c.answer.warnings.erase(twice.begin(), twice.end());

        fill_times(c, std::min(ended.counts_from, times_.empty() ? 0 : times_.size() - 1));
        if (data::class_of(c.why) == data::cell_class::pass && c.waited_ms > static_cast<std::uint32_t>(with_.settings.probe.slow.count()))
            c.why = reason::slow;
        if (keep_transcript_ || !data::is_good(data::class_of(c.why))) c.transcript = notes_.text();
        out.tool_names = std::move(ended.tool_names);
        out.reproduce = reproduce(c, std::min(ended.counts_from, requests_.empty() ? 0 : requests_.size() - 1));
        out.retry_after = retry_after_;
        out.may_pass = ended.may_pass;
        out.late = late_;
        out.ran_out = clock::now() >= until_;
        for (const auto& t : times_) out.held += std::chrono::milliseconds(t.held);
        out.call = std::move(ended.call);
        for (const auto& t : times_)
            if (t.what == mcp::purpose::tools_call) out.call_ms = t.whole;
        if (!stumbled_at_.empty()) out.metadata_command = "curl -sS -i --max-time 15 " + shell_quoted(stumbled_at_);
        scrub(out);
        return out;
    }

    // The exchange that decided, as a command: the tool list if that is where it stopped, with its session opened
    // first where it has one; else the first exchange of the attempt that counts.
    std::string reproduce(const data::cell& c, std::size_t from) const
    {
        const auto is_list = [](const timing& t) { return t.what == mcp::purpose::tools_list && t.sent; };
        const auto list = std::ranges::find_if(times_.begin() + static_cast<std::ptrdiff_t>(std::min(from, times_.size())), times_.end(), is_list);
        if (c.reached == step::tools && list != times_.end() && c.answer.transport != data::transport::http_sse) {
            const auto& [scheme, request] = requests_[static_cast<std::size_t>(list - times_.begin())];
            const auto& opened = requests_[from].second;
            const bool in_session = std::ranges::any_of(request.headers, is_session_header);
            if (in_session && !opened.method.empty()) return session_commands(scheme, opened, request);
            return curl_command(scheme, request);
        }
        if (!requests_.empty() && !requests_[from].second.method.empty()) return curl_command(requests_[from].first, requests_[from].second);
        return "curl -sS -i --max-time 15 '" + base_.scheme + "://" + authority(base_) + base_.target + "'";
    }

    // A server may echo what it was sent: nothing that is kept of its answers may hold a credential, whole or cut.
    std::string scrubbed(std::string text) const { return secrets_.empty() ? text : without_secrets(std::move(text), secrets_); }

    void scrub(std::vector<std::pair<std::string, std::string>>& headers) const
    {
        for (auto& [name, value] : headers)
            if (name != "mcp-session-id") value = scrubbed(std::move(value));  // it goes back as it came, and nowhere else
    }

    void scrub(mcp::heard& h) const
    {
        if (secrets_.empty()) return;
        if (h.reply.response) h.reply.response = scrubbed(std::move(*h.reply.response));
        h.reply.detail = scrubbed(std::move(h.reply.detail));
        h.failed_detail = scrubbed(std::move(h.failed_detail));
    }

    // Once more, after escapes were undone.
    void scrub(probe_report& out) const
    {
        if (secrets_.empty()) return;
        auto& a = out.cell.answer;
        for (auto* text : {&a.protocol_version, &a.server_name, &a.server_version, &a.final_url, &a.auth_challenge, &a.detail, &a.auth.metadata_url, &a.auth.issuer,
                           &out.cell.transcript, &out.cell.manifest, &out.cell.path.cname, &out.reproduce, &out.metadata_command})
            *text = scrubbed(std::move(*text));
        for (auto& name : out.tool_names) name = scrubbed(std::move(name));
        for (auto& name : a.capabilities) name = scrubbed(std::move(name));
        for (auto& rung : a.auth.rungs) rung.detail = scrubbed(std::move(rung.detail));
        if (out.call) {
            out.call->result = scrubbed(std::move(out.call->result));
            out.call->problem = scrubbed(std::move(out.call->problem));
        }
    }

    void fill_times(data::cell& c, std::size_t from) const
    {
        const auto put = [&](step s, std::uint32_t ms) { c.ms[static_cast<std::size_t>(s)] = ms; };
        // The connection in use at `from` may have been opened by an earlier exchange.
        for (std::size_t i = 0; i < times_.size(); ++i)
            for (std::size_t part = 0; part < 3; ++part)
                if (times_[i].opened[part] && (i <= from || !c.ms[part])) c.ms[part] = times_[i].opened[part];
        for (std::size_t part = 0; part < 3; ++part)
            if (c.ms[part]) c.reached = static_cast<step>(part);

        std::uint32_t handshake = 0;
        c.waited_ms = c.ms[0].value_or(0) + c.ms[1].value_or(0) + c.ms[2].value_or(0);
        for (std::size_t i = from; i < times_.size(); ++i) {
            const auto& t = times_[i];
            if (t.what == mcp::purpose::end_session) continue;
            if (t.sent) c.reached = std::max(c.reached, step::http);
            if (i == from && t.sent && c.answer.http_status != 0) put(step::http, t.first_byte);
            c.waited_ms += t.whole;
            if (t.what == mcp::purpose::tools_list) {
                put(step::tools, t.whole);
                c.reached = step::tools;
                break;
            }
            handshake += t.whole;
            if (c.answer.era != data::era::unknown || data::class_of(c.why) == data::cell_class::malformed) {
                put(step::mcp, handshake);
                c.reached = step::mcp;
            }
        }
    }

    const probe_services& with_;
    canonical_url base_, listed_;
    mcp::hints known_;
    std::vector<std::pair<std::string, std::string>> credentials_;
    std::vector<std::string> secrets_;
    bool keep_transcript_, check_posture_;
    deadline until_;

    std::unique_ptr<link> link_;
    canonical_url link_to_;
    std::unique_ptr<link> stream_link_;  // HTTP+SSE: replies come here
    std::unique_ptr<mcp::reply_reader> stream_reader_;
    std::unique_ptr<inflater> stream_decode_;
    std::optional<canonical_url> stream_base_;

    data::path_facts path_;
    std::vector<timing> times_;
    std::vector<std::pair<std::string, http_request>> requests_;
    std::vector<data::warning> warnings_;
    std::map<std::string, std::string> cookies_;
    std::string cookie_host_, final_url_, stumbled_at_;
    auth::gate gate_;
    std::optional<std::chrono::seconds> retry_after_;
    unsigned initializes_ = 0;
    bool method_lost_ = false, damaged_ = false, first_connection_ = true;
    bool for_good_ = true;  // every redirect that was followed said so
    std::optional<net_failure> ours_;  // a body that ended because of us
    body_room::place room_;            // for what is held of the bodies
    std::size_t held_bytes_ = 0;
    milliseconds waited_for_room_{0}, late_{0};
    transcript notes_;
};

}  // namespace

std::string user_agent_of(const data::settings& s)
{
    return "Rollcall/" ROLLCALL_VERSION " (+" + s.base_url + "docs/probed/)";
}

net::awaitable<probe_report> probe(probe_target target, const probe_services& with)
{
    probe_run one(std::move(target), with);
    co_return co_await one.run();
}

bool worth_a_retry(const probe_report& seen)
{
    const auto& c = seen.cell;
    const bool refused = c.answer.http_status >= 400 && c.answer.http_status < 500;
    switch (data::class_of(c.why)) {
        case data::cell_class::transport: return true;
        case data::cell_class::http:
            if (c.why == reason::http_5xx || c.why == reason::mcp_timeout || c.why == reason::host_reaped) return true;
            return seen.may_pass && !refused;
        case data::cell_class::malformed: return seen.may_pass;
        // Too many requests: only a server that says when is asked again.
        case data::cell_class::unusable: return c.why != reason::rate_limited || seen.retry_after.has_value();
        default: return false;
    }
}

}  // namespace rollcall::audit
