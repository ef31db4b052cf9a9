// Where pages come from: a saved file, or the network with manners.
#pragma once

#include "audit/intake/manners.hpp"
#include "audit/intake/reading.hpp"
#include "data/config/config.hpp"

#include <filesystem>
#include <memory>

namespace rollcall::audit {

// One registry's, for one reading.
class page_server {
public:
    virtual ~page_server() = default;
    // `known`: what the page had when it was last read; empty: it must come whole.
    virtual std::variant<page, page_error> get(const std::string& location, const page_marks& known) = 0;
    // Since the first page was asked for.
    virtual std::chrono::milliseconds elapsed() const { return {}; }
};

// `folder`: what relative paths are relative to. The settings must outlive the result. Throws config_error for a key
// that is named and not there.
std::unique_ptr<page_server> pages_of(const data::settings& settings, const data::registry_source& source, const std::filesystem::path& folder);

// Texts from a function: nothing is known about them, so they always come whole.
std::unique_ptr<page_server> pages_from(page_source source);

}  // namespace rollcall::audit
