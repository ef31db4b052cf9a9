// The documents of the API: one a subject. Pages and badges are filled from these very values, so that page, badge
// and API cannot disagree.
#pragma once

#include "render/documents/roll.hpp"
#include "render/templating/document.hpp"

#include <string>
#include <string_view>

namespace rollcall::render {

// Keys that every document begins with: schema, generated_at, fresh_until (null before the first round).
document opened(const roll& r, std::string_view schema);

// Counts by state and bucket, the trend, what changed, registries, regions, the funnel of the intake.
document summary_document(const roll& r);
// The row of one endpoint, as in the list of servers.
document row_document(const roll& r, const entry& n);
document servers_document(const roll& r);
// Everything about one endpoint but its nights.
document server_document(const roll& r, const entry& n);
// The nights of one endpoint in columns, oldest first; a date that is not among them was missed.
document history_document(const roll& r, const entry& n);

struct badge_text { std::string label, message, colour, title; };  // colour: six hex digits
badge_text badge_of(const entry& n);
// The shields endpoint; strangers' keys are rejected there, so it has no more than it needs.
document shields_document(const entry& n);

// A row for each of them.
template <class Range, class Row>
document rows_of(Range&& all, Row row)
{
    auto out = document::array();
    for (auto&& one : all) out.push_back(row(one));
    return out;
}

// As it is published: a member a line, what fits into a line on one, lists of plain values filling theirs; a newline at the end; bytes that are not UTF-8
// become U+FFFD.
std::string published(const document& d);

// Where a registry is read, or null: a path on the operator's machine is nobody's business.
document address_of(const data::registry_row& g);
// What went wrong with its reading, without the paths of the operator's machine.
std::string problem_of(const data::registry_row& g, std::string text);

// 1 -> "first night", 9 -> "9 nights in a row"
std::string nights_in_a_row(std::int64_t n);
// Tenths of a per cent as a number: 333 -> 33.3
double per_cent(std::int64_t tenths);

}  // namespace rollcall::render
