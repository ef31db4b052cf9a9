#include "data/model/plain.hpp"
#include "tests/catch.hpp"

#include <string>

TEST_CASE("what would act on a terminal is replaced, and what is read is not", "[data]")
{
    using rollcall::data::plain;
    struct row { std::string text, line, lines; };
    const row rows[] = {
        {"a b", "a b", "a b"},
        {"\x1b[31mred\x07", "?[31mred?", "?[31mred?"},
        {"a\nb\tc\r\n", "a b c  ", "a\nb\tc\n"},
        {std::string("a\0b", 3), "a?b", "a?b"},
        {"\u202eevil\u202c \u2066x\u2069", "?evil? ?x?", "?evil? ?x?"},
        {"\u009b31m", "?31m", "?31m"},
        {"\xff\xc0\xaf\xed\xa0\x80", "??????", "??????"},
        {"b\u00fc" "cher \u4e2d\u6587 \U0001f600", "b\u00fc" "cher \u4e2d\u6587 \U0001f600", "b\u00fc" "cher \u4e2d\u6587 \U0001f600"},
        {"cut \xe4\xb8", "cut ??", "cut ??"},
        {"", "", ""},
    };
    for (const auto& r : rows) {
        DYNAMIC_SECTION(r.line)
        {
            CHECK(plain(r.text) == r.line);
            CHECK(plain(r.text, true) == r.lines);
        }
    }
}
