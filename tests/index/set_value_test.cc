// SPDX-License-Identifier: Apache-2.0
//
// Values that are set in documents which are there, beside a plain model of the documents: in
// memory, in segments, across commits, rollbacks, merges of all kinds and other indexes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "engine/io/memory_env.h"
#include "engine/verify/verify.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/support/manual_executor.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr char kFolder[] = "tracks";
constexpr char kOther[] = "others";

Schema TrackSchema() {
  return *Schema::FromJson(R"({"key":"id","default":["title"],"fields":{
      "id":{"type":"keyword"},"title":{"type":"text","stored":true},
      "year":{"type":"int64","stored":true},
      "plays":{"type":"int64","updatable":true,"stored":true},
      "rating":{"type":"float64","updatable":true},
      "heard":{"type":"timestamp","updatable":true,"stored":true},
      "hidden":{"type":"bool","updatable":true,"stored":true}}})");
}

// The updatable values of a track.
struct Track {
  std::optional<int64_t> plays = std::nullopt;
  std::optional<double> rating = std::nullopt;
  std::optional<int64_t> heard = std::nullopt;
  std::optional<bool> hidden = std::nullopt;
};

using Tracks = std::map<std::string, Track>;

template <typename T>
std::optional<Value> AsValue(const std::optional<T>& value) {
  return value ? std::optional<Value>(Value(*value)) : std::nullopt;
}

Document DocumentOf(const std::string& key, const Track& track) {
  Document document;
  document.Add("id", key).Add("title", "kind of blue").Add("year", 1959);
  if (track.plays) document.Add("plays", *track.plays);
  if (track.rating) document.Add("rating", Value(*track.rating));
  if (track.heard) document.Add("heard", *track.heard);
  if (track.hidden) document.Add("hidden", *track.hidden);
  return document;
}

template <typename T>
std::optional<T> Stored(const Document& document, std::string_view field) {
  const Value* const value = document.Find(field);
  return value == nullptr ? std::nullopt : std::optional<T>(std::get<T>(*value));
}

uint64_t Count(const Snapshot& snapshot, const Query& query) {
  const auto result = snapshot.Search(query, {.k = 0});
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? result->total->value : 0;
}

template <typename Wanted>
uint64_t CountTracks(const Tracks& tracks, Wanted wanted) {
  return static_cast<uint64_t>(
      std::count_if(tracks.begin(), tracks.end(), [&](const auto& t) { return wanted(t.second); }));
}

// What is stored, and what ranges find.
void ExpectTracks(const Snapshot& snapshot, const Tracks& tracks) {
  ASSERT_EQ(snapshot.live_doc_count(), tracks.size());
  for (const auto& [key, track] : tracks) {
    const auto doc = snapshot.FindKey(key);
    ASSERT_TRUE(doc.ok() && doc->has_value()) << key;
    const auto stored = snapshot.Stored(**doc);
    ASSERT_TRUE(stored.ok()) << stored.status();
    ASSERT_EQ(Stored<int64_t>(*stored, "plays"), track.plays) << key;
    ASSERT_EQ(Stored<int64_t>(*stored, "heard"), track.heard) << key;
    ASSERT_EQ(Stored<bool>(*stored, "hidden"), track.hidden) << key;
    ASSERT_EQ(Stored<int64_t>(*stored, "year"), 1959) << key;
    ASSERT_EQ(stored->Find("rating"), nullptr) << "not stored";
  }
  for (const int64_t limit : {0, 3, 7}) {
    ASSERT_EQ(Count(snapshot, Query::Range("plays", {.from = Value(limit)})),
              CountTracks(tracks, [&](const Track& t) { return t.plays && *t.plays >= limit; }));
    ASSERT_EQ(Count(snapshot, Query::Range("rating", {.to = Value(static_cast<double>(limit))})),
              CountTracks(tracks, [&](const Track& t) {
                return t.rating && *t.rating <= static_cast<double>(limit);
              }));
    ASSERT_EQ(Count(snapshot, Query::Range("heard", {.from = Value(limit)})),
              CountTracks(tracks, [&](const Track& t) { return t.heard && *t.heard >= limit; }));
  }
  ASSERT_EQ(Count(snapshot, Query::Range("hidden", {.from = Value(true)})),
            CountTracks(tracks, [](const Track& t) { return t.hidden.value_or(false); }));
  ASSERT_EQ(Count(snapshot, Query::Exists("plays")),
            CountTracks(tracks, [](const Track& t) { return t.plays.has_value(); }));
}

class SetValueTest : public ::testing::Test {
 protected:
  explicit SetValueTest() : index_(*Index::Create(kFolder, TrackSchema(), {.env = env_.get()})) {}

  void OpenWriter(const WriterOptions& options = {}) {
    writer_.reset();
    writer_ = *index_.OpenWriter(options);
  }

  void Add(const std::string& key, const Track& track = {}) {
    ASSERT_TRUE(writer_->Upsert(DocumentOf(key, track)).ok());
    now_[key] = track;
  }
  void SetPlays(const std::string& key, std::optional<int64_t> plays) {
    const auto found = writer_->SetValue(key, "plays", AsValue(plays));
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(*found, now_.contains(key));
    if (*found) now_[key].plays = plays;
  }
  CommitInfo Commit() {
    const auto info = writer_->Commit();
    EXPECT_TRUE(info.ok()) << info.status();
    committed_ = now_;
    return *info;
  }

  // Readers see what was committed, the writer's own snapshot everything.
  void ExpectAll() {
    ExpectTracks(**index_.OpenSnapshot(), committed_);
    if (!HasFatalFailure()) ExpectTracks(**writer_->OpenSnapshot(), now_);
  }
  void ExpectSound() {
    const auto report = VerifyIndex(env_.get(), kFolder);
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_TRUE(report->ok()) << report->problems[0];
  }
  size_t Files() { return env_->List(kFolder)->size(); }

  const std::unique_ptr<Env> env_ = NewMemoryEnv();
  Index index_;
  std::unique_ptr<Writer> writer_;
  Tracks committed_, now_;
};

TEST_F(SetValueTest, InMemoryAndInSegments) {
  OpenWriter();
  Add("a", {.plays = 1});
  Add("b");
  SetPlays("a", 5);
  SetPlays("b", 7);
  SetPlays("b", 8);
  SetPlays("nobody", 8);
  EXPECT_EQ(Commit().updated, 3u);
  ExpectAll();
  Add("c", {.plays = 2});
  SetPlays("a", std::nullopt);
  SetPlays("b", 9);
  SetPlays("c", 3);
  ExpectAll();
  Commit();
  ExpectAll();
  ExpectSound();
}

TEST_F(SetValueTest, NothingOfACommitIsLeftBehind) {
  OpenWriter({.auto_merge = false});
  Add("a", {.plays = 1});
  Commit();
  SetPlays("a", 2);
  Commit();
  const size_t files = Files();
  for (int64_t i = 0; i < 5; ++i) {
    SetPlays("a", i);
    Commit();
    EXPECT_EQ(Files(), files) << "the overlay before is gone";
  }
  SetPlays("a", 77);
  ASSERT_TRUE(writer_->Prepare().ok());
  EXPECT_EQ(Files(), files + 2) << "an overlay and a manifest";
  ASSERT_TRUE(writer_->Rollback().ok());
  EXPECT_EQ(Files(), files);
  now_ = committed_;
  ExpectAll();
  const uint64_t generation = Commit().generation;
  EXPECT_EQ(Commit().generation, generation) << "nothing has changed";
}

TEST_F(SetValueTest, SnapshotsStayAsTheyWere) {
  OpenWriter();
  Add("a", {.plays = 1});
  Commit();
  const auto before = *index_.OpenSnapshot();
  const Tracks then = committed_;
  SetPlays("a", 2);
  const auto between = *writer_->OpenSnapshot();
  const Tracks seen = now_;
  SetPlays("a", 3);
  Commit();
  ASSERT_TRUE(writer_->ForceMerge(1).ok());
  ExpectTracks(*before, then);
  ExpectTracks(*between, seen);
  const auto refreshed = index_.OpenSnapshot();  // takes over what `before` has open
  ASSERT_TRUE(refreshed.ok()) << refreshed.status();
  ExpectTracks(**refreshed, committed_);
}

TEST_F(SetValueTest, AFieldThatNoDocumentHadAppears) {
  OpenWriter();
  Add("a");
  Add("b");
  Commit();
  EXPECT_EQ(Count(**index_.OpenSnapshot(), Query::Exists("plays")), 0u);
  SetPlays("b", 4);
  Commit();
  ExpectAll();
  ExpectSound();
  SetPlays("b", std::nullopt);
  Commit();
  ExpectAll();
  ASSERT_TRUE(writer_->ForceMerge(1).ok());
  ExpectAll();
  ExpectSound();
}

// Functions of the value and their bounds see it at once.
TEST_F(SetValueTest, ScoresFollow) {
  OpenWriter();
  for (const char* key : {"a", "b", "c"}) Add(key, {.plays = 1});
  Commit();
  SetPlays("b", 1000);
  Commit();
  const auto snapshot = *index_.OpenSnapshot();
  const Query query = Query::FunctionScore(
      Query::Text("blue"), ScoreFunction{.kind = ScoreFunctionKind::kLog1p, .field = "plays"});
  const auto result = snapshot->Search(query, {.k = 1});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(*snapshot->Key(result->hits.at(0).doc), "b");
}

TEST_F(SetValueTest, RefusesWhatCannotBe) {
  OpenWriter();
  Add("a", {.plays = 1});
  Commit();
  const auto message = [&](std::string_view field, const std::optional<Value>& value) {
    const auto found = writer_->SetValue("a", field, value);
    EXPECT_EQ(CodeOf(found.status()), ErrorCode::kInvalidArgument) << found.status();
    return std::string(found.status().message());
  };
  EXPECT_NE(message("play", Value(int64_t{1})).find("did you mean \"plays\"?"), std::string::npos);
  EXPECT_NE(message("year", Value(int64_t{1})).find("\"updatable\""), std::string::npos);
  EXPECT_NE(message("plays", Value("many")).find("plays"), std::string::npos);
  EXPECT_NE(message("plays", Value(1.5)).find("plays"), std::string::npos);
  EXPECT_NE(message("hidden", Value(int64_t{1})).find("hidden"), std::string::npos);
  EXPECT_NE(message("rating", Value(std::numeric_limits<double>::quiet_NaN())).find("NaN"),
            std::string::npos);
  EXPECT_EQ(Commit().updated, 0u);
  ExpectAll();

  const Schema keyless = *Schema::FromJson(R"({"fields":{"n":{"type":"int64"}}})");
  const Index other = *Index::Create(kOther, keyless, {.env = env_.get()});
  const auto writer = *other.OpenWriter();
  EXPECT_EQ(CodeOf(writer->SetValue("a", "n", Value(int64_t{1})).status()),
            ErrorCode::kFailedPrecondition);
}

// It is done where there is one segment already, and by values an order is found anew.
TEST_F(SetValueTest, AForcedMergePutsThemIntoTheColumns) {
  OpenWriter();
  for (int i = 0; i < 6; ++i) Add(Cat("k", i), {.plays = i});
  Commit();
  const size_t files = Files();
  const auto keys = [&] {
    const auto snapshot = *index_.OpenSnapshot();
    std::string all;
    for (uint64_t doc = 0; doc < snapshot->doc_count(); ++doc) all += *snapshot->Key(doc) + " ";
    return all;
  };
  SetPlays("k2", 100);
  Commit();
  EXPECT_EQ(Files(), files + 1);
  ASSERT_TRUE(writer_->ForceMerge(1).ok());
  EXPECT_EQ(Files(), files);
  ExpectAll();

  const ForceMergeOptions by_plays{.order = DocumentOrder::kDescending, .order_field = "plays"};
  ASSERT_TRUE(writer_->ForceMerge(1, by_plays).ok());
  EXPECT_EQ(keys(), "k2 k5 k4 k3 k1 k0 ");
  SetPlays("k2", std::nullopt);
  SetPlays("k0", 50);
  ASSERT_TRUE(writer_->ForceMerge(1, by_plays).ok());
  EXPECT_EQ(keys(), "k0 k5 k4 k3 k1 k2 ");
  committed_ = now_;
  // Without an order asked for they stay where they are, and the next order is not taken for this.
  SetPlays("k1", 70);
  ASSERT_TRUE(writer_->ForceMerge(1).ok());
  EXPECT_EQ(keys(), "k0 k5 k4 k3 k1 k2 ");
  ASSERT_TRUE(writer_->ForceMerge(1, by_plays).ok());
  EXPECT_EQ(keys(), "k1 k0 k5 k4 k3 k2 ");
  committed_ = now_;
  ExpectAll();
  ExpectSound();
}

// A million notes would not fit: they go to files that only the commit makes known.
TEST_F(SetValueTest, KeepsWithinItsMemory) {
  OpenWriter({.memory_bytes = uint64_t{1} << 20, .auto_merge = false});
  constexpr int kDocs = 6000;
  for (int i = 0; i < kDocs; ++i) Add(Cat("k", i));
  Commit();
  const size_t files = Files();
  for (int i = 0; i < kDocs; ++i) {
    SetPlays(Cat("k", i), i);
    ASSERT_LE(writer_->MemoryBytes(), uint64_t{1} << 20) << i;
  }
  EXPECT_GT(Files(), files);
  ExpectTracks(**index_.OpenSnapshot(), committed_);
  const auto own = *writer_->OpenSnapshot();
  EXPECT_EQ(Count(*own, Query::Range("plays", {.from = Value(int64_t{0})})), uint64_t{kDocs});
  ASSERT_TRUE(writer_->Rollback().ok());
  EXPECT_EQ(Files(), files);
  now_ = committed_;
  SetPlays("k17", 3);
  writer_.reset();
  EXPECT_EQ(Files(), files);
}

TEST_F(SetValueTest, OtherIndexesBringTheirs) {
  const Index other = *Index::Create(kOther, TrackSchema(), {.env = env_.get()});
  const auto writer = *other.OpenWriter({.auto_merge = false});
  ASSERT_TRUE(writer->Add(DocumentOf("b", {.plays = 1})).ok());
  ASSERT_TRUE(writer->Add(DocumentOf("c", {.plays = 1})).ok());
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(*writer->SetValue("c", "plays", Value(int64_t{6})));
  ASSERT_TRUE(*writer->SetValue("c", "rating", Value(2.5)));
  const auto look = *writer->OpenSnapshot();
  OpenWriter({.auto_merge = false});
  Add("a", {.plays = 1});
  Add("b", {.plays = 2});
  SetPlays("a", 3);
  ASSERT_EQ(*writer_->AddIndex(*look), 2u);
  now_["b"] = {.plays = 1};
  now_["c"] = {.plays = 6, .rating = 2.5};
  SetPlays("b", 5);
  ExpectAll();
  Commit();
  ExpectAll();
  ExpectSound();
}

// A merge that went on beside the writer gets what was set, and set back, meanwhile.
TEST_F(SetValueTest, MergesBesideTheWriterCatchUp) {
  ManualExecutor merges;
  for (const bool roll_back : {false, true}) {
    OpenWriter({.merge_executor = &merges});
    for (int i = 0; i < 40; ++i) {
      Add(Cat("k", i % 25), {.plays = 1});
      if (i % 3 == 0) SetPlays(Cat("k", i % 11), i);
      Commit();
    }
    ASSERT_GT(merges.waiting(), 0u);
    SetPlays("k3", 100);
    SetPlays("k9", std::nullopt);
    merges.Run();
    SetPlays("k5", 200);
    if (roll_back) {
      ASSERT_TRUE(writer_->Rollback().ok());
      now_ = committed_;
    }
    Commit();
    ExpectAll();
    ASSERT_TRUE(writer_->WaitForMerges().ok());
    SetPlays("k5", 300);
    Commit();
    ExpectAll();
    ExpectSound();
  }
}

// Wherever the disk is full, the commit fails, and the next one has the value.
TEST(SetValueFaults, AFullDiskLosesNothing) {
  uint64_t failed = 0;
  for (uint64_t operation = 0; operation < 20; ++operation) {
    FaultEnv env;
    const Index index = *Index::Create(kFolder, TrackSchema(), {.env = &env});
    const auto writer = *index.OpenWriter();
    ASSERT_TRUE(writer->Add(DocumentOf("a", {.plays = 1})).ok());
    ASSERT_TRUE(writer->Commit().ok());
    ASSERT_TRUE(*writer->SetValue("a", "plays", Value(int64_t{7})));
    env.FailAt(env.op_count() + operation, FaultEnv::DiskFull());
    const auto info = writer->Commit();
    env.ClearFaults();
    if (!info.ok()) {
      ++failed;
      ASSERT_EQ(CodeOf(info.status()), ErrorCode::kIo) << info.status();
      if (!writer->Commit().ok()) continue;  // a sync: the writer refuses all further work
    }
    ExpectTracks(**index.OpenSnapshot(), {{"a", {.plays = 7}}});
  }
  EXPECT_GT(failed, 3u);
}

// Any sequence of calls.
TEST_F(SetValueTest, IsWhatAModelHas) {
  SeededRandom random(81);
  ManualExecutor merges;
  const auto options = [&] {
    WriterOptions drawn;
    drawn.auto_merge = !random.OneIn(3);
    if (random.OneIn(2)) drawn.merge_executor = &merges;
    return drawn;
  };
  OpenWriter(options());
  for (int step = 0; step < 400; ++step) {
    const std::string key = Cat("k", random.Below(12));
    const int64_t number = static_cast<int64_t>(random.Below(10));
    switch (random.Below(14)) {
      case 0:
      case 1:
        Add(key, {.plays = number, .hidden = random.OneIn(2)});
        break;
      case 2:
        ASSERT_EQ(*writer_->Delete(key), now_.erase(key) > 0);
        break;
      case 3:
        Commit();
        break;
      case 4:
        ASSERT_TRUE(writer_->Rollback().ok());
        now_ = committed_;
        break;
      case 5:
        ExpectAll();
        break;
      case 6:
        merges.Run();
        break;
      case 7:
        if (!random.OneIn(4)) break;
        ASSERT_TRUE(writer_->ForceMerge(1 + static_cast<uint32_t>(random.Below(2))).ok());
        committed_ = now_;
        break;
      case 8:
        if (!random.OneIn(4)) break;
        OpenWriter(options());
        now_ = committed_;
        break;
      case 9: {
        const std::optional<double> rating(random.OneIn(5) ? std::nullopt
                                                           : std::optional(0.5 * number));
        ASSERT_EQ(*writer_->SetValue(key, "rating", AsValue(rating)), now_.contains(key));
        if (now_.contains(key)) now_[key].rating = rating;
        break;
      }
      case 10:
        ASSERT_EQ(*writer_->SetValue(key, "hidden", Value(number % 2 == 0)), now_.contains(key));
        if (now_.contains(key)) now_[key].hidden = number % 2 == 0;
        break;
      case 11:
        ASSERT_EQ(*writer_->SetValue(key, "heard", Value(number)), now_.contains(key));
        if (now_.contains(key)) now_[key].heard = number;
        break;
      default:
        SetPlays(key, random.OneIn(6) ? std::nullopt : std::optional(number));
    }
    if (HasFatalFailure()) return;
  }
  Commit();
  ExpectAll();
  ExpectSound();
}

}  // namespace
}  // namespace segue
