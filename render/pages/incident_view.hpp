// How incidents look on the pages that list them. For the pages of incidents and platforms.
#pragma once

#include "render/documents/incidents.hpp"
#include "render/pages/writer.hpp"

#include <string>
#include <vector>

namespace rollcall::render {

using incidents = std::vector<const data::incident_row*>;

// {title, folder, style, icon, label, severity, meaning, state_label, opened {at, day}, servers, absorbed, status}
document incident_view(const roll& r, const data::incident_row& i);
// A count for a template: null where there is nothing to tell.
document some(std::int64_t n);
// {code, meaning} of each, the gravest first.
document severities();
// The card of one incident; linked to its page where it is shown elsewhere.
std::string card_html(const page_writer& w, const data::incident_row& i, const std::string& root, bool linked);
// A table of incidents.
std::string rows_html(const page_writer& w, const incidents& rows, const std::string& root, const std::string& caption);

// Pages: the codes are safe as folders, so this says only that nobody tampered with the store.
bool has_page(const data::incident_row& i);

}  // namespace rollcall::render
