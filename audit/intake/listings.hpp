// Puts the listings of one good reading into the store, each remote with its endpoint or the class that excludes it.
#pragma once

#include "audit/intake/book.hpp"
#include "audit/intake/opt_out.hpp"
#include "audit/intake/reading.hpp"
#include "audit/url/url.hpp"
#include "data/store/ledger.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace rollcall::audit {

class listing_writer {
public:
    // What is handed in must outlive the writer.
    listing_writer(data::ledger& store, const opt_out_list& opt_out, const std::vector<std::string>& platforms, data::time_point at,
                   bool allow_private);

    // All listings of a registry's reading; what came to no listing is counted in `counts`. Call inside a transaction.
    void write(std::int64_t registry, const std::vector<listing>& listings, reading_counts& counts);

private:
    void put(std::int64_t registry, const listing& l, int ordinal, const remote* r, reading_counts& counts);
    std::int64_t endpoint(const canonical_url& url, const data::listing_facts& row);

    data::ledger& store_;
    const opt_out_list& opt_out_;
    const std::vector<std::string>& platforms_;
    data::time_point at_;
    bool allow_private_;
};

}  // namespace rollcall::audit
