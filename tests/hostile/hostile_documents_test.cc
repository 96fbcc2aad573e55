// SPDX-License-Identifier: Apache-2.0
//
// A thousand documents that nobody means well with, each in an index of its own: it is taken, and
// then whole, or refused and leaves no trace, within 100 ms, 64 MiB and a stack of 256 KiB.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <memory>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "engine/verify/verify.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/hostile/document_families.h"
#include "tests/hostile/hostile_world.h"
#include "tests/hostile/measured.h"

namespace segue {
namespace {

constexpr int kTries = 4;

class HostileDocuments : public ::testing::Test {
 protected:
  using MakeDocument = std::function<absl::StatusOr<Document>()>;

  // Takes the document into a new index, up to kTries times, until the time is within its limit.
  void Take(const char* family, uint64_t number, const MakeDocument& make) {
    SCOPED_TRACE(Cat(family, " ", number));
    Cost most;
    for (int i = 0; i < kTries; ++i) {
      most = {};
      RunOnSmallStack([&] {
        SCOPED_TRACE(Cat(family, " ", number));
        TakeOnce(make, &most);
      });
      if (HasFailure() || IsWithin(most, kHostileCost)) break;
    }
    EXPECT_TRUE(IsWithin(most, kHostileCost)) << most.ToString();
    Cost& of_family = most_[family];
    of_family.milliseconds = std::max(of_family.milliseconds, most.milliseconds);
    of_family.peak_bytes = std::max(of_family.peak_bytes, most.peak_bytes);
    ++tried_;
  }

  void TakeOnce(const MakeDocument& make, Cost* most) {
    const auto measure = [&](const std::function<void()>& call) {
      const Cost cost = Measure(call);
      most->milliseconds = std::max(most->milliseconds, cost.milliseconds);
      most->peak_bytes = std::max(most->peak_bytes, cost.peak_bytes);
    };
    const auto env = NewMemoryEnv();
    const Index index = *Index::Create("index", HostileSchema(), {.env = env.get()});
    const auto writer = *index.OpenWriter();
    absl::Status taken;
    measure([&] {
      const absl::StatusOr<Document> document = make();
      taken = document.ok() ? writer->Add(*document) : document.status();
    });
    const ErrorCode code = CodeOf(taken);
    EXPECT_TRUE(taken.ok() || code == ErrorCode::kInvalidArgument ||
                code == ErrorCode::kResourceExhausted)
        << taken;
    EXPECT_TRUE(taken.ok() || !taken.message().empty());
    ++(taken.ok() ? taken_ : refused_);
    // The writer goes on, whatever it was given.
    EXPECT_TRUE(writer->Upsert(Document().Add("id", "after").Add("body", "sound")).ok());
    measure([&] {
      const auto committed = writer->Commit();
      EXPECT_TRUE(committed.ok()) << committed.status();
    });
    const auto snapshot = *index.OpenSnapshot();
    EXPECT_EQ(snapshot->live_doc_count(), taken.ok() ? 2u : 1u);
    EXPECT_EQ(snapshot->Search(Query::Term("body", "sound"))->hits.size(), 1u);
    for (uint64_t doc = 0; doc < snapshot->doc_count(); ++doc) {
      EXPECT_TRUE(snapshot->Stored(doc).ok());
    }
  }

  // Everything that any of them has left in an index together is sound.
  void Verify(const std::vector<MakeDocument>& documents) {
    const auto env = NewMemoryEnv();
    const Index index = *Index::Create("index", HostileSchema(), {.env = env.get()});
    const auto writer = *index.OpenWriter();
    for (const MakeDocument& make : documents) {
      const absl::StatusOr<Document> document = make();
      if (document.ok()) (void)writer->Upsert(*document);
    }
    ASSERT_TRUE(writer->Commit().ok());
    // Tokens of a host program cannot be derived again.
    VerifyOptions options;
    options.compare_stored = false;
    const auto report = VerifyIndex(env.get(), "index", options);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_TRUE(report->ok()) << report->problems[0];
  }

  void TearDown() override {
    for (const auto& [family, cost] : most_) {
      std::printf("%-20s at most %s\n", family, cost.ToString().c_str());
    }
    std::printf("%zu documents, %zu times taken, %zu times refused\n", tried_, taken_, refused_);
  }

  std::map<const char*, Cost> most_;
  size_t tried_ = 0;
  size_t taken_ = 0;
  size_t refused_ = 0;
};

TEST_F(HostileDocuments, AsJson) {
  SeededRandom random(20);
  const Schema schema = HostileSchema();
  for (const TextFamily& family : DocumentJsonFamilies()) {
    std::vector<MakeDocument> documents;
    for (uint64_t i = 0; i < kDocumentsInFamily; ++i) {
      const std::string json = family.draw(random, i);
      if (!random.OneIn(kShare)) continue;
      documents.push_back([json, &schema] { return Document::FromJson(json, schema); });
      Take(family.name, i, documents.back());
    }
    Verify(documents);
  }
  if (kShare == 1) {  // of few, any number may be refused
    EXPECT_GE(tried_, 350u);
    EXPECT_GT(taken_, 25u);
    EXPECT_GT(refused_, 25u);
  } else {
    EXPECT_GT(tried_, 20u);
  }
}

TEST_F(HostileDocuments, Built) {
  SeededRandom random(21);
  for (const DocumentFamily& family : BuiltDocumentFamilies()) {
    std::vector<MakeDocument> documents;
    for (uint64_t i = 0; i < kDocumentsInFamily; ++i) {
      if (!random.OneIn(kShare)) continue;
      documents.push_back(
          [document = family.draw(random, i)]() -> absl::StatusOr<Document> { return document; });
      Take(family.name, i, documents.back());
    }
    Verify(documents);
  }
  if (kShare == 1) {  // of few, any number may be refused
    EXPECT_GE(tried_, 650u);
    EXPECT_GT(taken_, 150u);
    EXPECT_GT(refused_, 10u);
  } else {
    EXPECT_GT(tried_, 20u);
  }
}

}  // namespace
}  // namespace segue
