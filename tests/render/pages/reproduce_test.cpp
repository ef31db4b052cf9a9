#include "render/pages/reproduce.hpp"

#include "tests/catch.hpp"

namespace rollcall::render::tests {

TEST_CASE("the command fits the step that failed, and quotes what the endpoint brings", "[pages]")
{
    struct row { data::reason why; const char* begins; };
    const row table[] = {{data::reason::dns_nxdomain, "dig 'a.example' A\ndig 'a.example' AAAA"},
                         {data::reason::tls_expired, "curl -v --http1.1 --connect-timeout 5 -o /dev/null 'https://a.example/'\\''$(x)'"},
                         {data::reason::http_404, "curl -i -N --http1.1 --max-time 30 'https://a.example/'\\''$(x)' \\\n"}};
    data::endpoint_row e;
    e.host = "a.example";
    e.url = "https://a.example/'$(x)";
    for (const auto& r : table)
        DYNAMIC_SECTION(data::code_of(r.why))
        {
            e.why = r.why;
            CHECK(reproducing_command(e).starts_with(r.begins));
        }
}

}  // namespace rollcall::render::tests
