// SPDX-License-Identifier: Apache-2.0
//
// Any bytes through the analyzers. The first byte chooses one and the length limit of tokens; the
// rest is the text, and once more the JSON definition of an analyzer.
//
// Promises: the tokenizer's fast way, with each kernel table, gives the automaton's tokens; offsets
// ascend within the value; a definition that is accepted reads back to itself.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/base/utf8.h"
#include "engine/text/standard_tokenizer.h"
#include "engine/text/word_automaton.h"
#include "segue/analysis.h"
#include "tests/fuzz/require.h"

namespace {

using namespace segue;

void CompareWithAutomaton(std::string_view text, size_t max_units,
                          const AsciiWordKernels& kernels) {
  StandardTokenizer tokenizer(max_units, kernels);
  TokenBatch batch;
  tokenizer.Start(text);
  bool more = true;
  size_t next = 0;  // in the batch
  const auto next_token = [&]() -> const Token* {
    while (next == batch.size() && more) {
      batch.Clear();
      next = 0;
      more = tokenizer.Next(&batch);
    }
    return next < batch.size() ? &batch[next++] : nullptr;
  };
  const uint8_t* const begin = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* const end = begin + text.size();
  for (const uint8_t* p = begin; p < end;) {
    const WordMatch match = MatchWord(p, end, max_units);
    if (match.bytes == 0) {
      char32_t ignored;
      p += DecodeUtf8(p, end, &ignored);
      continue;
    }
    const Token* token = next_token();
    Require(token != nullptr, "a token for each match");
    const size_t start = static_cast<size_t>(p - begin);
    Require(token->start_byte == start && token->end_byte == start + match.bytes,
            "the token's bytes are the match's");
    Require(token->type == match.type, "the token's type is the match's");
    Require(batch.term(next - 1) == text.substr(start, match.bytes), "the term is the text");
    p += match.bytes;
  }
  Require(next_token() == nullptr, "no token without a match");
}

void CheckOffsets(AnalysisStream* stream, std::string_view text) {
  if (!stream->Start(text).ok()) return;
  uint32_t last = 0;
  while (const TokenBatch* batch = stream->Next()) {
    for (size_t i = 0; i < batch->size(); ++i) {
      const Token& token = (*batch)[i];
      Require(token.start_byte >= last, "tokens ascend");
      Require(token.start_byte <= token.end_byte && token.end_byte <= text.size(),
              "offsets are within the value");
      last = token.start_byte;
      volatile size_t bytes = batch->term(i).size();
      (void)bytes;
    }
  }
}

constexpr std::string_view kDefinitions[] = {
    R"({"tokenizer":"standard","filters":["lowercase"]})",
    R"({"tokenizer":"standard","filters":["possessive","lowercase","stop","porter"]})",
    R"({"tokenizer":"simple","filters":["snowball"]})",
    R"({"tokenizer":"whitespace","filters":["casefold","asciifolding",{"type":"length","max":9}]})",
    R"({"tokenizer":"keyword","filters":["lowercase",{"type":"snowball","language":"russian"}]})",
    R"({"char_filters":[{"type":"mapping","mappings":["a =>","b => bb","é => e","the => a"]}],
        "tokenizer":"standard","filters":["lowercase","porter"]})"};
constexpr size_t kChains = sizeof(kDefinitions) / sizeof(kDefinitions[0]);

AnalysisStream* StreamOf(size_t chain) {
  static std::unique_ptr<AnalysisStream> streams[kChains];
  if (streams[chain] == nullptr) {
    const auto analyzer = AnalyzerRegistry::BuiltIn().Make(kDefinitions[chain]);
    Require(analyzer.ok(), "the definitions here are valid");
    streams[chain] = (*analyzer)->NewStream();
  }
  return streams[chain].get();
}

void CheckDefinition(std::string_view json) {
  const auto analyzer = AnalyzerRegistry::BuiltIn().Make(json);
  if (!analyzer.ok()) return;
  const auto again = AnalyzerRegistry::BuiltIn().Make((*analyzer)->Definition());
  Require(again.ok() && (*again)->Definition() == (*analyzer)->Definition(),
          "a definition reads back to itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t max_units = data[0] < 128 ? 255 : 1 + data[0] % 16;
  CompareWithAutomaton(text, max_units, ScalarAsciiWordKernels());
  if (VectorAsciiWordKernels() != nullptr) {
    CompareWithAutomaton(text, max_units, *VectorAsciiWordKernels());
  }
  CheckOffsets(StreamOf(data[0] % kChains), text);
  CheckDefinition(text);
  return 0;
}
