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
    o.counts_from = a.first_ask;
    return o;
}

bool refused_for_credential(const attempt& a)
{
    const auto why = a.why.why;
    return why == reason::auth_challenge || why == reason::auth_bare || why == reason::payment;
}

bool is_auth(const attempt& a) { return data::class_of(a.why.why) == data::cell_class::auth; }

// Does a failed `initialize` leave the older transport to be tried?
bool opens_the_stream_door(const attempt& i, bool looks_like_sse)
{
    if (i.greeted || i.decided || i.modern_only || i.dead || i.stop || is_auth(i)) return false;
    const auto status = i.facts.http_status;
    if (status == 400 || status == 404 || status == 405) return true;
    if (!looks_like_sse) return false;
    const bool redirected = i.why.why == reason::redirect_method || i.why.why == reason::redirect_off_site || i.why.why == reason::redirect_loop;
    return i.no_answer || redirected || (status >= 400 && status <= 502);
}

// Everything failed: the attempt that got furthest is filed, on a tie the one with `initialize`; but a 401 or 402
// from either beats all, and some answers to `discover` have a name of their own once `initialize` failed too.
outcome conclude(attempt d, attempt i)
{
    if (refused_for_credential(d) || refused_for_credential(i)) {
        // The first challenge: the first that names metadata, else the first.
        for (attempt* a : {&d, &i})
            if (a->why.why == reason::auth_challenge) return filed(std::move(*a));
        return filed(refused_for_credential(d) ? std::move(d) : std::move(i));
    }
    if (d.greeted) return filed(std::move(d));
    if (d.if_all_fails) {
        d.why = *d.if_all_fails;
        return filed(std::move(d));
    }
    if (i.modern_only) return filed(std::move(d));
    if (d.reached == i.reached && is_auth(d) && is_auth(i)) return filed(std::move(d));
    return filed(d.reached > i.reached ? std::move(d) : std::move(i));
}

script<outcome> hold(dialogue& talk)
{
    const hints& known = talk.known;
    const bool looks_like_sse = known.listed_as_sse || known.path_ends_in_sse || known.remembered_transport == data::transport::http_sse;
    std::optional<attempt> i, g;

    // What is remembered is tried first. If it fails the whole procedure follows, so that memory never changes a
    // verdict; what was tried already is not asked again.
    if (!known.also_ask_modern) {
        const bool sse_first = known.remembered_transport == data::transport::http_sse ||
                               (known.listed_as_sse && known.remembered_era == data::era::unknown);
        if (sse_first) {
            auto trying = try_event_stream(talk);
            g = co_await trying;
            if (g->good() || g->dead || g->why.why == reason::rate_limited) co_return filed(*std::move(g));
        } else if (known.remembered_era == data::era::legacy) {
            auto trying = try_legacy(talk, std::string(newest_legacy), false);
            i = co_await trying;
            if (i->good() || i->dead || i->why.why == reason::rate_limited) co_return filed(*std::move(i));
        }
    }

    auto trying_modern = try_modern(talk);
    attempt d = co_await trying_modern;
    if (d.stop || d.listed) co_return filed(std::move(d));

    if (!i) {
        auto trying = try_legacy(talk, std::string(newest_legacy), d.no_answer);
        i = co_await trying;
    }
    // The version that the server itself named, if it cannot cope with ours.
    if (!i->greeted && !i->decided && !i->stop && !d.named_version.empty() && d.named_version != newest_legacy) {
        auto trying = try_legacy(talk, d.named_version, false);
        attempt other = co_await trying;
        if (other.greeted || other.stop) i = std::move(other);
    }
    if (i->listed) {
        if (d.unfriendly) warn(*i, warning::discover_unfriendly);
        if (d.greeted) warn(*i, warning::modern_broken);
        if (i->good() || !d.greeted) co_return filed(*std::move(i));
    }
    if (i->stop && !i->dead) co_return filed(*std::move(i));

    if (opens_the_stream_door(*i, looks_like_sse)) {
        if (!g) {
            auto trying = try_event_stream(talk);
            g = co_await trying;
        }
        if (g->good() || (g->stop && !g->dead)) co_return filed(*std::move(g));
        if (g->greeted && !refused_for_credential(d)) co_return filed(*std::move(g));
    }

    const bool knows_no_initialize = i->modern_only || (i->rpc_error && !i->greeted && (i->code == -32601 || i->code == -32022));
    if (d.rpc_error && !d.if_all_fails && d.named_version.empty() && knows_no_initialize) {
        auto probing = lists_without_discover(talk);
        if (co_await probing) {
            d.why = {reason::discover_shape, "discover_missing"};
            co_return filed(std::move(d));
        }
    }
    co_return conclude(std::move(d), *std::move(i));
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
