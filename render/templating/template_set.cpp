#include "render/templating/template_set.hpp"

#include "data/model/numbers.hpp"
#include "render/templating/clean.hpp"
#include "render/templating/markdown.hpp"

#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary_interface.h>
#include <ctemplate/template_emitter.h>
#include <ctemplate/template_modifiers.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace rollcall::render {
namespace {

using data::grouped;

// A blank line means something in Markdown and in plain text.
ctemplate::Strip strip_for(const std::string& name)
{
    return name.ends_with(".md") || name.ends_with(".txt") ? ctemplate::DO_NOT_STRIP : ctemplate::STRIP_BLANK_LINES;
}

class thousands_apart final : public ctemplate::TemplateModifier {
    void Modify(const char* in, std::size_t size, const ctemplate::PerExpandData*, ctemplate::ExpandEmitter* out, const std::string&) const override
    {
        out->Emit(grouped(std::string_view(in, size)));
    }
};

// "Send `iss`": escaped, and what stands between two backticks is code.
class code_spans final : public ctemplate::TemplateModifier {
    void Modify(const char* in, std::size_t size, const ctemplate::PerExpandData* data, ctemplate::ExpandEmitter* out, const std::string&) const override
    {
        std::string text;
        ctemplate::StringEmitter into(&text);
        ctemplate::html_escape.Modify(in, size, data, &into, "");
        std::size_t at = 0;
        for (;;) {
            const auto begin = text.find('`', at);
            const auto end = begin == std::string::npos ? begin : text.find('`', begin + 1);
            if (end == std::string::npos) break;
            out->Emit(text.substr(at, begin - at) + "<code>" + text.substr(begin + 1, end - begin - 1) + "</code>");
            at = end + 1;
        }
        out->Emit(text.substr(at));
    }
};

// The engine keeps one list of these for the process.
void know_modifiers()
{
    static const thousands_apart grouping;
    static const code_spans code;
    static const bool known = ctemplate::AddModifier("x-grouped", &grouping) && ctemplate::AddXssSafeModifier("x-code", &code);
    if (!known) throw std::logic_error("the template engine refuses a modifier");
}

bool shows_nothing(const document& v)
{
    switch (v.type()) {
        case document::value_t::null: return true;
        case document::value_t::boolean: return !v.get<bool>();
        case document::value_t::string: return v.get_ref<const std::string&>().empty();
        case document::value_t::array: return v.empty();
        default: return false;
    }
}

document item_scope(const document& element) { return document{{"item", element}}; }

const document& no_members()
{
    static const document none = document::object();
    return none;
}

// What all scopes of one rendering share.
struct rendering {
    bool markdown;
    const std::vector<std::string>& made;  // names of HTML that another template made
    bool hole = false;                     // the template asked for what is not there
};

// A document as the engine sees it. Scopes nest as the sections of the template do, so a name means the innermost
// member of that name, be it empty or not.
class scope final : public ctemplate::TemplateDictionaryInterface {
public:
    scope(const document& values, const scope* outer, rendering& of) : values_(values), outer_(outer), of_(of) {}
    scope(document&& own, const scope* outer, rendering& of) : own_(std::move(own)), values_(own_), outer_(outer), of_(of) {}

protected:
    ctemplate::TemplateString GetValue(const ctemplate::TemplateString& name) const override
    {
        const std::string_view asked(name.data(), name.size());
        const auto* v = find(asked);
        if (!v || !(v->is_string() || v->is_number())) {
            of_.hole = true;
            return {"", 0};
        }
        if (v->is_string()) {
            // Most text is given as it stands in the document, also what is made: its parts were cleaned when it was.
            const auto& text = v->get_ref<const std::string&>();
            if (!of_.markdown && (std::ranges::find(of_.made, asked) != of_.made.end() || is_plain(text))) return {text.data(), text.size()};
            held_ = clean(text);
        } else {
            held_ = v->dump();
        }
        if (of_.markdown) held_ = markdown_escaped(held_);
        return {held_.data(), held_.size()};
    }

    bool IsHiddenSection(const ctemplate::TemplateString& name) const override { return !shows({name.data(), name.size()}); }
    bool IsUnhiddenSection(const ctemplate::TemplateString& name) const override { return shows({name.data(), name.size()}); }
    Iterator* CreateSectionIterator(const ctemplate::TemplateString& name) const override;

    // Templates that include templates are not used.
    bool IsHiddenTemplate(const ctemplate::TemplateString&) const override { return true; }
    const char* GetIncludeTemplateName(const ctemplate::TemplateString&, int) const override { return ""; }
    Iterator* CreateTemplateIterator(const ctemplate::TemplateString&) const override;
    void DumpToString(std::string* out, int) const override { *out += values_.dump(); }

private:
    class each;

    const document* find(std::string_view name) const
    {
        for (const auto* s = this; s; s = s->outer_) {
            if (!s->values_.is_object()) continue;
            const auto& members = s->values_.get_ref<const document::object_t&>();
            if (const auto found = members.find(name); found != members.end()) return &found->second;
        }
        return nullptr;
    }

    bool shows(std::string_view name) const
    {
        if (const auto* v = find(name)) return !shows_nothing(*v);
        if (name.ends_with("_separator")) return false;
        const auto* v = name.starts_with("no_") ? find(name.substr(3)) : nullptr;
        of_.hole |= !v;
        return v && shows_nothing(*v);
    }

    document own_;
    const document& values_;
    const scope* outer_;
    rendering& of_;
    mutable std::string held_;  // what GetValue gave last: the engine uses it before it asks again
};

// The scopes of a section: one an element, one for an object, one without members of its own for all else.
class scope::each final : public Iterator {
public:
    each(const scope& outer, const document* v) : outer_(outer), v_(v), count_(v && v->is_array() ? v->size() : 1) {}
    bool HasNext() const override { return next_ < count_; }
    const ctemplate::TemplateDictionaryInterface& Next() override
    {
        const bool list = v_ && v_->is_array();
        const auto* element = list ? &(*v_)[next_] : v_;
        ++next_;
        if (element && element->is_object()) return current_.emplace(*element, &outer_, outer_.of_);
        if (list) return current_.emplace(item_scope(*element), &outer_, outer_.of_);
        return current_.emplace(no_members(), &outer_, outer_.of_);
    }

private:
    const scope& outer_;
    const document* v_;
    std::size_t count_, next_ = 0;
    std::optional<scope> current_;
};

ctemplate::TemplateDictionaryInterface::Iterator* scope::CreateSectionIterator(const ctemplate::TemplateString& name) const { return new each(*this, find({name.data(), name.size()})); }

ctemplate::TemplateDictionaryInterface::Iterator* scope::CreateTemplateIterator(const ctemplate::TemplateString&) const
{
    static const document empty = document::array();
    return new each(*this, &empty);
}

}  // namespace

// Reads the names that a template asks for, nested as its sections are.
class template_set::parser {
public:
    parser(const std::string& file, std::string_view text) : file_(file), rest_(text) {}

    std::vector<node> nodes(const std::string& open = {})
    {
        std::vector<node> out;
        const auto opened_at = line_;
        for (;;) {
            const auto tag = rest_.find("{{");
            take(std::min(tag, rest_.size()));
            if (tag == std::string_view::npos) {
                if (!open.empty()) throw template_error(file_, opened_at, "section '" + open + "' is never closed");
                return out;
            }
            const auto at = line_;
            const auto end = rest_.find("}}");
            if (end == std::string_view::npos) throw template_error(file_, at, "tag is never closed");
            std::string word(take(end + 2).substr(2));
            word.resize(word.size() - 2);
            const char sigil = word.empty() ? ' ' : word.front();
            if (sigil == '!' || sigil == '%') continue;
            if (sigil == '#' || sigil == '/') word.erase(0, 1);
            const bool as_it_is = word.ends_with(":none");
            word = word.substr(0, word.find(':'));
            if (!is_name(word)) throw template_error(file_, at, "'" + word + "' is not a name");
            if (sigil == '/') {
                if (word != open) throw template_error(file_, at, "'/" + word + "' closes nothing");
                return out;
            }
            if (sigil != '#') (as_it_is ? made_ : escaped_).insert(word);
            out.push_back({sigil == '#', word, at, {}});
            if (sigil == '#') out.back().children = nodes(word);
        }
    }

    // The names that stand here only as they are.
    std::vector<std::string> made() const
    {
        std::vector<std::string> out;
        std::ranges::set_difference(made_, escaped_, std::back_inserter(out));
        return out;
    }

private:
    static bool is_name(std::string_view word)
    {
        return !word.empty() && std::ranges::all_of(word, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    }

    std::string_view take(std::size_t n)
    {
        const auto text = rest_.substr(0, n);
        rest_.remove_prefix(n);
        line_ += static_cast<std::size_t>(std::ranges::count(text, '\n'));
        return text;
    }

    const std::string& file_;
    std::string_view rest_;
    std::size_t line_ = 1;
    std::set<std::string> made_, escaped_;
};

// Walks a document as the engine did, and tells which name it lacks and where: the engine printed nothing for it.
class template_set::checker {
public:
    explicit checker(const std::string& file) : file_(file) {}

    void check(const std::vector<node>& nodes, const document& scope)
    {
        scopes_.push_back(&scope);
        for (const auto& n : nodes) n.section ? section(n) : value(n);
        scopes_.pop_back();
    }

private:
    void value(const node& n)
    {
        const auto* v = find(n.name);
        if (!v) throw template_error(file_, n.line, "nothing called '" + n.name + "'");
        if (!v->is_string() && !v->is_number())
            throw template_error(file_, n.line, "'" + n.name + "' is " + v->type_name() + ", not text");
    }

    void section(const node& n)
    {
        if (n.name.ends_with("_separator")) return;
        const auto* v = find(n.name);
        if (!v && n.name.starts_with("no_")) {
            v = find(std::string_view(n.name).substr(3));
            if (v && shows_nothing(*v)) inside(n, document::object());
            if (v) return;
        }
        if (!v) throw template_error(file_, n.line, "nothing called '" + n.name + "'");
        if (shows_nothing(*v)) return;
        if (!v->is_array()) return inside(n, v->is_object() ? *v : document::object());
        for (const auto& element : *v) inside(n, element.is_object() ? element : item_scope(element));
    }

    void inside(const node& n, const document& scope) { check(n.children, scope); }

    const document* find(std::string_view name) const
    {
        for (auto it = scopes_.rbegin(); it != scopes_.rend(); ++it)
            if (const auto found = (*it)->find(name); found != (*it)->end()) return &*found;
        return nullptr;
    }

    const std::string& file_;
    std::vector<const document*> scopes_;
};

template_set::template_set() : cache_(std::make_unique<ctemplate::TemplateCache>()) { know_modifiers(); }
template_set::~template_set() = default;

template_set::template_set(const std::filesystem::path& folder) : template_set()
{
    if (!std::filesystem::is_directory(folder)) throw std::runtime_error(folder.string() + ": no folder of templates");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        if (in.bad() || !in.is_open()) throw std::runtime_error("cannot read " + entry.path().string());
        add(entry.path().lexically_relative(folder).generic_string(), text);
    }
    if (parsed_.empty()) throw std::runtime_error(folder.string() + ": no templates in this folder");
}

void template_set::add(const std::string& name, std::string_view text)
{
    parser read(name, text);
    auto nodes = read.nodes();
    parsed p{std::move(nodes), read.made(), name.ends_with(".md")};
    std::string source;
    if (name.ends_with(".html")) source = "{{%AUTOESCAPE context=\"HTML\"}}";
    if (name.ends_with(".svg") || name.ends_with(".xml")) source = "{{%AUTOESCAPE context=\"XML\"}}";
    source += text;
    cache_->Delete(name);
    if (!cache_->StringToTemplateCache(name, source.data(), source.size(), strip_for(name)))
        throw template_error(name, 1, "the template engine refuses this template");
    parsed_.insert_or_assign(name, std::move(p));
}

std::string template_set::render(const std::string& name, const document& values) const
{
    const auto it = parsed_.find(name);
    if (it == parsed_.end()) throw template_error(name, 1, "there is no such template");
    rendering now{it->second.markdown, it->second.made};
    const scope whole(values, nullptr, now);
    std::string out;
    if (!cache_->ExpandWithData(name, strip_for(name), &whole, nullptr, &out))
        throw template_error(name, 1, "the template engine failed");
    if (now.hole) checker(name).check(it->second.nodes, values);
    return out;
}

}  // namespace rollcall::render
