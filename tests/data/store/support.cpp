#include "tests/data/store/support.hpp"

#include "data/store/codec.hpp"
#include "data/store/table_union.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

namespace rollcall::tests {

using namespace data;

std::string toy_digest(std::string_view text)
{
    std::string out(32, '\0');
    std::uint64_t h = 1469598103934665603u;
    for (std::size_t i = 0; i < text.size() || i < 32; ++i) {
        h = (h ^ static_cast<unsigned char>(i < text.size() ? text[i] : 0)) * 1099511628211u;
        out[i % 32] = static_cast<char>(out[i % 32] ^ static_cast<char>(h >> 32));
    }
    return out;
}

time_point at(const char* text) { return *parse_time(text); }

void fill_list(ledger& store, int endpoints, time_point when)
{
    transaction all(store.db());
    const auto registry = store.registry({"own", "Own", "list.txt", "", 1});
    for (int i = 1; i <= endpoints; ++i) {
        const auto host = "e" + std::to_string(i) + ".test";
        listing_facts l;
        l.name = host;
        l.listed_url = "https://" + host + "/mcp";
        l.endpoint = store.endpoint({l.listed_url, host + "/mcp", l.listed_url, host, host, false}, when);
        store.listing(registry, l, when);
    }
    all.commit();
    freeze_again(store, when);
}

void freeze_again(ledger& store, time_point when)
{
    std::vector<std::int64_t> ids;
    auto all = store.db().prepare("SELECT id FROM endpoint ORDER BY id");
    for (auto [id] : all.rows<std::int64_t>()) ids.push_back(id);
    store.freeze(when, ids, "list", "0.1.0", "config", "{}");
}

void put(connection& db, ledger& store, std::int64_t round, std::int64_t region, std::int64_t endpoint, const cell& c)
{
    transaction all(db);
    store.record(round, region, endpoint, c);
    if (endpoint % 10 == 0) {
        owner_check check;
        check.why = c.why == reason::ok ? reason::ok : reason::credential_refused;
        check.health_summary = "tries " + std::to_string(c.tries);
        store.record_check(round, region, endpoint, check, "note");
    }
    all.commit();
}

cell random_cell(unsigned seed)
{
    std::mt19937 random(seed);
    const auto one_of = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    cell c;
    const reason reasons[] = {reason::ok, reason::ok, reason::ok, reason::slow, reason::auth_challenge, reason::http_404, reason::tcp_timeout, reason::budget};
    c.why = reasons[one_of(std::size(reasons))];
    c.tries = static_cast<std::uint8_t>(1 + one_of(2));
    c.waited_ms = one_of(900);
    c.ms = {one_of(50), one_of(80), one_of(90)};
    const bool good = is_good(class_of(c.why));
    if (c.why < reason::tcp_timeout) {
        c.reached = good ? step::tools : step::http;
        c.answer.http_status = good ? 200 : 404;
        c.answer.server_name = "server " + std::to_string(one_of(6));
        c.path = {"192.0.2." + std::to_string(one_of(9)), "", "TLSv1.3", "Test", 1800000000};
    }
    if (good) {
        const auto tools = std::to_string(one_of(4));
        c.answer.era = one_of(2) ? era::modern : era::legacy;
        c.answer.transport = transport::streamable_http;
        c.answer.tool_count = 1;
        c.answer.contract_hash = to_hex(toy_digest("contract " + tools));
        c.answer.full_hash = to_hex(toy_digest("full " + tools));
        c.manifest = R"([{"name":"tool )" + tools + R"("}])";
    } else {
        c.transcript = "> POST, attempt " + std::to_string(seed);
    }
    if (c.why == reason::auth_challenge) c.answer.auth = {posture::gated, {{rung::status_401, rung_state::yes, std::to_string(one_of(3))}}, "", ""};
    return c;
}

std::string dump(const std::filesystem::path& file)
{
    connection db(file.string(), connection::mode::read_only);
    table_union names(db, db);
    std::string out;
    for (const std::string table : {"region", "endpoint", "round", "frozen", "manifest", "auth", "answer", "path", "cell", "transcript", "owner_check", "region_visit", "region_control"}) {
        const auto& shape = names.shape(table);
        std::vector<std::string> lines;
        // What nothing points to any more waits for `prune`.
        const std::map<std::string, std::string> mentioned{{"answer", "SELECT answer_id FROM cell"}, {"path", "SELECT path_id FROM cell"},
                                                           {"auth", "SELECT a.auth_id FROM cell c JOIN answer a ON a.id = c.answer_id"},
                                                           {"manifest", "SELECT a.manifest_id FROM cell c JOIN answer a ON a.id = c.answer_id"}};
        const auto only = mentioned.find(table);
        auto all = db.prepare("SELECT * FROM " + table + (only == mentioned.end() ? "" : " WHERE id IN (" + only->second + ")"));
        table_row row;
        all.begin({});
        while (all.next(row)) {
            std::string line = table + " ";
            row = names.spelled_out(shape, row);
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (shape.columns[i] == "id") continue;
                line += '|';
                if (const auto* text = std::get_if<std::string>(&row[i])) line += *text;
                if (const auto* whole = std::get_if<std::int64_t>(&row[i])) line += std::to_string(*whole);
                if (const auto* bytes = std::get_if<blob>(&row[i])) line += to_hex(bytes->bytes);
            }
            lines.push_back(line);
        }
        std::sort(lines.begin(), lines.end());
        for (const auto& line : lines) out += line + '\n';
    }
    return out;
}

std::string bytes_of(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

std::int64_t number(connection& db, const std::string& sql) { return std::get<0>(*db.prepare(sql).row<std::int64_t>()); }

std::string transcript_of(connection& db, std::int64_t region, std::int64_t endpoint)
{
    const auto row = db.prepare("SELECT text FROM transcript WHERE region_id = ?1 AND endpoint_id = ?2 ORDER BY round_id DESC LIMIT 1").row<blob>(region, endpoint);
    return row ? inflate(std::get<0>(*row).bytes) : "";
}

}  // namespace rollcall::tests
