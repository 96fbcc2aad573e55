// SPDX-License-Identifier: Apache-2.0
//
// Characters that look or mean the same become the same: Unicode's normal forms (Unicode Standard
// Annex #15) and foldings beside them, with the data of utf8proc.
#ifndef SEGUE_TEXT_NORMAL_FORM_H_
#define SEGUE_TEXT_NORMAL_FORM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simd/ascii_words.h"
#include "segue/analysis.h"

namespace segue {

// "15.0.0": of utf8proc's data.
std::string_view NormalFormVersion();

// General category M*, by the same data.
bool IsMark(char32_t cp);

enum class NormalForm {
  kNfc,           // letters and their marks composed
  kNfkc,          // and what differs only in looks: ligatures, widths, circled digits
  kNfkcCasefold,  // and in case, and without what nobody sees
  kNoDiacritics,  // NFC without marks above, below and through letters, in all scripts; marks
                  // that are vowels, or make another letter (voiced kana, nukta), stay
  kPlainWidth,    // full-width ASCII, half-width Katakana and Hangul become the ordinary ones
};

// Not thread-safe; keeps its buffers.
class Normalizer {
 public:
  explicit Normalizer(NormalForm form);

  // Appends `text` in the normal form to *out; what changes to another number of bytes is noted in
  // *map, if that is not nullptr. Malformed bytes stay. Characters whose mapping is empty vanish.
  // Of more than kMaxNormalizedRun characters that may combine, each that many are taken by
  // themselves. Linear in the text.
  void Append(std::string_view text, std::string* out, OffsetMap* map);

 private:
  size_t AppendAscii(std::string_view text, std::string* out) const;
  void Decompose(char32_t cp);
  void Order();
  void DropDiacritics();
  void FlushRun(std::string_view text, size_t end, std::string* out, OffsetMap* map);

  const NormalForm form_;
  // The characters since the last one that combines with nothing before it, decomposed.
  std::vector<int32_t> run_;
  std::vector<int32_t> parts_;  // of one character
  std::string changed_;         // the run in its normal form
  size_t run_begin_ = 0;        // in the text
  size_t run_chars_ = 0;
  bool composes_ = true;  // whether anything in the run may be composed
};

class NormalFormFilter final : public TokenFilter {
 public:
  NormalFormFilter(NormalForm form, const AsciiWordKernels& kernels)
      : normalizer_(form), lower_(form == NormalForm::kNfkcCasefold ? &kernels : nullptr) {}
  void Start() override {}
  bool MapsCharacters() const override { return true; }
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  Normalizer normalizer_;
  const AsciiWordKernels* const lower_;  // nullptr: ASCII stays as it is
  std::string buffer_;
};

class NormalFormCharFilter final : public CharFilter {
 public:
  explicit NormalFormCharFilter(NormalForm form) : normalizer_(form) {}
  void Filter(std::string_view text, std::string* out, OffsetMap* map) override {
    normalizer_.Append(text, out, map);
  }

 private:
  Normalizer normalizer_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_NORMAL_FORM_H_
