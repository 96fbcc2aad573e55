// SPDX-License-Identifier: Apache-2.0
//
// Lower case where a language has rules of its own: `lowercase` with a `language`.
#ifndef SEGUE_TEXT_LANGUAGE_CASE_FILTERS_H_
#define SEGUE_TEXT_LANGUAGE_CASE_FILTERS_H_

#include <string>

#include "engine/text/case_filters.h"
#include "segue/analysis.h"

namespace segue {

// `I` becomes `ı`, `İ` and `I` with a dot above become `i`.
class TurkishLowercaseFilter final : public TokenFilter {
 public:
  void Start() override {}
  bool MapsCharacters() const override { return true; }
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  std::string buffer_;
  std::string mapped_;
};

// `n` and `t` before a capital vowel are set off by a hyphen: `nAthair` becomes `n-athair`.
class IrishLowercaseFilter final : public TokenFilter {
 public:
  explicit IrishLowercaseFilter(const AsciiWordKernels& kernels) : lowercase_(kernels) {}
  void Start() override {}
  bool MapsCharacters() const override { return true; }
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  LowercaseFilter lowercase_;
  std::string buffer_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_LANGUAGE_CASE_FILTERS_H_
