#include "audit/health/report.hpp"

#include <array>

namespace rollcall::audit::health {
namespace {

struct oddity_row { oddity value; std::string_view code, words; };

constexpr std::array oddities{
    oddity_row{oddity::aggregate_hides_failure, "aggregate_hides_failure", "it says up as a whole, and down of a part"},
    oddity_row{oddity::code_body_conflict, "code_body_conflict", "its HTTP status and its text contradict one another"},
    oddity_row{oddity::duplicate_key, "duplicate_key", "a name stands twice in one object; the last one was read"},
    oddity_row{oddity::unknown_word, "unknown_word", "a state is named in a word that we do not know"},
    oddity_row{oddity::components_cut, "components_cut", "it names more components than are listed"},
};

consteval bool in_enum_order()
{
    for (std::size_t i = 0; i < oddities.size(); ++i)
        if (oddities[i].value != static_cast<oddity>(i)) return false;
    return oddities.size() == static_cast<std::size_t>(oddity::components_cut) + 1;
}
static_assert(in_enum_order());

}  // namespace

std::string_view code_of(oddity o) noexcept { return oddities[static_cast<std::size_t>(o)].code; }
std::string_view words_of(oddity o) noexcept { return oddities[static_cast<std::size_t>(o)].words; }

}  // namespace rollcall::audit::health
