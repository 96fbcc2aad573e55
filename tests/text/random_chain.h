// SPDX-License-Identifier: Apache-2.0
//
// Chains of any parts, and what each of them promises for any text.
#ifndef SEGUE_TESTS_TEXT_RANDOM_CHAIN_H_
#define SEGUE_TESTS_TEXT_RANDOM_CHAIN_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "segue/analysis.h"

namespace segue {

// Parts as they stand in a definition, each with options that matter.
const std::vector<std::string_view>& CharFilterChoices();
const std::vector<std::string_view>& TokenizerChoices();
const std::vector<std::string_view>& TokenFilterChoices();

struct Chain {
  std::vector<std::string_view> char_filters;
  std::string_view tokenizer;
  std::vector<std::string_view> filters;

  // As an analyzer's definition, `tokenizer` in place of this one's if it is not empty.
  std::string ToJson(std::string_view tokenizer_instead = {}) const;
};

// At most two char filters, a tokenizer, at most four filters; `below(n)` gives a number below n.
Chain ChooseChain(const std::function<uint64_t(uint64_t)>& below);

// Starts the stream on `text`, sums up its tokens in *tokens, and returns the promise that they
// break, or nothing:
//   - offsets are those of characters of the text, a token starts no later than it ends;
//   - no term is empty, none longer than kMaxTermBytes unless the text is;
//   - no position is skipped at the end by other batches than the last.
std::string RunAndCheck(AnalysisStream* stream, std::string_view text,
                        std::vector<AnalyzedToken>* tokens);

// Registers the tokenizer "sliced": that of "analyzer" (a definition with no filters), in batches
// of at most "tokens" tokens.
void RegisterSlicedTokenizer(AnalyzerRegistry* registry);

}  // namespace segue

#endif  // SEGUE_TESTS_TEXT_RANDOM_CHAIN_H_
