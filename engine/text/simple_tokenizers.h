// SPDX-License-Identifier: Apache-2.0
//
// Tokenizers that look at one character at a time: `simple`, `whitespace`; and `keyword`, which
// does not look at all.
#ifndef SEGUE_TEXT_SIMPLE_TOKENIZERS_H_
#define SEGUE_TEXT_SIMPLE_TOKENIZERS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/simd/ascii_words.h"
#include "engine/text/case_filters.h"
#include "segue/analysis.h"

namespace segue {

// Runs of characters of one kind. A run of more than `max_token_units` UTF-16 units is cut there.
class RunTokenizer final : public Tokenizer {
 public:
  enum class Kind {
    kLowerLetters,  // runs of letters, lower-cased
    kNonSpace,      // runs of anything but white space and malformed UTF-8
  };

  RunTokenizer(Kind kind, size_t max_token_units)
      : kind_(kind),
        max_token_units_(max_token_units),
        kernels_(ActiveAsciiWordKernels()),
        lowercase_(kernels_) {}

  void Start(std::string_view text) override;
  bool LowersCase() const override { return kind_ == Kind::kLowerLetters; }
  bool Next(TokenBatch* batch) override;

 private:
  static constexpr size_t kBlockBytes = 64;
  // A token whose end has not been seen yet.
  struct Run {
    bool is_open = false;
    size_t begin = 0;         // in the text
    uint32_t batch_byte = 0;  // in the batch
  };

  bool Belongs(char32_t cp) const;
  void AddRun(TokenBatch* batch);
  void AddAsciiRuns(TokenBatch* batch);
  bool AddBlock(const uint8_t* block, const AsciiWordBlock& classes, size_t at, Run* run,
                TokenBatch* batch) const;

  const Kind kind_;
  const size_t max_token_units_;
  const AsciiWordKernels& kernels_;
  std::string_view text_;
  size_t at_ = 0;
  LowercaseFilter lowercase_;
};

// The whole value as one token; an empty value has none.
class KeywordTokenizer final : public Tokenizer {
 public:
  void Start(std::string_view text) override { text_ = text; }
  bool Next(TokenBatch* batch) override;

 private:
  std::string_view text_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_SIMPLE_TOKENIZERS_H_
