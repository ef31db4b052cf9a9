// The templates of the site, filled from JSON documents by ctemplate.
//
//     {{name}}                 the value, escaped for where it stands (by the engine's parser)
//     {{#name}}..{{/name}}     an array: once per element; an object: its members come first; text, a number or
//                              true: once; nothing for false, null, "" and []
//     {{#no_name}}..{{/no_name}}  exactly where the section `name` shows nothing
//     {{#name_separator}}      between two elements of the section it stands in
//     {{item}}                 the element itself, where elements are not objects
//     {{name:x-grouped}}       a number with its thousands apart
//     {{name:x-code}}          in .html: text of ours or others', what stands between two backticks as code
//     {{name:none}}            as it is, to the byte: for HTML that another template made
//
// The file's ending says how to escape: .html, .svg and .xml; in .md values lose their meaning in Markdown; in .txt
// nothing is escaped. A name that the document lacks is an error that says file, line and name: a page with a hole
// must not be published.
#pragma once

#include "render/templating/document.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ctemplate {
class TemplateCache;
}

namespace rollcall::render {

struct template_error : std::runtime_error {
    template_error(const std::string& file, std::size_t line, const std::string& what)
        : std::runtime_error(file + ":" + std::to_string(line) + ": " + what) {}
};

class template_set {
public:
    template_set();
    // Reads every file below `folder`; a template's name is its path there. Throws if there is none.
    explicit template_set(const std::filesystem::path& folder);
    ~template_set();

    void add(const std::string& name, std::string_view text);
    std::string render(const std::string& name, const document& values) const;
    bool has(const std::string& name) const { return parsed_.contains(name); }

private:
    struct node { bool section; std::string name; std::size_t line; std::vector<node> children; };
    struct parsed { std::vector<node> nodes; std::vector<std::string> made; bool markdown; };
    class parser;
    class checker;
    std::map<std::string, parsed> parsed_;
    std::unique_ptr<ctemplate::TemplateCache> cache_;
};

}  // namespace rollcall::render
