#include "audit/intake/opt_out.hpp"

#include "audit/url/url.hpp"

namespace rollcall::audit {

opt_out_list::opt_out_list(const std::vector<std::string>& entries)
{
    for (const auto& entry : entries) {
        const bool is_url = entry.find("://") != std::string::npos;
        const auto [why, url] = canonicalise(is_url ? entry : "https://" + entry, true);
        if (why == exclusion::templated) continue;  // never probed, by anybody's wish or none
        if (url.text.empty() || (!is_url && url.target != "/"))
            unusable_.push_back(entry);
        else if (is_url)
            urls_.insert(campaign_key(url.text));
        else
            hosts_.insert(url.host);
    }
}

bool opt_out_list::covers(std::string_view url, std::string_view host) const
{
    if (!urls_.empty() && urls_.contains(campaign_key(url))) return true;
    if (hosts_.empty() || host.empty()) return false;
    if (hosts_.contains(std::string(host))) return true;
    // An address has no names below it.
    if (host.front() == '[' || host.find_first_not_of("0123456789.") == std::string_view::npos) return false;
    for (auto dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.', dot + 1))
        if (hosts_.contains(std::string(host.substr(dot + 1)))) return true;
    return false;
}

}  // namespace rollcall::audit
