// SPDX-License-Identifier: Apache-2.0
//
// segue delete: documents that match a query, or have a key, go.
#include <memory>

#include "corpus/base_tools.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/reading.h"
#include "tools/wait_flag.h"

namespace segue {
namespace {

struct DeleteFlags {
  std::string path;
  std::vector<std::string> words;  // a query, or keys
  QueryFlags reading;
  WaitFlag wait;
  bool key = false, dry_run = false, json = false;
};

// What a program would delete, before anything is done to it.
absl::StatusOr<Query> QueryOf(const DeleteFlags& flags, const Schema& schema) {
  std::string text;
  for (const std::string& word : flags.words) text += (text.empty() ? "" : " ") + word;
  SEGUE_ASSIGN_OR_RETURN(ReadQuery read, QueryFromText(text, flags.reading, schema));
  return std::move(read.query);
}

absl::StatusOr<uint64_t> CountOnly(const DeleteFlags& flags, const Snapshot& snapshot) {
  if (!flags.key) {
    SEGUE_ASSIGN_OR_RETURN(const Query query, QueryOf(flags, snapshot.schema()));
    SearchOptions options{.k = 0};
    SEGUE_ASSIGN_OR_RETURN(options.limits, flags.reading.limits.Read());
    SEGUE_ASSIGN_OR_RETURN(const SearchResult result, snapshot.Search(query, options));
    if (!result.diagnostics.empty()) {
      return Error(ErrorCode::kInvalidArgument, result.diagnostics.front().message);
    }
    return result.total->value;
  }
  uint64_t count = 0;
  for (const std::string& key : flags.words) {
    SEGUE_ASSIGN_OR_RETURN(const std::optional<uint64_t> doc, snapshot.FindKey(key));
    if (doc) ++count;
  }
  return count;
}

absl::StatusOr<uint64_t> DeleteFrom(Writer* writer, const DeleteFlags& flags,
                                    const Schema& schema) {
  if (!flags.key) {
    SEGUE_ASSIGN_OR_RETURN(const Query query, QueryOf(flags, schema));
    return writer->DeleteByQuery(query);
  }
  uint64_t count = 0;
  for (const std::string& key : flags.words) {
    SEGUE_ASSIGN_OR_RETURN(const bool deleted, writer->Delete(key));
    if (deleted) ++count;
  }
  return count;
}

void Report(const DeleteFlags& flags, uint64_t deleted, uint64_t left, uint64_t generation) {
  if (flags.json) {
    JsonWriter json;
    json.BeginObject();
    json.Key(flags.dry_run ? "would_delete" : "deleted").Uint(deleted);
    json.Key("documents").Uint(left);
    json.Key("generation").Uint(generation);
    json.EndObject();
    Out().Write(json.Take() + "\n");
    return;
  }
  Out().Write(Cat(flags.path, ": ", flags.dry_run ? "would delete " : "deleted ", Grouped(deleted),
                  deleted == 1 ? " document, " : " documents, ", Grouped(left), " left\n"));
}

absl::Status Delete(const DeleteFlags& flags) {
  SEGUE_ASSIGN_OR_RETURN(OpenedIndex opened, OpenForReading(flags.path));
  if (flags.dry_run) {
    SEGUE_ASSIGN_OR_RETURN(const uint64_t count, CountOnly(flags, *opened.snapshot));
    Report(flags, count, opened.snapshot->live_doc_count() - count, opened.snapshot->generation());
    return absl::OkStatus();
  }
  WriterOptions options{.lock_wait_ms = flags.wait.milliseconds()};
  SEGUE_ASSIGN_OR_RETURN(options.query_limits, flags.reading.limits.Read());
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer, opened.index->OpenWriter(options));
  SEGUE_RETURN_IF_ERROR(DeleteFrom(writer.get(), flags, opened.snapshot->schema()).status());
  SEGUE_ASSIGN_OR_RETURN(const CommitInfo info, writer->Commit());
  Report(flags, info.deleted, info.documents, info.generation);
  return absl::OkStatus();
}

}  // namespace

void DeclareDelete(Flags* flags) {
  auto given = std::make_shared<DeleteFlags>();
  // What cannot be understood must not be guessed at here.
  given->reading.strict = true;
  flags->Positional("dir", &given->path, "the index");
  flags->Positional("query", &given->words,
                    "what to delete (docs/query-language.md); with --key, keys");
  flags->Switch("--key", &given->key, "delete the documents with these keys");
  flags->Switch("--dry-run", &given->dry_run, "only say how many documents there are");
  flags->Switch("--text", &given->reading.text,
                "every character of the query is text, nothing an operator");
  flags->Switch("--all", &given->reading.all, "words without an operator must all match");
  given->reading.limits.Declare(flags);
  given->wait.Declare(flags);
  flags->Switch("--json", &given->json, "the report as JSON");
  flags->Examples(
      "  segue delete albums 'title:blue -train' --dry-run\n"
      "  segue delete albums '+kind +of +blue'\n"
      "  segue delete albums 2 3 --key");
  flags->Run([given] {
    const absl::Status status = Delete(*given);
    return status.ok() ? 0 : Fail(status);
  });
}

}  // namespace segue
