#include "render/documents/incidents.hpp"

#include <algorithm>
#include <set>

namespace rollcall::render {
namespace {

using data::incident_kind;

document text_or_null(const std::string& s) { return s.empty() ? document(nullptr) : document(s); }
document time_or_null(const std::optional<data::time_point>& t) { return t ? document(data::to_rfc3339(*t)) : document(nullptr); }

// A document lists so many members; the count says how many there are.
constexpr std::size_t listed_members = 5000;
constexpr std::size_t fewest_sites = 3;

// Failing and answering at each roll call that changed them: what was seen when.
document updates_of(const data::incident_row& i)
{
    auto out = document::array();
    for (const auto& n : i.nights)
        out.push_back({{"at", data::to_rfc3339(n.at)}, {"event", data::code_of(n.event)}, {"state", data::code_of(n.state)}, {"severity", data::code_of(n.severity)}, {"failing", n.failing},
                       {"answering", n.answering}, {"unmeasured", n.unmeasured}, {"joined", n.joined}, {"regions", n.places}});
    return out;
}

std::string sentence_seen(const data::incident_row& i)
{
    if (i.kind == incident_kind::shared) {
        const auto& n = i.nights.back();
        std::string out = "Most often: " + std::string(data::row_of(i.why).label) + ".";
        if (i.key_kind == data::common_key::error || i.key_kind == data::common_key::everything)
            return out + " They have nothing else in common that we know of, so the fault may be on our side.";
        out += n.sure == data::confidence::likely ? " They failed in the same way and from several places: likely a shared cause." : " Possibly a shared cause.";
        const auto spared = i.at_risk - i.nights.front().joined;
        if (spared > 0) out += " " + std::to_string(spared) + (spared == 1 ? " server there answered" : " servers there answered") + " in the same night.";
        return out;
    }
    if (i.kind == incident_kind::single || i.kind == incident_kind::owner) return std::string(data::row_of(i.why).meaning);
    return {};
}

std::string sentence_next(const data::incident_row& i)
{
    switch (i.kind) {
        case incident_kind::shared: return is_open(i) ? "If you run one of these: look at the status page of what they share, and at the limits of your plan." : "";
        case incident_kind::single:
        case incident_kind::owner: return is_open(i) ? std::string(data::row_of(i.why).fix) : "";
        case incident_kind::drift: return "If you call it: compare the tools on its page with what your client expects.";
        case incident_kind::certificate: return "If you run it: renew the certificate, and automate its renewal.";
        case incident_kind::token: return "If you registered it: renew the credential and its dates in the owner's record.";
    }
    return {};
}

document state_counts(const platform_group& g)
{
    document d = document::object();
    for (const auto& s : data::all_states()) d[std::string(s.code)] = std::ranges::count_if(g.servers, [&](const entry* n) { return n->state == s.value; });
    return d;
}

}  // namespace

document incident_row_document(const roll& r, const data::incident_row& i)
{
    const auto& n = i.nights.back();
    document d;
    d["id"] = i.code;
    d["kind"] = data::code_of(i.kind);
    d["title"] = incident_title(r, i);
    d["state"] = data::code_of(n.state);
    d["severity"] = data::code_of(n.severity);
    d["opened_at"] = data::to_rfc3339(i.opened);
    d["updated_at"] = data::to_rfc3339(n.at);
    d["over_since"] = time_or_null(over_since(i));
    d["servers"] = members_of(i);
    d["absorbed"] = absorbed_by(i);
    d["slug"] = text_or_null(i.slug);
    d["page"] = r.base_url + incident_folder(i);
    return d;
}

document incidents_document(const roll& r)
{
    auto d = opened(r, "incidents");
    std::int64_t open = 0, absorbed = 0;
    for (const auto& i : r.edition->incidents) {
        open += is_open(i) && !data::is_notice(i.kind);
        absorbed += absorbed_by(i);
    }
    d["count"] = r.edition->incidents.size();
    d["open"] = open;
    d["absorbed"] = absorbed;
    d["incidents"] = rows_of(r.edition->incidents, [&](const data::incident_row& i) { return incident_row_document(r, i); });
    return d;
}

document incident_document(const roll& r, const data::incident_row& i)
{
    auto d = opened(r, "incident");
    d.update(incident_row_document(r, i));
    d["where"] = incident_places(r, i);
    d["regions"] = i.nights.back().places;
    d["last_good_at"] = time_or_null(i.last_good);
    d["first_bad_at"] = data::is_notice(i.kind) ? document(nullptr) : document(data::to_rfc3339(i.begun));
    d["due_at"] = time_or_null(i.due);
    d["seen"] = text_or_null(sentence_seen(i));
    d["status"] = incident_state_words(r, i);
    d["next"] = text_or_null(sentence_next(i));
    const bool failed = !data::is_good(data::class_of(i.why)) || data::is_of_owner(i.why);
    d["reason"] = failed ? document(data::code_of(i.why)) : document(nullptr);
    d["reason_label"] = failed ? document(data::row_of(i.why).label) : document(nullptr);
    d["shared"] = nullptr;
    if (i.kind == incident_kind::shared)
        d["shared"] = {{"by", data::code_of(i.key_kind)}, {"key", text_or_null(i.key)}, {"signature", text_or_null(i.detail)}, {"at_risk", i.at_risk}, {"failed", i.nights.front().joined},
                       {"sites", i.sites}, {"everybody", i.everybody}, {"new_failures", i.new_failures}, {"global", i.global}, {"confidence", data::code_of(i.nights.back().sure)}};
    d["updates"] = updates_of(i);
    d["members"] = document::array();
    for (const auto& m : i.members) {
        if (d["members"].size() == listed_members) break;
        const auto* n = on_roll(r, m.slug);
        d["members"].push_back({{"slug", m.slug}, {"url", m.url}, {"name", n ? n->name : m.slug}, {"on_roll", n != nullptr},
                                {"state", n ? document(data::code_of(n->state)) : document(nullptr)}, {"joined_at", data::to_rfc3339(m.joined)}});
    }
    return d;
}

std::vector<platform_group> platforms_of(const roll& r)
{
    std::map<std::string, platform_group> by_name;
    for (const auto& n : r.entries) {
        if (n.row->platform.empty() || !is_segment(n.row->platform) || n.row->platform.size() > 100) continue;
        auto& g = by_name[n.row->platform];
        g.name = n.row->platform;
        g.servers.push_back(&n);
    }
    std::vector<platform_group> out;
    for (auto& [name, g] : by_name) {
        std::set<std::string_view> sites;
        for (const auto* n : g.servers) sites.insert(n->row->site);
        if (sites.size() < fewest_sites) continue;
        g.sites = static_cast<std::int64_t>(sites.size());
        for (const auto& i : r.edition->incidents)
            if (i.kind == incident_kind::shared && i.key_kind == data::common_key::platform && i.key == name) g.outages.push_back(&i);
        out.push_back(std::move(g));
    }
    std::ranges::stable_sort(out, std::greater<>{}, [](const platform_group& g) { return g.servers.size(); });
    return out;
}

document platforms_document(const roll& r, const std::vector<platform_group>& groups)
{
    auto d = opened(r, "platforms");
    d["count"] = groups.size();
    d["platforms"] = document::array();
    for (const auto& g : groups) {
        auto outages = document::array();
        for (const auto* i : g.outages) outages.push_back(i->code);
        d["platforms"].push_back({{"platform", g.name}, {"servers", g.servers.size()}, {"sites", g.sites}, {"states", state_counts(g)}, {"shared_outages", std::move(outages)},
                                  {"page", r.base_url + "platforms/" + g.name + "/"}});
    }
    return d;
}

}  // namespace rollcall::render
