// SPDX-License-Identifier: Apache-2.0
//
// Analysis of text made of common words, in values of 1,500 bytes (the mean of encyclopaedia
// articles): bytes a second on one core, and nanoseconds a token.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/benchmark.h"
#include "engine/simd/ascii_words.h"
#include "engine/text/porter_stemmer.h"
#include "engine/text/standard_tokenizer.h"
#include "segue/analysis.h"

namespace segue {
namespace {

constexpr std::string_view kEnglish[] = {"the",
                                         "of",
                                         "and",
                                         "in",
                                         "a",
                                         "to",
                                         "was",
                                         "is",
                                         "for",
                                         "as",
                                         "on",
                                         "by",
                                         "with",
                                         "He",
                                         "The",
                                         "that",
                                         "from",
                                         "at",
                                         "his",
                                         "it",
                                         "an",
                                         "were",
                                         "are",
                                         "which",
                                         "be",
                                         "this",
                                         "In",
                                         "had",
                                         "first",
                                         "also",
                                         "or",
                                         "has",
                                         "their",
                                         "after",
                                         "its",
                                         "one",
                                         "new",
                                         "but",
                                         "who",
                                         "not",
                                         "they",
                                         "have",
                                         "her",
                                         "two",
                                         "been",
                                         "other",
                                         "when",
                                         "she",
                                         "time",
                                         "all",
                                         "during",
                                         "there",
                                         "into",
                                         "school",
                                         "University",
                                         "National",
                                         "American",
                                         "between",
                                         "population",
                                         "district",
                                         "national",
                                         "international",
                                         "government",
                                         "including",
                                         "development",
                                         "It's",
                                         "1,024",
                                         "1998",
                                         "3.5",
                                         "U.S.",
                                         "O'Brien",
                                         "character",
                                         "association",
                                         "information",
                                         "administration",
                                         "played"};
constexpr std::string_view kFrench[] = {
    "de",       "la",     "le",    "et",   "les",   "des",    "en",      "un",       "du",
    "une",      "que",    "est",   "pour", "qui",   "dans",   "a",       "par",      "plus",
    "pas",      "au",     "sur",   "été",  "l'été", "à",      "où",      "français", "République",
    "première", "années", "après", "même", "très",  "région", "société", "Étienne"};
constexpr std::string_view kRussian[] = {"и",     "в",       "не",      "на",       "он",
                                         "что",   "Это",     "был",     "город",    "России",
                                         "время", "область", "человек", "население"};
constexpr std::string_view kChinese[] = {"中国", "的", "一个", "人口", "是", "国家",
                                         "大学", "和", "城市", "历史", "，", "。"};

template <size_t kWords>
std::vector<std::string> MakeValues(const std::string_view (&words)[kWords],
                                    std::string_view between) {
  std::mt19937 random(1);
  std::vector<std::string> values(256);
  for (std::string& value : values) {
    while (value.size() < 1500) {
      // Squared, so that the words at the front are common.
      const double x = std::uniform_real_distribution<>(0, 1)(random);
      value += words[static_cast<size_t>(x * x * kWords)];
      value += random() % 12 == 0 ? (random() % 2 == 0 ? ". " : ", ") : between;
    }
  }
  return values;
}

const std::vector<std::string>& Values(int language) {
  static const std::vector<std::string> values[] = {
      MakeValues(kEnglish, " "), MakeValues(kFrench, " "), MakeValues(kRussian, " "),
      MakeValues(kChinese, "")};
  return values[language];
}

void Report(benchmark::State& state, size_t bytes, size_t tokens) {
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
  state.counters["ns_per_token"] =
      benchmark::Counter(static_cast<double>(tokens) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void Analyze(benchmark::State& state, const Analyzer& analyzer, int language) {
  const auto stream = analyzer.NewStream();
  size_t bytes = 0, tokens = 0;
  for (auto _ : state) {
    for (const std::string& value : Values(language)) {
      bytes += value.size();
      if (!stream->Start(value).ok()) std::abort();
      while (const TokenBatch* batch = stream->Next()) {
        tokens += batch->size();
        benchmark::DoNotOptimize(batch->tokens());
      }
    }
  }
  Report(state, bytes, tokens);
}

void BM_Analyzer(benchmark::State& state, const char* name, int language) {
  Analyze(state, **AnalyzerRegistry::BuiltIn().Get(name), language);
}
BENCHMARK_CAPTURE(BM_Analyzer, standard_english, "standard", 0);
BENCHMARK_CAPTURE(BM_Analyzer, standard_french, "standard", 1);
BENCHMARK_CAPTURE(BM_Analyzer, standard_russian, "standard", 2);
BENCHMARK_CAPTURE(BM_Analyzer, standard_chinese, "standard", 3);
BENCHMARK_CAPTURE(BM_Analyzer, english_english, "english", 0);
BENCHMARK_CAPTURE(BM_Analyzer, simple_english, "simple", 0);
BENCHMARK_CAPTURE(BM_Analyzer, whitespace_english, "whitespace", 0);

void BM_Chain(benchmark::State& state, const char* definition, int language) {
  Analyze(state, **AnalyzerRegistry::BuiltIn().Make(definition), language);
}
BENCHMARK_CAPTURE(BM_Chain, stop, R"({"tokenizer":"standard","filters":["lowercase","stop"]})", 0);
BENCHMARK_CAPTURE(BM_Chain, snowball_english,
                  R"({"tokenizer":"standard","filters":["lowercase","snowball"]})", 0);
BENCHMARK_CAPTURE(BM_Chain, asciifolding_french,
                  R"({"tokenizer":"standard","filters":["lowercase","asciifolding"]})", 1);
BENCHMARK_CAPTURE(BM_Chain, casefold_russian, R"({"tokenizer":"standard","filters":["casefold"]})",
                  2);

const AsciiWordKernels& KernelsOf(bool vector) {
  return vector ? AllAsciiWordKernels().back() : ScalarAsciiWordKernels();
}

void BM_StandardTokenizer(benchmark::State& state, bool vector, int language) {
  const AsciiWordKernels& kernels = KernelsOf(vector);
  StandardTokenizer tokenizer(255, kernels);
  TokenBatch batch;
  size_t bytes = 0, tokens = 0;
  for (auto _ : state) {
    for (const std::string& value : Values(language)) {
      bytes += value.size();
      tokenizer.Start(value);
      for (bool more = true; more;) {
        batch.Clear();
        more = tokenizer.Next(&batch);
        tokens += batch.size();
        benchmark::DoNotOptimize(batch.tokens());
      }
    }
  }
  Report(state, bytes, tokens);
}
BENCHMARK_CAPTURE(BM_StandardTokenizer, scalar_english, false, 0);
BENCHMARK_CAPTURE(BM_StandardTokenizer, vector_english, true, 0);
BENCHMARK_CAPTURE(BM_StandardTokenizer, vector_french, true, 1);

void BM_ClassifyAscii(benchmark::State& state, bool vector) {
  const AsciiWordKernels& kernels = KernelsOf(vector);
  std::string text;
  for (const std::string& value : Values(0)) text += value;
  const size_t blocks = 48;
  AsciiWordBlock out[blocks];
  size_t bytes = 0;
  for (auto _ : state) {
    for (size_t at = 0; at + 64 * blocks <= text.size(); at += 64 * blocks) {
      kernels.classify(reinterpret_cast<const uint8_t*>(text.data()) + at, blocks, out);
      benchmark::DoNotOptimize(out);
      bytes += 64 * blocks;
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK_CAPTURE(BM_ClassifyAscii, scalar, false);
BENCHMARK_CAPTURE(BM_ClassifyAscii, vector, true);

void BM_LowerAscii(benchmark::State& state, bool vector) {
  const AsciiWordKernels& kernels = KernelsOf(vector);
  std::string text = Values(0)[0];
  text.resize(text.size() + 64);
  size_t bytes = 0;
  for (auto _ : state) {
    kernels.lower(reinterpret_cast<uint8_t*>(text.data()), text.size() - 64);
    benchmark::DoNotOptimize(text.data());
    bytes += text.size() - 64;
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK_CAPTURE(BM_LowerAscii, scalar, false);
BENCHMARK_CAPTURE(BM_LowerAscii, vector, true);

void BM_PorterStem(benchmark::State& state) {
  size_t words = 0;
  for (auto _ : state) {
    for (const std::string_view word : kEnglish) {
      char copy[32];
      word.copy(copy, sizeof(copy));
      benchmark::DoNotOptimize(PorterStem(copy, word.size()));
      ++words;
    }
  }
  state.counters["ns_per_word"] = benchmark::Counter(
      static_cast<double>(words) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_PorterStem);

}  // namespace
}  // namespace segue
