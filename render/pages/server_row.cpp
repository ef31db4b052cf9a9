#include "render/chart/chart.hpp"
#include "render/pages/writer.hpp"
#include "render/templating/clean.hpp"

namespace rollcall::render {
namespace {

constexpr std::size_t longest_name = 120;  // as in the search index

}  // namespace

std::string_view more_than_the_mark(const entry& n)
{
    const auto why = n.observed ? data::row_of(n.row->why).label : std::string_view("not measured yet");
    const bool said = why == data::row_of(n.state).label || (n.state == data::state::gated && why.starts_with("asks for"));
    return said ? std::string_view() : why;
}

document row_view(const page_writer& w, const entry& n)
{
    auto d = row_document(w.roll(), n);
    d["name"] = clean(n.name, longest_name);
    d["mark"] = mark_of(n);
    if (n.measured == 0) d["uptime_30d"] = nullptr;
    d["reason_label"] = more_than_the_mark(n);
    d["strip"] = strip_html(w.templates(), w.roll(), n, uptime_nights, true);
    return d;
}

}  // namespace rollcall::render
