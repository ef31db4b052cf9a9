// Parts of a server's document made ready for its page: signs and words where the document has codes, foreign text cut
// to what a page can hold.
#pragma once

#include "data/model/edition.hpp"
#include "render/documents/documents.hpp"

#include <cstddef>

namespace rollcall::render {

// A URL that may be a link, or null.
document link_or_null(const document& url);
// Cuts the text under `key`, if it is text.
void cap(document& d, const char* key, std::size_t characters);

// The ladder: a sign and words for each rung, since colour alone says nothing, and the finding over it.
void dress_ladder(document& auth, const data::auth_facts& facts);
// Signs and words for the owner's steps, and when the credential ends.
void dress_owner(document& owner, data::time_point now);
// What the certificate had left when it was seen.
void dress_certificate(document& tls, std::optional<data::time_point> seen);
// Each change as a sentence in parts of text and of code.
void dress_drifts(document& drifts);

}  // namespace rollcall::render
