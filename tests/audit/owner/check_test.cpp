#include "audit/owner/check.hpp"

#include "tests/catch.hpp"

using namespace rollcall;
using data::cell;
using data::reason;
using data::step;

namespace {

cell cell_of(reason why, step reached = step::tools)
{
    cell c;
    c.why = why;
    c.reached = reached;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(reached); ++i) c.ms[i] = static_cast<std::uint32_t>(10 + i);
    if (reached >= step::tls) c.path.tls_version = "TLSv1.3";
    if (data::class_of(why) == data::cell_class::pass) {
        c.answer.tool_count = 3;
        c.answer.contract_hash = "aa";
    }
    return c;
}

cell gated(bool challenge = true)
{
    auto c = cell_of(reason::auth_challenge, step::http);
    c.answer.http_status = 401;
    if (challenge) c.answer.auth_challenge = "Bearer resource_metadata=\"x\"";
    c.answer.auth = {data::posture::gated, {{data::rung::status_401, data::rung_state::yes, ""}}, "", ""};
    return c;
}

// "PP.PF..P": one letter a step.
std::string letters(const data::owner_check& c)
{
    std::string out;
    for (const auto& s : c.steps) out += s.state == data::step_state::passed ? 'P' : s.state == data::step_state::failed ? 'F' : '.';
    return out;
}

}  // namespace

TEST_CASE("the eight steps, and what makes a server degraded")
{
    using audit::owner::evidence;
    const auto now = *data::parse_time("2026-11-21T02:30:00Z");
    const cell open = cell_of(reason::ok), door = gated(), bare = gated(false), inside = cell_of(reason::ok), refused = gated(), dead = cell_of(reason::tcp_refused, step::connect),
               expired = cell_of(reason::tls_expired, step::tls), broken = cell_of(reason::http_5xx, step::tools), bad_shape = cell_of(reason::init_shape, step::mcp), ours = cell_of(reason::interrupted, step::connect);
    auto opaque = gated();
    opaque.why = reason::auth_bare;
    opaque.answer.auth = {data::posture::opaque, {{data::rung::prm_found, data::rung_state::no, ""}}, "", ""};
    const audit::owner::canary_verdict good{true, "as expected", "as expected"}, bad{false, "the tool answered with an error: pool exhausted", "the tool answered with an error"};
    struct row { const char* name; evidence seen; const char* steps; reason why; };
    const auto of = [&](const cell& o, const cell* b) { return evidence{o, b, {}, {}, false, {}, now, "", false, {}}; };
    auto all_well = of(door, &inside);
    all_well.canary = good;
    all_well.canary_registered = true;
    all_well.contract_before = "aa";
    auto drifted = all_well;
    drifted.contract_before = "bb";
    auto canary_bad = all_well;
    canary_bad.canary = bad;
    auto ended = all_well;
    ended.expires_at = now;
    auto sick = of(open, nullptr);
    sick.health_words = "postgres is degraded (pool exhausted)";
    auto open_canary = of(open, nullptr);
    open_canary.canary = bad;
    open_canary.canary_registered = true;
    auto no_list = of(door, &refused);
    no_list.canary_registered = true;

    const row rows[]{
        {"all eight", all_well, "PPPPPPPP", reason::ok},
        {"tools changed: told, not counted", drifted, "PPPPPPPF", reason::ok},
        {"canary failed", canary_bad, "PPPPPPFP", reason::canary_failed},
        {"credential has run out, though it still works", ended, "PPPPPPPP", reason::credential_expired},
        {"credential refused", no_list, "PPPPF...", reason::credential_refused},
        {"a bare 401 is told", of(bare, &inside), "PPFPPP..", reason::ok},
        {"a rung missing is told", of(opaque, &inside), "PPPFPP..", reason::ok},
        {"the list behind the door breaks", of(door, &broken), "PPPPPF..", reason::http_5xx},
        {"the handshake behind the door breaks", of(door, &bad_shape), "PPPPF...", reason::init_shape},
        {"our own trouble behind the door", of(door, &ours), "PPPP....", reason::ok},
        {"open, no credential", of(open, nullptr), "PP...P..", reason::ok},
        {"open, canary failed", open_canary, "PP...PF.", reason::canary_failed},
        {"open, health document reports trouble", sick, "PP...P..", reason::health_degraded},
        {"open, though a credential is registered", of(open, &inside), "PP..PP..", reason::ok},
        {"dead: the public verdict says it", of(dead, &dead), "F.F.F...", reason::ok},
        {"certificate expired: the public verdict says it", of(expired, &expired), "PFF.F...", reason::ok},
    };
    for (const auto& r : rows)
        DYNAMIC_SECTION(r.name)
        {
            const auto got = audit::owner::judge_owner(r.seen);
            REQUIRE(got.steps.size() == data::owner_step_count);
            for (std::size_t i = 0; i < got.steps.size(); ++i) CHECK(static_cast<std::size_t>(got.steps[i].step) == i);
            CHECK(letters(got) == r.steps);
            CHECK(got.why == r.why);
            CHECK(got.failing == (r.why != reason::ok));
        }
}

TEST_CASE("what is stored and shown repeats nothing that was said behind the door")
{
    auto inside = cell_of(reason::rpc_error, step::tools);
    inside.answer.detail = "-32603: tenant 4711 has no quota";
    const auto open = gated();
    const auto now = *data::parse_time("2026-11-21T02:30:00Z");
    audit::owner::evidence seen{open, &inside, audit::owner::canary_verdict{false, "error: tenant 4711", "the tool answered with an error"}, {}, true, {}, now, "", false, {}};
    const auto details = [](const data::owner_check& c) {
        std::string all;
        for (const auto& s : c.steps) all += s.detail + "|";
        return all;
    };
    CHECK(details(audit::owner::judge_owner(seen)).find("4711") != std::string::npos);
    seen.in_public = true;
    CHECK(details(audit::owner::judge_owner(seen)).find("4711") == std::string::npos);
    CHECK(details(audit::owner::judge_owner(seen)).find("the tool answered with an error") != std::string::npos);
}
