// `rollcall-render site`: from the store to a folder or a tar.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace rollcall::render {

struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Throws usage_error, naming the option, for what is no http or https URL.
void require_web_url(const std::string& option, const std::string& url);

struct site_options {
    std::filesystem::path db;
    std::string out;  // a folder; FILE.tar; "-": a tar to the standard output
    std::string base_url, now;
    std::filesystem::path templates = ROLLCALL_TEMPLATES_DIR, static_files = ROLLCALL_SITE_DIR;
    bool verify = false;
    unsigned threads = 0;
};

// Throws usage_error for options that make no sense, and what the store, the templates and the disk throw.
void render_site(const site_options& o);

}  // namespace rollcall::render
