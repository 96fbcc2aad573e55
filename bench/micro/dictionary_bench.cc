// SPDX-License-Identifier: Apache-2.0
//
// The term dictionary over the words of a real corpus (words_dictionary.h): look-ups, walks,
// writing, and its size.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bench/micro/words_dictionary.h"

namespace segue {
namespace {

void BM_DictionaryFind(benchmark::State& state) {
  const Dictionary& dictionary = SharedDictionary();
  const auto terms =
      Sample(static_cast<uint32_t>(state.range(0)), static_cast<size_t>(state.range(1)));
  size_t next = 0;
  for (auto _ : state) {
    auto entry = dictionary.Find(terms[next]);
    benchmark::DoNotOptimize(entry);
    if (++next == terms.size()) next = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
// A hundred terms stay in the caches; a hundred thousand touch most blocks.
BENCHMARK(BM_DictionaryFind)
    ->ArgNames({"least_freq", "terms"})
    ->ArgsProduct({{1, 128}, {100, 100000}});

void BM_DictionaryFindAbsent(benchmark::State& state) {
  const Dictionary& dictionary = SharedDictionary();
  auto terms = Sample(1, 100000);
  for (std::string& term : terms) term += '#';
  size_t next = 0;
  for (auto _ : state) {
    auto entry = dictionary.Find(terms[next]);
    benchmark::DoNotOptimize(entry);
    if (++next == terms.size()) next = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_DictionaryFindAbsent);

void BM_DictionaryPrefixRange(benchmark::State& state) {
  const Dictionary& dictionary = SharedDictionary();
  auto terms = Sample(1, 10000);
  for (std::string& term : terms) term.resize(std::min<size_t>(term.size(), 3));
  size_t next = 0;
  for (auto _ : state) {
    auto range = dictionary.PrefixRange(terms[next]);
    benchmark::DoNotOptimize(range);
    if (++next == terms.size()) next = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_DictionaryPrefixRange);

void BM_DictionaryWalk(benchmark::State& state) {
  const Dictionary& dictionary = SharedDictionary();
  uint64_t terms = 0;
  for (auto _ : state) {
    Dictionary::Iterator it(dictionary);
    for (it.SeekToFirst(); it.valid(); it.Next()) {
      benchmark::DoNotOptimize(it.meta().post_offset);
      ++terms;
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(terms));
}
BENCHMARK(BM_DictionaryWalk)->Unit(benchmark::kMillisecond);

void BM_DictionaryOpen(benchmark::State& state) {
  Built built;
  if (!Write(Words(), &built).ok()) state.SkipWithError("cannot write");
  for (auto _ : state) {
    auto dictionary = Dictionary::Open(built.body, built.meta);
    benchmark::DoNotOptimize(dictionary);
  }
}
BENCHMARK(BM_DictionaryOpen)->Unit(benchmark::kMicrosecond);

void BM_DictionaryWrite(benchmark::State& state) {
  const std::vector<Word>& words = Words();
  for (auto _ : state) {
    Built built;
    if (!Write(words, &built).ok()) state.SkipWithError("cannot write");
  }
  state.SetItemsProcessed(static_cast<int64_t>(words.size()) * state.iterations());
}
BENCHMARK(BM_DictionaryWrite)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace segue
