#include "data/config/history.hpp"

#include "data/config/section.hpp"
#include "data/model/verdict.hpp"

#include <algorithm>

namespace rollcall::data {
namespace {

using namespace detail;
using nlohmann::json;

bool is_quarter(std::string_view text) noexcept
{
    return text.size() == 7 && text.substr(4, 2) == "-Q" && text[6] >= '1' && text[6] <= '4' &&
           std::all_of(text.begin(), text.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
}

published_bucket read_bucket(const json& entry, const place& where)
{
    published_bucket b;
    section s(entry, where);
    s.required("code", b.code, "a bucket's code, or healthy",
               [](auto code) { return code == "healthy" || parse_bucket(code).has_value(); });
    s.required("label", b.label, "the words of the source");
    s.whole<std::size_t>("count", b.count, 0, 10'000'000);
    s.real("share", b.share, 0, 100);
    s.flag("inferred", b.inferred);
    s.end();
    return b;
}

}  // namespace

std::vector<published_quarter> parse_history(std::string_view text, const std::string& file)
{
    const json root = parse_json(text, file);
    std::vector<published_quarter> out;
    section top(root, {file, ""});
    top.each("quarters", true, [&](const json& entry, const place& where) {
        published_quarter q;
        section s(entry, where);
        s.required("quarter", q.quarter, "a quarter, like 2026-Q3", is_quarter);
        s.required("publisher", q.publisher, "who published it");
        s.required("source", q.source, "an http:// or https:// URL", is_http_url);
        s.text("window", q.window);
        s.text("method", q.method);
        s.whole<std::size_t>("endpoints", q.endpoints, 1, 10'000'000);
        s.whole<std::size_t>("registries", q.registries, 0, 1000);
        s.whole<std::size_t>("regions", q.regions, 0, 1000);
        s.whole<std::size_t>("rounds", q.rounds, 0, 1000);
        std::size_t sum = 0;
        s.each("buckets", true, [&](const json& bucket, const place& at) {
            q.buckets.push_back(read_bucket(bucket, at));
            sum += q.buckets.back().count;
        });
        s.end();
        if (sum != q.endpoints)
            where.at("endpoints")
                .fail(std::to_string(q.endpoints) + ", expected the sum of the buckets, " + std::to_string(sum));
        out.push_back(std::move(q));
    });
    top.end();
    return out;
}

}  // namespace rollcall::data
