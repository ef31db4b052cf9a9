#include "data/store/outcomes.hpp"

#include "data/store/codec.hpp"
#include "data/store/rows.hpp"

namespace rollcall::data {
namespace {

using number = std::optional<std::int64_t>;

// By endpoint: what was judged, and what changed.
std::map<std::int64_t, outcome> judged(connection& db, std::int64_t round)
{
    std::map<std::int64_t, outcome> out;
    auto s = db.prepare("SELECT e.id, e.url, v.state_id, v.reason_id, v.bucket_id, v.flags, d.changes FROM endpoint e "
                        "LEFT JOIN verdict v ON v.round_id = ?1 AND v.endpoint_id = e.id "
                        "LEFT JOIN drift d ON d.round_id = ?1 AND d.endpoint_id = e.id "
                        "WHERE e.id IN (SELECT endpoint_id FROM cell WHERE round_id = ?1)");
    for (auto [id, url, state_id, reason_id, bucket_id, flags, changes] :
         s.rows<std::int64_t, std::string, number, number, number, number, std::optional<blob>>(round)) {
        outcome one{std::move(url), {}};
        if (state_id) one.state = rows::to_state(*state_id);
        if (reason_id) one.verdict = rows::to_reason(*reason_id);
        if (bucket_id) one.bucket = rows::to_bucket(*bucket_id);
        one.flags = static_cast<std::uint32_t>(flags.value_or(0));
        if (changes) one.drift = inflate(changes->bytes);
        out.emplace(id, std::move(one));
    }
    return out;
}

}  // namespace

std::vector<outcome> outcomes_of(connection& db, std::int64_t round)
{
    auto of = judged(db, round);
    rows::facts_reader facts(db);
    auto s = db.prepare("SELECT c.endpoint_id, r.code, c.reason_id, c.waited_ms, c.answer_id FROM cell c JOIN region r ON r.id = c.region_id WHERE c.round_id = ?1");
    for (auto [endpoint, region, why, waited, answer] : s.rows<std::int64_t, std::string, std::int64_t, std::int64_t, number>(round))
        of.at(endpoint).regions.emplace(region, region_outcome{rows::to_reason(why), static_cast<std::uint32_t>(waited), answer ? facts.answer(*answer) : answer_facts{}});

    std::map<std::string, outcome> by_url;
    for (auto& [id, one] : of) by_url.emplace(one.url, std::move(one));
    std::vector<outcome> out;
    for (auto& [url, one] : by_url) out.push_back(std::move(one));
    return out;
}

std::set<std::string> regions_without_evidence(connection& db, std::int64_t round)
{
    std::set<std::string> out;
    auto s = db.prepare("SELECT r.code FROM round_region rr JOIN region r ON r.id = rr.region_id WHERE rr.round_id = ?1 AND rr.verdict = 'down'");
    for (auto [code] : s.rows<std::string>(round)) out.insert(code);
    return out;
}

}  // namespace rollcall::data
