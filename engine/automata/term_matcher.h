// SPDX-License-Identifier: Apache-2.0
//
// TermMatcher: decides, character by character, whether terms are wanted.
//
// It stands at the end of a path of characters and keeps a state for each of them, so that from one
// term to the next only what differs is looked at. A character is a code point; bytes that are no
// UTF-8 count as U+FFFD, each maximal ill-formed piece as one (engine/base/utf8.h).
#ifndef SEGUE_AUTOMATA_TERM_MATCHER_H_
#define SEGUE_AUTOMATA_TERM_MATCHER_H_

#include <cstddef>
#include <optional>

#include "absl/status/status.h"

namespace segue {

// One walk, one thread.
class TermMatcher {
 public:
  virtual ~TermMatcher() = default;

  // One character further. False, and nothing changes: no wanted term goes on so.
  virtual bool Push(char32_t character) = 0;
  // Back to the first `depth` characters. REQUIRES: depth <= depth().
  virtual void Cut(size_t depth) = 0;
  virtual size_t depth() const = 0;

  // Whether the path is a wanted term.
  virtual bool Accepts() const = 0;
  // How near the path is to what was asked for, in (0, 1]; 1: it is just that. REQUIRES: Accepts().
  virtual float Closeness() const { return 1; }

  // The least character at or above `from` with which Push might succeed here; nothing if there is
  // none. It may name one with which it fails.
  virtual std::optional<char32_t> NextLive(char32_t from) const = 0;

  // kResourceExhausted: the matcher would have grown over its limits; its answers mean nothing.
  virtual absl::Status status() const { return absl::OkStatus(); }
};

}  // namespace segue

#endif  // SEGUE_AUTOMATA_TERM_MATCHER_H_
