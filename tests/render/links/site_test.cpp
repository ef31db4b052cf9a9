// The links of whole sites, of every kind of edition.
#include "render/links/check.hpp"

#include "render/pages/site.hpp"
#include "render/publish/tar_file.hpp"
#include "tests/catch.hpp"
#include "tests/render/support/sample.hpp"
#include "tests/render/support/scratch.hpp"

namespace rollcall::render::tests {

TEST_CASE("every link, anchor and asset of a site leads somewhere, at a root and at a sub-path", "[links][site]")
{
    struct row { const char* name; data::edition (*make)(); const char* base_url; };
    const row table[] = {{"the sample", sample_edition, "https://status.example.org/"},
                         {"at a sub-path", sample_edition, "https://somebody.github.example/rollcall/"},
                         {"names that attack", hostile_edition, "https://somebody.github.example/rollcall/"},
                         {"regions", three_regions, "https://status.example.org/"},
                         {"a first night", first_night, "https://status.example.org/"},
                         {"nothing yet", [] { data::edition e; e.site_name = "Rollcall"; return e; }, "https://status.example.org/"}};
    for (const auto& r : table)
        DYNAMIC_SECTION(r.name)
        {
            scratch s;
            tar_file tar(s.folder / "site.tar", 0);
            for (const auto& [path, bytes] : rendered(r.make(), r.base_url)) tar.put(path, bytes);
            tar.finish();
            const auto c = check_links(s.folder / "site.tar", r.base_url);
            CHECK(c.links > 100);
            for (const auto& f : c.findings) CHECK(f.page + ":" + std::to_string(f.line) + ": " + f.link + ": " + f.what == "");
        }
}

TEST_CASE("the files of a site come in the same order from any number of threads", "[site]")
{
    const auto e = sample_edition();
    const template_set templates(ROLLCALL_SOURCE_DIR "/templates");
    const auto r = call_roll(e, "https://status.example.org/");
    const auto files_of = [&](unsigned threads) {
        std::vector<std::pair<std::string, std::string>> out;
        build(r, templates, ROLLCALL_SOURCE_DIR "/site", [&](const std::string& path, std::string bytes) { out.emplace_back(path, std::move(bytes)); }, threads);
        return out;
    };
    CHECK(files_of(3) == files_of(1));
}

}  // namespace rollcall::render::tests
