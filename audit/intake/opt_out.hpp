// Who asked not to be called: by site, by host or by URL.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace rollcall::audit {

// The list, made once and asked for each listing. A site or a host covers every name below it, whatever the port and
// the path; capitals, a dot at the end and the spelling of an international name or an address make no difference. A
// URL covers itself, however it is spelled, and its campaign variants.
class opt_out_list {
public:
    explicit opt_out_list(const std::vector<std::string>& entries);

    // `url`: canonical; `host`: as canonical URLs have it.
    bool covers(std::string_view url, std::string_view host) const;

    // Entries that are neither a host nor a URL and so would protect nobody: to be refused.
    const std::vector<std::string>& unusable() const { return unusable_; }
    bool empty() const { return urls_.empty() && hosts_.empty(); }

private:
    std::unordered_set<std::string> urls_, hosts_;
    std::vector<std::string> unusable_;
};

}  // namespace rollcall::audit
