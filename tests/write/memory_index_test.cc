// SPDX-License-Identifier: Apache-2.0
//
// The memory index by itself: which keys live, what is held for each document, and a budget that
// nothing passes.
#include "engine/write/memory_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

std::shared_ptr<const IndexingPlan> PlanOf(std::string_view schema_json) {
  const Schema schema = *Schema::FromJson(schema_json);
  std::vector<ManifestField> numbers;
  for (const Field& field : schema.fields()) {
    numbers.push_back({static_cast<FieldId>(numbers.size()), field.name});
  }
  auto plan = IndexingPlan::Make(schema, numbers, nullptr);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return *std::move(plan);
}

constexpr char kWithKey[] = R"({"key":"id","fields":{
    "id":{"type":"keyword","stored":true},"text":{"type":"text","stored":true},
    "n":{"type":"int64","multi":true}}})";

// An index, and what a list of its documents says of it.
class Modelled {
 public:
  Modelled(std::shared_ptr<const IndexingPlan> plan, size_t budget)
      : plan_(std::move(plan)), budget_(budget), index_(plan_, budget) {}

  // As MemoryIndex::Add; nothing for a refused one.
  absl::StatusOr<MemoryIndex::AddResult> Add(const Document& document) {
    EXPECT_TRUE(prepared_.Prepare(*plan_, document).ok());
    const std::string key(prepared_.key());
    const auto result = index_.Add(&prepared_);
    if (!result.ok() || *result == MemoryIndex::AddResult::kFull) return result;
    const auto known = docs_.find(key);
    EXPECT_EQ(*result == MemoryIndex::AddResult::kReplaced, known != docs_.end()) << key;
    if (known != docs_.end()) deleted_.push_back(known->second);
    docs_[key] = static_cast<DocId>(keys_.size());
    keys_.push_back(key);
    stored_.push_back(prepared_.stored());
    return result;
  }

  void Delete(const std::string& key) {
    const auto known = docs_.find(key);
    EXPECT_EQ(index_.DeleteKey(key), known != docs_.end()) << key;
    if (known == docs_.end()) return;
    deleted_.push_back(known->second);
    docs_.erase(known);
  }

  void Check() const {
    ASSERT_EQ(index_.doc_count(), keys_.size());
    ASSERT_EQ(index_.live_count(), docs_.size());
    ASSERT_EQ(std::vector<DocId>(index_.deleted().begin(), index_.deleted().end()), deleted_);
    for (DocId doc = 0; doc < keys_.size(); ++doc) {
      ASSERT_EQ(index_.key_of(doc), keys_[doc]);
      ASSERT_EQ(index_.stored().Get(doc), stored_[doc]);
      ASSERT_EQ(index_.HasKey(keys_[doc]), docs_.count(keys_[doc]) != 0);
    }
    EXPECT_FALSE(index_.HasKey("never added"));
    ASSERT_LE(index_.memory_bytes(), budget_);
  }

  const MemoryIndex& index() const { return index_; }

 private:
  const std::shared_ptr<const IndexingPlan> plan_;
  const size_t budget_;
  MemoryIndex index_;
  PreparedDocument prepared_;
  std::map<std::string, DocId> docs_;  // the live ones
  std::vector<std::string> keys_, stored_;
  std::vector<DocId> deleted_;
};

std::string RandomWords(SeededRandom* random, uint64_t words) {
  std::string text;
  for (; words > 0; --words) CatTo(&text, "w", random->Below(500), " ");
  return text;
}

TEST(MemoryIndexTest, KeysThatLiveAndThatDoNot) {
  SeededRandom random(931);
  for (int round = 0; round < 5; ++round) {
    Modelled modelled(PlanOf(kWithKey), size_t{32} << 20);
    for (int step = 0; step < 400; ++step) {
      const std::string key = Cat("k", random.Below(60));
      if (random.OneIn(4)) {
        modelled.Delete(key);
        continue;
      }
      Document document;
      document.Add("id", key).Add("text", RandomWords(&random, random.Below(20)));
      for (uint64_t left = random.Below(3); left > 0; --left) document.Add("n", random.U32() % 100);
      ASSERT_TRUE(modelled.Add(document).ok());
    }
    modelled.Check();
  }
}

// Documents of all sizes into the smallest budget: it is never passed, by deletions neither, and
// what did not fit left no trace.
TEST(MemoryIndexTest, TheBudgetIsKept) {
  SeededRandom random(932);
  for (int round = 0; round < 4; ++round) {
    Modelled modelled(PlanOf(kWithKey), kMinWriterMemoryBytes);
    size_t full = 0;
    for (int step = 0; step < 3000 && full < 20; ++step) {
      const uint64_t words = random.OneIn(20) ? random.Below(3000) : random.Below(30);
      Document document;
      document.Add("id", Cat("key ", random.Below(100'000)));
      document.Add("text", RandomWords(&random, words)).Add("n", step);
      const DocId before = modelled.index().doc_count();
      const auto result = modelled.Add(document);
      ASSERT_LE(modelled.index().memory_bytes(), kMinWriterMemoryBytes);
      if (!result.ok() || *result == MemoryIndex::AddResult::kFull) {
        EXPECT_EQ(modelled.index().doc_count(), before);
        ++full;
      }
    }
    EXPECT_GE(full, 1u) << "the budget was never reached";
    modelled.Check();
    // What a flush may sort in is what is left, and never less than an eighth.
    EXPECT_GE(modelled.index().inversion_bytes(), kMinWriterMemoryBytes / 8);
  }
}

// What a flush needs to leave documents out, is there before the first one is replaced or deleted.
TEST(MemoryIndexTest, TheFirstDeletionPassesTheBudgetNeither) {
  const auto plan = PlanOf(R"({"key":"id","fields":{"id":{"type":"keyword"}}})");
  // Budgets side by side: memory grows in steps, and some of them are nearly used up.
  for (size_t budget = kMinWriterMemoryBytes; budget < kMinWriterMemoryBytes * 3 / 2;
       budget += 16411) {
    MemoryIndex index(plan, budget);
    PreparedDocument prepared;
    const auto add = [&](int key) {
      const Document document = Document().Add("id", Cat(key));
      EXPECT_TRUE(prepared.Prepare(*plan, document).ok());
      return *index.Add(&prepared);
    };
    int added = 0;
    while (add(added) != MemoryIndex::AddResult::kFull) ++added;
    ASSERT_LE(index.memory_bytes(), budget);
    if (added % 2 == 0) {
      ASSERT_TRUE(index.DeleteKey("7"));
    } else {
      add(7);
    }
    ASSERT_LE(index.memory_bytes(), budget) << "with " << added << " documents";
  }
}

TEST(MemoryIndexTest, ADocumentThatAloneIsTooLargeIsAnError) {
  SeededRandom random(933);
  Modelled modelled(PlanOf(kWithKey), kMinWriterMemoryBytes);
  Document large;
  std::string text;
  for (int i = 0; i < 60'000; ++i) CatTo(&text, "word", i, " ");
  large.Add("id", "large").Add("text", text);
  const absl::Status alone = modelled.Add(large).status();
  EXPECT_EQ(CodeOf(alone), ErrorCode::kResourceExhausted);
  EXPECT_NE(alone.message().find("give it more"), std::string::npos) << alone;
  modelled.Check();
  // Behind another one it is for the next memory index to say so.
  ASSERT_TRUE(modelled.Add(Document().Add("id", "small").Add("text", "a b")).ok());
  const auto behind = modelled.Add(large);
  ASSERT_TRUE(behind.ok()) << behind.status();
  EXPECT_EQ(*behind, MemoryIndex::AddResult::kFull);
  EXPECT_FALSE(modelled.index().HasKey("large"));
  modelled.Check();
}

// Half of its tokens were in the log by then.
TEST(MemoryIndexTest, AnErrorInTheMiddleLeavesNothing) {
  Modelled modelled(PlanOf(kWithKey), size_t{32} << 20);
  ASSERT_TRUE(modelled.Add(Document().Add("id", "1").Add("text", "so what")).ok());
  const size_t memory = modelled.index().memory_bytes();
  Document far;
  far.Add("id", "1");
  far.AddTokens("text", "", {{"a", 1, 0, 0}, {"b", kMaxPosition, 0, 0}, {"c", 10, 0, 0}});
  const absl::Status status = modelled.Add(far).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kResourceExhausted);
  EXPECT_TRUE(modelled.index().HasKey("1")) << "the one that was there stays";
  modelled.Check();
  // But for terms that are numbered by now, it takes no more than before.
  EXPECT_LE(modelled.index().memory_bytes(), memory + 4096);
  ASSERT_TRUE(modelled.Add(Document().Add("id", "2").Add("text", "blue")).ok());
  modelled.Check();
}

TEST(MemoryIndexTest, WithoutAKeyAllStay) {
  const auto plan = PlanOf(R"({"fields":{"text":{"type":"text"}}})");
  MemoryIndex index(plan, 0);
  EXPECT_EQ(index.live_count(), 0u);
  EXPECT_LT(index.memory_bytes(), kMinWriterMemoryBytes) << "nothing is set aside for no flush";
  PreparedDocument prepared;
  const Document document = Document().Add("text", "so what").Add("other", "is ignored");
  for (DocId doc = 0; doc < 100; ++doc) {
    ASSERT_TRUE(prepared.Prepare(*plan, document).ok());
    const auto result = index.Add(&prepared);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(*result, MemoryIndex::AddResult::kAdded);
  }
  EXPECT_EQ(index.live_count(), 100u);
  EXPECT_EQ(index.stored().size(), 0u) << "nothing is stored";
  // An empty document is one, too.
  ASSERT_TRUE(prepared.Prepare(*plan, Document()).ok());
  EXPECT_TRUE(index.Add(&prepared).ok());
  EXPECT_EQ(index.doc_count(), 101u);
  EXPECT_EQ(index.dropped_tokens(), 0u);
}

// Tokens that no dictionary could hold are counted, not kept, and their places stay.
TEST(MemoryIndexTest, TokensThatAreTooLongAreCounted) {
  // The whole value is one token.
  const auto plan = PlanOf(
      R"({"analyzers":{"whole":{"tokenizer":"keyword"}},
          "fields":{"text":{"type":"text","analyzer":"whole"}}})");
  MemoryIndex index(plan, size_t{32} << 20);
  PreparedDocument prepared;
  Document document;
  document.Add("text", "so what");
  ASSERT_TRUE(prepared.Prepare(*plan, document).ok());
  ASSERT_TRUE(index.Add(&prepared).ok());
  EXPECT_EQ(index.dropped_tokens(), 0u);
  const Document with_long = Document().Add("text", std::string(kMaxTermBytes + 1, 'x'));
  ASSERT_TRUE(prepared.Prepare(*plan, with_long).ok());
  ASSERT_TRUE(index.Add(&prepared).ok());
  EXPECT_EQ(index.dropped_tokens(), 1u);
  EXPECT_EQ(index.doc_count(), 2u);
}

}  // namespace
}  // namespace segue
