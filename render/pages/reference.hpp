// The map of the site for those who look for pages to read.
#pragma once

#include "render/pages/writer.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace rollcall::render {

// What sitemaps.org allows in one file.
struct sitemap_limits { std::size_t urls = 50'000, bytes = 50u << 20; };

// sitemap.xml; with more than fits into it an index of sitemaps/1.xml and so on.
void write_sitemap(const page_writer& w, const std::vector<std::string>& urls, const sitemap_limits& most = {});

}  // namespace rollcall::render
