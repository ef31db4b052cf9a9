// Runs the parts of a site on several threads and hands their files on as if one had run after the other.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace rollcall::render {

// Takes one file: its path below the site's root, and its bytes.
using sink = std::function<void(const std::string& path, std::string bytes)>;

// A part of the work: it shares nothing with the others but what nobody changes.
using site_part = std::function<void(const sink& put)>;

// `put` is never called twice at once, and in the order of the parts, whatever the number of threads. The part whose turn it
// is writes straight through; the others keep their files until then, in all about `most_held` bytes, and wait. Throws
// what the first part that failed threw.
void side_by_side(std::span<const site_part> parts, const sink& put, unsigned threads, std::size_t most_held = 8u << 20);

}  // namespace rollcall::render
