// SPDX-License-Identifier: Apache-2.0
//
// Walks of automata over the terms of a real corpus (words_dictionary.h): misspelt words and
// regular expressions, sixteen in turn. An item is a term of the dictionary; `seen` is the share of
// them that stand in blocks that were looked into.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/micro/words_dictionary.h"
#include "engine/automata/dictionary_walk.h"
#include "engine/automata/fuzzy_matcher.h"
#include "engine/automata/pattern_matcher.h"
#include "engine/pattern/regexp.h"

namespace segue {
namespace {

// Terms found; SIZE_MAX: an error.
size_t Walk(TermMatcher* matcher, uint64_t* seen) {
  DictionaryWalk walk(SharedDictionary(), matcher);
  size_t found = 0;
  DictionaryWalk::Outcome outcome;
  while ((outcome = walk.Next()) != DictionaryWalk::Outcome::kEnd) {
    found += outcome == DictionaryWalk::Outcome::kFound ? 1 : 0;
  }
  *seen += walk.terms_seen();
  return walk.status().ok() ? found : SIZE_MAX;
}

constexpr size_t kWalks = 16;

void Count(uint64_t seen, benchmark::State& state) {
  const double walks = static_cast<double>(state.iterations() * kWalks);
  const double terms = static_cast<double>(Words().size());
  state.counters["seen"] = static_cast<double>(seen) / walks / terms;
  state.SetItemsProcessed(static_cast<int64_t>(terms * walks));
}

void BM_WalkFuzzy(benchmark::State& state) {
  const auto words = Sample(128, kWalks);
  uint64_t seen = 0;
  for (auto _ : state) {
    for (const std::string& word : words) {
      FuzzyMatcher matcher(word, static_cast<uint32_t>(state.range(0)), 0);
      benchmark::DoNotOptimize(Walk(&matcher, &seen));
    }
  }
  Count(seen, state);
}
BENCHMARK(BM_WalkFuzzy)->ArgName("edits")->Arg(1)->Arg(2)->Unit(benchmark::kMicrosecond);

// A letter of a word is any; a word may end in any way; a word may begin in any way.
void BM_WalkRegexp(benchmark::State& state, const char* before, const char* after, size_t skip) {
  const auto words = Sample(128, kWalks);
  uint64_t seen = 0;
  for (auto _ : state) {
    for (const std::string& word : words) {
      const size_t kept = std::min<size_t>(word.size(), 2);
      auto program = CompileRegexp(before + word.substr(0, kept) + (skip > 0 ? "." : "") +
                                   word.substr(std::min(word.size(), kept + skip)) + after);
      if (!program.ok()) state.SkipWithError("not a regular expression");
      PatternMatcher matcher(std::make_shared<const PatternProgram>(std::move(*program)));
      benchmark::DoNotOptimize(Walk(&matcher, &seen));
    }
  }
  Count(seen, state);
}
BENCHMARK_CAPTURE(BM_WalkRegexp, any_letter, "", "", 1)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_WalkRegexp, any_end, "", ".*", 0)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_WalkRegexp, any_start, ".*", "", 0)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace segue
