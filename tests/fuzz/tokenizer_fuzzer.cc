// SPDX-License-Identifier: Apache-2.0
//
// Any bytes through the analyzers. The first byte chooses the length limit of tokens; the rest is
// the text of a chain of parts that its last bytes choose, and the JSON definition of an analyzer.
//
// Promises: the tokenizer's fast way, with each kernel table, gives the automaton's tokens; what
// RunAndCheck() lists; a definition that is accepted reads back to itself.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/text/standard_tokenizer.h"
#include "engine/text/word_automaton.h"
#include "segue/analysis.h"
#include "tests/fuzz/require.h"
#include "tests/text/random_chain.h"

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

// A chain of any parts, chosen by bytes from the end of the input.
void CheckChain(std::string_view input) {
  const auto below = [&](uint64_t n) -> uint64_t {
    if (input.empty()) return 0;
    const auto byte = static_cast<uint8_t>(input.back());
    input.remove_suffix(1);
    return byte % n;
  };
  const std::string definition = ChooseChain(below).ToJson();
  const auto analyzer = AnalyzerRegistry::BuiltIn().Make(definition);
  Require(analyzer.ok(), "any chain of the choices is valid");
  const auto stream = (*analyzer)->NewStream();
  std::vector<AnalyzedToken> tokens;
  for (int round = 0; round < 2; ++round) {
    const size_t before = tokens.size();
    const std::string broken = RunAndCheck(stream.get(), input, &tokens);
    Require(broken.empty(), broken.c_str());
    Require(round == 0 || tokens.size() == before, "a stream used again gives as many tokens");
  }
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
  for (const AsciiWordKernels& kernels : AllAsciiWordKernels()) {
    CompareWithAutomaton(text, max_units, kernels);
  }
  CheckChain(text);
  CheckDefinition(text);
  return 0;
}
