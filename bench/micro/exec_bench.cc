// SPDX-License-Identifier: Apache-2.0
//
// The loops of query evaluation over a synthetic index in memory: 200,000 documents of 40 words
// drawn from a Zipfian vocabulary (fixed seed). Times are per query; items are postings of its
// terms, so items_per_second compares with decode speeds. Run with SEGUE_KERNELS=scalar for the
// portable kernels.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/exec/list_probe.h"
#include "engine/exec/top_k.h"
#include "engine/format/postings_writer.h"
#include "engine/io/framed_file.h"
#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"

namespace segue {
namespace {

constexpr int kDocuments = 200'000;
constexpr int kWordsInDocument = 40;
constexpr int kVocabulary = 20'000;

// Word n has about 1/n of the occurrences of word 1.
std::string ZipfWord(std::mt19937_64& random) {
  const double u = static_cast<double>(random() >> 11) / 9007199254740992.0;
  return Cat("w", static_cast<int>(std::exp(u * std::log(kVocabulary))));
}

const Snapshot& Synthetic() {
  struct Built {
    std::unique_ptr<Env> env = NewMemoryEnv();
    std::shared_ptr<const Snapshot> snapshot;
  };
  static Built* const built = [] {
    auto* made = new Built;
    Schema schema;
    (void)schema.AddField("t", {.type = FieldType::kText, .analyzer = "whitespace"});
    auto index = Index::Create("synthetic", schema, {.env = made->env.get()});
    auto writer = index->OpenWriter();
    std::mt19937_64 random(42);
    for (int i = 0; i < kDocuments; ++i) {
      std::string text;
      for (int w = 0; w < kWordsInDocument; ++w) text += ZipfWord(random) + " ";
      Document document;
      document.Add("t", std::string_view(text));
      (void)(*writer)->Add(document);
    }
    (void)(*writer)->ForceMerge(1);
    made->snapshot = *index->OpenSnapshot();
    return made;
  }();
  return *built->snapshot;
}

Query TermOf(int64_t rank) { return Query::Term("t", Cat("w", rank)); }

void RunQuery(benchmark::State& state, const Query& query, const SearchOptions& options) {
  const Snapshot& snapshot = Synthetic();
  SearchCounters counters;
  for (auto _ : state) {
    auto result = snapshot.Search(query, options);
    if (!result.ok()) {
      state.SkipWithError("search failed");
      return;
    }
    counters = result->counters;
    benchmark::DoNotOptimize(result);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(counters.postings));
  state.counters["scored"] = static_cast<double>(counters.documents_scored);
  state.counters["blocks"] = static_cast<double>(counters.blocks_decoded);
}

void BM_Term(benchmark::State& state) {
  RunQuery(state, TermOf(state.range(0)), {.k = 10, .count = CountMode::kNone});
}
BENCHMARK(BM_Term)->Arg(1)->Arg(30)->Arg(1000);

// Every posting scored: the score loop.
void BM_TermExhaustive(benchmark::State& state) {
  RunQuery(state, TermOf(state.range(0)), {.k = 10, .count = CountMode::kNone, .exhaustive = true});
}
BENCHMARK(BM_TermExhaustive)->Arg(1)->Arg(30);

void BM_And(benchmark::State& state) {
  RunQuery(state, Query::And({TermOf(state.range(0)), TermOf(state.range(1))}),
           {.k = 10, .count = CountMode::kNone});
}
BENCHMARK(BM_And)->Args({1, 2})->Args({3, 300})->Args({200, 300})->Args({2, 5000});

void BM_CountAnd(benchmark::State& state) {
  RunQuery(state, Query::And({TermOf(state.range(0)), TermOf(state.range(1))}), {.k = 0});
}
BENCHMARK(BM_CountAnd)->Args({1, 2})->Args({3, 300})->Args({200, 300});

void BM_Or(benchmark::State& state) {
  RunQuery(state, Query::Or({TermOf(state.range(0)), TermOf(state.range(1))}),
           {.k = static_cast<uint32_t>(state.range(2)), .count = CountMode::kNone});
}
BENCHMARK(BM_Or)->Args({1, 2, 10})->Args({3, 300, 10})->Args({3, 300, 1000})->Args({2, 5000, 10});

void BM_CountOr(benchmark::State& state) {
  RunQuery(state, Query::Or({TermOf(state.range(0)), TermOf(state.range(1))}), {.k = 0});
}
BENCHMARK(BM_CountOr)->Args({1, 2})->Args({3, 300});

void BM_Phrase(benchmark::State& state) {
  RunQuery(state, Query::Phrase("t", {Cat("w", state.range(0)), Cat("w", state.range(1))}),
           {.k = 10, .count = CountMode::kNone});
}
BENCHMARK(BM_Phrase)->Args({1, 2})->Args({3, 300});

std::unique_ptr<FramedWriter> Create(Env* env, const char* name) {
  return *FramedWriter::Create(env, name, FileKind::Of("test"), 1, SegmentId{1});
}

// A list of every gap-th document, more or less.
class ProbedList {
 public:
  static constexpr uint32_t kDocCount = 1u << 20;

  explicit ProbedList(uint32_t gap) {
    auto post = Create(env_.get(), "post"), pos = Create(env_.get(), "pos"),
         bound = Create(env_.get(), "bound");
    PostingsWriter writer(post.get(), pos.get(), bound.get());
    writer.StartField({.doc_count = kDocCount, .has_positions = false});
    writer.StartTerm();
    std::mt19937_64 random(gap);
    for (uint64_t doc = random() % gap; doc < kDocCount; doc += 1 + random() % (2 * gap - 1)) {
      (void)writer.Add(static_cast<DocId>(doc), 1, {});
    }
    const TermMeta meta = *writer.FinishTerm();
    const PostingsSource source = {Reopen("post", post.get()),
                                   Reopen("pos", pos.get()),
                                   Reopen("bound", bound.get()),
                                   kDocCount,
                                   true,
                                   false};
    list_ = *PostingList::Open(source, meta, false);
  }

  const PostingList& list() const { return list_; }

 private:
  Section Reopen(const char* name, FramedWriter* file) {
    (void)file->Finish();
    return *OpenFramed(env_.get(), name, FileKind::Of("test"), SegmentId{1}, {});
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  PostingList list_;
};

// Documents looked for in a list; the arguments: the mean gap of its documents, and of those. An
// item is a document looked for.
void BM_Probe(benchmark::State& state) {
  const ProbedList probed(static_cast<uint32_t>(state.range(0)));
  const auto gap = static_cast<uint64_t>(state.range(1));
  std::mt19937_64 random(5);
  std::vector<DocId> docs;
  for (uint64_t doc = 0; doc < ProbedList::kDocCount && docs.size() < exec::ListProbe::kRows;) {
    docs.push_back(static_cast<DocId>(doc));
    doc += 1 + random() % (2 * gap - 1);
  }
  std::vector<uint32_t> rows(docs.size()), ranks(docs.size());
  std::vector<DocId> found(docs.size());
  const SearchOptions options;
  exec::SearchContext context(options);
  exec::ListProbe probe(&probed.list(), nullptr, &context);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        probe.Find(docs.data(), docs.size(), rows.data(), found.data(), ranks.data()));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(docs.size()));
}
BENCHMARK(BM_Probe)->Args({8, 100})->Args({64, 64})->Args({64, 1000})->Args({1000, 1000});

// Offers that enter with a falling chance, as over a list in no particular order.
void BM_TopK(benchmark::State& state) {
  std::mt19937_64 random(7);
  std::vector<float> scores(1 << 16);
  for (float& score : scores) score = static_cast<float>(random() >> 40);
  for (auto _ : state) {
    exec::TopK top_k(static_cast<uint32_t>(state.range(0)));
    for (uint64_t doc = 0; doc < scores.size(); ++doc) top_k.Offer({doc, scores[doc]});
    benchmark::DoNotOptimize(top_k.Take());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(scores.size()));
}
BENCHMARK(BM_TopK)->Arg(10)->Arg(100)->Arg(1000)->Arg(10000);

}  // namespace
}  // namespace segue
