// SPDX-License-Identifier: Apache-2.0
//
// What the files share that register built-in parts.
#ifndef SEGUE_TEXT_PART_MAKERS_H_
#define SEGUE_TEXT_PART_MAKERS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "segue/analysis.h"

namespace segue {

using TokenizerSource = absl::StatusOr<PartSource<Tokenizer>>;
using FilterSource = absl::StatusOr<PartSource<TokenFilter>>;

// A maker of parts without options.
template <typename Part, typename Made>
absl::StatusOr<PartSource<Part>> MakePlain(PartOptions&) {
  return PartSource<Part>([] { return std::make_unique<Made>(); });
}

// UTF-16 units of the longest token that a tokenizer gives.
size_t ReadMaxTokenLength(PartOptions& options);
// If the option "min" of a part is above its "max".
absl::Status CheckMinAndMax(std::string_view part, int64_t min, int64_t max);

// Stop words, stemmers, elision, the case of letters (language_parts.cc).
void RegisterLanguageParts(AnalyzerRegistry* registry);
// Normal forms, foldings, scripts (script_parts.cc).
void RegisterScriptParts(AnalyzerRegistry* registry);
// What cuts, joins and chooses words (word_parts.cc).
void RegisterWordParts(AnalyzerRegistry* registry);
// Adds the name and definition of an analyzer for each language that Snowball stems.
void AddLanguageAnalyzers(std::map<std::string, std::string>* analyzers);

}  // namespace segue

#endif  // SEGUE_TEXT_PART_MAKERS_H_
