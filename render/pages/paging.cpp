#include "render/pages/paging.hpp"

#include <algorithm>

namespace rollcall::render {

std::size_t paging::pages() const { return std::max<std::size_t>(1, (rows + page_rows - 1) / page_rows); }

std::string paging::folder_of(std::size_t page) const { return page == 1 ? folder : further + "page/" + std::to_string(page) + "/"; }

std::size_t paging::end(std::size_t page) const { return std::min(rows, page * page_rows); }

std::string titled(const std::string& list, std::size_t page) { return list + (page > 1 ? ", page " + std::to_string(page) : ""); }

std::string paging_html(const page_writer& w, const paging& p, std::size_t page, const std::string& root)
{
    const auto pages = p.pages();
    if (pages == 1) return {};
    return w.templates().render("_pages.html", {{"root", root},
                                                {"page", page},
                                                {"pages", pages},
                                                {"previous", page > 1 ? p.folder_of(page - 1) : std::string()},
                                                {"next", page < pages ? p.folder_of(page + 1) : std::string()}});
}

}  // namespace rollcall::render
