// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/workload.h"

#include <gtest/gtest.h>

#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "engine/verify/verify.h"
#include "segue/query.h"

namespace segue {
namespace {

constexpr uint64_t kKeys = 8;
constexpr uint64_t kWords = 5;

Schema CrashSchema() {
  return *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword"},"text":{"type":"text","stored":true},
          "n":{"type":"int64"},
          "plays":{"type":"int64","updatable":true,"stored":true}}})");
}

std::string Word(uint64_t number) { return Cat("word", number % kWords); }

bool HasWord(const std::string& text, const std::string& word) {
  return Cat(" ", text, " ").find(Cat(" ", word, " ")) != std::string::npos;
}

constexpr std::string_view kPlays = " plays ";

// A document of the model: its text, then what plays it has.
std::string Model(const std::string& text, const std::optional<int64_t>& plays) {
  return plays ? Cat(text, kPlays, *plays) : text;
}

std::string TextOf(const std::string& model) { return model.substr(0, model.find(kPlays)); }

}  // namespace

std::vector<Step> DrawSteps(SeededRandom& random, size_t count) {
  using Kind = Step::Kind;
  // Changes come often, whatever publishes or forgets them now and then.
  constexpr Kind kKinds[] = {Kind::kAdd,
                             Kind::kAdd,
                             Kind::kAdd,
                             Kind::kUpsert,
                             Kind::kUpsert,
                             Kind::kDelete,
                             Kind::kDeleteByQuery,
                             Kind::kSetValue,
                             Kind::kSetValue,
                             Kind::kSetValue,
                             Kind::kLook,
                             Kind::kLook,
                             Kind::kJoin,
                             Kind::kCommit,
                             Kind::kPrepareAndCommit,
                             Kind::kMerge,
                             Kind::kCommit,
                             Kind::kRollback,
                             Kind::kReopen,
                             Kind::kPrepareAndRollback};
  std::vector<Step> steps(count);
  for (Step& step : steps) step = {kKinds[random.Below(std::size(kKinds))], random.Below(1000)};
  steps.back().kind = Kind::kCommit;
  return steps;
}

Generation CreateEmptyIndex(Env* env, const std::string& folder) {
  const auto index = Index::Create(folder, CrashSchema(), {.env = env});
  EXPECT_TRUE(index.ok()) << index.status();
  return {.number = 1, .payload = {}, .documents = {}};
}

WorkloadRun::WorkloadRun(Env* env, std::string folder, Generation start,
                         const WriterOptions& options)
    : env_(env), folder_(std::move(folder)), options_(options), committed_(std::move(start)) {
  now_ = committed_.documents;
}

absl::Status WorkloadRun::OpenWriter() {
  if (writer_ != nullptr) return absl::OkStatus();
  SEGUE_ASSIGN_OR_RETURN(Index index, Index::Open(folder_, {.env = env_}));
  index_ = std::make_unique<Index>(std::move(index));
  SEGUE_ASSIGN_OR_RETURN(writer_, index_->OpenWriter(options_));
  now_ = committed_.documents;
  return absl::OkStatus();
}

Document WorkloadRun::DocumentOf(const Step& step) const {
  std::string text = Cat("common ", Word(step.number), " version", performed_);
  // Now and then longer than a page, so that writes can be torn.
  if (step.number % 7 == 0) {
    for (uint64_t i = 0; i < 900; ++i) text += Cat(" long", step.number * i % 9973);
  }
  Document document;
  document.Add("id", Cat("k", step.number % kKeys)).Add("text", text);
  return document.Add("n", static_cast<int64_t>(step.number));
}

// Most set plays, some take them away.
absl::Status WorkloadRun::SetValue(const Step& step) {
  const std::string key = Cat("k", step.number % kKeys);
  std::optional<int64_t> plays;
  std::optional<Value> value;
  if (step.number % 5 != 0) value = plays = static_cast<int64_t>(step.number);
  SEGUE_ASSIGN_OR_RETURN(const bool found, writer_->SetValue(key, "plays", value));
  const auto document = now_.find(key);
  EXPECT_EQ(found, document != now_.end()) << key;
  if (found) document->second = Model(TextOf(document->second), plays);
  return absl::OkStatus();
}

absl::Status WorkloadRun::Change(const Step& step) {
  Document document = DocumentOf(step);
  const std::string key = Cat("k", step.number % kKeys);
  std::string text = std::get<std::string>(*document.Find("text"));
  if (step.number % 3 == 0) {
    document.Add("plays", int64_t{1});
    text = Model(text, 1);
  }
  switch (step.kind) {
    case Step::Kind::kAdd: {
      const absl::Status status = writer_->Add(document);
      const bool refused = CodeOf(status) == ErrorCode::kInvalidArgument;
      if (!status.ok() && !refused) return status;
      EXPECT_EQ(now_.emplace(key, text).second, !refused) << key << ": " << status;
      return absl::OkStatus();
    }
    case Step::Kind::kUpsert:
      SEGUE_RETURN_IF_ERROR(writer_->Upsert(document));
      now_[key] = text;
      return absl::OkStatus();
    case Step::Kind::kDelete: {
      SEGUE_ASSIGN_OR_RETURN(const bool deleted, writer_->Delete(key));
      EXPECT_EQ(deleted, now_.erase(key) > 0) << key;
      return absl::OkStatus();
    }
    default: {
      const std::string word = Word(step.number);
      SEGUE_ASSIGN_OR_RETURN(const uint64_t deleted,
                             writer_->DeleteByQuery(Query::Term("text", word)));
      EXPECT_EQ(deleted, std::erase_if(now_, [&](const auto& document_of_key) {
                  return HasWord(document_of_key.second, word);
                }));
      return absl::OkStatus();
    }
  }
}

// The writer's own snapshot holds what the model holds now.
absl::Status WorkloadRun::Look() {
  SEGUE_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, writer_->OpenSnapshot());
  SEGUE_ASSIGN_OR_RETURN(const Generation found, ReadSnapshot(*snapshot));
  EXPECT_EQ(found.documents, now_);
  EXPECT_EQ(found.number, committed_.number);
  EXPECT_EQ(found.payload, committed_.payload);
  return absl::OkStatus();
}

// Adds another index of two segments, with something deleted; it lies in memory, where nothing
// fails.
absl::Status WorkloadRun::Join(const Step& step) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  CreateEmptyIndex(env.get(), kCrashFolder);
  const Index other = *Index::Open(kCrashFolder, {.env = env.get()});
  const auto writer = *other.OpenWriter({.auto_merge = false});
  for (uint64_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(writer->Upsert(DocumentOf({step.kind, step.number + i})).ok());
    if (i % 2 == 0) continue;
    EXPECT_TRUE(writer->Commit().ok());
  }
  EXPECT_TRUE(*writer->Delete(Cat("k", step.number % kKeys)));
  EXPECT_TRUE(writer->Commit().ok());
  const auto snapshot = *other.OpenSnapshot();
  SEGUE_ASSIGN_OR_RETURN(const Generation added, ReadSnapshot(*snapshot));
  SEGUE_ASSIGN_OR_RETURN(const uint64_t count, writer_->AddIndex(*snapshot));
  EXPECT_EQ(count, added.documents.size());
  for (const auto& [key, text] : added.documents) now_[key] = text;
  return absl::OkStatus();
}

Generation WorkloadRun::Next(const CommitOptions& options) const {
  return {.number = committed_.number + 1,
          .payload = options.payload.value_or(committed_.payload),
          .documents = now_};
}

void WorkloadRun::Begin(const Generation& next) {
  in_flight_ = next;
  if (on_commit) on_commit(next);
}

absl::Status WorkloadRun::Commit(const Step& step) {
  CommitOptions options;
  if (step.number % 2 == 0) options.payload = Cat("payload ", step.number);
  const Generation next = Next(options);
  if (step.kind != Step::Kind::kCommit) {
    SEGUE_RETURN_IF_ERROR(writer_->Prepare(options).status());
    options = {};
    if (step.kind == Step::Kind::kPrepareAndRollback) {
      SEGUE_RETURN_IF_ERROR(writer_->Rollback());
      now_ = committed_.documents;
      return absl::OkStatus();
    }
  }
  Begin(next);
  SEGUE_ASSIGN_OR_RETURN(const CommitInfo info, writer_->Commit(options));
  in_flight_.reset();
  merge_errors_ += info.merge_error.ok() ? 0 : 1;
  EXPECT_EQ(info.documents, now_.size());
  // A commit without a change publishes nothing.
  EXPECT_TRUE(info.generation == next.number ||
              (info.generation == committed_.number && now_ == committed_.documents &&
               next.payload == committed_.payload));
  committed_ = next;
  committed_.number = info.generation;
  return absl::OkStatus();
}

absl::Status WorkloadRun::Merge(const Step& step) {
  Begin(Next({}));
  const auto order = step.number % 4 == 0 ? DocumentOrder::kQuick : DocumentOrder::kAsAdded;
  SEGUE_ASSIGN_OR_RETURN(const CommitInfo info,
                         writer_->ForceMerge(1 + step.number % 2, {.order = order}));
  committed_ = *std::exchange(in_flight_, std::nullopt);
  committed_.number = info.generation;
  merge_errors_ += info.merge_error.ok() ? 0 : 1;
  return absl::OkStatus();
}

absl::Status WorkloadRun::Perform(const Step& step) {
  ++performed_;
  SEGUE_RETURN_IF_ERROR(OpenWriter());
  switch (step.kind) {
    case Step::Kind::kCommit:
    case Step::Kind::kPrepareAndCommit:
    case Step::Kind::kPrepareAndRollback:
      return Commit(step);
    case Step::Kind::kMerge:
      return Merge(step);
    case Step::Kind::kRollback:
      SEGUE_RETURN_IF_ERROR(writer_->Rollback());
      now_ = committed_.documents;
      return absl::OkStatus();
    case Step::Kind::kReopen:
      writer_.reset();
      return OpenWriter();
    case Step::Kind::kSetValue:
      return SetValue(step);
    case Step::Kind::kLook:
      return Look();
    case Step::Kind::kJoin:
      return Join(step);
    default:
      return Change(step);
  }
}

std::string WorkloadRun::Recover(const absl::Status& error) {
  const bool was_unknown = in_flight_.has_value() && IsOutcomeUnknown(error);
  const std::optional<Generation> next = was_unknown ? in_flight_ : std::nullopt;
  in_flight_.reset();
  if (std::string wrong = CheckIndex(env_, folder_, committed_, next); !wrong.empty()) return wrong;
  if (was_unknown || IsSyncFailure(error)) {
    if (writer_ != nullptr && writer_->Commit().ok()) return "a failed sync did not end the writer";
    writer_.reset();
    absl::StatusOr<Generation> found = ReadGeneration(env_, folder_);
    if (!found.ok()) return found.status().ToString();
    committed_ = *std::move(found);
  } else if (writer_ != nullptr) {
    // Not poisoned: it can start over.
    if (const absl::Status rolled = writer_->Rollback(); !rolled.ok()) return rolled.ToString();
  }
  now_ = committed_.documents;
  return {};
}

std::string ModelOfStored(const Document& stored) {
  const Value* const plays = stored.Find("plays");
  return Model(std::get<std::string>(*stored.Find("text")),
               plays != nullptr ? std::optional(std::get<int64_t>(*plays)) : std::nullopt);
}

absl::StatusOr<Generation> ReadSnapshot(const Snapshot& snapshot) {
  Generation found{.number = snapshot.generation(), .payload = snapshot.payload(), .documents = {}};
  uint64_t with_plays = 0;
  for (uint64_t doc = 0; doc < snapshot.doc_count(); ++doc) {
    const absl::StatusOr<Document> stored = snapshot.Stored(doc);
    if (CodeOf(stored.status()) == ErrorCode::kNotFound) continue;  // deleted
    if (!stored.ok()) return stored.status();
    SEGUE_ASSIGN_OR_RETURN(std::string key, snapshot.Key(doc));
    if (stored->Find("plays") != nullptr) ++with_plays;
    if (!found.documents.emplace(key, ModelOfStored(*stored)).second) {
      return Error(ErrorCode::kInternal, Cat("two live documents have the key ", key));
    }
  }
  SEGUE_ASSIGN_OR_RETURN(const SearchResult all, snapshot.Search(Query::Text("common")));
  if (all.total->value != found.documents.size()) {
    return Error(ErrorCode::kInternal,
                 Cat("finds ", all.total->value, " documents, holds ", found.documents.size()));
  }
  SEGUE_ASSIGN_OR_RETURN(const SearchResult played, snapshot.Search(Query::Exists("plays")));
  if (played.total->value != with_plays) {
    return Error(ErrorCode::kInternal, Cat("finds plays in ", played.total->value,
                                           " documents, shows them in ", with_plays));
  }
  return found;
}

absl::StatusOr<Generation> ReadGeneration(Env* env, const std::string& folder) {
  SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Open(folder, {.env = env}));
  SEGUE_ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot, index.OpenSnapshot());
  return ReadSnapshot(*snapshot);
}

std::string CheckIndex(Env* env, const std::string& folder, const Generation& old,
                       const std::optional<Generation>& next) {
  const absl::StatusOr<Generation> found = ReadGeneration(env, folder);
  if (!found.ok()) return found.status().ToString();
  const bool is_next = next.has_value() && found->number == next->number;
  if (!is_next && found->number != old.number) return Cat("found generation ", found->number);
  const Generation& wanted = is_next ? *next : old;
  if (found->payload != wanted.payload) return Cat("found payload ", found->payload);
  if (found->documents != wanted.documents) {
    return Cat("found ", found->documents.size(), " documents in generation ", found->number,
               ", wanted ", wanted.documents.size(), ", or their contents differ");
  }
  const absl::StatusOr<VerifyReport> report = VerifyIndex(env, folder);
  if (!report.ok()) return report.status().ToString();
  return report->ok() ? std::string() : report->problems[0];
}

}  // namespace segue
