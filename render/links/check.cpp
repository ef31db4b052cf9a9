#include "render/links/check.hpp"

#include "render/links/references.hpp"
#include "render/links/target.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace rollcall::render {
namespace {

using number = std::uint32_t;

// Text by number: a large site has millions of links, to few targets.
class numbering {
public:
    number of(std::string_view text)
    {
        const auto [it, is_new] = numbers_.try_emplace(std::string(text), static_cast<number>(numbers_.size()));
        if (is_new) texts_.push_back(&it->first);
        return it->second;
    }
    const std::string& text(number n) const { return *texts_[n]; }
    bool has(std::string_view text) const { return numbers_.contains(std::string(text)); }
    std::size_t size() const { return texts_.size(); }

private:
    std::unordered_map<std::string, number> numbers_;
    std::vector<const std::string*> texts_;
};

// A page and an id of it, as one number of 64 bits: among millions two are the same by chance hardly ever.
std::uint64_t place(number page, std::string_view id)
{
    auto hash = 0xcbf29ce484222325u ^ page;
    const auto mix = [&](std::uint64_t byte) { hash = (hash ^ byte) * 0x100000001b3u; };
    for (unsigned i = 0; i < 4; ++i) mix(page >> (8 * i) & 255u);
    for (const char c : id) mix(static_cast<unsigned char>(c));
    return hash ^ hash >> 32;
}

struct link { number page, line, written, path, fragment; };

bool has_anchors(std::string_view path) { return path.ends_with(".html") || path.ends_with(".svg"); }

class checker {
public:
    explicit checker(std::string base_url) : base_url_(std::move(base_url))
    {
        if (!base_url_.empty() && !base_url_.ends_with('/')) base_url_ += '/';
        none_ = words_.of("");
    }

    void take(const std::string& path, std::string_view bytes)
    {
        ++out_.files;
        out_.pages += path.ends_with(".html");
        const auto page = files_.of(path);
        for (auto slash = path.rfind('/'); slash != std::string::npos && folders_.insert(path.substr(0, slash + 1)).second; slash = slash == 0 ? std::string::npos : path.rfind('/', slash - 1)) {}
        const auto found = references_of(path, bytes, base_url_);
        if (!found.problem.empty()) out_.findings.push_back({path, 1, path, found.problem});
        take_anchors(page, found.anchors);
        for (const auto& r : found.links) take_link(page, r, found.base);
    }

    link_check judged()
    {
        for (const auto& l : links_) judge(l);
        std::ranges::sort(out_.findings, {}, [](const finding& f) { return std::tie(f.page, f.line, f.link, f.what); });
        return std::move(out_);
    }

private:
    void take_anchors(number page, const std::vector<anchor>& anchors)
    {
        std::set<std::string_view> seen;
        for (const auto& a : anchors) {
            if (!seen.insert(a.id).second) out_.findings.push_back({files_.text(page), a.line, a.id, "this id stands twice in the page"});
            anchors_.insert(place(page, a.id));
        }
    }

    void take_link(number page, const reference& r, std::string_view base)
    {
        const auto to = resolve(r.target, files_.text(page), base, base_url_);
        if (to.where == leads::elsewhere) return;
        ++out_.links;
        if (to.where == leads::out_of_site) {
            out_.findings.push_back({files_.text(page), r.line, r.target, "leads out of the site"});
            return;
        }
        links_.push_back({page, static_cast<number>(r.line), words_.of(r.target), words_.of(to.path), to.fragment.empty() ? none_ : words_.of(to.fragment)});
    }

    void judge(const link& l)
    {
        const auto& path = words_.text(l.path);
        const auto say = [&](const char* what) { out_.findings.push_back({files_.text(l.page), l.line, words_.text(l.written), what}); };
        const bool folder = path.empty() || path.ends_with('/');
        const auto file = folder ? path + "index.html" : path;
        if (!files_.has(file)) {
            if (folder) return say(path.empty() || folders_.contains(path) ? "a folder without index.html" : "no such page");
            return say(folders_.contains(path + "/") ? "a folder: the link lacks its slash" : "no such file");
        }
        const auto& fragment = words_.text(l.fragment);
        // Every browser knows the top of a page.
        if (fragment.empty() || fragment == "top" || !has_anchors(file)) return;
        if (!anchors_.contains(place(files_.of(file), fragment))) say("the page has no such id");
    }

    std::string base_url_;
    numbering files_, words_;
    number none_ = 0;
    std::unordered_set<std::string> folders_;
    std::unordered_set<std::uint64_t> anchors_;
    std::vector<link> links_;
    link_check out_;
};

}  // namespace

link_check check_links(const std::filesystem::path& site, const std::string& base_url)
{
    checker c(base_url);
    each_file(site, [&](const std::string& path, std::string_view bytes) { c.take(path, bytes); });
    return c.judged();
}

}  // namespace rollcall::render
