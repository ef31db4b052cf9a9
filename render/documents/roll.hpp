// The roll: an edition as it stands at one moment. Everything that is published is a function of it.
#pragma once

#include "data/model/edition.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::render {

// States older than this are not shown as states any more.
inline constexpr std::chrono::hours freshness{36};
inline constexpr int strip_nights = 90;
inline constexpr int uptime_nights = 30;

// What changed for an endpoint between the last two rounds in which it was measured.
enum class change { none, went_silent, came_back, first_seen };
std::string_view code_of(change c) noexcept;
std::string_view label_of(change c) noexcept;

// One endpoint on the roll.
struct entry {
    const data::endpoint_row* row;
    data::state state;                        // unknown if the last measurement is too old
    std::optional<data::time_point> observed; // of the round that the state is from
    std::int64_t good = 0, measured = 0;      // of the last 30 nights
    render::change change = render::change::none;
    std::string name;                         // what to call it: title, listed name, or slug; hostile, capped
};

struct roll {
    const data::edition* edition;
    std::string base_url;                     // ends in a slash
    data::time_point now;
    const data::round_row* newest = nullptr;  // null before the first round
    const data::round_row* before = nullptr;
    std::map<std::int64_t, const data::round_row*> rounds;
    std::vector<entry> entries;               // sorted by slug
    std::vector<std::string> refused;         // slugs that would not be safe as paths; not published

    std::string generated_at() const;         // RFC 3339, or empty before the first round
    std::string fresh_until() const;
    bool one_region() const { return edition->regions.size() <= 1; }
};

// `now` empty: the newest round's nominal time. The edition must outlive the roll.
roll call_roll(const data::edition& e, std::string base_url, std::optional<data::time_point> now = {});

// What a region's self-check made of a round; null where there was none.
const data::region_night* self_check(const roll& r, std::int64_t region, std::int64_t round);

// A slug as a path: [A-Za-z0-9._~-] segments, none empty, hidden, longer than 200 or named as a file of ours would be.
bool is_safe_slug(std::string_view slug) noexcept;

// "one region, whose place is not known" or the cities: for sentences.
std::string places_in_words(const data::edition& e);
std::string place_of(const data::edition& e, std::int64_t region);

// "2026-Q4"
std::string quarter_of(data::time_point t);

}  // namespace rollcall::render
