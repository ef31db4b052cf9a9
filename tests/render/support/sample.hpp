// A rich edition to render: every state and bucket, 90 nights, and names that attack.
#pragma once

#include "data/model/edition.hpp"

#include <map>
#include <string>

namespace rollcall::render::tests {

inline constexpr const char* hostile_name = "<script>alert(1)</script>\"'&\xE2\x80\xAEgnp.exe \x01 {{state}}";

// About 60 endpoints seen on 90 nights from one region whose place is not known.
data::edition sample_edition();
// The same endpoints seen once: the first night.
data::edition first_night();
// Three regions with cities; some endpoints fail from one of them.
data::edition three_regions();

// Platforms for its endpoints, and, where there are nights enough, incidents of every kind.
void add_incidents(data::edition& e);

// The sample with every field that a stranger can fill filled by one who means ill.
data::edition hostile_edition();

// As few servers as a team of its own has; all of them well; none of them reached, by a fault of our own.
data::edition three_servers();
data::edition all_answered();
data::edition own_fault();

// What is told of registries, manners and changes beside the servers; and where its regions are.
void add_places(data::edition& e);
void add_cities(data::edition& e);

// As many endpoints as a big night has.
data::edition large_edition(int endpoints);

// Renders everything with the committed templates and static files: path to bytes.
std::map<std::string, std::string> rendered(const data::edition& e, const std::string& base_url = "https://status.example.org/");

}  // namespace rollcall::render::tests
