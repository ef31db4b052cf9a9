// What servers can be told apart by: the lists of the site, the filters over the whole roll and the search for lists
// are made from these rows. A new facet is a row in facet.cpp.
#pragma once

#include "render/documents/roll.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::render {

// A value and the servers that have it, as places in the roll.
struct facet_value {
    std::string code, label;    // of a registry or a platform: hostile text
    std::string title, note;    // what the list of it is called, and one sentence; the same
    std::string folder;         // "servers/by/state/up/"
    std::vector<std::uint32_t> members;
};

struct facet {
    std::string_view code, label;
    bool whole;                       // all its values stand on every list, however many they are
    std::vector<facet_value> values;  // those of a fixed set also without a server, so that a link never breaks
};

std::vector<facet> facets_of(const roll& r);

}  // namespace rollcall::render
