#include "data/store/rows.hpp"

#include "data/store/codec.hpp"

namespace rollcall::data::rows {
namespace {

[[noreturn]] void unknown(const char* what, std::int64_t stored)
{
    throw store_error(std::string("store: unknown ") + what + " " + std::to_string(stored), SQLITE_CORRUPT);
}

}  // namespace

reason to_reason(std::int64_t stored)
{
    if (const auto r = reason_from(stored)) return *r;
    unknown("reason", stored);
}

state to_state(std::int64_t stored)
{
    if (stored < 0 || stored >= static_cast<std::int64_t>(all_states().size())) unknown("state", stored);
    return static_cast<state>(stored);
}

bucket to_bucket(std::int64_t stored)
{
    if (stored < 0 || stored >= static_cast<std::int64_t>(all_buckets().size())) unknown("bucket", stored);
    return static_cast<bucket>(stored);
}

std::string join(const std::vector<std::string>& words)
{
    std::string out;
    for (const auto& w : words) out += (out.empty() ? "" : " ") + w;
    return out;
}

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto space = text.find(' ');
        if (space != 0) out.emplace_back(text.substr(0, space));
        if (space == std::string_view::npos) break;
        text.remove_prefix(space + 1);
    }
    return out;
}

facts_reader::facts_reader(connection& db)
    : answer_(db.prepare("SELECT a.http_status, a.era, a.transport, a.protocol, a.server_name, a.server_version, a.capabilities, "
                         "a.tool_count, m.contract_hash, m.full_hash, a.final_url, a.auth_challenge, a.detail, a.warnings, a.auth_id "
                         "FROM answer a LEFT JOIN manifest m ON m.id = a.manifest_id WHERE a.id = ?1")),
      path_(db.prepare("SELECT address, cname, tls_version, tls_issuer, tls_not_after FROM path WHERE id = ?1")),
      auth_(db.prepare("SELECT posture, rungs, metadata_url, issuer FROM auth WHERE id = ?1"))
{
}

answer_facts facts_reader::answer(std::int64_t id)
{
    using text = std::string;
    const auto row = answer_.row<std::int64_t, std::int64_t, std::int64_t, text, text, text, text, std::optional<std::int64_t>,
                                 std::optional<blob>, std::optional<blob>, text, text, text, text, std::optional<std::int64_t>>(id);
    if (!row) unknown("answer", id);
    const auto& [status, e, t, protocol, name, version, capabilities, tools, contract, full, final_url, challenge, detail, warnings, auth_id] = *row;
    answer_facts out;
    out.http_status = static_cast<std::uint16_t>(status);
    out.era = static_cast<era>(e);
    out.transport = static_cast<transport>(t);
    out.protocol_version = protocol;
    out.server_name = name;
    out.server_version = version;
    out.capabilities = split(capabilities);
    if (tools) out.tool_count = static_cast<std::uint32_t>(*tools);
    if (contract) out.contract_hash = to_hex(contract->bytes);
    if (full) out.full_hash = to_hex(full->bytes);
    out.final_url = final_url;
    out.auth_challenge = challenge;
    out.detail = detail;
    for (const auto& code : split(warnings))
        if (const auto w = parse_warning(code)) out.warnings.push_back(*w);
    if (auth_id) out.auth = auth(*auth_id);
    return out;
}

auth_facts facts_reader::auth(std::int64_t id)
{
    const auto row = auth_.row<std::int64_t, std::string, std::string, std::string>(id);
    if (!row) unknown("auth", id);
    const auto& [stored, rungs, metadata_url, issuer] = *row;
    if (stored < 0 || stored >= static_cast<std::int64_t>(all_postures().size())) unknown("posture", stored);
    return {static_cast<posture>(stored), unpack_rungs(rungs), metadata_url, issuer};
}

path_facts facts_reader::path(std::int64_t id)
{
    const auto row = path_.row<std::string, std::string, std::string, std::string, std::optional<std::int64_t>>(id);
    if (!row) unknown("path", id);
    const auto& [address, cname, version, issuer, not_after] = *row;
    return {address, cname, version, issuer, not_after};
}

}  // namespace rollcall::data::rows
