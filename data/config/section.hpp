// One JSON object of a configuration file, read strictly: it knows where it stands, remembers what it was asked for,
// and complains about everything else.
#pragma once

#include "data/config/config.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data::detail {

// A place in a file, and the one way to complain about it:
// "FILE: /json/pointer: WHAT STOOD THERE, expected WHAT".
struct place {
    std::string file, pointer;
    place at(std::string_view key) const;
    place at(std::size_t index) const;
    [[noreturn]] void fail(const std::string& problem) const;
    [[noreturn]] void expected(const nlohmann::json& found, std::string_view what) const;
};

// The document, or config_error with line and column. A key that stands twice in one object is an error.
nlohmann::json parse_json(std::string_view text, const std::string& file);

// Whole numbers, texts and the rest, each with what is expected in words a person can act on.
class section {
public:
    section(const nlohmann::json& object, place where);

    template <class Integer>
    void whole(const char* key, Integer& out, Integer low, Integer high)
    {
        const auto n = number(key, static_cast<std::int64_t>(low), static_cast<std::int64_t>(high));
        if (n) out = static_cast<Integer>(*n);
    }
    void time(const char* key, milliseconds& out, milliseconds low, milliseconds high);
    void real(const char* key, double& out, double low, double high);
    void real(const char* key, std::optional<double>& out, double low, double high);
    void flag(const char* key, bool& out);

    using check = std::function<bool(std::string_view)>;
    // `what` completes "expected ...".
    void text(const char* key, std::string& out, std::string_view what = "text", const check& is_right = {});
    void required(const char* key, std::string& out, std::string_view what = "text", const check& is_right = {});
    // The NAME of an environment variable: [A-Z_][A-Z0-9_]*. What stood there is not shown in full: it may be the
    // secret.
    void variable(const char* key, std::string& out);

    // A member that is an object; absent: an empty one.
    section child(const char* key);
    // A member that is a list; each element with its place. Absent: an error if `needed`.
    void each(const char* key, bool needed, const std::function<void(const nlohmann::json&, const place&)>& element);

    bool has(const char* key) const { return object_->contains(key); }
    const place& where() const noexcept { return where_; }
    // Call when everything has been read: an unknown key is an error, with the nearest known one.
    void end() const;

private:
    const nlohmann::json* find(const char* key);
    std::optional<std::int64_t> number(const char* key, std::int64_t low, std::int64_t high);

    const nlohmann::json* object_;
    place where_;
    std::vector<std::string> known_;
};

// "a-z0-9-", 1 to 40 characters: it stands in paths and URLs.
bool is_id(std::string_view text) noexcept;
inline constexpr std::string_view id_form = "1 to 40 of a-z, 0-9 and -";
// http:// or https:// and a host.
bool is_http_url(std::string_view text) noexcept;

}  // namespace rollcall::data::detail
