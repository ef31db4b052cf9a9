// Windows as text, for the tests of judging.
#pragma once

#include "audit/judge/judge.hpp"

#include <string_view>
#include <vector>

namespace rollcall::audit::tests {

inline constexpr std::string_view letters = "PSAWMHTU";

inline data::reason reason_for(char letter)
{
    using data::reason;
    switch (letter) {
        case 'P': return reason::ok;
        case 'Z': return reason::ok_zero_tools;
        case 'S': return reason::slow;
        case 'A': return reason::auth_bare;
        case 'W': return reason::waf_block;
        case 'M': return reason::list_shape;
        case 'H': return reason::http_404;
        case 'T': return reason::tcp_refused;
        default: return reason::budget;
    }
}

// "PPA/PPP": two rounds of three regions; '-' is no cell at all. `contracts`: a letter under each cell, ' ' for none.
inline std::vector<mark> marks(std::string_view text, std::string_view contracts = {})
{
    std::vector<mark> out;
    std::int64_t round = 1, region = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '/') {
            ++round;
            region = 1;
            continue;
        }
        if (text[i] != '-') {
            const auto contract = i < contracts.size() && contracts[i] != ' ' ? static_cast<std::uint32_t>(contracts[i]) : 0u;
            out.push_back({round, region, reason_for(text[i]), contract, data::era::modern});
        }
        ++region;
    }
    return out;
}

}  // namespace rollcall::audit::tests
