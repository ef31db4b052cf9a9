// Incidents and platforms as documents, and the words of an incident's card.
//
// Every sentence tells what was seen at a roll call, in the past tense and with its time: nobody knows what holds when
// it is read. No sentence says who or what caused it.
#pragma once

#include "render/documents/documents.hpp"

#include <map>
#include <string>
#include <vector>

namespace rollcall::render {

// What an incident is called: "41 of 44 servers on onrender.com did not answer". Holds text of third parties.
std::string incident_title(const roll& r, const data::incident_row& i);
// "over", "answered again, being watched", ...: with the time of the roll call that it is from.
std::string incident_state_words(const roll& r, const data::incident_row& i);
// Where it was seen: "London, Singapore and Virginia", "everywhere that was probed from".
std::string incident_places(const roll& r, const data::incident_row& i);

// The entry of a slug, or null: it is not on the roll.
const entry* on_roll(const roll& r, std::string_view slug);

// Servers that it stood for (1 for one server), and how many notices that spared.
std::int64_t members_of(const data::incident_row& i);
std::int64_t absorbed_by(const data::incident_row& i);
// The time at which they answered again, if they have.
std::optional<data::time_point> over_since(const data::incident_row& i);
bool is_open(const data::incident_row& i);

// One incident as a row of the list.
document incident_row_document(const roll& r, const data::incident_row& i);
document incidents_document(const roll& r);
// Everything about one: the card, what was seen when, and its members.
document incident_document(const roll& r, const data::incident_row& i);

// Servers that share a platform: on at least three sites, so that it is one.
struct platform_group {
    std::string name;
    std::vector<const entry*> servers;                    // by slug
    std::int64_t sites = 0;
    std::vector<const data::incident_row*> outages;       // shared by its servers, newest first
};
std::vector<platform_group> platforms_of(const roll& r);  // most servers first
document platforms_document(const roll& r, const std::vector<platform_group>& groups);

// Where the page is, below the root of the site: "incidents/2026-11-21-vercel-app/".
std::string incident_folder(const data::incident_row& i);
// A code or a name that can be a folder.
bool is_segment(std::string_view s) noexcept;

}  // namespace rollcall::render
