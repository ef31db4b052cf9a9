// The feed of incidents. Debounced: an incident is one entry with an id for ever, and what is updated is its state.
// Incidents of one server are told a night at a time: nobody wants a hundred entries in a morning.
#include "render/pages/incident_view.hpp"
#include "render/templating/clean.hpp"

#include <algorithm>
#include <map>

namespace rollcall::render {
namespace {

constexpr std::size_t feed_entries = 50;
constexpr std::chrono::days feed_days{90};

struct item { data::time_point updated; document entry; };

// The last night that changed the state: counts alone are no news.
data::time_point updated_at(const data::incident_row& i)
{
    auto out = i.opened;
    auto state = i.nights.front().state;
    for (const auto& n : i.nights) {
        if (n.state != state) out = n.at;
        state = n.state;
    }
    return out;
}

item shared_item(const roll& r, const data::incident_row& i, const std::string& tag)
{
    const auto state = i.nights.back().state;
    const char* prefix = state == data::incident_state::open ? "" : state == data::incident_state::watch ? "Over, watched: " : "Over: ";
    const auto updated = updated_at(i);
    // Nothing that changes with every roll call: an entry that was read is not news again.
    auto summary = incident_document(r, i)["seen"].get<std::string>();
    if (const auto over = over_since(i)) summary += " Over: answers came again at the roll call of " + data::to_words(*over) + ".";
    return {updated,
            {{"id", tag + "incident:" + i.code}, {"title", prefix + clean(incident_title(r, i), 200)}, {"published", data::to_rfc3339(i.opened)}, {"updated", data::to_rfc3339(updated)},
             {"link", r.base_url + incident_folder(i)}, {"category", data::code_of(i.nights.back().severity)}, {"summary", clean(summary, 600)}}};
}

// What a night did to incidents of one server each.
struct digest { std::int64_t opened = 0, over = 0; };

std::map<data::time_point, digest> digests_of(const roll& r)
{
    std::map<data::time_point, digest> out;
    for (const auto& i : r.edition->incidents) {
        if (i.kind != data::incident_kind::single) continue;
        ++out[i.opened].opened;
        if (i.nights.back().event == data::incident_event::closed) ++out[i.nights.back().at].over;
    }
    return out;
}

// RFC 4151: an id that holds wherever the site moves to.
std::string tag_of(const roll& r)
{
    const auto from = r.base_url.find("//");
    const auto host = from == std::string::npos ? r.base_url : r.base_url.substr(from + 2, r.base_url.find_first_of(":/", from + 2) - from - 2);
    return "tag:" + (host.empty() ? std::string("localhost") : host) + ",2026:";
}

}  // namespace

void write_incident_feed(const page_writer& w)
{
    const auto& r = w.roll();
    const auto tag = tag_of(r);
    std::vector<item> items;
    for (const auto& i : r.edition->incidents)
        if (i.kind == data::incident_kind::shared && has_page(i)) items.push_back(shared_item(r, i, tag));
    for (const auto& [at, d] : digests_of(r)) {
        const auto date = data::to_date(at);
        std::string title;
        const auto say = [&](std::int64_t n, const char* did) {
            if (n > 0) title += (title.empty() ? "" : ", ") + std::to_string(n) + (n == 1 ? " server " : " servers ") + did;
        };
        say(d.opened, "stopped answering");
        say(d.over, "answered again");
        items.push_back({at,
                         {{"id", tag + "incidents:" + date}, {"title", title + " (" + date + ")"},
                          {"published", data::to_rfc3339(at)}, {"updated", data::to_rfc3339(at)}, {"link", r.base_url + "incidents/by/" + date.substr(0, 7) + "/"}, {"category", "servers"},
                          {"summary", "Counted are servers alone in their trouble; shared outages have entries of their own."}}});
    }
    if (r.newest) std::erase_if(items, [&](const item& i) { return r.newest->at - i.updated > feed_days; });
    std::ranges::stable_sort(items, std::greater<>{}, &item::updated);
    if (items.size() > feed_entries) items.resize(feed_entries);

    document d{{"id", tag + "incidents"}, {"title", "Incidents of " + r.edition->site_name}, {"subtitle", "MCP servers that stopped answering, and answered again; what fell together is told once."},
               {"self", r.base_url + "incidents/feed.xml"}, {"alternate", r.base_url + "incidents/"}, {"author", r.edition->site_name}};
    d["updated"] = items.empty() ? (r.newest ? r.generated_at() : std::string("1970-01-01T00:00:00Z")) : data::to_rfc3339(items.front().updated);
    d["entries"] = document::array();
    for (auto& i : items) d["entries"].push_back(std::move(i.entry));
    w.file("incidents/feed.xml", w.templates().render("feed.xml", d));
}

}  // namespace rollcall::render
