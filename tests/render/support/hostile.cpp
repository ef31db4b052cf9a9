// Every field that a stranger can fill, filled by somebody who means ill.
#include "tests/render/support/sample.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace rollcall::render::tests {
namespace {

// What runs sets `pwned`, which the browser's pass looks for; what loads asks for evil.example.
const std::vector<std::string>& attacks()
{
    using namespace std::string_literals;
    static const std::vector<std::string> all{
        "<script>window.pwned=1;alert(1)</script>",
        "\"><img src=x onerror=\"window.pwned=2\"><svg onload=window.pwned=3>",
        "' autofocus onfocus='window.pwned=4' x='",
        "javascript:window.pwned=5//",
        "data:text/html,<script>parent.pwned=6</script>",
        "</title></style></textarea></pre></script><script src=//evil.example/x.js></script>",
        "<!-- <a href=//evil.example> ]]> <![CDATA[ <?php",
        "{{root}} {{#servers}} {{body:none}} {{>_layout.html}}",
        "[click](javascript:window.pwned=7) ![](https://evil.example/x.png) <https://evil.example/>",
        "=HYPERLINK(\"https://evil.example/\",\"x\")",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "right \xE2\x80\xAEtfel\xE2\x80\xAC \xE2\x81\xA6\xE2\x81\xA7 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
        "\x01\x02\x07\x08\x0b\x1b[31m\x7f\xC2\x85\xE2\x80\xA8\xE2\x80\xA9 \xEF\xBF\xBE"s + '\0' + "end",
        "broken \xFF\xFE\xC0\xAF\xED\xA0\x80 bytes",
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 \xF0\x9F\x8F\xB4 z\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85\xCC\x86\xCC\x87\xCC\x88\xCC\x89\xCC\x8A",
        std::string(10 << 10, 'W'),
        std::string(5 << 10, '<') + std::string(5 << 10, '&'),
        "\n\n\t  \n",
    };
    return all;
}

// Each asked for in turn, so that every field meets every attack somewhere.
class turns {
public:
    std::string operator()() { return attacks()[next_++ % attacks().size()]; }

private:
    std::size_t next_ = 0;
};

void attack(data::cell& c, turns& next)
{
    c.answer.protocol_version = next();
    c.answer.server_name = next();
    c.answer.server_version = next();
    c.answer.capabilities = {next(), next()};
    c.answer.final_url = next();
    c.answer.auth_challenge = next();
    c.answer.detail = next();
    c.path.cname = next();
    c.path.tls_issuer = next();
    c.path.tls_version = next();
    c.transcript = next() + next();
}

void attack(data::endpoint_row& e, turns& next)
{
    e.url = "https://" + e.host + "/mcp?" + next();
    e.platform = e.id % 2 == 0 ? e.platform : next();
    e.alias = next();
    for (auto& c : e.cells) attack(c.cell, next);
    for (auto& tool : e.tools) tool = next();
    e.tools.push_back(next());
    for (auto& l : e.listings) {
        for (auto* field : {&l.name, &l.title, &l.version, &l.description, &l.repository, &l.website, &l.listed_url, &l.declared_transport}) *field = next();
    }
    e.auth.metadata_url = next();
    e.auth.issuer = next();
    for (auto& rung : e.auth.rungs) rung.detail = next();
    for (auto& o : e.owner) {
        o.note = next();
        o.check.health_summary = next();
        for (auto& s : o.check.steps) s.detail = next();
        for (auto& h : o.check.health) h = {next(), next(), next()};
    }
}

// Bytes that are not UTF-8 cannot stand in the JSON that the auditor writes.
std::string drift_of(turns& next)
{
    auto changes = nlohmann::json::array();
    for (const char* grade : {"breaking", "additive", "wording"})
        for (int k = 0; k < 6; ++k)
            changes.push_back({{"grade", grade}, {"kind", "wording_changed"}, {"rule", "words_only"}, {"because", next()}, {"sentence", next() + " `" + next() + "`"}, {"tool", next()}, {"for_review", {{{"what", next()}}}}});
    const nlohmann::json d{{"grade", "breaking"}, {"counts", {{"breaking", 6}, {"additive", 6}, {"wording", 6}}}, {"left_out", 0}, {"for_review", 18}, {"tools", {{"before", 6}, {"after", 6}}}, {"changes", changes}};
    return d.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

data::edition hostile_edition()
{
    auto e = sample_edition();
    turns next;
    for (auto& row : e.endpoints) {
        attack(row, next);
        if (row.id % 5 == 0) row.drifts.push_back({e.rounds.back().id, "breaking", drift_of(next)});
    }
    for (auto& g : e.registries) {
        g.problem = next();
        g.licence = next();
    }
    for (auto& i : e.incidents) {
        i.key = i.key.empty() ? i.key : next();
        i.detail = next();
        i.url = next();
        for (auto& m : i.members) m.url = next();
    }
    for (auto& v : e.variants) v.url = next();
    for (auto& n : e.region_nights) n.why = next();
    return e;
}

}  // namespace rollcall::render::tests
