// Where a link of a page leads.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::render {

enum class leads {
    inside,       // to `path` and `fragment` of the site
    elsewhere,    // to another site, a mail address: not ours to check
    out_of_site,  // above the root of the site, or beside it on its own host
};

struct target {
    leads where;
    std::string path;      // below the root; empty or with a slash at the end: the page of a folder
    std::string fragment;  // decoded; empty for none
};

// `from`: the path of the page; `base_href`: what its <base> says, or empty; `base_url`: where the site is published, or empty,
// then it is taken for the root of its host.
target resolve(std::string_view link, std::string_view from, std::string_view base_href, std::string_view base_url);

}  // namespace rollcall::render
