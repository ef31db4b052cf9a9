#include "render/pages/writer.hpp"

namespace rollcall::render {

std::string way_to_root(std::string_view path)
{
    std::string out;
    for (const char c : path)
        if (c == '/') out += "../";
    return out.empty() ? "./" : out;
}

std::string root_of(const render::roll& r, std::string_view path)
{
    if (path != "404.html") return way_to_root(path);
    const auto host = r.base_url.find("//");
    const auto slash = host == std::string::npos ? std::string::npos : r.base_url.find('/', host + 2);
    return slash == std::string::npos ? "/" : r.base_url.substr(slash);
}

document moment(data::time_point t) { return {{"at", data::to_rfc3339(t)}, {"words", data::to_words(t)}, {"date", data::to_date(t)}}; }

document mark_of(data::state s)
{
    const auto& row = data::row_of(s);
    return {{"state", row.code}, {"icon", row.icon}, {"label", row.label}};
}

document mark_of(const entry& n)
{
    auto d = mark_of(n.state);
    if (n.state != data::state::gated) return d;
    const bool wall = data::class_of(n.row->why) == data::cell_class::wall;
    d["label"] = wall ? "stood behind a wall" : n.row->why == data::reason::payment ? "asked for payment" : "asked for a credential";
    return d;
}

page_writer::page_writer(const render::roll& r, const template_set& t, const sink& put) : roll_(r), templates_(t), put_(put)
{
    auto of = std::make_shared<by_endpoint>();
    for (const auto& i : r.edition->incidents) {
        if (i.endpoint) (*of)[*i.endpoint].push_back(&i);
        for (const auto& m : i.members) (*of)[m.endpoint].push_back(&i);
    }
    incidents_ = std::move(of);
}

const std::vector<const data::incident_row*>& page_writer::incidents_of(std::int64_t endpoint) const
{
    static const std::vector<const data::incident_row*> none;
    const auto it = incidents_->find(endpoint);
    return it == incidents_->end() ? none : it->second;
}

void page_writer::page(const render::page& p, const std::string& body_template, document values) const
{
    const auto& r = roll_;
    const auto root = root_of(r, p.path);
    values["root"] = root;
    values["site_name"] = r.edition->site_name;
    auto d = members({{"kind", body_template.substr(0, body_template.find('.'))},
                      {"title", p.title},
                      {"description", p.description},
                      {"root", root},
                      {"site_name", r.edition->site_name},
                      {"version", r.newest ? r.newest->tool_version : std::string()},
                      {"fresh_until", r.fresh_until()},
                      {"body", templates_.render(body_template, values)}});
    auto& nav = d["nav"] = document::array();
    struct row { const char* section; const char* label; const char* href; };
    for (const auto& n : {row{"overview", "Overview", ""}, row{"servers", "Servers", "servers/"}, row{"incidents", "Incidents", "incidents/"}, row{"drift", "Changes", "drift/"},
                          row{"registries", "Registries", "registries/"}, row{"regions", "Regions", "regions/"}, row{"reports", "Reports", "reports/"}, row{"docs", "Docs", "docs/"}})
        nav.push_back(members({{"href", root + n.href}, {"label", n.label}, {"current", p.section == n.section}}));
    put_(p.path, templates_.render("_layout.html", d));
}

}  // namespace rollcall::render
