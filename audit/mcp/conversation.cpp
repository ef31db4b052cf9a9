// The order of attempts, and which of several failures is filed.
#include "audit/mcp/conversation.hpp"

#include "audit/mcp/attempt.hpp"

namespace rollcall::audit::mcp {
namespace {

using data::reason;
using data::warning;

outcome filed(attempt a)
{
    outcome o;
    o.why = a.why.why;
    o.answer = std::move(a.facts);
    o.answer.detail = std::move(a.why.detail);
    o.manifest = std::move(a.manifest);
    o.tool_names = std::move(a.tool_names);
    o.call = std::move(a.call);
    o.counts_from = a.first_ask;
    o.may_pass = a.may_pass && !a.good();
    return o;
}

bool refused_for_credential(const attempt& a)
{
    const auto why = a.why.why;
    return why == reason::auth_challenge || why == reason::auth_bare || why == reason::payment;
}

bool is_auth(const attempt& a) { return data::class_of(a.why.why) == data::cell_class::auth; }

// What is tried before all else.
enum class way { modern, legacy, event_stream };

way first_way(const hints& known)
{
    // A remembered legacy era never fails by itself when the server learns the newer one.
    if (known.remembered_era == data::era::legacy && known.also_ask_modern) return way::modern;
    if (known.remembered_transport == data::transport::http_sse) return way::event_stream;
    if (known.remembered_era == data::era::legacy) return way::legacy;
    if (known.remembered_era == data::era::modern) return way::modern;
    return known.listed_as_sse ? way::event_stream : way::modern;
}

// Nothing can change this outcome, or nothing more may be asked.
bool settled(const attempt& a) { return a.good() || a.dead || a.why.why == reason::rate_limited; }

// Does a failed `initialize` leave the older transport to be tried? What is remembered has no say in it, or memory
// would change the outcome.
bool opens_the_stream_door(const attempt& i, const hints& known)
{
    if (i.greeted || i.decided || i.modern_only || i.dead || i.stop) return false;
    if (known.listed_as_sse) return true;
    if (is_auth(i)) return false;
    const auto status = i.facts.http_status;
    if (status == 400 || status == 404 || status == 405) return true;
    if (!known.path_ends_in_sse) return false;
    const bool redirected = i.why.why == reason::redirect_method || i.why.why == reason::redirect_off_site || i.why.why == reason::redirect_loop;
    return i.no_answer || redirected || (status >= 400 && status <= 502);
}

bool knows_no_initialize(const attempt& i)
{
    return i.modern_only || (i.rpc_error && !i.greeted && !i.decided && (i.code == -32601 || i.code == -32022));
}

// The attempt that is filed when all have failed: the one that got furthest, on a tie the one with `initialize`; but
// a 401 or 402 from either beats all, and some answers to `discover` have a name of their own once `initialize`
// failed too.
attempt choose(attempt d, attempt i)
{
    // `initialize` was not refused, so nothing that `discover` met stands for the server.
    if (i.greeted && !d.greeted) return i;
    if (refused_for_credential(d) || refused_for_credential(i)) {
        // The first challenge: the first that names metadata, else the first.
        for (attempt* a : {&d, &i})
            if (a->why.why == reason::auth_challenge) return std::move(*a);
        return refused_for_credential(d) ? std::move(d) : std::move(i);
    }
    if (d.greeted) return d;
    if (d.if_all_fails) {
        d.why = *d.if_all_fails;
        return d;
    }
    if (i.modern_only) {
        d.why = after_an_answer(d.why);
        return d;
    }
    if (d.reached == i.reached && is_auth(d) && is_auth(i)) return d;
    if (d.reached == i.reached && knows_no_initialize(i)) return d;
    return d.reached > i.reached ? std::move(d) : std::move(i);
}

outcome conclude(attempt d, attempt i)
{
    const bool passing = d.may_pass || i.may_pass;
    outcome o = filed(choose(std::move(d), std::move(i)));
    o.may_pass = passing;
    return o;
}

script<outcome> hold(dialogue& talk)
{
    const hints& known = talk.known;
    std::optional<attempt> d, i, g;

    // What is remembered is tried first. If it fails the whole procedure follows, so that memory never changes a
    // verdict; what was tried already is not asked again.
    switch (first_way(known)) {
        case way::event_stream: {
            auto trying = try_event_stream(talk);
            g = co_await trying;
            if (settled(*g)) co_return filed(*std::move(g));
            break;
        }
        case way::legacy: {
            auto trying = try_legacy(talk, std::string(newest_legacy), false);
            i = co_await trying;
            if (settled(*i)) co_return filed(*std::move(i));
            break;
        }
        case way::modern: {
            auto trying = try_modern(talk);
            d = co_await trying;
            if (settled(*d)) co_return filed(*std::move(d));
            break;
        }
    }

    // Some servers of the older transport never answer a POST to the address of their stream.
    if (known.listed_as_sse && !g) {
        auto trying = try_event_stream(talk);
        g = co_await trying;
        if (settled(*g)) co_return filed(*std::move(g));
    }
    if (!d) {
        auto trying = try_modern(talk);
        d = co_await trying;
    }
    if (d->stop || d->listed) co_return filed(*std::move(d));

    if (!i) {
        auto trying = try_legacy(talk, std::string(newest_legacy), d->no_answer);
        i = co_await trying;
    }
    // A server that names an older version must answer with it; one that answers ours with an error and takes its own
    // is lost to the clients.
    const bool refused = !i->greeted && !i->decided && !i->stop && !i->may_pass && !is_auth(*i);
    if (refused && !d->named_version.empty() && d->named_version != newest_legacy) {
        auto trying = works_at(talk, d->named_version);
        if (co_await trying) {
            i->decided = true;
            i->why = {reason::version_unsupported, "works at " + d->named_version};
            i->reached = depth::rpc;
        }
    }
    if (i->listed) {
        if (d->unfriendly) warn(*i, warning::discover_unfriendly);
        if (d->greeted) warn(*i, warning::modern_broken);
        if (i->good() || !d->greeted) co_return filed(*std::move(i));
    }
    if (i->stop && !i->dead) co_return filed(*std::move(i));

    if (opens_the_stream_door(*i, known)) {
        if (!g) {
            auto trying = try_event_stream(talk);
            g = co_await trying;
        }
        if (g->good() || (g->stop && !g->dead)) co_return filed(*std::move(g));
        const bool refused_elsewhere = refused_for_credential(*d) || refused_for_credential(*i);
        // Clients of the older transport begin with this GET: a gate before it is the gate of the server.
        const bool gate = refused_for_credential(*g) && (known.listed_as_sse || known.path_ends_in_sse);
        if ((g->greeted || gate) && !refused_elsewhere) co_return filed(*std::move(g));
    }

    if (!d->greeted && d->rpc_error && !d->if_all_fails && d->named_version.empty() && knows_no_initialize(*i)) {
        auto probing = lists_without_discover(talk);
        if (co_await probing) {
            d->why = {reason::discover_shape, "discover_missing"};
            co_return filed(*std::move(d));
        }
    }
    co_return conclude(*std::move(d), *std::move(i));
}

}  // namespace

struct conversation::state {
    state(const hints& known, const client_info& who, const limits& caps) : talk(known, who, caps), all(hold(talk)) {}

    dialogue talk;
    script<outcome> all;

    step what_next()
    {
        if (all.done()) return all.take();
        return *talk.take_wanted();
    }
};

conversation::conversation(const hints& known, const client_info& who, const limits& caps)
    : state_(std::make_unique<state>(known, who, caps))
{}
conversation::~conversation() = default;
conversation::conversation(conversation&&) noexcept = default;

conversation::step conversation::begin()
{
    state_->all.start();
    return state_->what_next();
}

conversation::step conversation::next(const heard& h)
{
    state_->talk.answer_with(h);
    return state_->what_next();
}

}  // namespace rollcall::audit::mcp
