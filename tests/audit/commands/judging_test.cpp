// Judging from the store: the same rows in whatever order they came leave the same judgement, again and again.
#include "audit/commands/judging.hpp"

#include "audit/net/tls.hpp"
#include "data/model/night_cells.hpp"
#include "data/store/ledger.hpp"
#include "data/store/merge.hpp"
#include "tests/support/scratch.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace rollcall::audit::commands {
namespace {

using data::reason;

constexpr int endpoints = 36, regions = 5, nights = 6;
const char* const cities[regions] = {"fra", "gru", "iad", "sin", "syd"};

std::string digest(std::string_view text) { return sha256(text); }
data::time_point night_at(int n) { return *data::parse_time("2026-10-29T02:30:00Z") + std::chrono::days(n); }

std::string tools(char letter)
{
    return std::string(R"([{"inputSchema":{"type":"object"},"name":"tool_)") + letter + R"("}])";
}

// What endpoint `e` did in a night from a region: each kind of life once in nine.
data::cell cell_of(int e, int night, int region)
{
    char list = 'a';
    reason why = reason::ok;
    switch (e % 9) {
        case 0: break;
        case 1: list = night < 3 ? 'a' : 'b'; break;                                // changed for good
        case 2: list = night == 3 ? 'b' : 'a'; break;                               // changed and changed back
        case 3: list = region == 2 ? 'c' : 'a'; break;                              // another list in one place
        case 4: why = region == 1 ? reason::tcp_timeout : reason::ok; break;        // not from one place
        case 5: why = night >= 2 && night <= 4 ? reason::http_404 : reason::ok; break;  // died and revived
        case 6: why = (e * 7 + night * 3 + region) % 4 == 0 ? reason::html : reason::ok; break;
        case 7: why = night % 2 == 0 ? reason::auth_bare : reason::auth_challenge; break;
        default: why = region == night % regions ? reason::budget : reason::slow; break;
    }
    data::cell c;
    c.why = why;
    c.waited_ms = static_cast<std::uint32_t>(100 + e * 13 % 900 + night * 7 + region * 31);
    c.tries = 1;
    c.answer.detail = "endpoint " + std::to_string(e % 4);
    if (!data::is_good(data::class_of(why))) return c;
    c.answer.http_status = 200;
    c.answer.era = data::era::modern;
    c.manifest = tools(list);
    c.answer.tool_count = 1;
    c.answer.full_hash = std::string(64, list);
    c.answer.contract_hash = std::string(64, list);
    return c;
}

struct place { int endpoint, region; };

std::vector<place> all_cells(std::mt19937& random)
{
    std::vector<place> out;
    for (int e = 0; e < endpoints; ++e)
        for (int r = 0; r < regions; ++r) out.push_back({e, r});
    std::ranges::shuffle(out, random);
    return out;
}

data::configuration five_regions()
{
    data::configuration config;
    for (const auto* code : cities) {
        data::region_source r;
        r.id = code;
        config.regions.push_back(r);
    }
    return config;
}

// Opens a night: the list frozen, the regions known.
data::round_facts open_night(data::ledger& store, int night)
{
    std::vector<std::int64_t> ids;
    for (int e = 0; e < endpoints; ++e) {
        const auto host = "e" + std::to_string(e) + ".test";
        ids.push_back(store.endpoint({"https://" + host + "/mcp", host + "/mcp", "https://" + host + "/mcp", host, host, false}, night_at(night)));
    }
    return store.freeze(night_at(night), ids, "list", "0.1.0", "config", "{}");
}

void put(data::ledger& store, std::int64_t round, std::int64_t region, int e, int night, int r)
{
    const auto found = store.find_endpoint("https://e" + std::to_string(e) + ".test/mcp", round);
    store.record(round, region, found->first, cell_of(e, night, r));
}

// What judging left, whatever numbers the rows have.
std::string judgement(const std::filesystem::path& file)
{
    data::connection db(file.string());
    std::string out;
    const char* const questions[] = {
        "SELECT 'verdict ' || d.date || ' ' || e.slug || ' ' || concat FROM (SELECT round_id, endpoint_id, state_id || ' ' || reason_id || ' ' || ifnull(bucket_id, '-') || ' ' || flags || ' ' || "
        "valid || good || ' ' || streak || ' ' || ifnull(published_id, '-') AS concat FROM verdict) v JOIN round d ON d.id = v.round_id JOIN endpoint e ON e.id = v.endpoint_id ORDER BY 1",
        "SELECT 'night ' || d.date || ' ' || e.slug || ' ' || n.state_id || ' ' || n.reason_id || ' ' || ifnull(n.bucket_id, '-') || ' ' || n.flags || ' ' || n.good || ' ' || hex(n.cells) "
        "FROM night n JOIN round d ON d.id = n.round_id JOIN endpoint e ON e.id = n.endpoint_id ORDER BY 1",
        "SELECT 'month ' || m.month || ' ' || e.slug || ' ' || m.measured || ' ' || m.good || ' ' || m.up || ' ' || m.degraded || ' ' || m.down || ' ' || m.gated || ' ' || m.answers || ' ' || "
        "ifnull(m.median_ms, '-') FROM month m JOIN endpoint e ON e.id = m.endpoint_id ORDER BY 1",
        "SELECT 'life ' || e.slug || ' ' || l.event || ' ' || s.date || ' ' || ifnull(b.date, '-') || ' ' || k.date FROM life_event l JOIN endpoint e ON e.id = l.endpoint_id "
        "JOIN round s ON s.id = l.since_id JOIN round k ON k.id = l.known_id LEFT JOIN round b ON b.id = l.before_id ORDER BY 1",
        "SELECT 'drift ' || d.date || ' ' || e.slug || ' ' || hex(b.full_hash) || ' ' || hex(a.full_hash) || ' ' || x.grade || ' ' || hex(x.changes) || ' ' || ifnull(t.date, '-') FROM drift x "
        "JOIN round d ON d.id = x.round_id JOIN endpoint e ON e.id = x.endpoint_id JOIN manifest b ON b.id = x.before_id JOIN manifest a ON a.id = x.after_id "
        "LEFT JOIN round t ON t.id = x.taken_back_id ORDER BY 1",
    };
    for (const auto* sql : questions) {
        auto s = db.prepare(sql);
        for (auto [line] : s.rows<std::string>()) out += line + "\n";
    }
    return out;
}

std::string whole(const std::filesystem::path& file)
{
    {
        data::connection db(file.string());
        db.run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t lines_with(const std::string& text, const std::string& begin)
{
    std::size_t n = 0;
    for (std::size_t at = 0; (at = text.find("\n" + begin, at)) != std::string::npos; ++at) ++n;
    return n + text.starts_with(begin);
}

// Six nights, judged each; rows in an order of their own.
std::filesystem::path six_nights(const tests::scratch_folder& folder, const std::string& name, std::uint32_t seed)
{
    const auto file = folder.path / name;
    std::mt19937 random(seed);
    data::connection db(file.string());
    data::ledger store(db, digest);
    std::vector<std::int64_t> region;
    for (const auto* code : cities) region.push_back(store.region(code, "", ""));
    for (int n = 0; n < nights; ++n) {
        const auto round = open_night(store, n);
        {
            data::transaction all(db);
            for (const auto& p : all_cells(random)) put(store, round.id, region[static_cast<std::size_t>(p.region)], p.endpoint, n, p.region);
            all.commit();
        }
        judge_round(store, five_regions(), round);
    }
    return file;
}

}  // namespace

TEST_CASE("judged twice, on shuffled rows, after merges in another order: the same judgement to the byte")
{
    const tests::scratch_folder folder;
    const auto first = six_nights(folder, "first.sqlite", 1);
    const auto expected = judgement(first);

    // It says what the lives were, so that sameness is not emptiness.
    CHECK(lines_with(expected, "verdict ") == endpoints * nights);
    CHECK(lines_with(expected, "night ") == endpoints * nights);
    CHECK(lines_with(expected, "month 202610 ") == endpoints);  // three nights in October, three in November
    CHECK(lines_with(expected, "month 202611 ") == endpoints);
    CHECK(lines_with(expected, "life e5.test/mcp 1 2026-10-31 2026-10-30 2026-11-02") == 1);
    CHECK(lines_with(expected, "drift 2026-11-01 e1.test/mcp ") == 1);
    CHECK(lines_with(expected, "drift 2026-11-01 e2.test/mcp ") == 1);
    CHECK(expected.find(" breaking ") != std::string::npos);
    CHECK(lines_with(expected, "drift ") == 8);
    const auto line_of = [&](const std::string& begin) {
        const auto at = expected.find("\n" + begin) + 1;
        return expected.substr(at, expected.find('\n', at) - at);
    };
    CHECK(line_of("drift 2026-11-01 e1.test/mcp ").ends_with(" -"));
    CHECK(line_of("drift 2026-11-01 e2.test/mcp ").ends_with(" 2026-11-02"));  // taken back

    SECTION("twice")
    {
        const auto bytes = whole(first);
        {
            data::connection db(first.string());
            data::ledger store(db, digest);
            const auto round = *store.newest_round();
            for (int i = 0; i < 2; ++i) judge_round(store, five_regions(), round);
        }
        CHECK(judgement(first) == expected);
        // Once more from the start, night by night.
        {
            data::connection db(first.string());
            data::ledger store(db, digest);
            for (const auto& round : store.window(store.newest_round()->id, nights)) judge_round(store, five_regions(), round);
        }
        CHECK(judgement(first) == expected);
    }
    SECTION("on shuffled rows")
    {
        for (const std::uint32_t seed : {2u, 3u}) CHECK(judgement(six_nights(folder, "shuffled-" + std::to_string(seed) + ".sqlite", seed)) == expected);
    }
    SECTION("after merges in another order")
    {
        // Five nights as they were, the sixth in a shard for each region.
        const auto base = folder.path / "base.sqlite";
        {
            std::mt19937 random(9);
            data::connection db(base.string());
            data::ledger store(db, digest);
            std::vector<std::int64_t> region;
            for (const auto* code : cities) region.push_back(store.region(code, "", ""));
            for (int n = 0; n < nights; ++n) {
                const auto round = open_night(store, n);
                if (n == nights - 1) break;
                {
                    data::transaction all(db);
                    for (const auto& p : all_cells(random)) put(store, round.id, region[static_cast<std::size_t>(p.region)], p.endpoint, n, p.region);
                    all.commit();
                }
                judge_round(store, five_regions(), round);
            }
        }
        std::vector<std::filesystem::path> shards;
        for (int r = 0; r < regions; ++r) {
            const auto file = folder.path / ("shard-" + std::to_string(r) + ".sqlite");
            {
                data::connection db(base.string());
                data::ledger store(db, digest);
                data::write_shard(db, store.newest_round()->id, file);
            }
            data::connection db(file.string());
            data::ledger store(db, digest);
            const auto round = store.newest_round()->id;
            const auto region = store.region(cities[r], "", "");
            data::transaction all(db);
            for (int e = endpoints; e-- > 0;) put(store, round, region, e, nights - 1, r);
            store.set_round_state(round, "probed");
            all.commit();
            shards.push_back(file);
        }
        for (int turn = 0; turn < 3; ++turn) {
            const auto into = folder.path / ("merged-" + std::to_string(turn) + ".sqlite");
            std::filesystem::copy_file(base, into);
            {
                data::connection db(into.string());
                data::ledger store(db, digest);
                for (const auto& shard : shards) data::merge_into(db, {shard}, digest, night_at(nights));
                judge_round(store, five_regions(), *store.newest_round());
            }
            CHECK(judgement(into) == expected);
            std::ranges::rotate(shards, shards.begin() + 2);
        }
    }
}

TEST_CASE("what is no longer kept is not judged anew")
{
    const tests::scratch_folder folder;
    const auto file = six_nights(folder, "store.sqlite", 4);
    const auto expected = judgement(file);
    data::connection db(file.string());
    data::ledger store(db, digest);
    auto config = five_regions();
    config.rollcall.retention.cells_days = 3;
    judge_round(store, config, *store.newest_round());  // lets the first nights go
    std::string message;
    try {
        judge_round(store, config, store.window(store.newest_round()->id, nights).front());
    } catch (const data::config_error& e) {
        message = e.what();
    }
    CHECK(message == "the cells of 2026-10-29 are kept no longer; its verdicts stay as they are");
    // Nights outlive cells and verdicts.
    CHECK(std::get<0>(*db.prepare("SELECT count(*) FROM night").row<std::int64_t>()) == endpoints * nights);
    CHECK(std::get<0>(*db.prepare("SELECT count(DISTINCT round_id) FROM cell").row<std::int64_t>()) == 4);
    CHECK(std::get<0>(*db.prepare("SELECT count(DISTINCT round_id) FROM verdict").row<std::int64_t>()) == 4);
}

}  // namespace rollcall::audit::commands
