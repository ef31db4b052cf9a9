// A page in one line a row, for tables of whole answers.
#pragma once

#include "audit/registry/adapter.hpp"

#include <string>

namespace rollcall::tests {

// "name@version | title | website | repository [auth transport url]", "!where: why (code)", "note ...", "next ...";
// what is empty is left out. A page that is none: "error ...".
inline std::string told(const audit::page_result& result)
{
    if (const auto* error = std::get_if<audit::format_error>(&result)) return "error " + error->message;
    const auto& page = std::get<audit::registry_page>(result);
    std::string out;
    for (const auto& l : page.listings) {
        out += l.name + (l.version.empty() ? "" : "@" + l.version);
        for (const auto* text : {&l.title, &l.website, &l.repository})
            if (!text->empty()) out += " | " + *text;
        for (const auto& r : l.remotes) out += std::string(" [") + (r.declared_auth ? "auth " : "") + (r.transport.empty() ? "" : r.transport + " ") + r.url + ']';
        out += '\n';
    }
    for (const auto& r : page.rejected) out += "!" + r.where + ": " + r.why + " (" + std::string(r.code) + ")\n";
    for (const auto& n : page.notes) out += "note " + n + '\n';
    if (page.next) out += "next " + *page.next + '\n';
    return out;
}

}  // namespace rollcall::tests
