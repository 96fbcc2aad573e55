// SPDX-License-Identifier: Apache-2.0
//
// Filters that map characters: `lowercase`, `casefold`, `asciifolding`.
#ifndef SEGUE_TEXT_CASE_FILTERS_H_
#define SEGUE_TEXT_CASE_FILTERS_H_

#include <string>

#include "engine/simd/ascii_words.h"
#include "segue/analysis.h"

namespace segue {

// Lower case, code point by code point.
class LowercaseFilter final : public TokenFilter {
 public:
  explicit LowercaseFilter(const AsciiWordKernels& kernels) : kernels_(kernels) {}
  void Start() override {}
  bool MapsCharacters() const override { return true; }
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  const AsciiWordKernels& kernels_;
  std::string buffer_;
};

// Full case folding: "ß" becomes "ss".
class CaseFoldFilter final : public TokenFilter {
 public:
  explicit CaseFoldFilter(const AsciiWordKernels& kernels) : kernels_(kernels) {}
  void Start() override {}
  bool MapsCharacters() const override { return true; }
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  const AsciiWordKernels& kernels_;
  std::string buffer_;
};

// Characters that stand for ASCII text become that text, and combining marks vanish. A token of
// nothing but marks stays as it is.
class AsciiFoldingFilter final : public TokenFilter {
 public:
  void Start() override {}
  bool MapsCharacters() const override { return true; }
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  std::string buffer_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_CASE_FILTERS_H_
