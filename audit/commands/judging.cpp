#include "audit/commands/judging.hpp"

#include "audit/drift/confirm.hpp"
#include "audit/drift/diff.hpp"
#include "audit/drift/show.hpp"
#include "audit/judge/judge.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace rollcall::audit::commands {
namespace {

using window_of_rounds = std::vector<data::round_facts>;

// The marks of each endpoint over the window, with what its owner's record gave.
std::map<std::int64_t, std::vector<mark>> read_marks(data::ledger& ledger, const window_of_rounds& window)
{
    const auto [first, last] = std::ranges::minmax(window, {}, &data::round_facts::id);
    std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, data::owner_mark> owned;
    for (const auto& o : ledger.owner_marks(first.id, last.id)) owned.emplace(std::tuple(o.endpoint, o.round, o.region), o);
    std::map<std::int64_t, std::vector<mark>> of;
    for (const auto& m : ledger.marks(first.id, last.id)) {
        if (std::ranges::find(window, m.round, &data::round_facts::id) == window.end()) continue;
        mark one{m.round, m.region, m.why, m.contract};
        if (const auto o = owned.find({m.endpoint, m.round, m.region}); o != owned.end()) {
            one.owner = o->second.why == data::reason::ok ? behind::works : behind::failing;
            one.owner_why = o->second.why;
            one.credentialed = o->second.credentialed;
        }
        of[m.endpoint].push_back(std::move(one));
    }
    return of;
}

std::vector<data::verdict_row> verdicts(data::ledger& ledger, const data::round_facts& round, const window_of_rounds& window, unsigned regions)
{
    auto of = read_marks(ledger, window);
    std::map<std::int64_t, std::pair<data::state, std::int64_t>> before;
    for (const auto& v : ledger.previous_verdicts(round.id)) before.emplace(v.endpoint, std::pair(v.state, v.streak));

    std::vector<data::verdict_row> rows;
    for (const auto endpoint : ledger.frozen_endpoints(round.id)) {
        const auto& all = of[endpoint];
        std::vector<mark> tonight;
        for (const auto& m : all)
            if (m.round == round.id) tonight.push_back(m);
        const auto state = judge_night(tonight);
        const auto known = before.find(endpoint);
        data::verdict_row row{endpoint, state.state, state.why, std::nullopt, state.flags, state.valid, state.good, 0};
        row.streak = streak_after(state, known == before.end() ? std::nullopt : std::optional(known->second));
        if (window.size() >= 2) {
            const auto bucket = judge_window(all, regions);
            row.bucket = bucket.bucket;
            row.flags |= bucket.flags;
        }
        rows.push_back(row);
    }
    return rows;
}

// Stores the changes of tools that the round confirms, with their diffs; how many.
std::size_t record_drifts(data::ledger& ledger, const data::round_facts& round, std::int64_t first_round, unsigned regions)
{
    std::map<std::int64_t, std::vector<drift::sighting>> seen;
    for (const auto& m : ledger.manifest_marks(first_round, round.id)) seen[m.endpoint].push_back({m.round, m.region, m.era, m.manifest});
    std::vector<data::drift_row> found;
    for (const auto& [endpoint, window] : seen) {
        const auto change = drift::confirm_change(window, round.id, regions);
        if (!change) continue;
        const auto compared = drift::compare_manifests(ledger.manifest_text(change->before), ledger.manifest_text(change->after));
        const auto worst = compared.worst();
        if (!compared.problem.empty() || !worst) continue;
        found.push_back({endpoint, change->before, change->after, std::string(drift::code_of(*worst)),
                         drift::as_json(compared).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)});
    }
    ledger.write_drifts(round.id, found);
    return found.size();
}

void expire(data::ledger& ledger, const data::settings& settings, data::time_point now)
{
    const auto ago = [&](int days) { return now - std::chrono::days(days); };
    const auto& keep = settings.retention;
    ledger.expire(ago(keep.transcripts_days), ago(keep.cells_days), ago(keep.nights_days));
}

}  // namespace

judged judge_round(data::ledger& ledger, const data::configuration& config, const data::round_facts& round)
{
    const auto window = ledger.window(round.id, config.rollcall.window_rounds);
    const auto regions = static_cast<unsigned>(std::max<std::size_t>(config.regions.size(), 1));
    const auto first = std::ranges::min(window, {}, &data::round_facts::id).id;

    const auto rows = verdicts(ledger, round, window, regions);
    ledger.write_verdicts(round.id, rows);
    judged out;
    out.drifted = record_drifts(ledger, round, first, regions);
    expire(ledger, config.rollcall, round.at);
    for (const auto& r : rows) ++out.states[r.state];
    return out;
}

std::string judged::line(const data::round_facts& round) const
{
    std::string text = "judged " + round.date + ":";
    for (const auto& s : data::all_states()) {
        const auto it = states.find(s.value);
        text += fmt::format(" {} {}{}", it == states.end() ? 0 : it->second, s.code, s.value == data::state::unknown ? "" : ",");
    }
    if (drifted > 0) text += fmt::format("; the tools of {} changed", drifted);
    return text;
}

}  // namespace rollcall::audit::commands
