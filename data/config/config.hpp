// The committed configuration, read once and passed around as plain values.
//
// Reading is strict: an unknown key, a wrong type or a value out of range is refused with the file, the JSON
// pointer, what stood there and what is expected.
#pragma once

#include "data/config/owners.hpp"
#include "data/model/rules.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data {

// The operator's mistake: exit code 2. "data/rollcall.json: /probe/concurrency: 0, expected a whole number from 1 to 4000"
struct config_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using std::chrono::milliseconds;

// One of the operator's own endpoints, whose answer is known: what a region must see to be believed.
struct control_source {
    std::string url;
    std::string expect = "P";         // a reason's code or a class's letter; P: any good answer
};

// rollcall.json
struct settings {
    std::string site_name = "Rollcall";
    std::string base_url = "http://localhost:8000/";  // of the published site; ends in a slash
    std::string contact;                              // an https URL or mailto:; a placeholder refuses to probe strangers
    std::string operator_name;

    struct {
        std::size_t concurrency = 1000;               // probes in flight, 1..4000
        milliseconds connect{5000}, tls{5000}, first_byte{10000}, total{30000};
        milliseconds slow{rules::usual_slow};
        std::size_t body_bytes = 4u << 20;
        std::size_t pages = 50, tools = 2000;
        unsigned redirects = 5;
        milliseconds retry_after{rules::usual_retry_after};  // at least 30 s unless private addresses are allowed
        unsigned retries = 1;
        milliseconds budget{90 * 60 * 1000};          // of a round
    } probe;

    struct {
        double per_site_per_second = 2.0;
        unsigned per_site_burst = 4;
        unsigned per_site_connections = 4;
        double per_address_per_second = 20.0;
        unsigned per_address_connections = 32;
    } politeness;

    struct {
        std::string servers;                          // "127.0.0.1:5353,..."; empty: the system's
        milliseconds timeout{2000};                   // of one try
        int tries = 2;
    } dns;

    struct {
        std::string trust_file;                       // PEM, in place of the system's authorities; empty: the system's
    } tls;

    struct {
        std::size_t page_bytes = 32u << 20, registry_bytes = 256u << 20;
        milliseconds registry_time{10 * 60 * 1000};
        milliseconds pause{1000};                     // from the begin of a request to the next one of a registry
        milliseconds backoff{2000};                   // first wait where a registry says "later" and not when; doubled
    } intake;

    struct {
        int transcripts_days = 30, cells_days = 120, nights_days = 5 * 365;
    } retention;

    std::vector<control_source> self_check;           // at most 32

    unsigned window_rounds = rules::usual_window;
};

// registries.json, in rank order
struct registry_source {
    std::string id, name, kind, url;  // url: https://..., http://... or a path, relative to the file's folder
    bool enabled = true;
    std::string licence, attribution, note;
    std::string key_env;              // name of the environment variable with the key; empty: keyless
    std::string key_header;           // that carries it; empty: Authorization, as a bearer token
    std::optional<milliseconds> pause, time;  // in place of intake.pause_ms and intake.registry_ms
    bool descriptions = true;         // are kept; where no licence says so, names and addresses are enough
    int whole_every_days = 1;         // in between only what changed is asked for, where the kind can; 1: always whole
};

// regions.json
struct region_source {
    std::string id, city, country;
    std::optional<double> latitude, longitude;
    std::string egress = "direct";    // direct, bind, socks5, http-connect
    std::string bind_address;         // bind
    std::string proxy_env;            // socks5, http-connect: name of the environment variable with the proxy's URL
    std::string names;                // socks5, http-connect: who looks names up, "here" or "proxy"; empty: as the URL says, else here
    std::string pointer;              // "/regions/2": where it stands, for messages; empty: nowhere
};

struct configuration {
    settings rollcall;
    std::vector<registry_source> registries;
    std::vector<region_source> regions;
    std::vector<std::string> platforms;      // names that platforms.json adds to the Public Suffix List
    std::vector<std::string> opt_out;        // sites, hosts or URLs, as written
    std::vector<owner_record> owners;
    std::filesystem::path folder;            // that the files were read from
};

settings parse_settings(std::string_view text, const std::string& file);
std::vector<registry_source> parse_registries(std::string_view text, const std::string& file);
std::vector<region_source> parse_regions(std::string_view text, const std::string& file);
std::vector<std::string> parse_platforms(std::string_view text, const std::string& file);
// One site, host or URL a line, '#' starts a comment.
std::vector<std::string> parse_opt_out(std::string_view text, const std::string& file);

// Reads `rollcall_json` and the files beside it. rollcall.json must exist; each of the others may be missing
// (registries: none, regions: one, "local", whose place is not known).
configuration load_configuration(const std::filesystem::path& rollcall_json);

// A contact that nobody answers to ("mailto:you@example.com", ...): strangers must not be probed under it.
bool is_placeholder_contact(std::string_view contact) noexcept;

}  // namespace rollcall::data
