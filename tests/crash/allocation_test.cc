// SPDX-License-Identifier: Apache-2.0
//
// Each allocation of each call of the interface fails: once, and from there on. No exception leaves
// the library; the call says that memory has run out, or did without; the index is as before or as
// after the call, sound; and a new writer goes on. Its own program, because it replaces the global
// operator new.
//
// SEGUE_EVERY_ALLOCATION=1 fails every one; otherwise a seeded choice of those past the first.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "engine/io/framed_file.h"
#include "engine/io/memory_env.h"
#include "engine/verify/verify.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/crash/workload.h"
#include "tests/support/replaced_new.h"
#include "tests/support/seeded_random.h"

namespace {

// Counts down to the allocation that fails; below 0: none does.
thread_local int64_t left = -1;
thread_local bool for_good = false;
thread_local bool failed = false;

bool Fails() {
  if (left < 0) return false;
  if (left > 0) {
    --left;
    return false;
  }
  if (!for_good) left = -1;
  failed = true;
  return true;
}

}  // namespace

void* segue::replaced_new::Allocate(size_t bytes, size_t alignment) {
  return Fails() ? nullptr : AllocateFromSystem(bytes, alignment);
}
void segue::replaced_new::Free(void* memory) { std::free(memory); }

namespace segue {
namespace {

// So many allocations of a call are all tried; of the others a few more than these. Checked and
// sanitized builds, which take ten times as long, try others in each run.
constexpr int64_t kFirst = SEGUE_CHECKS_ON ? 12 : 60;
constexpr uint64_t kOthers = SEGUE_CHECKS_ON ? 24 : 60;

// An index with two segments, something deleted in one, and what a call may need, made without
// failures.
class AtOnce final : public Executor {
 public:
  void Schedule(std::function<void()> task) override { task(); }
};

class Never final : public Executor {
 public:
  void Schedule(std::function<void()>) override {}
};

struct World {
  World()
      : env(NewMemoryEnv()),
        run(env.get(), kCrashFolder, CreateEmptyIndex(env.get(), kCrashFolder)) {
    using Kind = Step::Kind;
    for (uint64_t i = 0; i < 6; ++i) {
      Do({Kind::kAdd, i});
      if (i % 3 == 2) Do({Kind::kCommit, i});
    }
    Do({Kind::kDelete, 1});
    Do({Kind::kCommit, 1});
    run.Close();
    before = *ReadGeneration(env.get(), kCrashFolder);
    index = std::make_unique<Index>(*Index::Open(kCrashFolder, {.env = env.get()}));
    snapshot = *index->OpenSnapshot();
  }
  void Do(const Step& step) { EXPECT_TRUE(run.Perform(step).ok()); }

  std::unique_ptr<Env> env;
  WorkloadRun run;
  Generation before;
  std::unique_ptr<Index> index;
  std::shared_ptr<const Snapshot> snapshot;
  AtOnce at_once;
  Never never;
  std::unique_ptr<Writer> writer;
};

Document NewDocument(uint64_t number) {
  return Document()
      .Add("id", Cat("new", number))
      .Add("text", Cat("common word", number % 5, " version"))
      .Add("n", static_cast<int64_t>(number));
}

struct Workflow {
  const char* name;
  // What comes before, without failures.
  std::function<void(World*)> prepare;
  // The call; its arguments are made beforehand.
  std::function<absl::Status(World*)> call;
};

void OpenWriter(World* world) { world->writer = *world->index->OpenWriter(); }

void OpenWriterWith(World* world, Executor* merges) {
  world->writer = *world->index->OpenWriter({.merge_executor = merges});
}

// A commit in which a merge is due for what was deleted.
void CommitADeletion(World* world) {
  EXPECT_TRUE(*world->writer->Delete("k2"));
  EXPECT_TRUE(world->writer->Commit().ok());
  world->before = *ReadGeneration(world->env.get(), kCrashFolder);
}

void Buffer(World* world) {
  OpenWriter(world);
  for (uint64_t i = 0; i < 4; ++i) EXPECT_TRUE(world->writer->Add(NewDocument(i)).ok());
  EXPECT_TRUE(*world->writer->Delete("k4"));
}

void SetPlays(World* world) {
  Buffer(world);
  EXPECT_TRUE(*world->writer->SetValue("k3", "plays", Value(int64_t{5})));
}

std::vector<Workflow> SearchWorkflows() {
  static const std::vector<Query> queries = {
      Query::Term("text", "word1"),
      Query::Text("common word2 absent"),
      Query::MatchPhrase("text", "common word1"),
      Query::And({Query::Term("text", "common"), Query::Equals("n", 3)}),
      Query::Boolean({{Occur::kFilter, Query::All()}, {Occur::kMustNot, Query::Text("word3")}}),
      Query::DisjunctionMax({Query::Term("text", "word1"), Query::Term("id", "k3")}, 0.1f),
      Query::Boost(Query::ConstantScore(Query::Term("text", "common"), 2), 3),
  };
  const auto nothing = [](World*) {};
  std::vector<Workflow> workflows;
  for (const Query& query : queries) {
    workflows.push_back({"search", nothing, [&query](World* world) {
                           return world->snapshot->Search(query).status();
                         }});
    workflows.push_back({"explain", nothing, [&query](World* world) {
                           return world->snapshot->Explain(query, 2).status();
                         }});
    workflows.push_back({"matches", nothing, [&query](World* world) {
                           return world->snapshot->Matches(query, 2).status();
                         }});
    workflows.push_back({"statistics", nothing, [&query](World* world) {
                           return world->snapshot->CollectStatistics(query).status();
                         }});
  }
  return workflows;
}

std::vector<Workflow> ReadWorkflows() {
  const auto nothing = [](World*) {};
  return {
      {"open", nothing,
       [](World* world) { return Index::Open(kCrashFolder, {.env = world->env.get()}).status(); }},
      {"open snapshot", [](World* world) { world->snapshot.reset(); },
       [](World* world) { return world->index->OpenSnapshot().status(); }},
      {"stored", nothing, [](World* world) { return world->snapshot->Stored(2).status(); }},
      {"key", nothing, [](World* world) { return world->snapshot->Key(2).status(); }},
      {"find key", nothing, [](World* world) { return world->snapshot->FindKey("k2").status(); }},
      {"doc freq", nothing,
       [](World* world) { return world->snapshot->DocFreq("text", "common").status(); }},
      {"terms", nothing,
       [](World* world) { return world->snapshot->Terms("text", "", 10).status(); }},
      {"field statistics", nothing,
       [](World* world) { return world->snapshot->FieldStats("text").status(); }},
  };
}

std::vector<Workflow> WriteWorkflows() {
  static const Document document = NewDocument(9);
  static const Document changed = Document().Add("id", "k3").Add("text", "common changed");
  static const std::vector<Document> batch = {NewDocument(11), NewDocument(12), NewDocument(13)};
  static const Query query = Query::Term("text", "word2");
  static const CommitOptions payload = {.payload = std::string(100, 'p')};
  static const FieldOptions options;
  return {
      {"open writer", [](World*) {}, [](World* w) { return w->index->OpenWriter().status(); }},
      {"add", OpenWriter, [](World* w) { return w->writer->Add(document); }},
      {"upsert", Buffer, [](World* w) { return w->writer->Upsert(changed); }},
      {"add batch", OpenWriter, [](World* w) { return w->writer->AddBatch(batch); }},
      {"delete", Buffer, [](World* w) { return w->writer->Delete("k2").status(); }},
      {"delete by query", Buffer,
       [](World* w) { return w->writer->DeleteByQuery(query).status(); }},
      {"set a value in a buffered document", Buffer,
       [](World* w) { return w->writer->SetValue("new1", "plays", Value(int64_t{5})).status(); }},
      {"set a value", Buffer,
       [](World* w) { return w->writer->SetValue("k3", "plays", Value(int64_t{5})).status(); }},
      {"snapshot of a value", SetPlays,
       [](World* w) { return w->writer->OpenSnapshot().status(); }},
      {"commit of a value", SetPlays, [](World* w) { return w->writer->Commit().status(); }},
      {"merge with a value", SetPlays, [](World* w) { return w->writer->ForceMerge(1).status(); }},
      {"writer's snapshot", Buffer, [](World* w) { return w->writer->OpenSnapshot().status(); }},
      {"commit after it",
       [](World* w) {
         Buffer(w);
         EXPECT_TRUE(w->writer->OpenSnapshot().ok());
       },
       [](World* w) { return w->writer->Commit(payload).status(); }},
      {"add index", Buffer, [](World* w) { return w->writer->AddIndex(*w->snapshot).status(); }},
      {"add field", Buffer, [](World* w) { return w->writer->AddField("field", options); }},
      {"prepare", Buffer, [](World* w) { return w->writer->Prepare(payload).status(); }},
      {"commit", Buffer, [](World* w) { return w->writer->Commit(payload).status(); }},
      {"second half",
       [](World* w) {
         Buffer(w);
         EXPECT_TRUE(w->writer->Prepare(payload).ok());
       },
       [](World* w) { return w->writer->Commit().status(); }},
      {"rollback", Buffer, [](World* w) { return w->writer->Rollback(); }},
      {"merge", Buffer, [](World* w) { return w->writer->ForceMerge(1).status(); }},
      {"commit with a merge beside it",
       [](World* w) {
         OpenWriterWith(w, &w->at_once);
         EXPECT_TRUE(w->writer->Upsert(NewDocument(1)).ok());
         EXPECT_TRUE(*w->writer->Delete("k2"));
       },
       [](World* w) { return w->writer->Commit(payload).status(); }},
      {"commit of a merge",
       [](World* w) {
         OpenWriterWith(w, &w->at_once);
         CommitADeletion(w);
       },
       [](World* w) { return w->writer->Commit(payload).status(); }},
      {"wait for merges",
       [](World* w) {
         OpenWriterWith(w, &w->never);
         CommitADeletion(w);
       },
       [](World* w) { return w->writer->WaitForMerges(); }},
      {"drop the writer",
       [](World* w) {
         Buffer(w);
         EXPECT_TRUE(w->writer->Prepare(payload).ok());
       },
       [](World* w) {
         w->writer.reset();
         return absl::OkStatus();
       }},
  };
}

// What is wrong with the index after the call; its documents are those of before, or of after.
std::string Check(World* world, const Generation& after) {
  world->snapshot.reset();
  world->writer.reset();
  Env* env = world->env.get();
  std::string wrong = CheckIndex(env, kCrashFolder, world->before, after);
  if (!wrong.empty()) return wrong;
  // The next writer is not disturbed by anything.
  const auto writer = world->index->OpenWriter();
  if (!writer.ok()) return writer.status().ToString();
  for (const absl::Status& status :
       {(*writer)->Upsert(NewDocument(20)), (*writer)->Commit().status()}) {
    if (!status.ok()) return status.ToString();
  }
  const auto report = VerifyIndex(env, kCrashFolder);
  return !report.ok() ? report.status().ToString() : report->ok() ? "" : report->problems[0];
}

// What the index holds after the call.
Generation Outcome(const Workflow& workflow) {
  World world;
  workflow.prepare(&world);
  EXPECT_TRUE(workflow.call(&world).ok());
  world.writer.reset();
  return *ReadGeneration(world.env.get(), kCrashFolder);
}

// Runs the call with allocation `number` failing; false if it has fewer.
bool FailOne(const Workflow& workflow, const Generation& after, int64_t number,
             bool from_there_on) {
  World world;
  workflow.prepare(&world);
  failed = false;
  for_good = from_there_on;
  left = number;
  absl::Status status;
  bool escaped = false;
  try {
    status = workflow.call(&world);
  } catch (...) {
    escaped = true;
  }
  left = -1;
  EXPECT_FALSE(escaped) << "an exception left the library";
  if (escaped || !failed) return failed;
  EXPECT_TRUE(status.ok() || CodeOf(status) == ErrorCode::kResourceExhausted) << status;
  EXPECT_EQ(Check(&world, after), "") << status;
  return true;
}

void FailAll(const std::vector<Workflow>& workflows) {
  const bool all = std::getenv("SEGUE_EVERY_ALLOCATION") != nullptr;
  uint64_t tried = 0;
  for (size_t i = 0; i < workflows.size(); ++i) {
    SeededRandom random(i);
    const Generation after = Outcome(workflows[i]);
    for (const bool for_good_too : {false, true}) {
      int64_t number = 0;
      for (bool more = true; more;) {
        SCOPED_TRACE(Cat(workflows[i].name, " ", i, ", allocation ", number,
                         for_good_too ? " and all later ones" : ""));
        more = FailOne(workflows[i], after, number, for_good_too);
        if (::testing::Test::HasFailure()) return;
        tried += more ? 1 : 0;
        // Ever larger steps, so that the end comes after about kOthers of them.
        number += all || number < kFirst ? 1
                                         : static_cast<int64_t>(random.Between(
                                               1, 1 + static_cast<uint64_t>(number) * 4 / kOthers));
      }
    }
  }
  std::printf("%llu failed allocations\n", static_cast<unsigned long long>(tried));
  EXPECT_GT(tried, 2 * workflows.size());
}

// Pinned bytes are copied where a file is read and not mapped; the buffers are asked for without
// exceptions, since a file says how large they are.
TEST(FailedAllocations, OfCopiesOfAFile) {
  constexpr FileKind kKind = FileKind::Of("test");
  const std::unique_ptr<Env> env = NewMemoryEnv();
  auto file = FramedWriter::Create(env.get(), "f", kKind, 1, SegmentId{1});
  ASSERT_TRUE((*file)->Append(std::string(200000, 'x')).ok());
  ASSERT_TRUE((*file)->Finish().ok());
  OpenOptions options;
  options.read_mode = ReadMode::kPread;
  // The buffer itself, then one for the whole of a block that is pinned in part.
  for (const int64_t number : {0, 1}) {
    const Section section = OpenFramed(env.get(), "f", kKind, SegmentId{1}, options).value();
    for_good = false;
    left = number;
    const absl::Status status = section.Pin(100, 10).status();
    left = -1;
    EXPECT_EQ(CodeOf(status), ErrorCode::kResourceExhausted);
    EXPECT_EQ(MessageOf(status),
              Cat("f: no memory for ", number == 0 ? 10 : 65536, " bytes of it"));
    EXPECT_EQ(section.Pin(100, 10)->view(), "xxxxxxxxxx");
  }
  // The source, and then its copy of the bytes.
  left = 1;
  EXPECT_THROW(Section::FromBytes("bytes"), std::bad_alloc);
  left = -1;
}

TEST(FailedAllocations, OfSearches) { FailAll(SearchWorkflows()); }
TEST(FailedAllocations, OfReading) { FailAll(ReadWorkflows()); }
TEST(FailedAllocations, OfWriting) { FailAll(WriteWorkflows()); }

}  // namespace
}  // namespace segue
