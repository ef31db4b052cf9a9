// What endpoints are to one another: campaign variants of one address, and addresses that moved. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rollcall::audit {

// An eligible endpoint; `url` is canonical.
struct candidate { std::int64_t endpoint = 0, first_seen = 0; std::string url; };
struct variant { std::int64_t endpoint = 0, probed = 0; };

// Endpoints that share a campaign key are one cluster: which of them is not probed, and which is in its place. That
// is the one seen first, so that its history goes on; of several the one without such a parameter, then the first by
// its text. Sorted by endpoint; the order of the candidates changes nothing.
std::vector<variant> cluster(const std::vector<candidate>& candidates);

// A round's answer of an endpoint: where a permanent redirect led, or empty.
struct moved { std::int64_t endpoint = 0, round = 0; std::string final_url; };
struct alias { std::int64_t endpoint = 0, rounds = 0; std::string url; };

inline constexpr std::int64_t alias_rounds = 3;

// Endpoints that led to one and the same other address on their own site in each of the newest `alias_rounds` rounds,
// as far as they answered, in every region that got an answer. `rounds` are the ids, oldest first; `urls` finds the
// canonical URL of an endpoint. Both addresses stay on the list: people use the listed one, and it must go on working;
// pages name the other.
struct known_url { std::int64_t endpoint = 0; std::string url; };
std::vector<alias> learn_aliases(const std::vector<moved>& answers, const std::vector<std::int64_t>& rounds, const std::vector<known_url>& urls);

}  // namespace rollcall::audit
