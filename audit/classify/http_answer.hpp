// One HTTP answer as the judging code sees it: no sockets, no library types.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rollcall::audit {

struct http_answer {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names lower-case, in the order received
    std::string body;                                          // decoded, at most the cap; for an event stream what was read of it

    // The first field of that (lower-case) name; empty if there is none.
    std::string_view header(std::string_view name) const
    {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return {};
    }
};

}  // namespace rollcall::audit
