// A JSON Schema as it is meant: references within the document followed, allOf taken together, alternatives opened.
// Nothing is ever fetched, and every walk draws on one budget of work, so that no schema costs more than it.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::audit::drift {

// What is left of the work that one comparison may take.
struct budget {
    std::size_t left = 0;
    bool exhausted = false;
    bool incomplete = false;  // something was not looked at
    std::size_t likenesses = 0;       // how often two things were asked how alike they are
    std::size_t most_likenesses = 0;

    bool spend(std::size_t units = 1) noexcept
    {
        if (left < units) exhausted = incomplete = true;
        else left -= units;
        return !exhausted;
    }
};

// A set of JSON types; `number` is integer and fraction.
using types = std::uint8_t;
namespace type {
inline constexpr types null = 1, boolean = 2, object = 4, array = 8, string = 16, integer = 32, fraction = 64;
inline constexpr types number = integer | fraction, all = 127, none = 0;
}
types type_of(const nlohmann::json& value) noexcept;
// ["string","null"], "string", or true for any and false for none: as a schema would say it.
nlohmann::json words_of(types t);

// One of the schemas that must all hold.
struct part {
    const nlohmann::json* schema = nullptr;
    std::string place;  // JSON pointer inside the tool
};

// All schemas that hold at one place, outermost first.
struct view {
    std::vector<part> parts;
    types allowed = type::all;                       // fewer in one branch of a list of types
    std::vector<const nlohmann::json*> opened{};     // the lists of alternatives that this is a branch of
};

struct located {
    const nlohmann::json* value = nullptr;
    std::string place;
};

// The alternatives of anyOf or oneOf.
struct alternatives {
    const nlohmann::json* list = nullptr;
    std::string place, keyword;
};

class document {
public:
    // `place` is the root's JSON pointer inside the tool: "/inputSchema". All referred to must outlive it.
    document(const nlohmann::json& root, std::string place, budget& work);

    view root() const { return open({&root_, place_}); }
    bool has_references() const { return has_references_; }

    // Does the reference lead to something within the document?
    bool resolves(const std::string& reference) const { return follow(reference).has_value(); }

    // A schema with what its references lead to and the members of its allOf.
    view open(part p) const;
    view open(const std::vector<part>& together) const;
    // One branch of `v`: the alternative, and all that `v` says beside it.
    view branch(const view& v, const alternatives& a, std::size_t index) const;

    types types_of(const view& v, int depth = 0) const;
    // The values it is limited to, as canonical JSON; nothing if there is no such limit.
    std::optional<std::set<std::string>> values_of(const view& v, int depth = 0) const;

    // What it asserts, as one text: without titles, descriptions and the order of unordered things, references
    // written out. Equal texts mean the same.
    std::string meaning_of(const part& p) const;

private:
    void add(const part& p, view& to) const;
    std::optional<part> follow(const std::string& reference) const;
    nlohmann::json meaning(const nlohmann::json& schema, std::vector<std::string>& open_references, int depth) const;

    const nlohmann::json& root_;
    std::string place_;
    budget& work_;
    bool has_references_;
    std::map<std::string, part> anchors_;
};

// The first schema of the view that has the member, and where.
std::optional<located> find(const view& v, const char* keyword);
std::vector<located> find_all(const view& v, const char* keyword);
// A list of alternatives that was not opened yet.
std::optional<alternatives> alternatives_of(const view& v);

// The members of `properties`: each with all schemas that hold for it.
std::map<std::string, std::vector<part>> fields_of(const view& v);
std::map<std::string, std::string> required_of(const view& v);  // name, place

// Does the keyword only describe (title, examples), or is it unknown, so that it asserts nothing?
bool is_note(std::string_view keyword) noexcept;

// One step of a JSON pointer, escaped: "a/b" becomes "/a~1b".
std::string step_to(std::string_view member);

}  // namespace rollcall::audit::drift
