// SPDX-License-Identifier: Apache-2.0
//
// All of the English Wikipedia articles: the index is no larger than Lucene's for the same content,
// and neither threads nor flushes show in it.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "engine/format/manifest_io.h"
#include "engine/io/memory_env.h"
#include "engine/write/index_writer.h"
#include "tests/support/shared_data.h"
#include "tests/write/index_dump.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";
// What Lucene 10.4 needs: one text field with positions and norms, the id stored.
constexpr uint64_t kLuceneBytes = 73100000;

Schema WikiSchema() {
  return *Schema::FromJson(R"({"key":"id","fields":{"id":{"type":"keyword","stored":true},
          "text":{"type":"text","from":["title","text"],"join":"\n"}}})");
}

TEST(Enwiki, SizeAndIndependenceOfThreadsAndFlushes) {
  if (SharedDataDir().empty()) GTEST_SKIP() << kNoSharedData;
  const Schema schema = WikiSchema();
  std::map<std::string, std::string> first;
  struct Run {
    uint32_t threads;
    uint64_t memory_bytes;
  };
  for (const Run run : {Run{1, uint64_t{256} << 20}, Run{2, uint64_t{48} << 20}}) {
    SCOPED_TRACE(Cat(run.threads, " threads, ", run.memory_bytes, " bytes"));
    const auto env = NewMemoryEnv();
    ASSERT_TRUE(IndexWriter::Create(env.get(), kDir, schema).ok());
    IndexWriterOptions options;
    options.threads = run.threads;
    options.memory_bytes = run.memory_bytes;
    auto writer = OpenOrDie(env.get(), kDir, options);
    std::vector<Document> batch;
    const auto add_batch = [&] {
      ASSERT_TRUE(writer->AddBatch(batch).ok());
      ASSERT_LE(writer->MemoryBytes(), run.memory_bytes);
      batch.clear();
    };
    ForEachLine(SharedDataDir() + "/enwiki.jsonl.xz", [&](std::string_view line) {
      batch.push_back(*Document::FromJson(line, schema));
      if (batch.size() == 500) add_batch();
    });
    add_batch();
    EXPECT_LE(writer->PeakMemoryBytes(), run.memory_bytes);
    const auto info = writer->ForceMerge(1);
    ASSERT_TRUE(info.ok()) << info.status();
    EXPECT_EQ(info->documents, 125575u);
    const auto manifest = ReadNewestManifest(env.get(), kDir);
    ASSERT_TRUE(manifest.ok());
    EXPECT_LE(manifest->segments[0].TotalBytes(), kLuceneBytes);
    const auto bodies = SegmentBodies(env.get(), kDir);
    EXPECT_EQ(bodies.size(), 7u);
    if (first.empty()) {
      first = bodies;
      continue;
    }
    for (const auto& [kind, body] : first) EXPECT_TRUE(bodies.at(kind) == body) << kind;
  }
}

}  // namespace
}  // namespace segue
