// SPDX-License-Identifier: Apache-2.0
//
// What the registry puts into an Analyzer.
#ifndef SEGUE_TEXT_ANALYZER_IMPL_H_
#define SEGUE_TEXT_ANALYZER_IMPL_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "segue/analysis.h"

namespace segue {

struct Analyzer::Impl {
  std::vector<PartSource<CharFilter>> char_filters;
  PartSource<Tokenizer> tokenizer;
  std::vector<PartSource<TokenFilter>> filters;
  std::vector<std::string> parts;  // the JSON of each, in the order of the chain
  std::string definition;
  uint64_t fingerprint = 0;
};

// Registers all parts that docs/analysis.md lists.
void RegisterBuiltInParts(AnalyzerRegistry* registry);
// Names and definitions of the analyzers there.
std::map<std::string, std::string> BuiltInAnalyzers();

}  // namespace segue

#endif  // SEGUE_TEXT_ANALYZER_IMPL_H_
