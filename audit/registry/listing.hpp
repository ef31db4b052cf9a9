// What a registry's page says, in our words; every text in it is hostile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit {

struct remote {
    std::string url;        // as listed, bytes untouched but for userinfo ("hidden@": it is a secret); may be empty
    std::string transport;  // as declared: "streamable-http", "sse", ...: a hint, never a fact
    bool declared_auth = false;  // a header that is required or secret; its value is never kept
};

// One entry of one registry. Texts are capped by the adapter (name 300, title 300, description 2,000 bytes), never
// cut inside a UTF-8 sequence. A URL above `longest_url` stays above it, so that it is malformed and not another URL.
struct listing {
    std::string name, version, title, description, repository, website;
    std::string status;     // "active", "deprecated", "deleted", or what the registry says
    std::string published_at, updated_at;
    bool latest = true;     // false: a newer version of the same name exists
    std::vector<remote> remotes;
};

// A row that could not be read as a listing: where, why, and the word that such rows are counted under: "shape",
// "name", "same_name", "same_url", "encoding", "no_endpoint", "not_mcp".
struct rejected_row {
    std::string where, why;
    std::string_view code = "shape";
};

struct registry_page {
    std::vector<listing> listings;
    std::vector<rejected_row> rejected;    // rows = listings.size() + rejected.size()
    std::optional<std::string> next;       // opaque cursor of the following page
    std::vector<std::string> notes;        // oddities worth a line in the run's output
};

// The page was not what this registry's pages look like; the message names the place ("/servers/3/server: ...").
struct format_error { std::string message; };

}  // namespace rollcall::audit
