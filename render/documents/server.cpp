#include "render/documents/documents.hpp"

#include "render/documents/latency.hpp"

#include <algorithm>
#include <utility>

namespace rollcall::render {
namespace {

document flags_of(std::uint32_t flags)
{
    constexpr std::pair<std::uint32_t, const char*> rows[] = {{data::flag_blip, "blip"},
                                                              {data::flag_unstable_catalogue, "unstable_catalogue"},
                                                              {data::flag_catalogue_split, "catalogue_split"},
                                                              {data::flag_with_credential, "with_credential"}};
    auto out = document::array();
    for (const auto& [bit, code] : rows)
        if (flags & bit) out.push_back(code);
    return out;
}

document text_or_null(const std::string& s) { return s.empty() ? document(nullptr) : document(s); }

document region_document(const roll& r, const data::endpoint_row& e, const data::region_cell& c)
{
    const auto& cell = c.cell;
    const auto& why = data::row_of(cell.why);
    const auto it = std::ranges::find(r.edition->regions, c.region, &data::region_row::id);
    document d;
    d["region"] = it == r.edition->regions.end() ? document(nullptr) : document(it->code);
    d["city"] = it == r.edition->regions.end() ? document(nullptr) : text_or_null(it->city);
    const auto* checked = self_check(r, c.region, e.observed_round);
    d["counted"] = !(checked && checked->down);
    d["note"] = checked && checked->down ? document(checked->why) : document(nullptr);
    d["class"] = std::string(1, data::letter(data::class_of(cell.why)));
    d["reason"] = why.code;
    d["reason_label"] = why.label;
    d["detail"] = text_or_null(cell.answer.detail);
    d["step"] = data::code_of(cell.reached);
    d["tries"] = cell.tries;
    d["http_status"] = cell.answer.http_status == 0 ? document(nullptr) : document(cell.answer.http_status);
    d["ms"] = document::object();
    for (std::size_t i = 0; i < data::step_count; ++i)
        if (cell.ms[i]) d["ms"][std::string(data::code_of(static_cast<data::step>(i)))] = *cell.ms[i];
    d["waited_ms"] = cell.waited_ms;
    return d;
}

// Null where nobody looked.
document auth_document(const roll& r, const data::endpoint_row& e)
{
    const auto& auth = e.auth;
    if (auth.posture == data::posture::unknown && auth.rungs.empty()) return nullptr;
    const auto& posture = data::row_of(auth.posture);
    const auto* missing = auth.missing();
    const auto round = std::ranges::find(r.edition->rounds, e.auth_round, &data::round_row::id);
    document d;
    d["posture"] = posture.code;
    d["posture_label"] = posture.label;
    d["observed_at"] = round == r.edition->rounds.end() ? document(nullptr) : document(data::to_rfc3339(round->at));
    d["missing"] = missing ? document(data::row_of(missing->rung).code) : document(nullptr);
    d["metadata_url"] = text_or_null(auth.metadata_url);
    d["issuer"] = text_or_null(auth.issuer);
    d["rungs"] = document::array();
    for (const auto& o : auth.rungs)
        d["rungs"].push_back({{"rung", data::row_of(o.rung).code}, {"label", data::row_of(o.rung).label}, {"state", data::code_of(o.state)}, {"detail", text_or_null(o.detail)}});
    return d;
}

std::string date_of(const roll& r, std::int64_t round)
{
    const auto it = std::ranges::find(r.edition->rounds, round, &data::round_row::id);
    return it == r.edition->rounds.end() ? std::string() : data::to_date(it->at);
}

// Of the region that found trouble, else of the first. Null where the owner registered nothing.
document owner_document(const data::endpoint_row& e)
{
    if (e.owner.empty()) return nullptr;
    auto it = std::ranges::find_if(e.owner, [](const data::owner_row& o) { return o.check.failing; });
    if (it == e.owner.end()) it = e.owner.begin();
    const auto& c = it->check;
    document d;
    d["failing"] = c.failing;
    d["reason"] = data::code_of(c.why);
    d["reason_label"] = data::row_of(c.why).label;
    d["note"] = text_or_null(it->note);
    d["credentialed"] = c.credentialed;
    d["steps"] = document::array();
    for (const auto& s : c.steps)
        d["steps"].push_back({{"step", data::code_of(s.step)}, {"label", data::label_of(s.step)}, {"state", data::code_of(s.state)}, {"ms", s.ms ? document(*s.ms) : document(nullptr)}, {"detail", text_or_null(s.detail)}});
    d["credential_expires_at"] = c.expires_at ? document(data::to_rfc3339(*c.expires_at)) : document(nullptr);
    d["health"] = document::array();
    for (const auto& h : c.health) d["health"].push_back({{"component", h.component}, {"state", h.state}, {"reason", text_or_null(h.reason)}});
    d["health_summary"] = text_or_null(c.health_summary);
    return d;
}

document drifts_document(const roll& r, const data::endpoint_row& e)
{
    auto out = document::array();
    for (const auto& drift : e.drifts) {
        auto d = document::parse(drift.changes, nullptr, /*allow_exceptions=*/false);
        if (!d.is_object()) continue;
        d["date"] = date_of(r, drift.round);
        d["taken_back"] = drift.taken_back == 0 ? document(nullptr) : document(date_of(r, drift.taken_back));
        out.push_back(std::move(d));
    }
    return out;
}

// The cell that tells most of the server: the first good one, else the first that got an answer, else the first.
const data::cell* telling(const data::endpoint_row& e)
{
    const data::cell* best = nullptr;
    for (const auto& c : e.cells) {
        if (data::is_good(data::class_of(c.cell.why))) return &c.cell;
        if (!best || (best->answer.http_status == 0 && c.cell.answer.http_status != 0)) best = &c.cell;
    }
    return best;
}

}  // namespace

document server_document(const roll& r, const entry& n)
{
    const auto& e = *n.row;
    auto d = opened(r, "server");
    d.update(row_document(r, n));
    d["streak"] = e.streak;
    d["flags"] = flags_of(e.flags);
    d["first_seen"] = data::to_date(e.first_seen);
    d["site"] = e.site;
    d["regions"] = document::array();
    const auto times = times_by_region(e);
    for (const auto& c : e.cells) {
        d["regions"].push_back(region_document(r, e, c));
        const auto it = times.find(c.region);
        d["regions"].back()["latency_90d"] = latency_document(it == times.end() ? std::vector<std::uint32_t>{} : it->second);
    }
    std::vector<std::uint32_t> all;
    for (const auto& [region, some] : times) all.insert(all.end(), some.begin(), some.end());
    std::ranges::sort(all);
    d["latency_90d"] = latency_document(all);

    const auto* cell = telling(e);
    const bool spoke = cell && !cell->answer.protocol_version.empty();
    d["protocol"] = nullptr;
    if (spoke)
        d["protocol"] = {{"era", data::code_of(cell->answer.era)},
                         {"version", cell->answer.protocol_version},
                         {"transport", data::code_of(cell->answer.transport)},
                         {"server_name", text_or_null(cell->answer.server_name)},
                         {"server_version", text_or_null(cell->answer.server_version)},
                         {"capabilities", cell->answer.capabilities}};
    d["tools"] = e.tools;
    d["contract_hash"] = cell ? text_or_null(cell->answer.contract_hash) : document(nullptr);
    d["auth"] = auth_document(r, e);
    d["owner"] = owner_document(e);
    d["drifts"] = drifts_document(r, e);
    d["tls"] = nullptr;
    if (cell && !cell->path.tls_version.empty()) {
        d["tls"] = {{"version", cell->path.tls_version}, {"issuer", text_or_null(cell->path.tls_issuer)}, {"not_after", nullptr}};
        if (cell->path.tls_not_after)
            d["tls"]["not_after"] = data::to_rfc3339(data::time_point(std::chrono::seconds(*cell->path.tls_not_after)));
    }
    d["warnings"] = document::array();
    if (cell)
        for (const auto w : cell->answer.warnings)
            d["warnings"].push_back({{"code", data::code_of(w)}, {"words", data::row_of(w).words}});
    d["listings"] = document::array();
    for (const auto& l : e.listings)
        d["listings"].push_back({{"registry", l.registry},
                                 {"name", l.name},
                                 {"title", text_or_null(l.title)},
                                 {"version", text_or_null(l.version)},
                                 {"description", text_or_null(l.description)},
                                 {"repository", text_or_null(l.repository)},
                                 {"website", text_or_null(l.website)},
                                 {"url", text_or_null(l.listed_url)},
                                 {"transport", text_or_null(l.declared_transport)},
                                 {"declared_auth", l.declared_auth}});
    d["page"] = r.base_url + "servers/" + e.slug + "/";
    d["badge"] = r.base_url + "badge/" + e.slug + ".svg";
    d["history"] = r.base_url + "api/v1/history/" + e.slug + ".json";
    return d;
}

}  // namespace rollcall::render
