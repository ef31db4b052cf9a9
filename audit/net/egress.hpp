// How a region goes out: as the machine routes it, from a source address, or through a proxy.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::data { struct region_source; }

namespace rollcall::audit {

class address_gate;

enum class egress_kind : std::uint8_t { direct, bind, socks5, http_connect };
std::string_view code_of(egress_kind k) noexcept;  // as in regions.json

// What the probes of a region know of its proxy together.
struct proxy_record {
    std::chrono::steady_clock::time_point served{};  // when it last connected somebody to some server
};

struct egress {
    egress_kind kind = egress_kind::direct;
    std::optional<boost::asio::ip::address> source{};  // bind: what connections and, where it can be, questions to the DNS leave from

    // The proxy. It is the operator's own choice and may have a private address; its name is a secret as well.
    std::string host{};
    std::uint16_t port = 0;
    std::string user{}, password{};
    // It is given names and looks them up itself: the region's view of the DNS, without its exact failures.
    bool names_there = false;
    std::shared_ptr<proxy_record> record{};

    // Where connections wait their turn at an address; all regions of a run have the same one. Null: none does.
    address_gate* gate = nullptr;

    bool proxied() const { return kind == egress_kind::socks5 || kind == egress_kind::http_connect; }
};

// The value of an environment variable, or null. A seam: tests have an environment of their own.
using environment = std::function<const char*(const std::string& name)>;
const char* process_environment(const std::string& name);

// What regions.json says, with the secret from the environment. Throws data::config_error, with `file` and the region's
// place, for a variable that is not set, a URL that is none or whose scheme is another egress's, and a source address
// that this machine does not have. The secret is in no message.
egress egress_of(const data::region_source& region, const std::string& file, const environment& look_up = process_environment);

// One region of a run: who holds it for as long as its probes run gives them `&out` (way_out, probe_services, fetch_options).
struct region_route {
    std::int64_t id = 0;     // in the store
    std::string code, city;  // as configured
    egress out{};
};

}  // namespace rollcall::audit
