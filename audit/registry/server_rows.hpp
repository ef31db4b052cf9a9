// Rows of the shape that servers describe themselves in (server.json), bare or wrapped in "server", of all ages; what
// registries of the official kind and plain lists of such documents have in common.
#pragma once

#include "audit/registry/json_page.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace rollcall::audit::detail {

// What nobody asks for: READMEs make up nine tenths of some rows, and tools and packages are not ours to judge.
std::span<const std::string_view> never_kept() noexcept;

class server_rows {
public:
    // False: most rows are unreadable, so this is no page of this format; hopeless() says why.
    bool add(const std::string& place, const nlohmann::json& entry);

    // An oddity worth a line; only the first twenty are kept.
    void note(std::string what);

    std::size_t rows() const { return page_.listings.size() + page_.rejected.size(); }
    const std::optional<format_error>& hopeless() const { return hopeless_; }

    // The page, its rows marked: of several versions of a name one is the latest.
    registry_page finish();

private:
    void row(const nlohmann::json& entry, const std::string& at);
    void facts(const nlohmann::json& entry, const nlohmann::json& server, const nlohmann::json* detail, listing& l,
               const std::string& at);
    bool remotes(const nlohmann::json& server, const std::string& place, listing& l);
    void one_latest_each();
    void reject(std::string where, std::string why, std::string_view code = "shape");

    registry_page page_;
    std::optional<format_error> hopeless_;
    std::unordered_map<std::string, std::string> first_row_;  // by name and version
    std::size_t unsaid_ = 0;
    bool needs_auth_ = false;
};

// A member by the first of its names that is there and not null.
const nlohmann::json* member(const nlohmann::json& object, std::initializer_list<const char*> keys);

// A text of at most so many bytes; empty if it is none.
std::string text_of(const nlohmann::json* value, std::size_t bytes);

// A URL as it may be kept; empty if it is none.
std::string url_of(const nlohmann::json* value);

}  // namespace rollcall::audit::detail
