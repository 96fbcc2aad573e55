// SPDX-License-Identifier: Apache-2.0
//
// The stages of building an index: numbering terms, adding documents, flushing,
// merging, and all of it to disk.
//
// With SEGUE_DATA set the documents are those of enwiki.jsonl.xz (the first
// 20,000, or SEGUE_BENCH_DOCS); without it made-up text with Zipf's
// distribution, which is good for comparing versions only.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/io/memory_env.h"
#include "engine/segment/segment.h"
#include "engine/write/flush.h"
#include "engine/write/index_writer.h"
#include "engine/write/indexing_plan.h"
#include "engine/write/memory_index.h"
#include "engine/write/merger.h"
#include "engine/write/term_table.h"

namespace segue {
namespace {

constexpr uint64_t kBudget = uint64_t{256} << 20;

Schema BenchSchema() {
  return *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword","stored":true},
          "text":{"type":"text","from":["title","text"],"join":"\n"}}})");
}

struct Corpus {
  std::vector<Document> documents;
  uint64_t bytes = 0;  // of text

  void Add(Document document) {
    for (const FieldValue& value : document.values()) {
      bytes += std::get<std::string>(value.value).size();
    }
    documents.push_back(std::move(document));
  }
};

void ReadFrom(const std::string& path, size_t limit, Corpus* corpus) {
  FILE* lines = ::popen(Cat("xz -dc '", path, "' 2>/dev/null").c_str(), "r");
  if (lines == nullptr) return;
  const Schema schema = BenchSchema();
  char* line = nullptr;
  size_t capacity = 0;
  ssize_t length;
  while (corpus->documents.size() < limit && (length = ::getline(&line, &capacity, lines)) > 0) {
    auto document = Document::FromJson(std::string_view(line, static_cast<size_t>(length)), schema);
    if (document.ok()) corpus->Add(*std::move(document));
  }
  std::free(line);
  (void)::pclose(lines);
}

void MakeUp(size_t limit, Corpus* corpus) {
  std::mt19937_64 random(1);
  for (size_t i = 0; i < limit; ++i) {
    std::string text;
    for (uint64_t words = 50 + random() % 400; words > 0; --words) {
      const double u = static_cast<double>(random() >> 11) * 0x1p-53;
      // Rank r with a chance of about 1 / r among half a million.
      const auto rank = static_cast<uint64_t>(std::pow(500000.0, u));
      text += Cat(Hex(rank * 2654435761u % 0xffffff), " ");
    }
    Document document;
    document.Add("id", Cat(i)).Add("title", Cat("made up ", i));
    document.Add("text", std::move(text));
    corpus->Add(std::move(document));
  }
}

const Corpus& TheCorpus() {
  static const Corpus corpus = [] {
    Corpus made;
    const char* count = std::getenv("SEGUE_BENCH_DOCS");
    const size_t limit = count == nullptr ? 20000 : std::strtoull(count, nullptr, 10);
    const char* data = std::getenv("SEGUE_DATA");
    if (data != nullptr) ReadFrom(Cat(data, "/enwiki.jsonl.xz"), limit, &made);
    if (made.documents.empty()) MakeUp(limit, &made);
    return made;
  }();
  return corpus;
}

std::shared_ptr<const IndexingPlan> ThePlan() {
  static const auto plan = *IndexingPlan::Make(
      BenchSchema(), std::vector<ManifestField>{{0, "id"}, {1, "text"}}, nullptr);
  return plan;
}

std::unique_ptr<MemoryIndex> Filled(size_t begin, size_t end) {
  auto index = std::make_unique<MemoryIndex>(ThePlan(), uint64_t{4} << 30);
  PreparedDocument prepared;
  for (size_t i = begin; i < end; ++i) {
    if (!prepared.Prepare(*ThePlan(), TheCorpus().documents[i]).ok() ||
        !index->Add(&prepared).ok()) {
      std::abort();
    }
  }
  return index;
}

uint64_t TokensOf(MemoryIndex& index) {
  uint64_t tokens = 0;
  for (MemoryField& field : index.fields()) tokens += field.log().tokens();
  return tokens;
}

void Report(benchmark::State& state, uint64_t tokens, uint64_t bytes) {
  state.counters["per_token"] = benchmark::Counter(
      static_cast<double>(tokens),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  if (bytes != 0) {
    state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(bytes));
  }
}

void BM_NumberTerms(benchmark::State& state) {
  std::vector<TokenBatch> batches;
  uint64_t tokens = 0;
  const auto stream = ThePlan()->fields()[1].analyzer->NewStream();
  for (const Document& document : TheCorpus().documents) {
    if (tokens > 2000000) break;
    const auto& text = std::get<std::string>(*document.Find("text"));
    if (!stream->Start(text).ok()) continue;
    while (const TokenBatch* batch = stream->Next()) {
      TokenBatch& copy = batches.emplace_back();
      for (size_t i = 0; i < batch->size(); ++i) copy.AppendFrom(*batch, i);
      tokens += batch->size();
    }
  }
  for (auto _ : state) {
    TermTable table;
    uint32_t numbers[TermTable::kBatch];
    for (const TokenBatch& batch : batches) {
      for (size_t begin = 0; begin < batch.size(); begin += TermTable::kBatch) {
        table.Number(batch, begin, std::min(batch.size(), begin + TermTable::kBatch), numbers);
        benchmark::DoNotOptimize(numbers);
      }
    }
  }
  Report(state, tokens, 0);
}
BENCHMARK(BM_NumberTerms)->Unit(benchmark::kMillisecond);

void BM_AddToMemoryIndex(benchmark::State& state) {
  uint64_t tokens = 0;
  for (auto _ : state) {
    const auto index = Filled(0, TheCorpus().documents.size());
    tokens = TokensOf(*index);
  }
  Report(state, tokens, TheCorpus().bytes);
}
BENCHMARK(BM_AddToMemoryIndex)->Unit(benchmark::kMillisecond);

void BM_Flush(benchmark::State& state) {
  uint64_t tokens = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto env = NewMemoryEnv();
    (void)env->CreateDir("dir");
    auto index = Filled(0, TheCorpus().documents.size());
    tokens = TokensOf(*index);
    state.ResumeTiming();
    if (!FlushToSegment(env.get(), "dir", SegmentId{1}, index.get(), nullptr).ok()) {
      state.SkipWithError("flush");
    }
    state.PauseTiming();
    index.reset();
    state.ResumeTiming();
  }
  Report(state, tokens, TheCorpus().bytes);
}
BENCHMARK(BM_Flush)->Unit(benchmark::kMillisecond);

void BM_MergeOfFour(benchmark::State& state) {
  const auto env = NewMemoryEnv();
  (void)env->CreateDir("dir");
  std::vector<std::shared_ptr<const Segment>> segments;
  const size_t count = TheCorpus().documents.size();
  uint64_t tokens = 0;
  for (uint64_t i = 0; i < 4; ++i) {
    const auto index = Filled(count * i / 4, count * (i + 1) / 4);
    tokens += TokensOf(*index);
    const auto entry = FlushToSegment(env.get(), "dir", SegmentId{i + 1}, index.get(), nullptr);
    segments.push_back(*Segment::Open(env.get(), "dir", *entry, {}));
  }
  for (auto _ : state) {
    const auto merged = MergeSegments(env.get(), "dir", SegmentId{9}, segments, {});
    if (!merged.ok()) state.SkipWithError("merge");
    state.PauseTiming();
    for (const ManifestFile& file : merged->files) {
      (void)env->Remove(JoinPath("dir", file.info.name));
    }
    state.ResumeTiming();
  }
  Report(state, tokens, TheCorpus().bytes);
}
BENCHMARK(BM_MergeOfFour)->Unit(benchmark::kMillisecond);

// All the way to a committed index on disk; the argument is the threads.
void BM_BuildIndex(benchmark::State& state) {
  const std::string dir = (std::filesystem::temp_directory_path() / "segue_write_bench").string();
  IndexWriterOptions options;
  options.memory_bytes = kBudget;
  options.threads = static_cast<uint32_t>(state.range(0));
  uint64_t peak = 0;
  for (auto _ : state) {
    std::filesystem::remove_all(dir);
    if (!IndexWriter::Create(PosixEnv(), dir, BenchSchema()).ok()) {
      state.SkipWithError("create");
      break;
    }
    auto writer = IndexWriter::Open(PosixEnv(), dir, options);
    if (!writer.ok() || !(*writer)->AddBatch(TheCorpus().documents).ok() ||
        !(*writer)->ForceMerge(1).ok()) {
      state.SkipWithError("build");
      break;
    }
    peak = (*writer)->PeakMemoryBytes();
  }
  uint64_t bytes = 0;
  if (const auto manifest = ReadNewestManifest(PosixEnv(), dir); manifest.ok()) {
    for (const auto& segment : manifest->segments) bytes += segment.TotalBytes();
  }
  std::filesystem::remove_all(dir);
  state.counters["index_MB"] = static_cast<double>(bytes) / 1e6;
  state.counters["buffer_MB"] = static_cast<double>(peak) / 1e6;
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) *
                          static_cast<int64_t>(TheCorpus().bytes));
}
BENCHMARK(BM_BuildIndex)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace segue
