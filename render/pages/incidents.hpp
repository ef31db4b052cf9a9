// What other pages show of incidents.
#pragma once

#include "render/pages/writer.hpp"

#include <string>

namespace rollcall::render {

// The incidents of a server that are not closed, as cards: HTML, empty where there is none. `root`: the way from the page
// to the site's root.
std::string incident_cards(const page_writer& w, const entry& n, const std::string& root);
// Open shared outages, and how many others: a section of the overview.
std::string open_incidents(const page_writer& w, const std::string& root);

}  // namespace rollcall::render
