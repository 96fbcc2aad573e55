// SPDX-License-Identifier: Apache-2.0
//
// What a document's postings amount to, in one number.
//
// The index tells a document term by term, the stored text tells it word by word; both add the
// same numbers up, in another order. So one side adds to a balance per document and the other
// subtracts, and what is left must be zero.
#ifndef SEGUE_VERIFY_FINGERPRINT_H_
#define SEGUE_VERIFY_FINGERPRINT_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/types.h"

namespace segue {

using Balance = std::vector<uint64_t>;  // a number per document

inline uint64_t MixBits(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// FNV-1a with a final mix.
inline uint64_t HashBytes(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return MixBits(hash ^ bytes.size());
}

// The same term of two fields counts differently. Never 0, which says "not compared".
inline uint64_t FieldSalt(FieldId field) { return MixBits(uint64_t{field} + 1) | 1; }

inline uint64_t TermPrint(uint64_t salt, std::string_view term) { return HashBytes(term) * salt; }
// One occurrence of a term.
inline uint64_t OccurrencePrint(uint64_t term_print, uint32_t position) {
  return MixBits(term_print + (uint64_t{position} + 1) * 0x9e3779b97f4a7c15u);
}
// One value of a column, in ordered form; `nth` of its document.
inline uint64_t ValuePrint(uint64_t salt, int64_t ordered, uint32_t nth) {
  return MixBits(static_cast<uint64_t>(ordered) * salt + nth);
}

}  // namespace segue

#endif  // SEGUE_VERIFY_FINGERPRINT_H_
