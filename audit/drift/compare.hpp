// Two versions of one schema, walked side by side.
#pragma once

#include "audit/drift/change.hpp"
#include "audit/drift/schema.hpp"

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rollcall::audit::drift {

// What a change does to the values that a schema allows, and what it is called then.
enum class effect { narrower, wider, other };
effect effect_of(bool lost, bool gained) noexcept;

struct kinds_by_effect {
    kind narrower, wider, other;
};

class comparison_of_schemas {
public:
    // `report` is told each change; tool and grade are not its business.
    comparison_of_schemas(const document& before, const document& after, side where, budget& work, std::function<void(change)> report)
        : before_(before), after_(after), side_(where), work_(work), report_(std::move(report))
    {}

    void run();

private:
    struct place_in_tool {
        std::string subject;          // "filter.tags[]"
        bool may_be_left_out = false; // by the caller, before and after: a default matters
    };

    void compare(const view& b, const view& a, const place_in_tool& at);
    void compare_words(const view& b, const view& a, const place_in_tool& at);
    void compare_notes(const view& b, const view& a, const place_in_tool& at);
    void compare_types(const view& b, const view& a, types tb, types ta, const place_in_tool& at);
    // False if there was no list of values to compare.
    bool compare_values(const view& b, const view& a, types common, const place_in_tool& at);
    void compare_alternatives(const view& b, const view& a, types tb, types ta, const place_in_tool& at);
    void compare_constraints(const view& b, const view& a, types common, const place_in_tool& at);
    void compare_bound(const view& b, const view& a, bool lower, bool whole, const place_in_tool& at);
    void compare_opaque(const view& b, const view& a, const char* keyword, const place_in_tool& at);
    void compare_references(const view& b, const view& a, const place_in_tool& at);
    void compare_default(const view& b, const view& a, const place_in_tool& at);
    void compare_fields(const view& b, const view& a, const place_in_tool& at);
    void compare_undeclared(const view& b, const view& a, const place_in_tool& at);
    void compare_elements(const view& b, const view& a, const place_in_tool& at);
    void added(const std::string& name, const std::vector<part>& schema, bool required, bool was_closed, const place_in_tool& at);
    void removed(const std::string& name, const std::vector<part>& schema, const place_in_tool& at);
    bool are_the_same(const view& b, const view& a) const;

    rule rule_for(effect e) const noexcept;
    void tell(const kinds_by_effect& kinds, effect e, change c);
    void tell(change c);

    const document& before_;
    const document& after_;
    side side_;
    budget& work_;
    std::function<void(change)> report_;
    int depth_ = 0;
    std::set<std::pair<std::string, std::string>> open_;        // pairs being compared: where a loop closes
    std::set<std::pair<std::string, std::string>> found_equal_; // pairs compared before, without a change
    std::size_t told_ = 0;
};

// Fields that seem to be called otherwise now, as pairs of old and new name. The same assertions, and a name or a
// description that points to it; each name at most once.
std::vector<std::pair<std::string, std::string>> renamed_fields(const document& before, const std::vector<std::pair<std::string, part>>& gone,
                                                                const document& after, const std::vector<std::pair<std::string, part>>& fresh,
                                                                budget& work);

}  // namespace rollcall::audit::drift
