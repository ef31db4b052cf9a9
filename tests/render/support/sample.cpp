#include "tests/render/support/sample.hpp"

#include "data/model/night_cells.hpp"
#include "render/pages/site.hpp"
#include "tests/render/support/states.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace rollcall::render::tests {
namespace {

using data::bucket;
using data::reason;
using data::state;

const data::time_point newest = *data::parse_time("2026-11-21T02:30:00Z");

bucket bucket_of(reason why)
{
    switch (data::class_of(why)) {
        case data::cell_class::pass: return bucket::healthy_stable;
        case data::cell_class::slow: return bucket::slow;
        case data::cell_class::auth: return bucket::auth_walled;
        case data::cell_class::wall: return bucket::bot_walled;
        case data::cell_class::malformed: return bucket::schema_malformed;
        case data::cell_class::http: return bucket::mcp_dead;
        case data::cell_class::transport: return bucket::transport_dead;
        case data::cell_class::unusable: break;
    }
    return bucket::unmeasured;
}

data::cell cell_of(reason why, int salt)
{
    data::cell c;
    c.why = why;
    const auto cls = data::class_of(why);
    const auto ms = [&](int base) { return static_cast<std::uint32_t>(base + salt * 7 % 40); };
    c.ms[0] = ms(11);
    c.reached = data::step::resolve;
    if (cls == data::cell_class::transport && (why == reason::dns_nxdomain || why == reason::dns_servfail)) return c;
    c.ms[1] = why == reason::tcp_timeout ? 5000 : ms(38);
    c.reached = data::step::connect;
    c.path.address = "192.0.2.7";
    if (why == reason::tcp_refused || why == reason::tcp_timeout) {
        c.tries = 2;
        return c;
    }
    c.ms[2] = ms(55);
    c.reached = data::step::tls;
    c.path.tls_version = "TLSv1.3";
    c.path.tls_issuer = salt % 2 == 0 ? "Let's Encrypt" : "Google Trust Services";
    c.path.tls_not_after = (newest + std::chrono::days(20 + salt)).time_since_epoch().count();
    if (why == reason::tls_expired || why == reason::tls_name) return c;
    c.ms[3] = cls == data::cell_class::slow ? 6210 : ms(140);
    c.reached = data::step::http;
    c.answer.http_status = why == reason::http_404 ? 404 : why == reason::http_5xx ? 503 : cls == data::cell_class::auth ? 401 : cls == data::cell_class::wall ? 403 : 200;
    if (!data::is_good(cls)) {
        c.answer.detail = "HTTP " + std::to_string(c.answer.http_status) + " with content type text/html";
        c.transcript = "> POST /mcp HTTP/1.1\n> Content-Type: application/json\n>\n> {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}\n\n< HTTP/1.1 " +
                       std::to_string(c.answer.http_status) + "\n< Content-Type: text/html\n<\n< <h1>It works</h1>\n";
        return c;
    }
    c.ms[4] = ms(35);
    c.ms[5] = ms(60);
    c.reached = data::step::tools;
    c.waited_ms = *c.ms[3] + *c.ms[4] + *c.ms[5];
    c.answer.era = salt % 3 == 0 ? data::era::modern : data::era::legacy;
    c.answer.transport = salt % 5 == 0 ? data::transport::http_sse : data::transport::streamable_http;
    c.answer.protocol_version = salt % 3 == 0 ? "2026-07-28" : "2025-06-18";
    c.answer.server_name = "sample-" + std::to_string(salt);
    c.answer.server_version = "1." + std::to_string(salt % 9) + ".0";
    c.answer.capabilities = {"logging", "tools"};
    c.answer.tool_count = why == reason::ok_zero_tools ? 0u : static_cast<std::uint32_t>(3 + salt % 9);
    c.answer.contract_hash = std::string(64, "0123456789abcdef"[salt % 16]);
    if (salt % 4 == 1) c.answer.warnings = {data::warning::redirect_slash, data::warning::notify_status};
    return c;
}

// What each region saw in one of the nights before, with a time for what answered.
std::string kept_of(const std::vector<data::region_row>& regions, reason why, int salt, int age)
{
    std::vector<data::kept_cell> cells;
    for (const auto& g : regions) {
        const auto cls = data::class_of(why);
        const auto ms = static_cast<std::uint32_t>(180 + salt * 11 % 300 + age * 29 % 90 + g.id * 40);
        cells.push_back({g.id, cls, data::is_good(cls) ? std::optional(cls == data::cell_class::slow ? ms + 6000 : ms) : std::nullopt});
    }
    return data::pack_cells(cells);
}

struct sketch { const char* host; const char* title; const char* description; reason why; };

constexpr sketch sketches[] = {
    {"mcp.almanac.example", "Almanac", "Tides, sunrise and moon phases for any harbour.", reason::ok},
    {"api.birdsong.example", "Birdsong", "Names a bird from a recording.", reason::ok},
    {"mcp.cartographer.example", "Cartographer", "Routes, isochrones and elevation.", reason::ok},
    {"tools.draughts.example", "Draughts", "Plays and explains draughts.", reason::ok},
    {"mcp.ephemeris.example", "Ephemeris", "Planet positions.", reason::slow},
    {"filing.example", "Filing cabinet", "Search in scanned paper.", reason::auth_challenge},
    {"mcp.gazette.example", "Gazette", "Official notices by date and place.", reason::http_404},
    {"harvest.example", "Harvest", "Crop prices.", reason::dns_nxdomain},
    {"mcp.inkwell.example", "Inkwell", "Letters and drafts.", reason::auth_bare},
    {"jetty.example", "Jetty", "Ferry timetables.", reason::tls_expired},
    {"mcp.kiln.example", "Kiln", "Firing schedules for ceramics.", reason::html},
    {"lexicon.example", "Lexicon", "Etymologies.", reason::ok},
    {"mcp.meridian.example", "Meridian", "Time zones, past and present.", reason::ok},
    {"notary.example", "Notary", "Timestamps documents.", reason::payment},
    {"mcp.orchard.example", "Orchard", "Varieties of apples.", reason::tool_schema_invalid},
    {"pantry.example", "Pantry", "What to cook with what there is.", reason::challenge_page},
    {"mcp.quarry.example", "Quarry", "Building stone.", reason::tcp_refused},
    {"rook.example", "Rook", "Chess endings.", reason::tcp_timeout},
    {"mcp.sextant.example", "Sextant", "Celestial navigation.", reason::ok_zero_tools},
    {"telegraph.example", "Telegraph", "Sends short messages.", reason::http_5xx},
};

data::edition base(int nights, std::vector<data::region_row> regions)
{
    data::edition e;
    e.site_name = "Rollcall";
    e.contact = "mailto:probe@status.example.org";
    e.regions = std::move(regions);
    e.registries = {{"official", "Official MCP Registry", "https://registry.example/", "MIT", 240, 221, 19, "exhausted", newest - std::chrono::hours(1), false, ""},
                    {"own", "Our own servers", "servers.txt", "", 12, 12, 0, "failed", newest - std::chrono::days(1), true, "/home/operator/rollcall/servers.txt, line 7: not a URL: \"<b>\""}};
    for (int i = nights; i > 0; --i) {
        if (i == 12 || i == 47) continue;  // missed nights
        e.rounds.push_back({i == 1 ? 1000 : 1000 - i, newest - std::chrono::days(i - 1), true, "0.1.0", 61});
    }
    e.funnel = {{"rows", 252}, {"listings", 233}, {"remotes", 120}, {"distinct", 80}, {"eligible", 61}, {"probed", 61}, {"measured", 60}};
    e.excluded = {{"stdio_only", 113}, {"templated", 7}};
    for (int i = 0; i < 60; ++i) {
        const auto& s = sketches[static_cast<std::size_t>(i) % std::size(sketches)];
        const int copy = i / static_cast<int>(std::size(sketches));
        data::endpoint_row row;
        row.id = i + 1;
        row.host = (copy == 0 ? "" : "eu" + std::to_string(copy) + ".") + std::string(s.host);
        row.slug = row.host + "/mcp";
        row.url = "https://" + row.slug;
        row.site = s.host;
        row.first_seen = newest - std::chrono::days(nights - 1);
        const auto why = copy == 2 && i % 3 != 0 ? reason::ok : s.why;
        row.why = why;
        row.state = state_of(why);
        row.observed_round = e.rounds.back().id;
        for (std::size_t k = 0; k < e.rounds.size(); ++k) {
            const auto age = static_cast<int>(e.rounds.size() - 1 - k);
            auto that = why;
            if (data::is_good(data::class_of(why)) && age > 0 && (age * 13 + i * 7) % 37 == 5) that = reason::http_5xx;
            if (!data::is_good(data::class_of(why)) && age > 4 + i % 30) that = reason::ok;
            if (i % 17 == 6 && age > 0) that = reason::ok;  // silent since last night
            if (i % 11 == 3 && age >= 1 && age < 3) that = reason::tcp_timeout;
            if (i % 13 == 6 && age == 20) that = reason::budget;
            const auto st = state_of(that);
            row.nights.push_back({e.rounds[k].id, st, data::is_good(data::class_of(that)), st != state::unknown, that, kept_of(e.regions, that, i, age)});
        }
        row.streak = 1;
        for (auto it = row.nights.rbegin() + 1; it != row.nights.rend() && it->state == row.state; ++it) ++row.streak;
        if (e.rounds.size() > 1) row.bucket = row.streak < 3 ? bucket::flapping : bucket_of(why);
        for (const auto& g : e.regions) row.cells.push_back({g.id, cell_of(why, i)});
        if (row.cells.front().cell.answer.tool_count)
            for (std::uint32_t k = 0; k < *row.cells.front().cell.answer.tool_count; ++k) row.tools.push_back("look_up_" + std::to_string(k));
        row.listings.push_back({"official", "example/" + row.host, s.title + std::string(copy == 0 ? "" : " " + std::to_string(copy + 1)), "1.2.0", s.description,
                                "https://code.example/" + row.host, "https://" + row.site, row.url, "streamable-http", false});
        e.endpoints.push_back(std::move(row));
    }
    // Names that attack, and one that is new.
    auto& evil = e.endpoints[1];
    evil.listings[0] = {"official", hostile_name, hostile_name, hostile_name, hostile_name, "javascript:alert(1)", "https://x.example/\"onmouseover=alert(1)", hostile_name, hostile_name, true};
    evil.tools = {hostile_name, "\xF0\x9F\xA6\x89 owl", std::string(300, 'x')};
    evil.cells[0].cell.answer.server_name = hostile_name;
    evil.cells[0].cell.answer.protocol_version = hostile_name;
    evil.cells[0].cell.path.tls_issuer = hostile_name;
    evil.cells[0].cell.answer.capabilities = {hostile_name};
    evil.auth = {data::posture::open_list, {{data::rung::prm_found, data::rung_state::yes, hostile_name}}, hostile_name, hostile_name};
    evil.auth_round = e.rounds.back().id;
    // What an owner registered, and how tools changed.
    using data::owner_step;
    using data::step_state;
    data::owner_check check;
    check.failing = check.credentialed = true;
    check.why = reason::canary_failed;
    for (const auto st : {owner_step::name, owner_step::certificate, owner_step::refusal, owner_step::discovery, owner_step::handshake, owner_step::tools})
        check.steps.push_back({st, step_state::passed, st == owner_step::handshake ? std::optional<std::uint32_t>(48) : std::nullopt, ""});
    check.steps.push_back({owner_step::canary, step_state::failed, 212, "the tool answered with an error: connection pool exhausted"});
    check.steps.push_back({owner_step::contract, step_state::skipped, {}, ""});
    check.expires_at = newest + std::chrono::hours(40);
    check.health = {{"postgres", "degraded", "pool_exhausted"}, {"cache", "up", ""}, {hostile_name, "unknown", hostile_name}};
    check.health_summary = "postgres is degraded (pool exhausted)";
    auto& looked_after = e.endpoints[12];
    looked_after.owner.push_back({1, check, "Looked after by the observatory."});
    looked_after.state = state::degraded;
    looked_after.why = reason::canary_failed;
    looked_after.flags |= data::flag_with_credential;
    looked_after.drifts.push_back({e.rounds.back().id, "breaking", R"({"grade":"breaking","counts":{"breaking":2,"additive":1,"wording":1},"left_out":0,"for_review":1,"tools":{"before":3,"after":3},"changes":[
        {"grade":"breaking","kind":"parameter_now_required","rule":"must_send_more","because":"x","sentence":"look_up_0 now requires `zone`","tool":"look_up_0","for_review":[]},
        {"grade":"breaking","kind":"tool_removed","rule":"tool_gone","because":"x","sentence":"look_up_7 is gone","tool":"look_up_7","for_review":[]},
        {"grade":"additive","kind":"tool_added","rule":"tool_new","because":"x","sentence":"convert_zone is new","tool":"convert_zone","for_review":[]},
        {"grade":"wording","kind":"wording_changed","rule":"words_only","because":"x","sentence":"look_up_1 has another description","tool":"look_up_1","for_review":[{"what":"invisible"}]}]})"});
    evil.drifts.push_back({e.rounds.back().id, "wording", nlohmann::json{{"grade", "wording"}, {"counts", {{"wording", 1}}}, {"changes", {{{"grade", "wording"}, {"kind", "wording_changed"}, {"rule", "words_only"}, {"sentence", hostile_name}, {"tool", hostile_name}, {"for_review", nlohmann::json::array()}}}}}.dump()});
    // A login with a rung missing, and a whole one.
    using data::rung;
    using data::rung_state;
    for (auto& row : e.endpoints) {
        if (row.why != reason::auth_bare && row.why != reason::auth_challenge) continue;
        const bool whole = row.why == reason::auth_challenge;
        row.auth_round = e.rounds.back().id;
        row.auth = {whole ? data::posture::gated : data::posture::opaque,
                    {{rung::status_401, rung_state::yes, ""}, {rung::challenge_bearer, rung_state::yes, ""}, {rung::challenge_names_metadata, whole ? rung_state::yes : rung_state::no, ""},
                     {rung::prm_found, whole ? rung_state::yes : rung_state::no, whole ? "header" : "path: HTTP 404"}, {rung::prm_json, whole ? rung_state::yes : rung_state::not_reached, ""}},
                    whole ? "https://" + row.host + "/.well-known/oauth-protected-resource/mcp" : "", whole ? "https://login." + row.host : ""};
    }
    auto& wall = e.endpoints[15];
    wall.cells[0].cell.transcript = std::string("</pre>") + hostile_name;
    wall.cells[0].cell.answer.detail = hostile_name;
    e.endpoints[2].listings[0].title = std::string(300, 'W');
    e.endpoints[3].listings[0].title = "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xF0\x9F\x91\x8B\xF0\x9F\x8F\xBD servers";
    if (e.rounds.size() > 1) {
        e.endpoints[11].first_seen = newest;
        e.endpoints[11].nights.erase(e.endpoints[11].nights.begin(), e.endpoints[11].nights.end() - 1);
        e.endpoints[11].bucket = bucket::unmeasured;
        e.endpoints[11].streak = 1;
        e.endpoints[12].bucket = bucket::healthy_drifted;
        auto& late = e.endpoints[18];  // last measured three nights ago
        for (std::size_t k = late.nights.size() - 3; k < late.nights.size(); ++k) late.nights[k] = {late.nights[k].round, state::unknown, false, false, reason::budget};
        late.observed_round = e.rounds[e.rounds.size() - 4].id;
    }
    auto never = e.endpoints[0];
    never.id = 99;
    never.slug = "waiting.example/mcp";
    never.url = "https://waiting.example/mcp";
    never.host = never.site = "waiting.example";
    never.state = state::unknown;
    never.observed_round = 0;
    never.bucket = {};
    never.nights.clear();
    never.cells.clear();
    never.tools.clear();
    never.listings = {{"own", "waiting.example", "", "", "", "", "", "https://waiting.example/mcp", "", false}};
    e.endpoints.push_back(never);
    std::ranges::sort(e.endpoints, {}, &data::endpoint_row::slug);
    add_incidents(e);
    add_places(e);
    return e;
}

}  // namespace

data::edition sample_edition() { return base(90, {{1, "local", "", ""}}); }
data::edition first_night() { return base(1, {{1, "local", "", ""}}); }

data::edition three_regions()
{
    auto e = base(30, {{1, "fra", "Frankfurt", "DE"}, {2, "sin", "Singapore", "SG"}, {3, "gru", "S\xC3\xA3o Paulo", "BR"}});
    add_cities(e);
    for (std::size_t i = 0; i < e.endpoints.size(); i += 7) {
        if (e.endpoints[i].cells.size() < 3 || e.endpoints[i].state != state::up) continue;
        e.endpoints[i].cells[1].cell = cell_of(reason::tcp_timeout, 3);
        e.endpoints[i].bucket = bucket::regionally_degraded;
    }
    return e;
}

data::edition three_servers()
{
    auto e = three_regions();
    e.endpoints.resize(3);
    e.incidents.clear();
    return e;
}

data::edition all_answered()
{
    auto e = three_regions();
    std::erase_if(e.endpoints, [](const auto& row) { return row.state != state::up; });
    e.incidents.clear();
    return e;
}

data::edition own_fault()
{
    auto e = three_regions();
    for (const auto& g : e.regions) {
        data::region_night n;
        n.region = g.id;
        n.round = e.rounds.back().id;
        n.down = true;
        n.why = "no server that nearly always answers was reached";
        n.controls_total = 4;
        e.region_nights.push_back(n);
    }
    for (auto& row : e.endpoints) {
        if (row.nights.size() < 2) continue;
        row.nights.back() = {row.nights.back().round, state::unknown, false, false, reason::interrupted};
        row.observed_round = row.nights[row.nights.size() - 2].round;
    }
    return e;
}

data::edition large_edition(int endpoints)
{
    auto e = sample_edition();
    const auto patterns = std::move(e.endpoints);
    e.endpoints.clear();
    for (int i = 0; i < endpoints; ++i) {
        e.endpoints.push_back(patterns[static_cast<std::size_t>(i) % patterns.size()]);
        auto& row = e.endpoints.back();
        row.id = i + 1;
        row.host = "s" + std::to_string(i) + ".example";
        row.slug = row.host + "/mcp";
        row.url = "https://" + row.slug;
        row.site = row.host;
    }
    return e;
}

std::map<std::string, std::string> rendered(const data::edition& e, const std::string& base_url)
{
    static const template_set templates(std::filesystem::path(ROLLCALL_SOURCE_DIR) / "templates");
    std::map<std::string, std::string> out;
    build(call_roll(e, base_url), templates, std::filesystem::path(ROLLCALL_SOURCE_DIR) / "site",
          [&](const std::string& path, std::string bytes) {
              if (!out.emplace(path, std::move(bytes)).second) throw std::logic_error("twice: " + path);
          });
    return out;
}

}  // namespace rollcall::render::tests
