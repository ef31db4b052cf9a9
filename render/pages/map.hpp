// The world with the cities that are probed from.
#pragma once

#include "render/pages/writer.hpp"

#include <string>
#include <vector>

namespace rollcall::render {

// A city on the map. `x` and `y` in hundredths of its width and height.
struct pin { double x, y; std::string label; bool well; };

// Where a label stands beside its pin, in pixels, and on which side it begins. Crowded: it finds no room on a phone,
// and is shown on wide windows alone.
struct label_place { int dx, dy; const char* anchor; bool crowded; };

// One for each pin, in their order; none covers another label or a pin as long as the map is as wide as a phone.
std::vector<label_place> places_of_labels(const std::vector<pin>& pins);

// Empty where no region's place is known.
std::string map_html(const page_writer& w);

}  // namespace rollcall::render
