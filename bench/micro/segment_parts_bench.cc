// SPDX-License-Identifier: Apache-2.0
//
// Stored fields, columns and keys: what fetching one hit costs, and what scanning costs.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "engine/format/column_reader.h"
#include "engine/format/column_writer.h"
#include "engine/format/key_column.h"
#include "engine/format/stored_dictionary.h"
#include "engine/format/stored_reader.h"
#include "engine/format/stored_writer.h"
#include "engine/io/memory_env.h"

namespace segue {
namespace {

constexpr DocId kDocs = 100000;

class Random {
 public:
  uint64_t Below(uint64_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 33) % limit;
  }

 private:
  uint64_t state_ = 1;
};

// What `write` writes to a file in memory, opened with its metadata.
template <typename Write>
auto MakeFile(Write write) {
  static std::vector<std::unique_ptr<Env>>* const envs = new std::vector<std::unique_ptr<Env>>;
  envs->push_back(NewMemoryEnv());
  auto file = FramedWriter::Create(envs->back().get(), "file", FileKind::Of("test"), 1, {});
  if (!file.ok()) std::abort();
  auto meta = write(file->get());
  if (!meta.ok() || !(*file)->Finish().ok()) std::abort();
  auto body = OpenFramed(envs->back().get(), "file", FileKind::Of("test"), {}, {});
  if (!body.ok()) std::abort();
  return std::pair(*body, *meta);
}

std::vector<StoredField> SomeDocument(Random* random) {
  std::string text;
  for (uint64_t words = 20 + random->Below(100); words > 0; --words) {
    for (uint64_t i = 2 + random->Below(7); i > 0; --i) {
      text.push_back("etaoinshrdlcumwf"[random->Below(16) & random->Below(16)]);
    }
    text.push_back(' ');
  }
  return {{1, ValueType::kText, text}, {2, ValueType::kInt64, static_cast<int64_t>(text.size())}};
}

// As a segment has it: of zstd with a dictionary.
absl::StatusOr<StoredMeta> WriteStored(FramedWriter* file, StoredCodec codec) {
  std::string dictionary, encoded;
  if (codec == StoredCodec::kZstd) {
    StoredSample sample(kDocs / 5);
    Random random;
    for (DocId doc = 0; doc < kDocs / 5; ++doc) {
      const std::vector<StoredField> fields = SomeDocument(&random);
      if (doc != sample.wanted()) continue;
      if (!EncodeStoredDocument(fields, &encoded).ok()) std::abort();
      sample.Add(encoded);
    }
    dictionary = sample.Train();
  }
  Random random;
  StoredWriter writer(file, codec, dictionary);
  for (DocId doc = 0; doc < kDocs / 5; ++doc) {
    if (absl::Status status = writer.Add(SomeDocument(&random)); !status.ok()) return status;
  }
  return writer.Finish();
}

void BM_StoredGet(benchmark::State& state) {
  const auto codec = static_cast<StoredCodec>(state.range(0));
  const auto [body, meta] = MakeFile([&](FramedWriter* file) { return WriteStored(file, codec); });
  const auto reader = StoredReader::Open(body, meta);
  Random random;
  StoredCache cache;
  for (auto _ : state) {
    auto fields = reader->Get(static_cast<DocId>(random.Below(meta.doc_count)), &cache);
    benchmark::DoNotOptimize(fields);
  }
  state.counters["bytes"] = static_cast<double>(meta.blocks_bytes);
}
BENCHMARK(BM_StoredGet)->ArgName("codec")->Arg(0)->Arg(1)->Arg(2);

void BM_StoredReadAll(benchmark::State& state) {
  const auto [body, meta] =
      MakeFile([](FramedWriter* file) { return WriteStored(file, StoredCodec::kSnappy); });
  const auto reader = StoredReader::Open(body, meta);
  for (auto _ : state) {
    StoredCache cache;
    for (DocId doc = 0; doc < meta.doc_count; ++doc) {
      auto encoded = reader->GetEncoded(doc, &cache);
      benchmark::DoNotOptimize(encoded);
    }
  }
  state.SetItemsProcessed(state.iterations() * meta.doc_count);
}
BENCHMARK(BM_StoredReadAll)->Unit(benchmark::kMillisecond);

void BM_KeyGet(benchmark::State& state) {
  const auto [body, meta] = MakeFile([](FramedWriter* file) {
    KeyColumnWriter writer(file);
    for (DocId doc = 0; doc < kDocs; ++doc) (void)writer.Add(std::to_string(doc * 31)).ok();
    return writer.Finish();
  });
  const auto keys = KeyColumn::Open(body, meta);
  Random random;
  std::string key;
  for (auto _ : state) {
    benchmark::DoNotOptimize(keys->Get(static_cast<DocId>(random.Below(kDocs)), &key).ok());
  }
}
BENCHMARK(BM_KeyGet);

// Values of `bits` bits; `percent` of the documents have one.
std::pair<Section, ColumnMeta> SomeColumn(uint64_t bits, uint64_t percent) {
  return MakeFile([&](FramedWriter* file) {
    const auto values = [&](AddColumnValue add) -> absl::Status {
      Random random;
      for (DocId doc = 0; doc < kDocs; ++doc) {
        if (random.Below(100) >= percent) continue;
        SEGUE_RETURN_IF_ERROR(add(doc, static_cast<int64_t>(random.Below(uint64_t{1} << bits))));
      }
      return absl::OkStatus();
    };
    ColumnWriter writer(file, ValueType::kInt64, false);
    (void)values([&](DocId doc, int64_t value) { return writer.Add(doc, value); }).ok();
    return writer.Finish(kDocs, values);
  });
}

void ColumnShapes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"bits", "percent"});
  for (int bits : {1, 13, 30}) benchmark->Args({bits, 100});
  benchmark->Args({13, 50});
}

void BM_ColumnGet(benchmark::State& state) {
  const auto [body, meta] =
      SomeColumn(static_cast<uint64_t>(state.range(0)), static_cast<uint64_t>(state.range(1)));
  const auto column = Column::Open(body, meta);
  Random random;
  for (auto _ : state) {
    auto value = column->Get(static_cast<DocId>(random.Below(kDocs)));
    benchmark::DoNotOptimize(value);
  }
}
BENCHMARK(BM_ColumnGet)->Apply(ColumnShapes);

void BM_ColumnDecodeBlock(benchmark::State& state) {
  const auto [body, meta] =
      SomeColumn(static_cast<uint64_t>(state.range(0)), static_cast<uint64_t>(state.range(1)));
  const auto column = Column::Open(body, meta);
  ColumnBlock block;
  uint32_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(column->DecodeBlock(next, &block).ok());
    if (++next == column->block_count()) next = 0;
  }
  state.SetItemsProcessed(state.iterations() * kColumnBlockDocs);
}
BENCHMARK(BM_ColumnDecodeBlock)->Apply(ColumnShapes);

// All documents with a value in the lower half.
void BM_ColumnSelectHalf(benchmark::State& state) {
  const auto bits = static_cast<uint64_t>(state.range(0));
  const auto [body, meta] = SomeColumn(bits, static_cast<uint64_t>(state.range(1)));
  const auto column = Column::Open(body, meta);
  const ValueRanges wanted(0, static_cast<int64_t>(uint64_t{1} << (bits - 1)) - 1);
  for (auto _ : state) {
    for (uint32_t block = 0; block < column->block_count(); ++block) {
      ColumnBlockMask docs;
      docs.fill(~uint64_t{0});
      benchmark::DoNotOptimize(column->Select(block, wanted, &docs).ok());
      benchmark::DoNotOptimize(docs);
    }
  }
  state.SetItemsProcessed(state.iterations() * kDocs);
}
BENCHMARK(BM_ColumnSelectHalf)->Apply(ColumnShapes)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace segue
