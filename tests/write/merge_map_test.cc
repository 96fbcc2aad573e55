// SPDX-License-Identifier: Apache-2.0
//
// Where documents of a merge go, and orders of them by a column, against lists of what was added.
#include "engine/write/merge_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "engine/format/manifest_io.h"
#include "engine/io/memory_env.h"
#include "engine/segment/segment.h"
#include "engine/write/column_order.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";

struct Added {
  size_t segment = 0;
  DocId doc = 0;  // in it
  bool is_live = true;
  std::vector<int64_t> values;
};

// Some segments with deleted documents, and what is in them.
class MergeMapTest : public testing::Test {
 protected:
  void Build(SeededRandom* random, size_t segments, bool deletes) {
    const Schema schema = *Schema::FromJson(
        R"({"key":"id","fields":{"id":{"type":"keyword"},"n":{"type":"int64","multi":true}}})");
    env_ = NewMemoryEnv();
    added_.clear();
    segments_.clear();
    ASSERT_TRUE(IndexWriter::Create(env_.get(), kDir, schema).ok());
    auto writer = OpenOrDie(env_.get(), kDir, {.auto_merge = false});
    for (size_t segment = 0; segment < segments; ++segment) {
      const auto docs = static_cast<DocId>(random->Between(1, 40));
      for (DocId doc = 0; doc < docs; ++doc) {
        Added added = {.segment = segment, .doc = doc, .is_live = true, .values = {}};
        Document document;
        document.Add("id", Cat(added_.size()));
        for (uint64_t left = random->Below(4); left > 0; --left) {
          added.values.push_back(static_cast<int64_t>(random->Below(9)) - 4);
          document.Add("n", added.values.back());
        }
        ASSERT_TRUE(writer->Add(document).ok());
        added_.push_back(added);
      }
      ASSERT_TRUE(writer->Commit().ok());
    }
    if (deletes) DeleteSome(random, writer.get());
    const auto manifest = ReadNewestManifest(env_.get(), kDir);
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    for (const ManifestSegment& entry : manifest->segments) {
      auto segment = Segment::Open(env_.get(), kDir, entry, {});
      ASSERT_TRUE(segment.ok()) << segment.status();
      segments_.push_back(*std::move(segment));
    }
    ASSERT_EQ(segments_.size(), segments);
    field_ = segments_[0]->field("id")->id() + 1;
  }

  // Never all of a segment, which would go with its last one.
  void DeleteSome(SeededRandom* random, IndexWriter* writer) {
    for (size_t i = 0; i < added_.size(); ++i) {
      if (added_[i].doc == 0 || !random->OneIn(3)) continue;
      const absl::StatusOr<bool> deleted = writer->Delete(Cat(i));
      ASSERT_TRUE(deleted.ok() && *deleted);
      added_[i].is_live = false;
    }
    ASSERT_TRUE(writer->Commit().ok());
  }

  std::vector<Added> LiveOnes() const {
    std::vector<Added> live;
    std::copy_if(added_.begin(), added_.end(), std::back_inserter(live),
                 [](const Added& added) { return added.is_live; });
    return live;
  }

  // That the documents have these numbers, one after another, in both directions.
  void ExpectNumbers(const MergeMap& map, const std::vector<Added>& in_order) const {
    ASSERT_EQ(map.doc_count(), in_order.size());
    for (DocId number = 0; number < in_order.size(); ++number) {
      EXPECT_EQ(map.Map(in_order[number].segment, in_order[number].doc), number);
    }
    for (const Added& added : added_) {
      if (added.is_live) continue;
      EXPECT_EQ(map.Map(added.segment, added.doc), kEndOfDocs);
    }
    size_t next = 0;
    const absl::Status status = map.ForEachSource([&](size_t input, DocId doc) -> absl::Status {
      EXPECT_LT(next, in_order.size());
      EXPECT_EQ(input, in_order[next].segment);
      EXPECT_EQ(doc, in_order[next].doc);
      ++next;
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(next, in_order.size());
  }

  std::unique_ptr<Env> env_;
  std::vector<Added> added_;
  std::vector<std::shared_ptr<const Segment>> segments_;
  FieldId field_ = 0;
};

TEST_F(MergeMapTest, DeletedOnesAreDroppedAndTheOthersKeepTheirOrder) {
  SeededRandom random(841);
  for (int round = 0; round < 6; ++round) {
    const bool deletes = round % 3 != 0;
    Build(&random, random.Between(1, 5), deletes);
    const MergeMap map(segments_);
    ExpectNumbers(map, LiveOnes());
    EXPECT_FALSE(map.reorders());
    EXPECT_EQ(map.drops_documents(), LiveOnes().size() < added_.size());
  }
}

TEST_F(MergeMapTest, AnyOtherOrder) {
  SeededRandom random(842);
  for (int round = 0; round < 6; ++round) {
    Build(&random, random.Between(1, 5), random.OneIn(2));
    std::vector<Added> live = LiveOnes();
    HugeArray<DocId> order(live.size());
    std::iota(order.begin(), order.end(), DocId{0});
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.Below(i)]);
    std::vector<Added> in_order;
    for (const DocId number : order) in_order.push_back(live[number]);
    MergeMap map(segments_);
    map.Reorder(std::move(order));
    EXPECT_TRUE(map.reorders());
    ExpectNumbers(map, in_order);
  }
}

TEST_F(MergeMapTest, TheFirstErrorEndsAWalk) {
  SeededRandom random(843);
  Build(&random, 3, true);
  for (const bool reorders : {false, true}) {
    MergeMap map(segments_);
    if (reorders) {
      HugeArray<DocId> order(map.doc_count());
      std::iota(order.begin(), order.end(), DocId{0});
      std::reverse(order.begin(), order.end());
      map.Reorder(std::move(order));
    }
    size_t calls = 0;
    const absl::Status status = map.ForEachSource([&](size_t, DocId) -> absl::Status {
      return ++calls == 2 ? absl::InternalError("two") : absl::OkStatus();
    });
    EXPECT_EQ(status.message(), "two");
    EXPECT_EQ(calls, 2u);
  }
}

// What a damaged file says of a document that is not there, is told with segment and field.
TEST_F(MergeMapTest, DocumentsThatAreNotThere) {
  SeededRandom random(844);
  Build(&random, 2, false);
  const MergeMap map(segments_);
  for (size_t input = 0; input < segments_.size(); ++input) {
    const DocId docs = segments_[input]->doc_count();
    EXPECT_TRUE(map.CheckDoc(input, docs - 1, "n").ok());
    for (const DocId doc : {docs, docs + 1, kEndOfDocs, ~DocId{0}}) {
      const absl::Status status = map.CheckDoc(input, doc, "n");
      EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss);
      EXPECT_NE(status.message().find(Cat("segment ", segments_[input]->id().ToString(),
                                          ", field 'n': document ", doc, " of ", docs)),
                std::string::npos)
          << status;
    }
  }
}

TEST_F(MergeMapTest, OrdersByTheLeastAndByTheGreatestValue) {
  SeededRandom random(845);
  for (int round = 0; round < 6; ++round) {
    Build(&random, random.Between(1, 4), random.OneIn(2));
    const MergeMap map(segments_);
    const std::vector<Added> live = LiveOnes();
    for (const bool descending : {false, true}) {
      const auto key = [&](DocId doc) -> std::optional<int64_t> {
        const std::vector<int64_t>& values = live[doc].values;
        if (values.empty()) return std::nullopt;
        return descending ? *std::max_element(values.begin(), values.end())
                          : *std::min_element(values.begin(), values.end());
      };
      std::vector<DocId> wanted(live.size());
      std::iota(wanted.begin(), wanted.end(), DocId{0});
      std::stable_sort(wanted.begin(), wanted.end(), [&](DocId a, DocId b) {
        // Those without a value are last, whichever way.
        if (!key(a) || !key(b)) return key(a).has_value() && !key(b).has_value();
        return descending ? *key(a) > *key(b) : *key(a) < *key(b);
      });
      const auto order = ColumnOrder(segments_, map, field_, descending);
      ASSERT_TRUE(order.ok()) << order.status();
      EXPECT_TRUE(std::equal(order->begin(), order->end(), wanted.begin(), wanted.end()));
    }
    // A field that no segment has: all are without a value, and stay as they are.
    const auto as_they_are = ColumnOrder(segments_, map, 77, false);
    ASSERT_TRUE(as_they_are.ok());
    EXPECT_TRUE(std::is_sorted(as_they_are->begin(), as_they_are->end()));
    EXPECT_EQ(as_they_are->size(), live.size());
  }
}

}  // namespace
}  // namespace segue
