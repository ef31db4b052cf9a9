#include "render/pages/dress.hpp"

#include "render/pages/drift_view.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <tuple>

namespace rollcall::render {
namespace {

constexpr std::size_t shown_changes = 30;

}  // namespace

document link_or_null(const document& url)
{
    return url.is_string() && is_web_link(url.get<std::string>()) ? url : document(nullptr);
}

void cap(document& d, const char* key, std::size_t characters)
{
    if (d[key].is_string()) d[key] = clean(d[key].get<std::string>(), characters);
}

void dress_ladder(document& auth, const data::auth_facts& facts)
{
    if (!auth.is_object()) return;
    auth["meaning"] = data::row_of(facts.posture).meaning;
    // Who lets everybody in needs no way to a login, so nothing of it is missing.
    auth["has_rungs"] = !facts.rungs.empty() && facts.posture != data::posture::open;
    for (std::size_t i = 0; i < facts.rungs.size(); ++i) {
        const auto& o = facts.rungs[i];
        const bool decides = data::row_of(o.rung).decides;
        const auto [sign, words, style] = o.state == data::rung_state::yes  ? std::tuple("\u2713", "there", "yes")
                                          : o.state == data::rung_state::no ? decides ? std::tuple("\u2717", "missing", "no") : std::tuple("\u2013", "not there", "lesser")
                                                                            : std::tuple("\u00b7", "not reached", "unreached");
        auth["rungs"][i]["sign"] = sign;
        auth["rungs"][i]["words"] = words;
        auth["rungs"][i]["style"] = style;
        cap(auth["rungs"][i], "detail", 200);
    }
    const auto* missing = facts.missing();
    const auto there = std::ranges::count(facts.rungs, data::rung_state::yes, &data::rung_outcome::state);
    auth["finding"] = missing ? "The way to its login ends before: " + std::string(data::row_of(missing->rung).label) + "." : "A client found all that it needs: " + std::to_string(there) + (there == 1 ? " rung." : " rungs.");
}

void dress_owner(document& owner, data::time_point now)
{
    if (!owner.is_object()) return;
    cap(owner, "note", 500);
    cap(owner, "health_summary", 200);
    for (auto& step : owner["steps"]) {
        const auto state = step["state"].get<std::string>();
        const auto [sign, words, style] = state == "passed" ? std::tuple("\u2713", "passed", "yes") : state == "failed" ? std::tuple("\u2717", "failed", "no") : std::tuple("\u00b7", "not done", "unreached");
        step["sign"] = sign;
        step["words"] = words;
        step["style"] = style;
        cap(step, "detail", 200);
    }
    owner["ending"] = nullptr;
    if (owner["credential_expires_at"].is_string()) {
        const auto at = data::parse_time(owner["credential_expires_at"].get<std::string>());
        if (at && !data::token_words(at, now).empty()) {
            const auto hours = std::chrono::floor<std::chrono::hours>(*at - now).count();
            owner["ending"] = *at <= now ? std::string("had run out") : hours == 0 ? std::string("had less than an hour left") : "had " + std::to_string(hours) + (hours == 1 ? " hour left" : " hours left");
        }
    }
    for (auto& h : owner["health"]) {
        for (const char* key : {"component", "reason"}) cap(h, key, 80);
        const auto state = data::parse_state(h["state"].get<std::string>()).value_or(data::state::unknown);
        h["mark"] = document{{"state", data::row_of(state).code}, {"icon", data::row_of(state).icon}};
    }
    owner["has_health"] = !owner["health"].empty();
}

void dress_certificate(document& tls, std::optional<data::time_point> seen)
{
    if (!tls.is_object()) return;
    cap(tls, "issuer", 80);
    tls["expires"] = tls["left"] = nullptr;
    if (!tls["not_after"].is_string()) return;
    const auto ends = data::parse_time(tls["not_after"].get<std::string>());
    if (!ends) return;
    tls["expires"] = {{"at", data::to_rfc3339(*ends)}, {"words", data::to_words(*ends)}};
    if (!seen) return;
    const auto days = std::chrono::floor<std::chrono::days>(*ends - *seen).count();
    const auto many = [](std::int64_t n) { return std::to_string(n) + (n == 1 ? " day" : " days"); };
    tls["left"] = {{"words", days >= 0 ? many(days) + " left at that roll call" : "run out " + many(-days) + " before that roll call"}, {"short", days >= 0 ? "had " + many(days) + " left" : "had run out"}, {"soon", days < 14}};
}

void dress_drifts(document& drifts)
{
    for (auto& d : drifts) {
        d["words"] = counts_words(d);
        const auto& changes = list_in(d, "changes");
        auto shown = document::array();
        for (const auto& c : changes)
            if (shown.size() < shown_changes && c.is_object())
                shown.push_back({{"grade", text_in(c, "grade")}, {"parts", parts_of(clean(text_in(c, "sentence"), 300))}, {"review", !list_in(c, "for_review").empty()}});
        const auto more = static_cast<std::int64_t>(changes.size() - shown.size()) + std::max<std::int64_t>(0, number_in(d, "left_out"));
        d["changes"] = std::move(shown);
        d["more"] = more;
        d["has_more"] = more > 0;
    }
}

}  // namespace rollcall::render
