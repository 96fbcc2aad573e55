// SPDX-License-Identifier: Apache-2.0
//
// The `standard` tokenizer: words by UAX #29, in the manner of Lucene's StandardTokenizer
// (docs/analysis.md lists where the two differ from each other and from the annex).
#ifndef SEGUE_TEXT_STANDARD_TOKENIZER_H_
#define SEGUE_TEXT_STANDARD_TOKENIZER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/simd/ascii_words.h"
#include "segue/analysis.h"

namespace segue {

class StandardTokenizer final : public Tokenizer {
 public:
  // A token has at most `max_token_units` UTF-16 units: a longer one is cut there, as if the text
  // ended, and goes on as a new token.
  StandardTokenizer(size_t max_token_units, const AsciiWordKernels& kernels)
      : max_token_units_(max_token_units), kernels_(kernels) {}

  void Start(std::string_view text) override;
  bool Next(TokenBatch* batch) override;

 private:
  // Text is worked on in regions of at most so many bytes: about kTargetTokens of English.
  static constexpr size_t kRegionBlocks = 48;
  static constexpr size_t kRegionBytes = 64 * kRegionBlocks;

  void Region(TokenBatch* batch);
  void Pieces(size_t bytes);
  bool MostlyNotAscii(size_t bytes) const;
  size_t Classify(size_t bytes);
  size_t FindSeparator(size_t from, size_t limit) const;
  size_t FindLastSeparator(size_t from, size_t limit) const;
  size_t FindHigh(size_t from, size_t limit) const;
  void FindWords(size_t bytes);
  void Ascii(size_t from, size_t to);
  void Mixed(size_t from, size_t to);
  void Emit(size_t from, size_t to, TokenType type, bool ascii);
  void AsciiToken(size_t from, size_t to);

  const size_t max_token_units_;
  const AsciiWordKernels& kernels_;
  const uint8_t* text_ = nullptr;
  size_t text_bytes_ = 0;
  size_t at_ = 0;  // everything before is done; no token spans it

  // Of the region in work, which begins at text_ + at_. Offsets in it are relative to that.
  const uint8_t* region_ = nullptr;
  AsciiWordBlock blocks_[kRegionBlocks];
  uint64_t words_[kRegionBlocks];  // bytes that are in ASCII words
  uint16_t bounds_[kRegionBytes + 64];
  Token* out_ = nullptr;  // the next token to write
  uint32_t term_base_ = 0;
  size_t done_ = 0;  // by Mixed(): may lie beyond where it was to stop
  bool non_ascii_ = false;
};

}  // namespace segue

#endif  // SEGUE_TEXT_STANDARD_TOKENIZER_H_
