#include "data/store/tool_names.hpp"

#include "tests/catch.hpp"

namespace rollcall::data::tests {

TEST_CASE("the names of tools are read in the list's order, and nothing else is taken for one", "[store]")
{
    using names = std::vector<std::string>;
    struct row { const char* what; const char* json; names expected; };
    const row table[] = {
        {"a list", R"([{"name":"b"},{"name":"a","inputSchema":{}}])", {"b", "a"}},
        {"as many as were asked for", R"([{"name":"1"},{"name":"2"},{"name":"3"},{"name":"4"}])", {"1", "2", "3"}},
        {"a name deeper down", R"([{"inputSchema":{"properties":{"name":{"type":"string"}},"name":"no"},"name":"yes"}])", {"yes"}},
        {"a name that is no text", R"([{"name":1},{"name":null},{"name":{"name":"no"}},{"name":["no"]},{"name":"yes"}])", {"yes"}},
        {"the last of two", R"([{"name":"a","name":"b"},{"name":"a","name":1}])", {"b"}},
        {"a text that follows a name that is none", R"([{"name":{},"title":"no"}])", {}},
        {"an element that is no object", R"(["a",7,["b",{"name":"no"}],{"name":"yes"}])", {"yes"}},
        {"a list of nothing", "[]", {}},
        {"no list", R"({"name":"a"})", {}},
        {"no list, but a text", R"("name")", {}},
        {"a list that ends too early", R"([{"name":"a"})", {}},
        {"bytes that are not UTF-8", "[{\"name\":\"a\"},{\"name\":\"\xff\"}]", {}},
        {"nothing", "", {}},
    };
    for (const auto& r : table)
        DYNAMIC_SECTION(r.what) { CHECK(tool_names(r.json, 3) == r.expected); }
}

}  // namespace rollcall::data::tests
