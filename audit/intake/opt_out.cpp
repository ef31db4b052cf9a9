// Who asked not to be called: by site, by host or by URL.
#include "audit/intake/intake.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/url/url.hpp"

#include <algorithm>

namespace rollcall::audit {
namespace {

// An entry in the spelling that canonical URLs have: no dot at the end, addresses as they are usually written.
std::string host_of(const std::string& entry)
{
    const auto last_label = std::string_view(entry).substr(entry.rfind('.') + 1);
    const bool plain = !last_label.empty() && !is_digit(last_label.front()) && last_label.front() != '[';
    const auto host = plain ? std::string() : canonicalise("https://" + entry, true).url.host;
    return host.empty() ? lower(entry) : host;
}

}  // namespace

bool is_opted_out(const std::vector<std::string>& opt_out, const std::string& url, const std::string& host, const std::string& site)
{
    return std::ranges::any_of(opt_out, [&](const std::string& entry) {
        if (entry.find("://") != std::string::npos) {
            const auto canonical = canonicalise(entry, true).url.text;
            return entry == url || canonical == url;
        }
        const auto name = host_of(entry);
        return name == host || name == site || (host.size() > name.size() && host.ends_with("." + name));
    });
}

}  // namespace rollcall::audit
