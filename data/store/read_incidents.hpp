// The incidents of an edition, and what its endpoints share.
#pragma once

#include "data/model/edition.hpp"
#include "data/store/sqlite.hpp"

namespace rollcall::data {

// Fills `incidents` and each endpoint's platform; the edition has its rounds and endpoints already. Throws store_error.
void read_incidents(connection& db, edition& out);

}  // namespace rollcall::data
