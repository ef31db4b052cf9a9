// A list that is read in pages: where each stands, which rows it has, and the way to the next one.
#pragma once

#include "render/pages/writer.hpp"

#include <cstddef>
#include <string>

namespace rollcall::render {

struct paging {
    std::string folder;   // of the first page: "drift/by/month/2026-11/"
    std::string further;  // the others stand below it, as "page/2/"
    std::size_t rows, page_rows;

    std::size_t pages() const;  // at least one: a list without a row has a page, too
    std::string folder_of(std::size_t page) const;
    // The rows of a page, the last one excluded.
    std::size_t first(std::size_t page) const { return (page - 1) * page_rows; }
    std::size_t end(std::size_t page) const;
};

// "All servers, page 2"
std::string titled(const std::string& list, std::size_t page);
// What the navigation of a page's list holds; empty where the list has one page.
std::string paging_html(const page_writer& w, const paging& p, std::size_t page, const std::string& root);

}  // namespace rollcall::render
