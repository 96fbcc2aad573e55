// SPDX-License-Identifier: Apache-2.0
//
// Scoring arithmetic: the score loop over (freq, norm) pairs as a scorer meets them, and what is
// paid once for each term of a query. Fixed seed; items are scores, or terms.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include "engine/rank/bm25.h"
#include "engine/rank/length_norm.h"
#include "engine/rank/score_bound.h"

namespace segue {
namespace {

constexpr float kAverageLength = 253.77f;
constexpr float kWeight = 5.3f;

struct Postings {
  explicit Postings(size_t count) {
    std::mt19937_64 random(42);
    for (size_t i = 0; i < count; ++i) {
      // Most frequencies are 1; lengths spread over two decades.
      freqs.push_back(1 + static_cast<uint32_t>(random() % 7 == 0 ? random() % 20 : 0));
      norms.push_back(EncodeLength(30 + static_cast<uint32_t>(random() % 1000)));
    }
  }
  std::vector<uint32_t> freqs;
  std::vector<uint8_t> norms;
};

void BM_ScoreBlock(benchmark::State& state) {
  const Postings postings(128);
  const Bm25Scorer scorer(kWeight, {}, kAverageLength);
  std::vector<float> scores(128);
  for (auto _ : state) {
    for (size_t i = 0; i < scores.size(); ++i) {
      scores[i] = scorer.Score(postings.freqs[i], postings.norms[i]);
    }
    benchmark::DoNotOptimize(scores.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 128);
}
BENCHMARK(BM_ScoreBlock);

void BM_MakeScorer(benchmark::State& state) {
  for (auto _ : state) {
    Bm25Scorer scorer(kWeight, {}, kAverageLength);
    benchmark::DoNotOptimize(scorer);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MakeScorer);

void BM_Idf(benchmark::State& state) {
  uint64_t doc_freq = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Idf(doc_freq, 1'420'000));
    doc_freq = doc_freq * 3 % 1'000'003;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Idf);

void BM_EncodeLength(benchmark::State& state) {
  uint32_t length = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(EncodeLength(length));
    length = (length + 37) & 0xffff;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_EncodeLength);

void BM_MakeWindowBounds(benchmark::State& state) {
  const Bm25Scorer scorer(kWeight, {}, kAverageLength);
  const BoundStatistics build{{}, kAverageLength - 1};
  for (auto _ : state) {
    WindowBounds bounds(scorer, build, {0.1f, 0.9f});
    benchmark::DoNotOptimize(bounds);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MakeWindowBounds);

}  // namespace
}  // namespace segue
