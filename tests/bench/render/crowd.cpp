#include "tests/bench/render/crowd.hpp"

#include "data/model/incident.hpp"
#include "data/model/night_cells.hpp"
#include "data/store/codec.hpp"
#include "data/store/incidents.hpp"
#include "data/store/judging.hpp"
#include "data/store/ledger.hpp"
#include "data/store/regions.hpp"
#include "render/publish/digest.hpp"
#include "tests/render/support/states.hpp"

#include <array>
#include <string>
#include <vector>

namespace rollcall::bench {
namespace {

using data::reason;
using data::state;
using render::tests::state_of;

constexpr std::array cities{std::array{"frankfurt", "Frankfurt", "Germany"}, std::array{"virginia", "Ashburn", "United States"}, std::array{"singapore", "Singapore", "Singapore"},
                            std::array{"sao-paulo", "S\u00e3o Paulo", "Brazil"}, std::array{"sydney", "Sydney", "Australia"}};
constexpr std::array platforms{"onrender.example", "workers.example", "fly-apps.example", "cloud-run.example"};
constexpr std::array subjects{"Weather", "Invoices", "Flight Times", "Tickets", "Library", "Maps", "Calendar", "Patents", "Tides", "Recipes", "Payroll", "Legal Texts", "Star Charts", "Stock Levels"};
constexpr std::array deeds{"list", "search", "get", "create", "update", "compare", "summarise", "export"};
constexpr std::array things{"orders", "documents", "places", "events", "records", "prices", "notes", "reports", "users", "stations"};
constexpr std::uint64_t no_night = 1u << 20;
constexpr int shared_outage_ago = 12;

// Spreads a number: the same on every machine.
std::uint64_t mixed(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

// One made-up server: everything about it follows from its number.
struct server {
    std::uint64_t number;
    std::int64_t id = 0, manifest = 0;

    std::uint64_t roll(std::uint64_t salt, std::uint64_t of) const { return mixed(number * 1'000'003 + salt) % of; }
    bool on_platform() const { return roll(1, 3) == 0; }
    std::string site() const { return on_platform() ? platforms[roll(2, platforms.size())] : "company-" + std::to_string(number / 3) + ".example"; }
    std::string host() const { return (on_platform() ? "team-" : "mcp") + std::to_string(number) + "." + site(); }
    std::string url() const { return "https://" + host() + "/mcp"; }
    std::string name() const { return std::string(subjects[roll(3, subjects.size())]) + " " + std::to_string(number); }
    std::size_t tools() const { return 5 + roll(4, 36); }

    // What it usually gives.
    reason habit() const
    {
        const auto of_hundred = roll(5, 100);
        if (of_hundred < 75) return reason::ok;
        if (of_hundred < 78) return reason::slow;
        if (of_hundred < 86) return reason::auth_challenge;
        if (of_hundred < 88) return reason::auth_bare;
        if (of_hundred < 92) return reason::http_404;
        if (of_hundred < 94) return reason::html;
        if (of_hundred < 97) return reason::dns_nxdomain;
        return reason::tcp_timeout;
    }
    // The first of its two nights out, counted from the first round; most have none.
    std::uint64_t outage() const
    {
        const auto night = roll(6, 400);
        return data::is_good(data::class_of(habit())) && night > 2 ? night : no_night;
    }
};

data::bucket bucket_of(const server& s)
{
    switch (data::class_of(s.habit())) {
        case data::cell_class::pass: return s.number % 40 == 0 ? data::bucket::healthy_drifted : data::bucket::healthy_stable;
        case data::cell_class::slow: return data::bucket::slow;
        case data::cell_class::auth: return data::bucket::auth_walled;
        case data::cell_class::wall: return data::bucket::bot_walled;
        case data::cell_class::transport: return data::bucket::transport_dead;
        default: return data::bucket::mcp_dead;
    }
}

std::string manifest_of(const server& s)
{
    std::string out = "[";
    for (std::size_t i = 0; i < s.tools(); ++i) {
        const auto name = std::string(deeds[s.roll(100 + i, deeds.size())]) + "_" + things[s.roll(200 + i, things.size())] + "_" + std::to_string(i);
        out += (i ? ",{" : "{");
        out += R"("description":"Does what its name says for one of the )" + std::string(things[i % things.size()]) + R"(, and gives the result as text.",)";
        out += R"("inputSchema":{"properties":{"limit":{"type":"integer"},"query":{"type":"string"}},"type":"object"},"name":")" + name + "\"}";
    }
    return out + "]";
}

class maker {
public:
    maker(const std::filesystem::path& file, const crowd& c) : size_(c), db_(file.string()), store_(db_, [](std::string_view text) { return render::sha256(text); }), incidents_(db_) {}

    void make()
    {
        data::transaction all(db_);
        settle();
        list_servers();
        all.commit();
        for (std::size_t n = 0; n < size_.nights; ++n) night(n);
    }

private:
    data::time_point moment(std::size_t night) const { return *data::parse_time("2026-11-21T02:30:00Z") - std::chrono::days(size_.nights - 1 - night); }
    std::size_t shared_night() const { return size_.nights - std::min<std::size_t>(size_.nights, shared_outage_ago); }
    bool in_shared_outage(const server& s, std::size_t night) const { return night == shared_night() && s.site() == platforms[0]; }

    reason reason_of(const server& s, std::size_t night) const
    {
        if (in_shared_outage(s, night)) return reason::http_5xx;
        if (night == s.outage() || night == s.outage() + 1) return s.roll(7, 2) ? reason::http_5xx : reason::tcp_timeout;
        if (mixed(s.number * 4096 + night) % 150 == 0) return reason::slow;
        return s.habit();
    }

    void settle()
    {
        store_.set("site_name", "Rollcall");
        store_.set("contact", "mailto:operator@example.org");
        for (const auto& [code, city, country] : cities) store_.region(code, city, country);
        const auto last = moment(size_.nights - 1);
        int rank = 0;
        for (const auto& [code, name] : {std::pair{"official", "MCP Registry"}, std::pair{"docker", "Docker MCP Catalog"}, std::pair{"awesome-remote", "Remote servers worth knowing"}}) {
            registries_.push_back(store_.registry({code, name, "https://registry.example/" + std::string(code), "CC0-1.0", rank++}));
            store_.record_reading(registries_.back(), {"exhausted", "", static_cast<std::int64_t>(size_.servers), static_cast<std::int64_t>(size_.servers), 0, static_cast<std::int64_t>(size_.servers)}, last);
        }
    }

    void list_servers()
    {
        for (std::uint64_t n = 0; n < size_.servers; ++n) {
            server s{n};
            const auto first_seen = moment(n % 50 == 0 ? size_.nights - 1 - n / 50 % size_.nights : 0);
            s.id = store_.endpoint({s.url(), s.host() + "/mcp", s.url(), s.host(), s.site(), false}, first_seen);
            data::listing_facts l;
            l.title = s.name();
            l.version = "1." + std::to_string(n % 9) + ".0";
            l.description = "Answers questions about " + s.name() + " for people and programs; made by a company that has been doing so for years.";
            l.repository = "https://code.example/" + std::to_string(n);
            l.listed_url = s.url();
            l.transport = "streamable-http";
            l.declared_auth = data::class_of(s.habit()) == data::cell_class::auth;
            l.endpoint = s.id;
            l.name = "example.company/server-" + std::to_string(n);
            store_.listing(registries_[n % 7 == 0 ? 1 : 0], l, first_seen);
            if (n % 5 == 0) store_.listing(registries_[2], l, first_seen);
            servers_.push_back(s);
            ids_.push_back(s.id);
            keys_.push_back({s.id, s.site(), "", "203.0.113.0/24", "Let's Encrypt"});
        }
        incidents_.write_keys(keys_);
    }

    void night(std::size_t n)
    {
        const auto funnel = R"({"rows":)" + std::to_string(2 * size_.servers) + R"(,"listings":)" + std::to_string(size_.servers * 6 / 5) + R"(,"distinct":)" + std::to_string(size_.servers) +
                            R"(,"eligible":)" + std::to_string(size_.servers) + "}";
        const auto round = store_.freeze(moment(n), ids_, "list", "bench", "config", funnel).id;
        rounds_.push_back(round);
        if (n + 2 >= size_.nights) record_cells(round, n);
        write_nights(round, n);
        if (n + 1 == size_.nights) write_drifts(round);
        data::transaction all(db_);
        incidents_.write_night(round, incidents_of(n));
        all.commit();
        store_.set_round_state(round, "judged");
    }

    void write_nights(std::int64_t round, std::size_t n)
    {
        std::vector<data::verdict_row> rows;
        rows.reserve(servers_.size());
        for (const auto& s : servers_) {
            const auto why = reason_of(s, n);
            const auto st = state_of(why);
            std::vector<data::kept_cell> cells;
            for (std::size_t r = 0; r < cities.size(); ++r) {
                data::kept_cell c{static_cast<std::int64_t>(r + 1), data::class_of(why)};
                if (data::is_good(c.result)) c.ms = waited(s, n, r);
                cells.push_back(c);
            }
            rows.push_back({s.id, st, why, n == 0 ? std::nullopt : std::optional(bucket_of(s)), 0, st != state::unknown, st == state::up || st == state::degraded,
                            static_cast<std::int64_t>(1 + (n < s.outage() ? n : n > s.outage() + 1 ? n - s.outage() - 2 : n - s.outage())), {}, data::pack_cells(cells)});
        }
        store_.write_verdicts(round, rows);
    }

    static std::uint32_t waited(const server& s, std::size_t night, std::size_t region)
    {
        return static_cast<std::uint32_t>(80 + 60 * region + mixed(s.number * 8192 + night * 8 + region) % 400);
    }

    void record_cells(std::int64_t round, std::size_t n)
    {
        data::transaction all(db_);
        for (std::size_t r = 0; r < cities.size(); ++r)
            for (const auto& s : servers_) store_.record(round, static_cast<std::int64_t>(r + 1), s.id, cell_of(s, n, r));
        all.commit();
    }

    data::cell cell_of(const server& s, std::size_t n, std::size_t region) const
    {
        data::cell c;
        c.why = reason_of(s, n);
        const bool connected = data::class_of(c.why) != data::cell_class::transport;
        const bool good = data::is_good(data::class_of(c.why));
        c.reached = good ? data::step::tools : connected ? data::step::http : data::step::connect;
        c.waited_ms = waited(s, n, region);
        for (std::size_t step = 0; step <= static_cast<std::size_t>(c.reached); ++step) c.ms[step] = static_cast<std::uint32_t>(5 + mixed(s.number + n + step) % 90);
        if (!connected) {
            c.tries = 2;
            c.transcript = "* could not connect to " + s.host() + " port 443 within 10000 ms\n";
            return c;
        }
        c.path = {"203.0.113." + std::to_string(s.roll(8, 250)), "", "TLSv1.3", "Let's Encrypt", 1'790'000'000 + static_cast<std::int64_t>(s.roll(9, 90)) * 86'400};
        if (good) answer_well(s, c);
        else refuse(s, c);
        return c;
    }

    static void answer_well(const server& s, data::cell& c)
    {
        c.answer.http_status = 200;
        c.answer.era = s.roll(10, 4) ? data::era::legacy : data::era::modern;
        c.answer.transport = data::transport::streamable_http;
        c.answer.protocol_version = s.roll(10, 4) ? "2025-06-18" : "2026-07-28";
        c.answer.server_name = "server-" + std::to_string(s.number);
        c.answer.server_version = "1." + std::to_string(s.roll(11, 30)) + ".0";
        c.answer.capabilities = {"logging", "prompts", "resources", "tools"};
        c.answer.tool_count = static_cast<std::uint32_t>(s.tools());
        c.manifest = manifest_of(s);
        c.answer.full_hash = data::to_hex(render::sha256(c.manifest));
        c.answer.contract_hash = c.answer.full_hash;
        c.answer.auth.posture = data::posture::open;
    }

    static void refuse(const server& s, data::cell& c)
    {
        using enum data::rung;
        const bool asks = data::class_of(c.why) == data::cell_class::auth;
        c.answer.http_status = asks ? 401 : c.why == reason::http_404 ? 404 : c.why == reason::html ? 200 : 502;
        c.answer.detail = asks ? "401 Unauthorized" : "an answer that is not MCP";
        if (asks) {
            c.answer.auth_challenge = "Bearer realm=\"mcp\"";
            c.answer.auth.posture = data::posture::opaque;
            for (const auto rung : {status_401, challenge_bearer, challenge_names_metadata, prm_found}) {
                const bool there = rung == status_401 || rung == challenge_bearer;
                c.answer.auth.rungs.push_back({rung, there ? data::rung_state::yes : data::rung_state::no, there ? "" : "path: HTTP 404"});
            }
        }
        c.transcript = "> POST /mcp HTTP/1.1\n> Host: " + s.host() + "\n> Content-Type: application/json\n> Accept: application/json, text/event-stream\n>\n" +
                       R"(> {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"rollcall","version":"0.1.0"}}})" +
                       "\n< HTTP/1.1 " + std::to_string(c.answer.http_status) + "\n< Server: nginx\n< Date: Sat, 21 Nov 2026 02:31:07 GMT\n< Content-Type: text/html; charset=utf-8\n" +
                       "< Content-Length: 182\n<\n< <html><head><title>" + c.answer.detail + "</title></head><body><h1>" + c.answer.detail + "</h1></body></html>\n";
    }

    void write_drifts(std::int64_t round)
    {
        const std::string changes = R"({"grade":"breaking","counts":{"breaking":1,"additive":1},"left_out":0,"for_review":0,"tools":{"before":12,"after":12},"changes":[)"
                                    R"({"grade":"breaking","kind":"property_required","rule":"required_added","sentence":"`limit` of `list_orders_0` is now required","tool":"list_orders_0","for_review":[]},)"
                                    R"({"grade":"additive","kind":"property_added","rule":"optional_added","sentence":"`list_orders_0` takes `limit` as well","tool":"list_orders_0","for_review":[]}]})";
        std::vector<std::int64_t> manifests;
        auto known = db_.prepare("SELECT id FROM manifest ORDER BY id LIMIT 2");
        for (auto [id] : known.rows<std::int64_t>()) manifests.push_back(id);
        if (manifests.size() < 2) return;
        std::vector<std::vector<data::drift_row>> by_night(rounds_.size());
        for (const auto& s : servers_)
            if (s.number % 40 == 0 && s.habit() == reason::ok) by_night[by_night.size() - 1 - s.number / 40 % by_night.size()].push_back({s.id, manifests[0], manifests[1], "breaking", changes});
        for (std::size_t n = 0; n < by_night.size(); ++n)
            if (!by_night[n].empty()) data::write_drifts(db_, n + 1 == by_night.size() ? round : rounds_[n], by_night[n]);
    }

    std::vector<data::incident_record> incidents_of(std::size_t n)
    {
        using data::incident_event;
        std::vector<data::incident_record> out;
        for (auto& i : standing_) {
            const auto age = n - i.opened_night;
            if (age == 1 && !i.shared) continue;
            auto r = i.record;
            r.event = age <= 2 ? incident_event::answered : incident_event::closed;
            r.state = age <= 2 ? data::incident_state::watch : data::incident_state::closed;
            r.since = rounds_[n];
            r.answering = r.failing, r.failing = 0;
            r.members.clear();
            if (age == 2 || age == 9 || (i.shared && age == 1)) out.push_back(r);
        }
        std::erase_if(standing_, [&](const auto& i) { return n - i.opened_night >= 9; });
        for (const auto& s : servers_)
            if (s.outage() == n) out.push_back(opened(n, "-" + std::to_string(s.number), reason_of(s, n), s.id));
        if (n == shared_night()) out.push_back(shared(n));
        return out;
    }

    data::incident_record opened(std::size_t n, const std::string& code, reason why, std::optional<std::int64_t> endpoint)
    {
        data::incident_record r;
        r.code = data::to_date(moment(n)) + code;
        r.kind = endpoint ? data::incident_kind::single : data::incident_kind::shared;
        r.endpoint = endpoint;
        r.opened = r.begun = r.since = rounds_[n];
        if (n > 0) r.good = rounds_[n - 1];
        r.why = why;
        r.event = data::incident_event::opened;
        r.severity = endpoint ? data::severity::p2 : data::severity::p1;
        r.failing = 1;
        standing_.push_back({n, !endpoint, r});
        // Numbers are given in the order of writing.
        standing_.back().record.id = ++last_incident_;
        return r;
    }

    data::incident_record shared(std::size_t n)
    {
        auto r = opened(n, "-onrender-example", reason::http_5xx, std::nullopt);
        r.key_kind = data::common_key::platform;
        r.key = platforms[0];
        r.sure = data::confidence::likely;
        for (const auto& s : servers_)
            if (in_shared_outage(s, n)) r.members.push_back(s.id);
        r.failing = r.at_risk = r.new_failures = static_cast<std::int64_t>(r.members.size());
        r.sites = 1;
        r.everybody = static_cast<std::int64_t>(size_.servers);
        standing_.back().record.failing = r.failing;
        return r;
    }

    struct standing { std::size_t opened_night; bool shared; data::incident_record record; };

    crowd size_;
    data::connection db_;
    data::ledger store_;
    data::incident_store incidents_;
    std::vector<std::int64_t> registries_, ids_, rounds_;
    std::vector<server> servers_;
    std::vector<data::endpoint_keys> keys_;
    std::vector<standing> standing_;
    std::int64_t last_incident_ = 0;
};

}  // namespace

void write_crowd(const std::filesystem::path& file, const crowd& c)
{
    for (const char* beside : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + beside);
    maker(file, c).make();
}

}  // namespace rollcall::bench
