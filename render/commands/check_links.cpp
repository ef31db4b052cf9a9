#include "render/commands/check_links.hpp"

#include "data/model/plain.hpp"
#include "render/commands/site.hpp"
#include "render/links/check.hpp"

#include <iostream>

namespace rollcall::render {

bool check_links_of(const check_links_options& o)
{
    if (!o.base_url.empty()) require_web_url("--base-url", o.base_url);
    const auto c = check_links(o.site, o.base_url);
    for (const auto& f : c.findings) std::cout << data::plain(f.page) << ':' << f.line << ": " << data::plain(f.link) << ": " << f.what << '\n';
    std::cout << c.files << " files, " << c.pages << " pages, " << c.links << " links: " << (c.findings.empty() ? std::string("all lead somewhere") : std::to_string(c.findings.size()) + " findings") << '\n';
    return c.findings.empty();
}

}  // namespace rollcall::render
