#include "render/pages/dress.hpp"

#include "render/templating/clean.hpp"

#include <algorithm>
#include <tuple>

namespace rollcall::render {
namespace {

constexpr std::size_t shown_changes = 30;

// "`city` is now required" as parts of text and of code.
document parts_of(const std::string& sentence)
{
    auto out = document::array();
    bool code = false;
    for (std::size_t at = 0; at <= sentence.size(); code = !code) {
        const auto end = std::min(sentence.find('`', at), sentence.size());
        if (end > at) out.push_back({{"text", sentence.substr(at, end - at)}, {"code", code}});
        at = end + 1;
    }
    return out;
}

// What a stored change says under `key`, where it is of that type; else the type's empty value: a damaged change stops
// no page.
document member(const document& d, const char* key, document::value_t type)
{
    const auto it = d.find(key);
    return it != d.end() && it->type() == type ? *it : document(type);
}

std::string text_of(const document& d, const char* key) { return member(d, key, document::value_t::string).get<std::string>(); }

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
        if (const auto words = data::token_words(at, now); !words.empty()) owner["ending"] = words;
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
        const auto counts = member(d, "counts", document::value_t::object);
        std::string words;
        for (const char* grade : {"breaking", "additive", "wording"})
            if (counts.contains(grade) && counts[grade].is_number() && counts[grade] > 0) words += (words.empty() ? "" : ", ") + counts[grade].dump() + " " + grade;
        d["words"] = words;
        const auto changes = member(d, "changes", document::value_t::array);
        auto shown = document::array();
        for (const auto& c : changes)
            if (shown.size() < shown_changes && c.is_object())
                shown.push_back({{"grade", text_of(c, "grade")}, {"parts", parts_of(clean(text_of(c, "sentence"), 300))}, {"review", !member(c, "for_review", document::value_t::array).empty()}});
        const auto left_out = d.contains("left_out") && d["left_out"].is_number_unsigned() ? d["left_out"].get<std::size_t>() : 0;
        const auto more = changes.size() - shown.size() + left_out;
        d["changes"] = std::move(shown);
        d["more"] = more;
        d["has_more"] = more > 0;
    }
}

}  // namespace rollcall::render
