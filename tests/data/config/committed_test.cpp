// The files under data/: they load, they say what the code says, and their schemas say the same.
#include "data/config/config.hpp"
#include "data/config/history.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace {

using namespace rollcall::data;
using nlohmann::json;

const std::filesystem::path folder = std::filesystem::path(ROLLCALL_SOURCE_DIR) / "data";

std::string text_of(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    REQUIRE(in);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

TEST_CASE("the committed configuration loads, and probes no stranger as it is", "[config]")
{
    const auto c = load_configuration(folder / "rollcall.json");
    CHECK(c.rollcall.base_url == "http://localhost:8000/");
    CHECK(is_placeholder_contact(c.rollcall.contact));

    std::vector<std::string> ids;
    for (const auto& r : c.registries) {
        ids.push_back(r.id);
        CHECK_FALSE(r.licence.empty());
        CHECK_FALSE(r.attribution.empty());
        // Six are read, all without a key; what is switched off says why.
        if (r.enabled)
            CHECK(r.key_env.empty());
        else
            CHECK(r.note.starts_with("Off: "));
        CHECK(r.enabled == (ids.size() <= 6));
    }
    CHECK(ids == std::vector<std::string>{"official", "github", "docker", "cline", "awesome-remote", "remote-list", "anthropic", "toolhive", "pulsemcp"});

    REQUIRE(c.regions.size() == 1);
    CHECK(c.regions[0].id == "local");
    CHECK(c.regions[0].city.empty());
    CHECK_FALSE(c.platforms.empty());
    CHECK(c.opt_out.empty());
}

TEST_CASE("the committed settings are the defaults of the code", "[config]")
{
    settings read = parse_settings(text_of(folder / "rollcall.json"), "rollcall.json");
    const settings code;
    CHECK(read.site_name == code.site_name);
    CHECK(read.probe.concurrency == code.probe.concurrency);
    CHECK(read.probe.connect == code.probe.connect);
    CHECK(read.probe.tls == code.probe.tls);
    CHECK(read.probe.first_byte == code.probe.first_byte);
    CHECK(read.probe.total == code.probe.total);
    CHECK(read.probe.slow == code.probe.slow);
    CHECK(read.probe.body_bytes == code.probe.body_bytes);
    CHECK(read.probe.pages == code.probe.pages);
    CHECK(read.probe.tools == code.probe.tools);
    CHECK(read.probe.redirects == code.probe.redirects);
    CHECK(read.probe.retry_after == code.probe.retry_after);
    CHECK(read.probe.retries == code.probe.retries);
    CHECK(read.probe.budget == code.probe.budget);
    CHECK(read.politeness.per_site_per_second == code.politeness.per_site_per_second);
    CHECK(read.politeness.per_site_burst == code.politeness.per_site_burst);
    CHECK(read.politeness.per_site_connections == code.politeness.per_site_connections);
    CHECK(read.politeness.per_address_per_second == code.politeness.per_address_per_second);
    CHECK(read.politeness.per_address_connections == code.politeness.per_address_connections);
    CHECK(read.dns.timeout == code.dns.timeout);
    CHECK(read.dns.tries == code.dns.tries);
    CHECK(read.intake.page_bytes == code.intake.page_bytes);
    CHECK(read.intake.registry_bytes == code.intake.registry_bytes);
    CHECK(read.intake.registry_time == code.intake.registry_time);
    CHECK(read.intake.pause == code.intake.pause);
    CHECK(read.retention.transcripts_days == code.retention.transcripts_days);
    CHECK(read.retention.cells_days == code.retention.cells_days);
    CHECK(read.retention.nights_days == code.retention.nights_days);
    CHECK(read.window_rounds == code.window_rounds);
}

// Every key of `value` stands in the schema, and the other way round where `complete`.
void same_keys(const json& value, const json& schema, bool complete, const std::string& at)
{
    CAPTURE(at);
    if (value.is_array()) {
        REQUIRE(schema.contains("items"));
        for (std::size_t i = 0; i < value.size(); ++i) same_keys(value[i], schema["items"], complete, at + "/" + std::to_string(i));
    } else if (value.is_object()) {
        REQUIRE(schema.contains("properties"));
        CHECK(schema.at("additionalProperties") == false);
        std::set<std::string> have, known;
        for (const auto& [key, member] : value.items()) have.insert(key);
        for (const auto& [key, member] : schema["properties"].items()) known.insert(key);
        if (complete) CHECK(have == known);
        for (const auto& key : have) {
            CAPTURE(key);
            REQUIRE(known.contains(key));
            same_keys(value[key], schema["properties"][key], complete, at + "/" + key);
        }
    }
}

TEST_CASE("each committed file names its schema and has the keys that the schema has", "[config]")
{
    for (const std::string name : {"rollcall", "registries", "regions", "platforms", "owners", "history"}) {
        DYNAMIC_SECTION(name)
        {
            const json file = json::parse(text_of(folder / (name + ".json")));
            const json schema = json::parse(text_of(folder / "schemas" / (name + ".schema.json")));
            CHECK(file.at("$schema") == "schemas/" + name + ".schema.json");
            CHECK(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
            same_keys(file, schema, name == "rollcall", "");
        }
    }
}

// A number one outside the bounds of the schema is refused by the code, one on them is not.
TEST_CASE("the schema of the settings has the bounds of the code", "[config]")
{
    const json schema = json::parse(text_of(folder / "schemas/rollcall.schema.json"));
    const auto refused = [](const std::string& group, const std::string& key, const json& value) {
        json file = group.empty() ? json{{key, value}} : json{{group, {{key, value}}}};
        try {
            parse_settings(file.dump(), "f");
        } catch (const config_error& e) {
            return std::string(e.what()).find(", expected a ") != std::string::npos;  // "at least ..." compares two keys
        }
        return false;
    };
    std::size_t bounded = 0;
    const auto check = [&](const std::string& group, const std::string& key, const json& property) {
        if (!property.contains("minimum")) return;
        CAPTURE(group, key);
        const double step = property["type"] == "integer" ? 1 : 0.001;
        const auto number = [&](const char* bound, double more) {
            const double n = property[bound].get<double>() + more;
            return property["type"] == "integer" ? json(static_cast<std::int64_t>(n)) : json(n);
        };
        CHECK_FALSE(refused(group, key, number("minimum", 0)));
        CHECK_FALSE(refused(group, key, number("maximum", 0)));
        CHECK(refused(group, key, number("minimum", -step)));
        CHECK(refused(group, key, number("maximum", step)));
        ++bounded;
    };
    for (const auto& [group, property] : schema["properties"].items()) {
        check("", group, property);
        if (!property.contains("properties")) continue;
        for (const auto& [key, inner] : property["properties"].items()) check(group, key, inner);
    }
    CHECK(bounded == 29);
}

TEST_CASE("the published quarters are those of the golden row", "[config]")
{
    const auto quarters = parse_history(text_of(folder / "history.json"), "history.json");
    REQUIRE(quarters.size() == 2);
    for (const auto& q : quarters) {
        CHECK(q.publisher == "AliveMCP");
        CHECK(q.source == "https://alivemcp.com");
        CHECK(q.registries == 6);
        double shares = 0;
        for (const auto& b : q.buckets) shares += b.share;
        CHECK(shares > 99.95);
        CHECK(shares < 100.05);
    }
    CHECK(quarters[0].quarter == "2026-Q2");
    CHECK(quarters[0].endpoints == 2181);
    CHECK(quarters[1].quarter == "2026-Q3");
    CHECK(quarters[1].endpoints == 2414);
    CHECK(quarters[1].regions == 5);
    CHECK(quarters[1].buckets.front().count == 248);
}

}  // namespace
