// rollcall.json: names, manners and limits.
#include "data/config/section.hpp"
#include "data/model/reason.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace rollcall::data {
namespace {

using namespace detail;
using namespace std::chrono_literals;

bool is_base_url(std::string_view text)
{
    return is_http_url(text) && text.ends_with('/') && text.find_first_of("?#") == std::string_view::npos;
}

std::string_view mail_domain(std::string_view contact) noexcept
{
    if (!contact.starts_with("mailto:")) return {};
    const std::size_t at = contact.find('@');
    if (at == std::string_view::npos || at == 7) return {};
    const std::string_view domain = contact.substr(at + 1);
    return domain.substr(0, domain.find('?'));
}

bool is_contact(std::string_view text)
{
    if (text.starts_with("https://")) return is_http_url(text);
    return !mail_domain(text).empty() && text.find_first_of(" ,<>\"") == std::string_view::npos;
}

// "127.0.0.1:5353,[::1]:53,9.9.9.9"
bool is_server_list(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        std::string address(text.substr(0, comma));
        std::string port = "53";
        const std::size_t bracket = address.find(']');
        const std::size_t colon =
            address.starts_with('[') ? address.find(':', std::min(bracket, address.size())) : address.find(':');
        if (colon != std::string::npos &&
            (address.starts_with('[') || address.find(':', colon + 1) == std::string::npos)) {
            port = address.substr(colon + 1);
            address.resize(colon);
        }
        if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
        std::array<unsigned char, 16> bytes{};
        if (inet_pton(AF_INET, address.c_str(), bytes.data()) != 1 &&
            inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1)
            return false;
        if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos) return false;
        const int number = std::stoi(port);
        if (number < 1 || number > 65535) return false;
        if (comma == std::string_view::npos) return true;
        text.remove_prefix(comma + 1);
        if (text.empty()) return false;
    }
    return true;
}

constexpr std::size_t most_controls = 32;

// Of a server, not of ourselves.
bool is_known_answer(std::string_view text)
{
    const auto why = parse_reason(text);
    const auto of = why ? std::optional(class_of(*why)) : text.size() == 1 ? parse_class(text.front()) : std::nullopt;
    return of && is_valid(*of) && !(why && is_of_owner(*why));
}

bool same_or_below(std::string_view host, std::string_view domain) noexcept
{
    if (host.size() < domain.size()) return false;
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    const std::string_view end = host.substr(host.size() - domain.size());
    if (!std::equal(end.begin(), end.end(), domain.begin(), [&](char a, char b) { return lower(a) == b; }))
        return false;
    return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

settings parse_settings(std::string_view text, const std::string& file)
{
    const nlohmann::json root = parse_json(text, file);
    settings s;
    section top(root, {file, ""});
    top.text("site_name", s.site_name, "a name of 1 to 80 bytes", [](auto t) { return !t.empty() && t.size() <= 80; });
    top.text("base_url", s.base_url, "an http:// or https:// URL that ends in a slash", is_base_url);
    top.text("contact", s.contact, "an https:// URL or mailto: with an address that somebody reads", is_contact);
    top.text("operator_name", s.operator_name, "a name of at most 200 bytes", [](auto t) { return t.size() <= 200; });
    top.whole("window_rounds", s.window_rounds, 1u, 30u);

    auto& p = s.probe;
    section probe = top.child("probe");
    probe.whole<std::size_t>("concurrency", p.concurrency, 1, 4000);
    probe.time("connect_ms", p.connect, 10ms, 60s);
    probe.time("tls_ms", p.tls, 10ms, 60s);
    probe.time("first_byte_ms", p.first_byte, 10ms, 120s);
    probe.time("total_ms", p.total, 10ms, 600s);
    probe.time("slow_ms", p.slow, 10ms, 120s);
    probe.whole<std::size_t>("body_bytes", p.body_bytes, 1024, 64u << 20);
    probe.whole<std::size_t>("pages", p.pages, 1, 1000);
    probe.whole<std::size_t>("tools", p.tools, 1, 100000);
    probe.whole("redirects", p.redirects, 0u, 20u);
    probe.time("retry_after_ms", p.retry_after, 0ms, 3600s);
    probe.whole("retries", p.retries, 0u, 3u);
    probe.time("budget_ms", p.budget, 1s, 24h);
    probe.end();

    auto& m = s.politeness;
    section politeness = top.child("politeness");
    politeness.real("per_site_per_second", m.per_site_per_second, 0.01, 10000);
    politeness.whole("per_site_burst", m.per_site_burst, 1u, 10000u);
    politeness.whole("per_site_connections", m.per_site_connections, 1u, 4000u);
    politeness.real("per_address_per_second", m.per_address_per_second, 0.01, 100000);
    politeness.whole("per_address_connections", m.per_address_connections, 1u, 4000u);
    politeness.end();

    section dns = top.child("dns");
    dns.text("servers", s.dns.servers, "addresses with ports, like 127.0.0.1:53,[::1]:53, or \"\" for the system's",
             is_server_list);
    dns.time("timeout_ms", s.dns.timeout, 10ms, 60s);
    dns.whole("tries", s.dns.tries, 1, 10);
    dns.end();

    section tls = top.child("tls");
    tls.text("trust_file", s.tls.trust_file, "the path of a PEM file, or \"\" for the system's authorities");
    tls.end();

    section intake = top.child("intake");
    intake.whole<std::size_t>("page_bytes", s.intake.page_bytes, 1024, std::size_t{1} << 30);
    intake.whole<std::size_t>("registry_bytes", s.intake.registry_bytes, 1024, std::size_t{16} << 30);
    intake.time("registry_ms", s.intake.registry_time, 1s, 24h);
    intake.time("pause_ms", s.intake.pause, 0ms, 600s);
    intake.time("backoff_ms", s.intake.backoff, 1ms, 600s);
    intake.end();

    section retention = top.child("retention");
    retention.whole("transcripts_days", s.retention.transcripts_days, 1, 365);
    retention.whole("cells_days", s.retention.cells_days, 1, 3650);
    retention.whole("nights_days", s.retention.nights_days, 1, 36500);
    retention.end();

    top.each("self_check", false, [&](const nlohmann::json& entry, const place& where) {
        control_source c;
        section one(entry, where);
        one.required("url", c.url, "an http:// or https:// URL without a password", is_http_url);
        one.text("expect", c.expect, "the code of a reason, like tls_expired, or the letter of a class, P for a good answer", is_known_answer);
        one.end();
        for (const auto& other : s.self_check)
            if (other.url == c.url) where.at("url").expected(c.url, "each URL once");
        if (s.self_check.size() == most_controls) where.fail("one too many, expected at most " + std::to_string(most_controls));
        s.self_check.push_back(std::move(c));
    });
    top.end();

    if (p.total < p.connect)
        top.where()
            .at("probe")
            .at("total_ms")
            .fail(std::to_string(p.total.count()) + ", expected at least connect_ms, " +
                  std::to_string(p.connect.count()));
    if (s.intake.registry_bytes < s.intake.page_bytes)
        top.where()
            .at("intake")
            .at("registry_bytes")
            .fail(std::to_string(s.intake.registry_bytes) + ", expected at least page_bytes, " +
                  std::to_string(s.intake.page_bytes));
    return s;
}

bool is_placeholder_contact(std::string_view contact) noexcept
{
    std::string_view host = mail_domain(contact);
    if (contact.starts_with("https://")) {
        host = contact.substr(8, contact.find_first_of("/?#", 8) - 8);
        host = host.substr(0, host.find(':'));
        for (const std::string_view word : {"OWNER", "YOUR", "your-"})
            if (contact.find(word) != std::string_view::npos) return true;
    }
    if (host.empty()) return true;
    if (host.find('.') == std::string_view::npos || host.ends_with('.') || host.find('@') != std::string_view::npos)
        return true;
    for (const std::string_view domain : {"example.com", "example.net", "example.org", "example", "invalid", "test",
                                          "localhost", "local", "internal", "yourdomain.com", "your-domain.com"})
        if (same_or_below(host, domain)) return true;
    return false;
}

}  // namespace rollcall::data
