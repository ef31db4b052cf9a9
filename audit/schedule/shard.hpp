// A part of a round: I of N. A site is in one part, always the same, so that its rate holds whoever probes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rollcall::audit {

struct shard {
    unsigned index = 1, of = 1;  // 1 <= index <= of <= 64

    bool is_whole() const { return of == 1; }
    bool holds(std::string_view site) const;
    bool operator==(const shard&) const = default;
};

// "2/4"; empty for anything else.
std::optional<shard> parse_shard(std::string_view text);
std::string text_of(const shard& s);

}  // namespace rollcall::audit
