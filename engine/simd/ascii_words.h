// SPDX-License-Identifier: Apache-2.0
//
// Byte classification for the word tokenizer, 64 bytes at a time, and ASCII lower case.
//
// The classes are those of UAX #29 for ASCII: what the tokenizer needs to find words in ASCII text
// with bit arithmetic alone.
#ifndef SEGUE_SIMD_ASCII_WORDS_H_
#define SEGUE_SIMD_ASCII_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace segue {

// Bit i of each mask speaks of byte i of the 64.
struct AsciiWordBlock {
  uint64_t letters;          // A-Z a-z
  uint64_t digits;           // 0-9
  uint64_t connectors;       // _
  uint64_t between_letters;  // . ' :    part of a word with a letter on either side
  uint64_t between_digits;   // . ' , ;  part of a number with a digit on either side
  uint64_t high;             // bytes of 0x80 and above
  // ASCII bytes that are in no token whatever stands beside them: all but the above, the double
  // quote (which joins Hebrew letters), # and * (which begin keycap emoji).
  uint64_t separators;
  uint64_t blanks;  // U+0020, the most frequent of these
};

struct AsciiWordKernels {
  std::string_view name;
  // Classifies 64 * `blocks` bytes.
  void (*classify)(const uint8_t* text, size_t blocks, AsciiWordBlock* out);
  // Lower-cases the ASCII letters among `bytes` bytes in place and leaves all other bytes alone.
  // May read and lower-case up to 31 bytes beyond.
  void (*lower)(uint8_t* text, size_t bytes);
};

const AsciiWordKernels& ScalarAsciiWordKernels();
// Those that this CPU and this build have: the scalar ones first, the best last.
std::span<const AsciiWordKernels> AllAsciiWordKernels();

// Those of the same name as ActiveKernels() (kernels.h).
const AsciiWordKernels& ActiveAsciiWordKernels();

}  // namespace segue

#endif  // SEGUE_SIMD_ASCII_WORDS_H_
