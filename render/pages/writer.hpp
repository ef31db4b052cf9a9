// What the pages share: the layout around them, relative links, and the small views that several of them use.
#pragma once

#include "render/documents/documents.hpp"
#include "render/pages/site.hpp"
#include "render/templating/template_set.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rollcall::render {

struct page {
    std::string path;         // "servers/index.html"
    std::string title, description;
    std::string section;      // of the navigation: "overview", "servers", "drift", ..., or empty
};

class page_writer {
public:
    page_writer(const render::roll& r, const template_set& t, const sink& put);
    // The same, writing elsewhere. Parts of the site are rendered side by side, each with a writer of its own.
    page_writer(const page_writer& like, const sink& put) : roll_(like.roll_), templates_(like.templates_), put_(put), incidents_(like.incidents_) {}

    // Fills `body_template` from `values` and puts it into the layout. `root` is added to the values: the way from
    // the page to the site's root, so that links work at a root and at a sub-path.
    void page(const render::page& p, const std::string& body_template, document values) const;
    void file(const std::string& path, std::string bytes) const { put_(path, std::move(bytes)); }

    const render::roll& roll() const { return roll_; }
    // Incidents that an endpoint has or is a member of, newest first.
    const std::vector<const data::incident_row*>& incidents_of(std::int64_t endpoint) const;
    const template_set& templates() const { return templates_; }

private:
    const render::roll& roll_;
    const template_set& templates_;
    const sink& put_;
    using by_endpoint = std::unordered_map<std::int64_t, std::vector<const data::incident_row*>>;
    std::shared_ptr<const by_endpoint> incidents_;
};

// "../../" for "a/b/index.html", "./" at the top.
std::string way_to_root(std::string_view path);

// The same for links of a page; of the page for lost ways, which is served at any depth, the absolute path of the site.
std::string root_of(const render::roll& r, std::string_view path);

// {at, words, date}: a time for <time datetime>.
document moment(data::time_point t);
// {state, icon, label} of a state, for a mark that is word and sign.
document mark_of(data::state s);
// The same for an endpoint: tells a wall and a price from a credential.
document mark_of(const entry& n);
// The row of a list of servers: row_document with marks, strip and short texts.
document row_view(const page_writer& w, const entry& n);
// Why, in words, where that says more than its mark does.
std::string_view more_than_the_mark(const entry& n);
// The field that finds a server; `root`: the page's way to the root. Once a page.
std::string search_html(const page_writer& w, std::string_view root);

// The pages, one function a kind.
void write_overview(const page_writer& w);
void write_lists(const page_writer& w);
void write_search(const page_writer& w);
void write_badges(const page_writer& w);
void write_server(const page_writer& w, const entry& n);
void write_incidents(const page_writer& w);
void write_incident_feed(const page_writer& w);
void write_platforms(const page_writer& w);
void write_registries(const page_writer& w);
void write_regions(const page_writer& w);
void write_drift(const page_writer& w);
void write_docs(const page_writer& w);
void write_stand_ins(const page_writer& w);
void write_hand_written(const page_writer& w);
void write_method(const page_writer& w);
void write_well_known(const page_writer& w);
void write_api(const page_writer& w);

}  // namespace rollcall::render
