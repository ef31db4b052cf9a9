#include "audit/health/text_document.hpp"

#include "audit/classify/ascii.hpp"
#include "audit/health/limits.hpp"
#include "audit/health/metrics.hpp"
#include "audit/health/safe.hpp"
#include "audit/health/words.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace rollcall::audit::health {
namespace {

// What tools answer or throw in one line, "code: words". The first number of seconds in the words is the metric, one
// behind "max" its limit.
struct tool_row {
    std::string_view code, component;  // "table/": and the first of the words
    state is;
    std::string_view reason, metric;
};
constexpr std::array tool_rows{
    tool_row{"worker_healthy", "worker", state::up, "", ""},
    tool_row{"canary_job_failed", "worker", state::down, "canary_job_failed", ""},
    tool_row{"worker_unresponsive", "worker", state::down, "worker_unresponsive", "silent_s"},
    tool_row{"replication_healthy", "replication", state::up, "", ""},
    tool_row{"replication_lag", "replication", state::degraded, "replica_lag", "lag_s"},
    tool_row{"data_stale", "table/", state::degraded, "stale", "age_s"},
    tool_row{"data_unavailable", "table/", state::down, "never_updated", ""},
    tool_row{"health_check_failed", "", state::down, "", ""},
};

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (const auto line = trim(text.substr(0, end)); !line.empty()) out.push_back(line);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return out;
}

// "30s", "30 s", "30 seconds" at or behind `from`.
std::optional<double> seconds_in(std::string_view text, std::size_t from = 0)
{
    for (auto i = from; i < text.size(); ++i) {
        if (!is_digit(text[i])) continue;
        double value = 0;
        const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), value);
        i = static_cast<std::size_t>(end - text.data());
        const auto unit = trim(text.substr(i));
        const bool seconds = unit.starts_with('s') && (unit.size() == 1 || !is_alnum(unit[1]) || unit.starts_with("sec"));
        if (error == std::errc{} && seconds) return value;
    }
    return std::nullopt;
}

std::optional<component> tool_line(std::string_view line, const std::string& subject)
{
    const auto colon = line.find(':');
    const auto code = trim(line.substr(0, colon));
    const auto rest = colon == std::string_view::npos ? std::string_view{} : trim(line.substr(colon + 1));
    for (const auto& row : tool_rows) {
        if (row.code != code) continue;
        component c;
        c.is = row.is;
        c.note = safe_line(rest, note_bytes);
        c.reason = row.reason;
        if (c.reason.empty() && c.is != state::up) c.reason = reason_of_error(rest);
        if (c.reason.empty() && c.is != state::up) c.reason = "unspecified";
        c.name = row.component.empty() ? subject : std::string(row.component);
        if (c.name.ends_with('/')) c.name += safe_line(rest.substr(0, rest.find(' ')), name_bytes);
        if (c.name.ends_with('/')) c.name.pop_back();
        if (const auto value = seconds_in(rest); value && !row.metric.empty()) c.metrics.push_back({std::string(row.metric), value, "s", row.metric != "silent_s"});
        if (const auto max = rest.find("max"); max != std::string_view::npos)
            if (const auto value = seconds_in(rest, max)) c.metrics.push_back({"threshold_s", value, "s", true});
        return c;
    }
    return std::nullopt;
}

// "[+]etcd ok", "[-]etcd failed: reason withheld"
std::optional<component> probe_line(std::string_view line)
{
    if (!line.starts_with("[+]") && !line.starts_with("[-]")) return std::nullopt;
    const bool good = line[1] == '+';
    line.remove_prefix(3);
    const auto space = line.find(' ');
    component c;
    c.name = safe_line(line.substr(0, space), name_bytes);
    if (c.name.empty()) return std::nullopt;
    c.is = good ? state::up : state::down;
    if (!good) {
        const auto rest = space == std::string_view::npos ? std::string_view{} : trim(line.substr(space));
        c.reason = reason_of_error(rest);
        if (c.reason.empty()) c.reason = "unspecified";
        c.note = safe_line(rest, note_bytes);
    }
    return c;
}

// "readyz check passed"
std::optional<state> probe_sum(std::string_view line)
{
    if (line.ends_with(" check passed")) return state::up;
    if (line.ends_with(" check failed")) return state::down;
    return std::nullopt;
}

component spoken(std::string name, const spoken_word& word)
{
    component c;
    c.name = std::move(name);
    c.is = word.row.is;
    c.note = safe_line(word.rest, note_bytes);
    if (c.is != state::up) c.reason = reason_of_error(word.rest);
    if (c.reason.empty()) c.reason = word.row.reason;
    if (c.reason.empty() && (c.is == state::degraded || c.is == state::down)) c.reason = "unspecified";
    return c;
}

// "redis: up", "redis = down: connection refused"
std::optional<component> word_line(std::string_view line)
{
    const auto sign = line.find_first_of(":=");
    if (sign == std::string_view::npos || sign == 0 || sign > 60) return std::nullopt;
    const auto name = trim(line.substr(0, sign));
    if (!may_hold_state(name)) return std::nullopt;
    const auto word = split_word(trim(line.substr(sign + 1)), name);
    if (!word) return std::nullopt;
    return spoken(safe_line(name, name_bytes), *word);
}

}  // namespace

text_reading read_text(std::string_view text, const std::string& subject)
{
    text_reading out;
    const auto lines = lines_of(text);
    const auto keep = [](std::vector<std::string>& list, std::string_view line) {
        if (list.size() < most_places) list.push_back(safe_line(line, name_bytes));
    };
    if (lines.size() == 1) {
        if (const auto word = split_word(lines.front()); word && !tool_line(lines.front(), subject)) {
            out.form = family::word;
            out.read.components.push_back(spoken(subject, *word));
            keep(out.read.recognised, lines.front());
            return out;
        }
    }
    for (const auto line : lines) {
        auto form = family::probe_lines;
        auto found = probe_line(line);
        if (const auto sum = found ? std::nullopt : probe_sum(line)) {
            out.read.spoke = out.read.understood = true;
            out.read.whole = *sum;
            out.form = form;
        } else {
            if (!found) form = family::tool_text, found = tool_line(line, subject);
            if (!found) form = family::lines, found = word_line(line);
            if (!found || (out.form != family::none && out.form != form)) {
                keep(out.read.unrecognised, line);
                continue;
            }
            if (out.read.components.size() < most_components) out.read.components.push_back(std::move(*found));
            out.form = form;
        }
        keep(out.read.recognised, line);
    }
    // One line that looks like a component, in a page of prose, is chance.
    if (out.form == family::lines && out.read.unrecognised.size() > out.read.recognised.size()) {
        out.form = family::none;
        out.read.components.clear();
        out.read.unrecognised.insert(out.read.unrecognised.begin(), out.read.recognised.begin(), out.read.recognised.end());
        if (out.read.unrecognised.size() > most_places) out.read.unrecognised.resize(most_places);
        out.read.recognised.clear();
    }
    return out;
}

}  // namespace rollcall::audit::health
