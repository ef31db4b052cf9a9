// The pages that explain: the method from the tables that the programs themselves use, and the hand-written ones.
#include "render/pages/incident_view.hpp"
#include "render/pages/writer.hpp"

#include <array>
#include <set>

namespace rollcall::render {
namespace {

bool is_mail(std::string_view contact) { return contact.starts_with("mailto:"); }

document contact_of(const roll& r)
{
    const auto& c = r.edition->contact;
    return {{"contact", is_mail(c) ? c.substr(7) : c}, {"contact_link", c}, {"by_mail", is_mail(c)}};
}

document reasons_by_class()
{
    auto out = document::array();
    std::string_view open;
    for (const auto& row : data::all_reasons()) {
        const auto label = data::label_of(data::class_of(row.value));
        if (label != open) {
            out.push_back({{"letter", std::string(1, data::letter(data::class_of(row.value)))}, {"label", label}, {"rows", document::array()}});
            open = label;
        }
        out.back()["rows"].push_back({{"code", row.code}, {"label", row.label}, {"meaning", row.meaning}, {"fix", row.fix},
                                      {"mode", row.mode == data::failure_mode::none ? std::string() : std::string(data::code_of(row.mode))}});
    }
    return out;
}

}  // namespace

void write_method(const page_writer& w)
{
    document d{{"classes", reasons_by_class()}, {"buckets", document::array()}, {"states", document::array()},
               {"warnings", document::array()}, {"postures", document::array()}, {"rungs", document::array()}, {"places", places_in_words(*w.roll().edition)}};
    for (const auto& b : data::all_buckets())
        d["buckets"].push_back({{"code", b.code}, {"label", b.label}, {"meaning", b.meaning}, {"style", data::code_of(b.group)}, {"group", data::label_of(b.group)}});
    constexpr std::array meanings{
        "It answered the last roll call: as MCP defines, within 5 seconds, from everywhere or all places but one of three or more.",
        "It answered, but slowly, or not from everywhere.",
        "It did not answer our probe as an MCP server from anywhere, after a retry where one can help.",
        "It asked for a credential or payment, or a wall stood before it. That is not a failure, and says nothing of what is behind.",
        "It was not measured within 36 hours. A measurement that is too old is not shown as a state.",
    };
    for (std::size_t i = 0; i < meanings.size(); ++i)
        d["states"].push_back({{"mark", mark_of(data::all_states()[i].value)}, {"code", data::all_states()[i].code}, {"meaning", meanings[i]}});
    for (const auto& p : data::all_postures())
        if (p.value != data::posture::unknown) d["postures"].push_back({{"letter", std::string(1, p.letter)}, {"code", p.code}, {"label", p.label}, {"meaning", p.meaning}});
    for (const auto& row : data::all_rungs())
        d["rungs"].push_back({{"code", row.code}, {"label", row.label}, {"fix", row.fix}, {"decides", row.decides}});
    for (const auto& row : data::all_warnings()) d["warnings"].push_back({{"code", row.code}, {"words", row.words}});
    w.page({"docs/method/index.html", "Method", "How the roll is called, and what every word on these pages means.", "method"}, "method.html", std::move(d));
}

void write_hand_written(const page_writer& w)
{
    const auto& r = w.roll();
    auto probed = contact_of(r);
    probed["site"] = r.edition->site_name;
    probed["base"] = r.base_url;
    probed["places"] = places_in_words(*r.edition);
    w.page({"docs/probed/index.html", "We probed you", "Who we are, why our requests are in your log, and how to be left out.", ""}, "probed.html", std::move(probed));

    w.page({"404.html", "Not found", "There is no such page.", ""}, "404.html", document::object());
}

void write_well_known(const page_writer& w)
{
    const auto& r = w.roll();
    auto d = contact_of(r);
    d["base"] = r.base_url;
    d["site"] = r.edition->site_name;
    w.file(".well-known/probing.txt", w.templates().render("probing.txt", d));
    w.file("robots.txt", w.templates().render("robots.txt", d));
    d["urls"] = document::array();
    std::set<std::string> paths{"", "servers/", "reports/", "docs/method/", "docs/probed/", "badges/", "incidents/", "platforms/"};
    if (r.newest) paths.insert("reports/" + quarter_of(r.newest->at) + "/");
    for (const auto& i : r.edition->incidents)
        if (i.kind == data::incident_kind::shared && has_page(i)) paths.insert(incident_folder(i));
    for (const auto& g : platforms_of(r)) paths.insert("platforms/" + g.name + "/");
    for (const auto& n : r.entries) paths.insert("servers/" + n.row->slug + "/");
    for (const auto& p : paths) d["urls"].push_back(r.base_url + p);
    w.file("sitemap.xml", w.templates().render("sitemap.xml", d));
}

}  // namespace rollcall::render
