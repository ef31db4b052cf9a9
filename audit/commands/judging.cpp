#include "audit/commands/judging.hpp"

#include "audit/commands/incidents.hpp"
#include "audit/drift/confirm.hpp"
#include "audit/drift/diff.hpp"
#include "audit/drift/show.hpp"
#include "audit/judge/judge.hpp"
#include "audit/judge/life.hpp"
#include "audit/region/review.hpp"
#include "data/model/night_cells.hpp"
#include "data/store/judging.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

namespace rollcall::audit::commands {
namespace {

using window_of_rounds = std::vector<data::round_facts>;

// What the window holds of one endpoint.
struct evidence {
    std::vector<mark> marks;
    std::vector<drift::sighting> lists;
    std::vector<data::kept_cell> tonight;
};

std::map<std::int64_t, evidence> read_evidence(data::ledger& ledger, const data::round_facts& round, const window_of_rounds& window)
{
    const auto [first, last] = std::ranges::minmax(window, {}, &data::round_facts::id);
    std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, data::owner_mark> owned;
    for (const auto& o : ledger.owner_marks(first.id, last.id)) owned.emplace(std::tuple(o.endpoint, o.round, o.region), o);
    std::map<std::int64_t, evidence> of;
    // Cells come round by round and region by region, in each by endpoint: the next is nearly always the one after.
    auto at = of.end();
    std::int64_t this_round = 0;
    bool in_window = false;
    data::each_cell(ledger.db(), first.id, last.id, [&](const data::judged_cell& c) {
        if (c.round != this_round) {
            this_round = c.round;
            in_window = std::ranges::find(window, c.round, &data::round_facts::id) != window.end();
        }
        if (!in_window) return;
        if (at != of.end() && at->first < c.endpoint) ++at;
        if (at == of.end() || at->first != c.endpoint) at = of.try_emplace(c.endpoint).first;
        auto& one = at->second;
        mark m{c.round, c.region, c.why, c.contract, c.era};
        if (const auto o = owned.empty() ? owned.end() : owned.find({c.endpoint, c.round, c.region}); o != owned.end()) {
            m.owner = o->second.why == data::reason::ok ? behind::works : behind::failing;
            m.owner_why = o->second.why;
            m.credentialed = o->second.credentialed;
        }
        one.marks.push_back(m);
        const auto seen = data::class_of(c.why);
        if (c.manifest != 0 && data::is_valid(seen)) one.lists.push_back({c.round, c.region, c.era, c.contract, c.manifest});
        if (c.round == round.id) one.tonight.push_back({c.region, seen, data::is_good(seen) ? std::optional(c.waited_ms) : std::nullopt});
    });
    return of;
}

std::vector<data::verdict_row> verdicts(data::ledger& ledger, const data::round_facts& round, const window_of_rounds& window,
                                        const std::map<std::int64_t, evidence>& of, unsigned regions)
{
    data::past_nights past(ledger.db(), round.id);
    const evidence nothing;
    std::vector<mark> tonight;
    std::vector<data::verdict_row> rows;
    for (const auto endpoint : ledger.frozen_endpoints(round.id)) {
        const auto it = of.find(endpoint);
        const auto& seen = it == of.end() ? nothing : it->second;
        tonight.clear();
        std::ranges::copy_if(seen.marks, std::back_inserter(tonight), [&](const mark& m) { return m.round == round.id; });
        const auto state = judge_night(tonight);
        data::verdict_row row{endpoint, state.state, state.why, std::nullopt, state.flags, state.valid, state.good, 0};
        const auto before = past.of(endpoint, 1);
        row.streak = streak_after(state, before.empty() ? std::nullopt : std::optional(std::pair(before.front().state, before.front().streak)));
        if (window.size() >= 2) {
            const auto bucket = judge_window(seen.marks, regions);
            row.bucket = bucket.bucket;
            row.flags |= bucket.flags;
            row.published = data::published_as(bucket.bucket, strict_facts_of(seen.marks));
        }
        row.cells = data::pack_cells(seen.tonight);
        rows.push_back(std::move(row));
    }
    return rows;
}

// Stores the changes of tools that the round confirms, with their diffs, and which earlier ones it saw taken back.
std::size_t record_drifts(data::ledger& ledger, const data::round_facts& round, std::int64_t first_round, const std::map<std::int64_t, evidence>& of, unsigned regions)
{
    std::vector<data::drift_row> found;
    for (const auto& [endpoint, seen] : of) {
        const auto change = drift::confirm_change(seen.lists, round.id, regions);
        if (!change) continue;
        const auto compared = drift::compare_manifests(ledger.manifest_text(change->before), ledger.manifest_text(change->after));
        const auto worst = compared.worst();
        if (!compared.problem.empty() || !worst) continue;
        found.push_back({endpoint, change->before, change->after, std::string(drift::code_of(*worst)),
                         drift::as_json(compared).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)});
    }
    data::write_drifts(ledger.db(), round.id, found);

    std::vector<data::earlier_drift> back;
    for (const auto& d : data::earlier_drifts(ledger.db(), first_round, round.id)) {
        const auto it = of.find(d.endpoint);
        if (it == of.end()) continue;
        // The contract that the change left, if a list of the window has it.
        const auto old = std::ranges::find(it->second.lists, d.before, &drift::sighting::manifest);
        if (old != it->second.lists.end() && drift::is_back(it->second.lists, round.id, old->contract, regions)) back.push_back(d);
    }
    data::write_taken_back(ledger.db(), round.id, back);
    return found.size();
}

void record_life(data::ledger& ledger, const data::round_facts& round, const std::vector<data::verdict_row>& rows)
{
    const auto last = data::last_events(ledger.db(), round.id);
    data::past_nights past(ledger.db(), round.id);
    std::vector<data::life_row> found;
    for (const auto& row : rows) {
        if (!row.valid) continue;
        const auto it = last.find(row.endpoint);
        const auto known = it == last.end() ? std::nullopt : std::optional(static_cast<turning>(it->second));
        if (known && row.good == (*known != turning::death)) continue;  // as before
        std::vector<measured_night> nights{{round.id, row.good}};
        for (const auto& n : past.of(row.endpoint, nights_to_die)) nights.push_back({n.round, n.good});
        if (const auto e = turning_point(nights, known)) found.push_back({row.endpoint, static_cast<std::int64_t>(e->event), e->since, e->before});
    }
    data::write_life(ledger.db(), round.id, found);
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
    // Judging what is no longer there would turn history into "not measured".
    const auto newest = ledger.newest_round();
    if (round.state == "judged" && newest && round.at < newest->at - std::chrono::days(config.rollcall.retention.cells_days))
        throw data::config_error("the cells of " + round.date + " are kept no longer; its verdicts stay as they are");

    const auto window = ledger.window(round.id, config.rollcall.window_rounds);
    const auto regions = static_cast<unsigned>(std::max<std::size_t>(config.regions.size(), 1));
    const auto first = std::ranges::min(window, {}, &data::round_facts::id).id;

    judged out;
    out.notes = lines_of(ledger.db(), review_regions(ledger.db(), round, config.platforms));
    const auto of = read_evidence(ledger, round, window);
    const auto rows = verdicts(ledger, round, window, of, regions);
    out.drifted = record_drifts(ledger, round, first, of, regions);
    record_life(ledger, round, rows);
    out.incidents = record_incidents(ledger.db(), round.id, rows, config.platforms).words;
    ledger.write_verdicts(round.id, rows);
    data::write_month(ledger.db(), round.at);
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
    if (!incidents.empty()) text += "; " + incidents;
    return text;
}

}  // namespace rollcall::audit::commands
