// SPDX-License-Identifier: Apache-2.0
//
// Posting lists: decoding documents, frequencies and positions, finding blocks,
// probing, writing. Lists are made like text makes them: documents at random,
// frequencies and position gaps geometric. The first argument is the mean gap
// between documents; below 16 the list is dense. An item is a posting unless
// the benchmark says otherwise. SEGUE_KERNELS=scalar measures the scalar table.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/format/position_reader.h"
#include "engine/format/postings_reader.h"
#include "engine/format/postings_writer.h"
#include "engine/io/framed_file.h"
#include "engine/io/memory_env.h"

namespace segue {
namespace {

constexpr uint32_t kDocCount = 1u << 20;

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // At least 1, with this mean.
  uint32_t Geometric(uint32_t mean) {
    uint32_t value = 1;
    while (Next() % mean != 0) ++value;
    return value;
  }

 private:
  uint64_t state_;
};

struct World {
  std::unique_ptr<Env> env = NewMemoryEnv();
  PostingsSource source;
  TermMeta meta;
  PostingList list;
};

std::unique_ptr<FramedWriter> Create(Env* env, const char* name) {
  return *FramedWriter::Create(env, name, FileKind::Of("test"), 1, SegmentId{1});
}

Section Reopen(Env* env, const char* name, FramedWriter* file) {
  (void)file->Finish();
  return *OpenFramed(env, name, FileKind::Of("test"), SegmentId{1}, {});
}

// One list of mean document gap `gap`, cached.
const World& ListWorld(uint32_t gap) {
  static std::map<uint32_t, World> worlds;
  World& world = worlds[gap];
  if (world.meta.doc_freq != 0) return world;
  Env* env = world.env.get();
  auto post = Create(env, "post"), pos = Create(env, "pos"), bound = Create(env, "bound");
  PostingsWriter writer(post.get(), pos.get(), bound.get());
  PostingsWriterOptions options;
  options.doc_count = kDocCount;
  writer.StartField(options);
  writer.StartTerm();
  Random random(gap);
  std::vector<uint32_t> positions;
  for (DocId doc = random.Geometric(gap); doc < kDocCount; doc += random.Geometric(gap)) {
    positions.assign(random.Geometric(2), 0);
    uint32_t at = 0;
    for (uint32_t& position : positions) position = at += random.Geometric(100);
    (void)writer.Add(doc, static_cast<uint32_t>(positions.size()), positions);
  }
  world.meta = *writer.FinishTerm();
  world.source = {Reopen(env, "post", post.get()),
                  Reopen(env, "pos", pos.get()),
                  Reopen(env, "bound", bound.get()),
                  kDocCount,
                  true,
                  true};
  world.list = *PostingList::Open(world.source, world.meta, true);
  return world;
}

uint32_t Gap(const benchmark::State& state) { return static_cast<uint32_t>(state.range(0)); }

void SetItems(benchmark::State& state, uint64_t items) {
  state.SetItemsProcessed(static_cast<int64_t>(items));
}

void DecodeDocs(benchmark::State& state) {
  const PostingList& list = ListWorld(Gap(state)).list;
  DocId docs[kBlockPostings];
  uint32_t block = 0;
  uint64_t items = 0;
  for (auto _ : state) {
    items += list.DecodeDocs(block, docs);
    benchmark::ClobberMemory();
    block = block + 2 < list.block_count() ? block + 1 : 0;
  }
  SetItems(state, items);
}
BENCHMARK(DecodeDocs)->Arg(2)->Arg(6)->Arg(14)->Arg(30)->Arg(200)->Arg(2000);

void DecodeFreqs(benchmark::State& state) {
  const PostingList& list = ListWorld(Gap(state)).list;
  uint32_t freqs[kBlockPostings];
  uint32_t block = 0;
  for (auto _ : state) {
    list.DecodeFreqs(block, freqs);
    benchmark::ClobberMemory();
    block = block + 2 < list.block_count() ? block + 1 : 0;
  }
  SetItems(state, state.iterations() * kBlockPostings);
}
BENCHMARK(DecodeFreqs)->Arg(6)->Arg(200);

// Random documents of a block, an eighth of it; the block is entered once.
void FreqAtRandom(benchmark::State& state) {
  const PostingList& list = ListWorld(Gap(state)).list;
  uint32_t block = 0, index = 0;
  uint64_t sum = 0;
  for (auto _ : state) {
    const FreqBlock freqs = list.OpenFreqs(block);
    for (int i = 0; i < 16; ++i) {
      index = (index * 5 + 11) & 127;
      sum += freqs.At(index);
    }
    block = block + 2 < list.block_count() ? block + 1 : 0;
  }
  benchmark::DoNotOptimize(sum);
  SetItems(state, state.iterations() * 16);
}
BENCHMARK(FreqAtRandom)->Arg(6)->Arg(200);

// Positions of every n-th document. Items are documents read.
void ReadPositions(benchmark::State& state) {
  const PostingList& list = ListWorld(Gap(state)).list;
  const uint32_t step = static_cast<uint32_t>(state.range(1));
  std::vector<uint32_t> positions;
  PositionReader reader(&list);
  uint32_t block = 0;
  uint64_t items = 0;
  for (auto _ : state) {
    reader.EnterBlock(block);
    for (uint32_t i = 0; i < kBlockPostings; i += step, ++items) {
      benchmark::DoNotOptimize(reader.Read(i, &positions));
    }
    block = block + 2 < list.block_count() ? block + 1 : 0;
  }
  SetItems(state, items);
}
BENCHMARK(ReadPositions)
    ->Args({6, 1})
    ->Args({6, 4})
    ->Args({6, 32})
    ->Args({200, 1})
    ->Args({200, 128});

// Steps of about n blocks. An item is a call.
void FindBlock(benchmark::State& state) {
  const PostingList& list = ListWorld(30).list;
  const uint32_t step = static_cast<uint32_t>(state.range(0));
  uint32_t block = 0;
  for (auto _ : state) {
    const uint32_t next = block + step < list.block_count() ? block + step : step;
    block = list.FindBlock(list.first_doc(next) + 3, next == step ? 0 : block);
    benchmark::DoNotOptimize(block);
  }
  SetItems(state, state.iterations());
}
BENCHMARK(FindBlock)->Arg(0)->Arg(1)->Arg(5)->Arg(50);

// Is a document in the list, and how often? An item is a probe.
void ProbeDense(benchmark::State& state) {
  const PostingList& list = ListWorld(6).list;
  Random random(1);
  uint64_t sum = 0;
  for (auto _ : state) {
    const DocId doc = static_cast<DocId>(random.Next() % kDocCount);
    if (!list.DenseContains(doc)) continue;
    const uint32_t rank = list.DenseRank(doc);
    sum += list.FreqAt(rank / kBlockPostings, rank % kBlockPostings);
  }
  benchmark::DoNotOptimize(sum);
  SetItems(state, state.iterations());
}
BENCHMARK(ProbeDense);

void ProbeSparse(benchmark::State& state) {
  const PostingList& list = ListWorld(Gap(state)).list;
  Random random(1);
  DocId docs[kBlockPostings];
  uint64_t sum = 0;
  for (auto _ : state) {
    const DocId doc = static_cast<DocId>(random.Next() % kDocCount);
    const uint32_t block = list.FindBlock(doc, 0);
    const uint32_t count = list.DecodeDocs(block, docs);
    const uint32_t at = static_cast<uint32_t>(std::lower_bound(docs, docs + count, doc) - docs);
    if (at < count && docs[at] == doc) sum += list.FreqAt(block, at);
  }
  benchmark::DoNotOptimize(sum);
  SetItems(state, state.iterations());
}
BENCHMARK(ProbeSparse)->Arg(30)->Arg(2000);

void OpenList(benchmark::State& state) {
  const World& world = ListWorld(Gap(state));
  for (auto _ : state) {
    benchmark::DoNotOptimize(PostingList::Open(world.source, world.meta, state.range(1) != 0));
  }
  SetItems(state, state.iterations());
}
BENCHMARK(OpenList)->Args({6, 0})->Args({200, 0})->Args({200, 1})->Args({20000, 0});

// Encoding only: the files are in memory.
void WriteList(benchmark::State& state) {
  const uint32_t gap = Gap(state);
  std::unique_ptr<Env> env = NewMemoryEnv();
  auto post = Create(env.get(), "post"), pos = Create(env.get(), "pos"),
       bound = Create(env.get(), "bound");
  PostingsWriter writer(post.get(), pos.get(), bound.get());
  PostingsWriterOptions options;
  options.doc_count = kDocCount;
  writer.StartField(options);
  Random random(gap);
  std::vector<DocId> docs;
  for (DocId doc = 0; doc < kDocCount; doc += random.Geometric(gap)) docs.push_back(doc);
  const uint32_t positions[2] = {17, 120};
  for (auto _ : state) {
    writer.StartTerm();
    for (const DocId doc : docs) (void)writer.Add(doc, 2, positions);
    benchmark::DoNotOptimize(writer.FinishTerm());
  }
  SetItems(state, state.iterations() * docs.size());
}
BENCHMARK(WriteList)->Arg(6)->Arg(200)->Arg(20000)->Arg(300000);

}  // namespace
}  // namespace segue
