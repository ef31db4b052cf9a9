#include "render/links/markup.hpp"

#include "render/links/style.hpp"

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <memory>

namespace rollcall::render {
namespace {

std::string_view text(const xmlChar* s) { return s ? reinterpret_cast<const char*>(s) : std::string_view(); }

constexpr std::array leading{std::string_view("href"), std::string_view("src"), std::string_view("poster"), std::string_view("action"), std::string_view("formaction"), std::string_view("data"), std::string_view("cite"), std::string_view("xlink:href")};

struct reading {
    references out;
    xmlParserCtxt* context = nullptr;
    bool in_style = false, in_location = false;
    std::string held;  // of a style element or a location

    std::size_t line() const { return static_cast<std::size_t>(std::max(1, xmlSAX2GetLineNumber(context))); }
    void link(std::string_view target) { out.links.push_back({std::string(target), line()}); }
};

reading& of(void* user) { return *static_cast<reading*>(user); }

// "a.png 1x, b.png 2x"
void take_candidates(reading& r, std::string_view list)
{
    while (!list.empty()) {
        const auto begin = list.find_first_not_of(" \t\n\r,");
        if (begin == std::string_view::npos) return;
        list.remove_prefix(begin);
        const auto end = std::min(list.find_first_of(" \t\n\r"), list.size());
        r.link(list.substr(0, list.substr(0, end).ends_with(',') ? end - 1 : end));
        list.remove_prefix(std::min(list.find(',', end == 0 ? 0 : end - 1), list.size()));
    }
}

// "0; url=../elsewhere/"
void take_refresh(reading& r, std::string_view content)
{
    const auto digits = std::min(content.find_first_not_of("0123456789"), content.size());
    const auto at = content.find("url=", digits);
    if (digits > 0 && at != std::string_view::npos) r.link(content.substr(at + 4));
}

// A link that a stranger named says of itself that it is not ours (rel=nofollow): what it leads to is not ours to mend.
bool is_strangers(std::string_view element, const xmlChar** attributes)
{
    if (element != "a") return false;
    for (auto a = attributes; a && *a; a += 2)
        if (text(a[0]) == "rel" && text(a[1]).find("nofollow") != std::string_view::npos) return true;
    return false;
}

void take_attribute(reading& r, std::string_view element, std::string_view name, std::string_view value)
{
    if (name == "id" || (name == "name" && element == "a")) r.out.anchors.push_back({std::string(value), r.line()});
    else if (element == "base" && name == "href") r.out.base = value;
    else if (name == "srcset" || name == "imagesrcset") take_candidates(r, value);
    else if (name == "style") for (const auto& target : targets_of_style(value)) r.link(target.target);
    else if (element == "meta" && name == "content") take_refresh(r, value);
    // `data` leads somewhere only of an object; elsewhere the word has other uses.
    else if (std::ranges::find(leading, name) != leading.end() && (name != "data" || element == "object")) r.link(value);
}

void begin_element(void* user, const xmlChar* name, const xmlChar** attributes)
{
    auto& r = of(user);
    const auto element = text(name);
    r.in_style = element == "style";
    r.in_location = element == "loc";
    r.held.clear();
    if (is_strangers(element, attributes)) return;
    for (auto a = attributes; a && *a; a += 2) take_attribute(r, element, text(a[0]), text(a[1]));
}

void end_element(void* user, const xmlChar*)
{
    auto& r = of(user);
    if (r.in_style) for (const auto& target : targets_of_style(r.held)) r.link(target.target);
    if (r.in_location) r.link(r.held);
    r.in_style = r.in_location = false;
}

void characters(void* user, const xmlChar* some, int size)
{
    auto& r = of(user);
    if (r.in_style || r.in_location) r.held.append(reinterpret_cast<const char*>(some), static_cast<std::size_t>(size));
}

xmlSAXHandler handler()
{
    static const bool ready = (xmlInitParser(), true);  // threads may follow
    (void)ready;
    xmlSAXHandler h{};
    h.startElement = begin_element;
    h.endElement = end_element;
    h.characters = h.cdataBlock = h.ignorableWhitespace = characters;
    return h;
}

using context_end = void (*)(xmlParserCtxt*);

void read(reading& r, xmlParserCtxt* context, int (*parse)(xmlParserCtxt*))
{
    r.context = context;
    auto own = handler();
    std::swap(*context->sax, own);
    context->sax2 = 0;
    context->userData = &r;
    parse(context);
}

}  // namespace

references references_of_html(std::string_view bytes)
{
    reading r;
    const std::unique_ptr<xmlParserCtxt, context_end> context(htmlCreateMemoryParserCtxt(bytes.data(), static_cast<int>(bytes.size())), htmlFreeParserCtxt);
    if (!context) {
        r.out.problem = "empty";
        return r.out;
    }
    htmlCtxtUseOptions(context.get(), HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    read(r, context.get(), htmlParseDocument);
    return r.out;
}

references references_of_xml(std::string_view bytes)
{
    reading r;
    const std::unique_ptr<xmlParserCtxt, context_end> context(xmlCreateMemoryParserCtxt(bytes.data(), static_cast<int>(bytes.size())), xmlFreeParserCtxt);
    if (!context) {
        r.out.problem = "empty";
        return r.out;
    }
    xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_SAX1);
    read(r, context.get(), xmlParseDocument);
    if (!context->wellFormed) r.out.problem = "not well-formed XML, line " + std::to_string(context->lastError.line);
    return r.out;
}

}  // namespace rollcall::render
