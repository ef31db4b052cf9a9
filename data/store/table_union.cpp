#include "data/store/table_union.hpp"

#include <algorithm>
#include <iterator>

namespace rollcall::data {
namespace {

// Tables whose rows other tables point to by number, and the column that says in every store which row is meant.
struct numbered { std::string_view table, natural; };
constexpr numbered numbered_tables[] = {{"region", "code"}, {"registry", "code"}, {"endpoint", "url"},  {"round", "date"},
                                        {"manifest", "full_hash"}, {"auth", "key"}, {"answer", "key"}, {"path", "key"}};

const numbered* find_numbered(std::string_view table)
{
    const auto it = std::ranges::find(numbered_tables, table, &numbered::table);
    return it == std::end(numbered_tables) ? nullptr : &*it;
}

// What is named by its content is the same wherever the name is the same.
bool is_content(std::string_view table) { return table == "manifest" || table == "auth" || table == "answer" || table == "path"; }

// The column that says how new a row is.
std::string_view newness_of(std::string_view table)
{
    if (table == "endpoint" || table == "listing") return "last_seen";
    return table == "registry" ? "read_at" : "";
}

}  // namespace

std::size_t table_shape::at(std::string_view column) const
{
    const auto it = std::ranges::find(columns, column);
    if (it == columns.end()) throw std::logic_error(name + " has no column " + std::string(column));
    return static_cast<std::size_t>(it - columns.begin());
}

table_shape shape_of(connection& db, const std::string& table)
{
    table_shape out{table, {}, {}, {}};
    std::map<std::int64_t, std::size_t> key;
    auto columns = db.prepare("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid");
    for (auto [name, pk] : columns.rows<std::string, std::int64_t>(table)) {
        if (pk > 0) key.emplace(pk, out.columns.size());
        // By the name where no foreign key is declared.
        if (name.ends_with("_id") && find_numbered(name.substr(0, name.size() - 3)) && name != "id") out.points_to.emplace(out.columns.size(), name.substr(0, name.size() - 3));
        out.columns.push_back(name);
    }
    if (out.columns.empty()) throw std::logic_error("there is no table " + table);
    for (const auto& [order, column] : key) out.key.push_back(column);
    auto foreign = db.prepare("SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1)");
    for (auto [column, other] : foreign.rows<std::string, std::string>(table))
        if (find_numbered(other)) out.points_to[out.at(column)] = other;
    return out;
}

table_union::table_union(connection& into, connection& from) : into_(into), from_(from) {}

const table_shape& table_union::shape(const std::string& table)
{
    const auto it = shapes_.find(table);
    return it != shapes_.end() ? it->second : shapes_.emplace(table, shape_of(into_, table)).first->second;
}

statement& table_union::prepared(const std::string& sql)
{
    const auto it = statements_.find(sql);
    return it != statements_.end() ? it->second : statements_.emplace(sql, into_.prepare(sql)).first->second;
}

statement& table_union::prepared_from(const std::string& sql)
{
    const auto it = statements_from_.find(sql);
    return it != statements_from_.end() ? it->second : statements_from_.emplace(sql, from_.prepare(sql)).first->second;
}

namespace {

std::string listed(const table_shape& shape)
{
    std::string out;
    for (const auto& c : shape.columns) out += (out.empty() ? "" : ", ") + c;
    return out;
}

std::optional<table_row> one_row(statement& s, std::span<const column_value> args)
{
    table_row row, rest;
    s.begin(args);
    if (!s.next(row)) return std::nullopt;
    while (s.next(rest)) {}
    return row;
}

}  // namespace

std::string table_union::key_clause(const table_shape& shape)
{
    std::string out;
    for (std::size_t i = 0; i < shape.key.size(); ++i) out += (i == 0 ? " WHERE " : " AND ") + shape.columns[shape.key[i]] + " = ?" + std::to_string(i + 1);
    return out;
}

std::optional<table_row> table_union::find(const table_shape& shape, const table_row& like)
{
    table_row key;
    for (const auto c : shape.key) key.push_back(like[c]);
    return one_row(prepared("SELECT " + listed(shape) + " FROM " + shape.name + key_clause(shape)), key);
}

void table_union::put(const table_shape& shape, const table_row& row)
{
    std::string marks;
    for (std::size_t i = 1; i <= row.size(); ++i) marks += (i == 1 ? "?" : ", ?") + std::to_string(i);
    // Not REPLACE: a numbered row that others point to stays where it is.
    std::string rest;
    for (std::size_t i = 0; i < row.size(); ++i)
        if (std::ranges::find(shape.key, i) == shape.key.end()) rest += (rest.empty() ? "" : ", ") + shape.columns[i] + " = excluded." + shape.columns[i];
    prepared("INSERT INTO " + shape.name + " (" + listed(shape) + ") VALUES (" + marks + ") ON CONFLICT DO " + (rest.empty() ? "NOTHING" : "UPDATE SET " + rest)).execute_with(row);
    ++changes_;
}

void table_union::drop(const table_shape& shape, const table_row& like)
{
    table_row key;
    for (const auto c : shape.key) key.push_back(like[c]);
    prepared("DELETE FROM " + shape.name + key_clause(shape)).execute_with(key);
    ++changes_;
}

void table_union::pair_round(std::int64_t there, std::int64_t here) { numbers_["round"][there] = here; }

std::optional<std::int64_t> table_union::number(const std::string& table, std::int64_t there)
{
    auto& known = numbers_[table];
    if (const auto it = known.find(there); it != known.end()) return it->second;

    const auto& form = shape(table);
    const auto* kind = find_numbered(table);
    const column_value id = there;
    auto row = one_row(prepared_from("SELECT " + listed(form) + " FROM " + table + " WHERE id = ?1"), {&id, 1});
    if (!row) throw store_error(from_.path() + ": is damaged (" + table + " " + std::to_string(there) + " is missing); probe that part again", SQLITE_CORRUPT);

    std::optional<std::int64_t> here;
    if (table == "round") throw std::logic_error("a round that nobody matched");
    const bool forgotten = table == "endpoint" && is_forgotten && is_forgotten(std::get<std::string>((*row)[form.at("slug")]));
    if (!forgotten)
        if (auto mapped = renumbered(form, std::move(*row))) here = entity(form, std::move(*mapped), std::string(kind->natural));
    return numbers_[table][there] = here;
}

std::int64_t table_union::entity(const table_shape& shape, table_row row, const std::string& natural)
{
    const auto id = shape.at("id");
    const auto& name = row[shape.at(natural)];
    if (auto here = one_row(prepared("SELECT " + listed(shape) + " FROM " + shape.name + " WHERE " + natural + " = ?1"), {&name, 1})) {
        const auto number = std::get<std::int64_t>((*here)[id]);
        if (is_content(shape.name)) return number;
        row[id] = number;
        if (const auto both = united(shape, *here, row); both != *here) put(shape, both);
        return number;
    }
    if (shape.name == "endpoint") {
        const auto& slug = row[shape.at("slug")];
        if (const auto other = one_row(prepared("SELECT url FROM endpoint WHERE slug = ?1"), {&slug, 1}))
            throw store_error(from_.path() + ": does not belong to this store: the place \"" + std::get<std::string>(slug) + "\" is " + std::get<std::string>(name) + "'s there and " +
                                  std::get<std::string>(other->front()) + "'s here; both lists must come from one intake", SQLITE_MISMATCH);
    }
    row[id] = std::monostate();  // the next free number
    put(shape, row);
    return into_.last_id();
}

std::optional<table_row> table_union::renumbered(const table_shape& shape, table_row row, part columns)
{
    for (const auto& [column, table] : shape.points_to) {
        if (columns == part::key && std::ranges::find(shape.key, column) == shape.key.end()) continue;
        const auto* there = std::get_if<std::int64_t>(&row[column]);
        if (!there) continue;
        const auto here = number(table, *there);
        if (!here) return std::nullopt;
        row[column] = *here;
    }
    return row;
}

table_row table_union::spelled_out(const table_shape& shape, table_row row, side from)
{
    for (const auto& [column, table] : shape.points_to) {
        const column_value id = row[column];
        if (!std::holds_alternative<std::int64_t>(id)) continue;
        auto& known = (from == side::here ? names_here_ : names_there_)[table];
        auto it = known.find(std::get<std::int64_t>(id));
        if (it == known.end()) {
            const auto sql = "SELECT " + std::string(find_numbered(table)->natural) + " FROM " + table + " WHERE id = ?1";
            const auto name = one_row(from == side::here ? prepared(sql) : prepared_from(sql), {&id, 1});
            it = known.emplace(std::get<std::int64_t>(id), name ? name->front() : column_value()).first;
        }
        row[column] = it->second;
    }
    return row;
}

// The newer of the two as a whole, the greater where they are equally new; and the span of time of both.
table_row table_union::united(const table_shape& shape, const table_row& here, const table_row& there)
{
    auto a = spelled_out(shape, here), b = spelled_out(shape, there);
    const auto span_of = [&](std::string_view column, bool earliest) {
        const auto it = std::ranges::find(shape.columns, column);
        if (it == shape.columns.end()) return;
        const auto c = static_cast<std::size_t>(it - shape.columns.begin());
        a[c] = b[c] = earliest ? std::min(a[c], b[c]) : std::max(a[c], b[c]);
    };
    bool take_there = false;
    const auto newness = newness_of(shape.name);
    const auto column = newness.empty() ? 0 : shape.at(newness);
    const bool differ = !newness.empty() && a[column] != b[column];
    if (differ) take_there = a[column] < b[column];
    span_of("first_seen", true);
    span_of("last_seen", false);
    if (!differ) take_there = a < b;
    auto out = take_there ? there : here;
    for (const std::string_view name : {"first_seen", "last_seen"})
        if (const auto it = std::ranges::find(shape.columns, name); it != shape.columns.end())
            out[static_cast<std::size_t>(it - shape.columns.begin())] = a[static_cast<std::size_t>(it - shape.columns.begin())];
    // The place on the site is for ever: badges point to it.
    if (const auto slug = std::ranges::find(shape.columns, "slug"); slug != shape.columns.end()) {
        const auto c = static_cast<std::size_t>(slug - shape.columns.begin());
        if (here[c] != there[c])
            throw store_error(from_.path() + ": does not belong to this store: " + std::get<std::string>(here[shape.at("url")]) + " stands at \"" + std::get<std::string>(there[c]) +
                                  "\" there and at \"" + std::get<std::string>(here[c]) + "\" here; both lists must come from one intake", SQLITE_MISMATCH);
    }
    return out;
}

void table_union::unite(const std::string& table, const std::function<bool(const table_shape&, const table_row&)>& skip)
{
    const auto& form = shape(table);
    table_row raw;
    auto all = from_.prepare("SELECT " + listed(form) + " FROM " + table);
    all.begin({});
    while (all.next(raw)) {
        auto row = renumbered(form, raw, part::key);
        if (!row || (skip && skip(form, *row))) continue;
        const auto here = find(form, *row);
        row = renumbered(form, raw);
        if (!row) continue;
        if (here && *here == *row) continue;
        const auto both = here ? united(form, *here, *row) : *row;
        if (!here || both != *here) put(form, both);
    }
}

}  // namespace rollcall::data
