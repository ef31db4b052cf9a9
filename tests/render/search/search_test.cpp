#include "render/search/index.hpp"

#include "render/pages/site.hpp"
#include "render/search/segment.hpp"
#include "render/search/tools.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/sample.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <set>

namespace rollcall::render::tests {
namespace {

using tree = std::map<std::string, std::string>;

const tree& sample()
{
    static const tree site = rendered(three_regions());
    return site;
}

document at(const std::string& path) { return document::parse(sample().at(path)); }

std::size_t gzipped(const std::string& bytes)
{
    auto size = compressBound(static_cast<uLong>(bytes.size()));
    std::vector<Bytef> out(size);
    REQUIRE(compress2(out.data(), &size, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()), 6) == Z_OK);
    return size + 12;
}

// Names as registries have them: an owner, what it does, a tail; hosts of their own and of platforms.
data::edition realistic(int count)
{
    auto e = three_regions();
    const auto patterns = e.endpoints;
    std::mt19937 dice(8);
    const auto any = [&](std::size_t n) { return static_cast<std::size_t>(dice() % n); };
    constexpr std::string_view syllables[] = {"al", "ber", "cor", "da", "el", "fin", "gra", "hu", "in", "jo", "ka", "lum", "mar", "no", "or", "pix", "qui", "ra", "sol", "ti", "ul", "ver", "wa", "xen", "yo", "za", "ex", "um"};
    constexpr std::string_view things[] = {"Weather", "Search", "Calendar", "Notes", "Docs", "CRM", "Billing", "Maps", "Mail", "Analytics", "Memory", "Browser", "Database", "Tickets", "Finance", "News", "Images", "Translate", "Tasks", "Files"};
    constexpr std::string_view verbs[] = {"get", "list", "create", "update", "delete", "search", "fetch", "send", "run", "find", "add", "check"};
    constexpr std::string_view places[] = {".onrender.com", ".up.railway.app", ".vercel.app", ".workers.dev", ".fly.dev", ".com", ".io", ".ai", ".dev", ".app"};
    const auto word = [&] {
        std::string out;
        for (std::size_t i = 0; i < 2 + any(3); ++i) out += syllables[any(std::size(syllables))];
        return out;
    };
    e.endpoints.clear();
    std::set<std::string> slugs;
    while (static_cast<int>(e.endpoints.size()) < count) {
        auto row = patterns[any(patterns.size())];
        const auto owner = word();
        const std::string thing(things[any(std::size(things))]);
        const auto place = any(std::size(places));
        row.host = (place > 4 && any(2) == 0 ? "mcp." : "") + owner + (any(2) == 0 ? "-" + word() : "") + std::string(places[place]);
        row.slug = row.host + (any(3) == 0 ? "/sse" : any(8) == 0 ? "/v1/" + word() : "/mcp");
        if (!slugs.insert(row.slug).second) continue;
        row.id = static_cast<std::int64_t>(e.endpoints.size()) + 1;
        row.url = "https://" + row.slug;
        row.site = row.host;
        row.platform = place < 5 ? std::string(places[place].substr(1)) : "";
        row.first_seen -= std::chrono::days(any(300));
        row.streak = static_cast<std::int64_t>(any(90));
        for (auto& night : row.nights) night.state = any(25) == 0 ? data::state::down : night.state;
        auto& listing = row.listings.front();
        listing.name = "io.github." + owner + "/" + word() + "-mcp";
        listing.title = any(3) == 0 ? "" : static_cast<char>(owner[0] - 'a' + 'A') + owner.substr(1) + " " + thing;
        row.tools.clear();
        for (std::size_t i = 0; i < 5 + any(20); ++i) row.tools.push_back(std::string(verbs[any(std::size(verbs))]) + "_" + (any(2) == 0 ? word() : std::string(things[any(std::size(things))])) + (any(3) == 0 ? "_" + word() : ""));
        e.endpoints.push_back(std::move(row));
    }
    std::ranges::sort(e.endpoints, {}, &data::endpoint_row::slug);
    return e;
}

std::vector<said> said_of(const roll& r)
{
    std::vector<said> out;
    for (const auto& n : r.entries) out.push_back({n.state, std::string(data::row_of(n.state).label), std::string(data::row_of(n.row->why).label)});
    return out;
}

std::vector<std::string> names_of(const std::map<std::string, document>& shards)
{
    std::vector<std::string> out;
    for (const auto& [name, shard] : shards) out.push_back(name);
    return out;
}

const facet& facet_of(const std::vector<facet>& all, std::string_view code)
{
    const auto it = std::ranges::find(all, code, &facet::code);
    REQUIRE(it != all.end());
    return *it;
}

const facet_value& value_of(const facet& f, std::string_view code)
{
    const auto it = std::ranges::find(f.values, code, &facet_value::code);
    REQUIRE(it != f.values.end());
    return *it;
}

}  // namespace

TEST_CASE("a value is a folder's name as it is, or marked; two values never share one", "[search]")
{
    struct row { std::string value; bool plain; };
    const row table[] = {{"official", true}, {"onrender.com", true}, {"streamable-http", true}, {"page", false}, {"..", false}, {"", false}, {"a/b", false}, {"by", false}, {".git", false},
                         {"x.html", false}, {"caf\xC3\xA9", false}, {"<b>", false}, {"a~0a1b2c3d", false}, {std::string(81, 'a'), false}};
    for (const auto& r : table)
        DYNAMIC_SECTION("'" << r.value.substr(0, 20) << "'")
        {
            segments s;
            const auto folder = s.of(r.value);
            CHECK((folder == r.value) == r.plain);
            CHECK(is_safe_slug("x/" + folder));
            CHECK(folder.find('/') == std::string::npos);
        }
    segments s;
    std::set<std::string> taken;
    for (const char* value : {"a b", "a-b", "a_b", "A_b", "a/b", "a?b", "a b", "page", "PAGE"}) CHECK(taken.insert(s.of(value)).second);
}

TEST_CASE("the words of a tool's name", "[search]")
{
    struct row { const char* name; std::vector<std::string> words; };
    const row table[] = {{"get_weather", {"get", "weather"}}, {"getWeather", {"get", "weather", "getweather"}}, {"list-HTTP-routes", {"list", "http", "routes"}}, {"a.b/c", {"a", "b", "c"}},
                         {"search2", {"search2"}}, {"", {}}, {"___", {}}, {"go_go", {"go"}}, {"caf\xC3\xA9_menu", {"caf\xC3\xA9", "menu"}}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name)
        {
            auto words = words_of(r.name);
            auto expected = r.words;
            std::ranges::sort(words);
            std::ranges::sort(expected);
            CHECK(words == expected);
        }
}

TEST_CASE("facets: who has a value", "[search]")
{
    auto e = three_regions();
    const auto r = call_roll(e, "https://x.example/");
    const auto all = facets_of(r);
    for (const char* code : {"state", "change", "bucket", "auth", "registry", "region", "platform", "era", "transport", "letter"}) CHECK(facet_of(all, code).values.size() >= 2);
    // Of the facets that everybody has one value of, each server is in exactly one list.
    for (const char* code : {"state", "bucket", "letter"}) {
        std::vector<int> lists(r.entries.size());
        for (const auto& v : facet_of(all, code).values)
            for (const auto row : v.members) ++lists[row];
        CHECK(std::ranges::all_of(lists, [](int n) { return n == 1; }));
    }
    const auto& silent = value_of(facet_of(all, "region"), "sin").members;
    CHECK_FALSE(silent.empty());
    for (const auto row : silent) CHECK((r.entries[row].state == data::state::up || r.entries[row].state == data::state::degraded));
    CHECK(value_of(facet_of(all, "region"), "fra").members.empty());
    e = sample_edition();
    const auto one = facets_of(call_roll(e, "https://x.example/"));
    CHECK(std::ranges::find(one, "region", &facet::code) == one.end());
}

TEST_CASE("every value of every facet has a list, with the servers that the index says", "[search]")
{
    const auto index = at("search/servers.json");
    for (const auto& f : index.at("facets"))
        for (const auto& v : f.at("values")) {
            const auto path = v.at("folder").get<std::string>() + "index.html";
            INFO(path);
            REQUIRE(sample().contains(path));
            CHECK(sample().at(path).find("<span class=\"count\">" + std::to_string(v.at("count").get<int>()) + " server") != std::string::npos);
            const auto place = static_cast<std::size_t>(&v - &f.at("values")[0]);
            const auto has = std::ranges::count_if(f.at("set"), [&](const auto& set) { return std::ranges::find(f.at("sets")[set.template get<std::size_t>()], document(place)) != f.at("sets")[set.template get<std::size_t>()].end(); });
            CHECK(has == v.at("count").get<int>());
        }
    for (const char* path : {"servers/by/index.html", "servers/by/platform/index.html", "servers/by/letter/index.html"}) CHECK(sample().contains(path));
}

TEST_CASE("the index has a row a server, and says of it what the list does", "[search]")
{
    const auto index = at("search/servers.json"), nights = at("search/nights.json"), servers = at("api/v1/servers.json");
    const auto count = index.at("count").get<std::size_t>();
    REQUIRE(count == servers.at("servers").size());
    for (const char* column : {"slug", "name", "listed", "ok", "n", "tool_count", "streak", "first_seen", "mark"}) CHECK(index.at(column).size() == count);
    CHECK(nights.at("strip").size() == count);
    CHECK(nights.at("roll") == index.at("roll"));
    for (std::size_t i = 0; i < count; ++i) {
        const auto& row = servers.at("servers")[i];
        INFO(row.at("slug"));
        CHECK(index.at("slug")[i] == row.at("slug"));
        CHECK(index.at("ok")[i] == row.at("uptime_30d").at("ok"));
        CHECK(index.at("n")[i] == row.at("uptime_30d").at("n"));
        CHECK(index.at("tool_count")[i] == row.at("tool_count"));
        CHECK(index.at("marks")[index.at("mark")[i].get<std::size_t>()].at("state") == row.at("state"));
        const auto strip = nights.at("strips")[nights.at("strip")[i].get<std::size_t>()].get<std::string>();
        CHECK(strip.size() == 30);
        CHECK(std::ranges::count_if(strip, [](char c) { return c >= '0' && c < '3'; }) == row.at("uptime_30d").at("n").get<int>());
    }
}

TEST_CASE("what stands in the index is fit to be shown", "[search]")
{
    for (const auto& [path, bytes] : sample()) {
        if (!path.starts_with("search/")) continue;
        INFO(path);
        CHECK(bytes.find("\xE2\x80\xAE") == std::string::npos);
        CHECK(bytes.find("\\u0001") == std::string::npos);
        const auto d = document::parse(bytes);
        const auto schema = document::parse(sample().at(d.at("schema").get<std::string>().substr(27)));
        std::set<std::string> has, named;
        for (const auto& [key, value] : d.items()) has.insert(key);
        for (const auto& [key, value] : schema.at("properties").items()) named.insert(key);
        CHECK(has == named);
    }
}

TEST_CASE("every tool of every server stands in the shard of each of its words", "[search]")
{
    const auto e = three_regions();
    const auto r = call_roll(e, "https://x.example/");
    const auto shards = tool_shards(r);
    CHECK(shards.contains("_"));  // the owl's
    for (std::uint32_t row = 0; row < r.entries.size(); ++row)
        for (const auto& tool : r.entries[row].row->tools) {
            if (tool.size() > 80 || tool == hostile_name) continue;
            for (const auto& word : words_of(tool)) {
                const auto shard = std::ranges::find_if(shards, [&](const auto& s) { return word.starts_with(s.first) || (static_cast<unsigned char>(word[0]) >= 0x80 && s.first == "_"); });
                INFO(tool);
                REQUIRE(shard != shards.end());
                const auto& names = shard->second.at("tools");
                const auto at = std::ranges::find(names, document(tool));
                REQUIRE(at != names.end());
                const auto& rows = shard->second.at("servers")[static_cast<std::size_t>(at - names.begin())];
                CHECK(std::ranges::find(rows, document(row)) != rows.end());
            }
        }
}

TEST_CASE("ten thousand servers are found in 300 KB, and a tool in 100 KB", "[search]")
{
    const auto e = realistic(10'000);
    const auto r = call_roll(e, "https://status.example.org/");
    const auto shards = tool_shards(r);
    const auto index = gzipped(search_document(r, facets_of(r), said_of(r), names_of(shards)).dump());
    const auto nights = gzipped(search_nights_document(r).dump());
    std::size_t largest = 0;
    for (const auto& [name, shard] : shards) largest = std::max(largest, gzipped(shard.dump()));
    std::printf("search index %zu bytes gzipped, nights %zu, %zu shards, largest %zu\n", index, nights, shards.size(), largest);
    CHECK(index <= 300u * 1024);
    CHECK(nights <= 300u * 1024);
    CHECK(largest <= 100u * 1024);
    CHECK(shards.size() < 400);
}

TEST_CASE("before the first roll call there is an index of nothing", "[search]")
{
    data::edition empty;
    empty.site_name = "Rollcall";
    const auto site = rendered(empty);
    CHECK(document::parse(site.at("search/servers.json")).at("count") == 0);
    CHECK(site.at("servers/index.html").find("No server is on the roll yet") != std::string::npos);
    CHECK(site.at("badges/index.html").find("badge/mcp.example.com/mcp.svg") != std::string::npos);
}

}  // namespace rollcall::render::tests
