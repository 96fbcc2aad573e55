// SPDX-License-Identifier: Apache-2.0
//
// Everything in one transaction, then "optimize" for one segment and VACUUM for a file without
// holes. A table without content forgets a document only when it is shown its text again.
#include "bench/game/peers/fts5/fts5_index.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {
namespace {

struct Doomed {
  int64_t line = 0;
  std::string text;
};

absl::StatusOr<int64_t> FilterBits(std::string_view filter) {
  int64_t bits = 0;
  for (const std::string_view word : Words(filter)) {
    SEGUE_ASSIGN_OR_RETURN(const int64_t bit, FilterBit(word));
    bits |= bit;
  }
  return bits;
}

absl::Status AddAll(Database* database, uint32_t delete_percent, CorpusStream* corpus,
                    std::vector<Doomed>* doomed) {
  SEGUE_ASSIGN_OR_RETURN(Fts5Inserter inserter, Fts5Inserter::Make(database));
  CorpusDocument document;
  while (true) {
    SEGUE_ASSIGN_OR_RETURN(const bool more, corpus->Next(&document));
    if (!more) return absl::OkStatus();
    const auto line = static_cast<int64_t>(corpus->documents() - 1);
    SEGUE_RETURN_IF_ERROR(inserter.Insert(line, document));
    if (delete_percent != 0 && line % (100 / delete_percent) == 0) {
      doomed->push_back({line, document.text});
    }
  }
}

absl::Status Delete(Database* database, const std::vector<Doomed>& doomed) {
  SEGUE_ASSIGN_OR_RETURN(
      Statement docs,
      database->Prepare("INSERT INTO docs(docs, rowid, text) VALUES('delete', ?, ?)"));
  SEGUE_ASSIGN_OR_RETURN(Statement meta, database->Prepare("DELETE FROM meta WHERE line = ?"));
  for (const Doomed& document : doomed) {
    docs.Bind(1, document.line);
    docs.Bind(2, std::string_view(document.text));
    SEGUE_RETURN_IF_ERROR(docs.Run());
    meta.Bind(1, document.line);
    SEGUE_RETURN_IF_ERROR(meta.Run());
  }
  return absl::OkStatus();
}

}  // namespace

std::string DatabaseFile(const std::string& folder) { return folder + "/index.sqlite"; }

absl::StatusOr<int64_t> FilterBit(std::string_view word) {
  if (word == "half") return 1;
  if (word == "twentieth") return 2;
  if (word == "rare") return 4;
  return Error(ErrorCode::kInvalidArgument, Cat("no filter word ", Quoted(word)));
}

absl::StatusOr<Database> CreateDatabase(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::create_directories(folder, error)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("cannot make ", folder, ": ", error ? error.message() : "it exists"));
  }
  return Database::Open(DatabaseFile(folder), true);
}

absl::Status CreateFts5Tables(Database* database) {
  return database->Execute(
      "CREATE VIRTUAL TABLE docs USING fts5(text, content='', tokenize='ascii');"
      "CREATE TABLE meta(line INTEGER PRIMARY KEY, id TEXT NOT NULL, filter INTEGER NOT NULL);");
}

absl::StatusOr<Fts5Inserter> Fts5Inserter::Make(Database* database) {
  Fts5Inserter inserter;
  SEGUE_ASSIGN_OR_RETURN(inserter.docs_,
                         database->Prepare("INSERT INTO docs(rowid, text) VALUES(?, ?)"));
  SEGUE_ASSIGN_OR_RETURN(inserter.meta_,
                         database->Prepare("INSERT INTO meta(line, id, filter) VALUES(?, ?, ?)"));
  return inserter;
}

absl::Status Fts5Inserter::Insert(int64_t line, const CorpusDocument& document) {
  SEGUE_ASSIGN_OR_RETURN(const int64_t filter, FilterBits(document.filter));
  docs_.Bind(1, line);
  docs_.Bind(2, std::string_view(document.text));
  SEGUE_RETURN_IF_ERROR(docs_.Run());
  meta_.Bind(1, line);
  meta_.Bind(2, std::string_view(document.id));
  meta_.Bind(3, filter);
  return meta_.Run();
}

absl::StatusOr<uint64_t> BuildFts5(const std::string& folder, uint32_t delete_percent) {
  if (delete_percent != 0 && 100 % delete_percent != 0) {
    return Error(ErrorCode::kInvalidArgument, "--delete takes a divisor of 100");
  }
  SEGUE_ASSIGN_OR_RETURN(Database database, CreateDatabase(folder));
  SEGUE_RETURN_IF_ERROR(database.Execute("PRAGMA cache_size = -200000; BEGIN;"));
  SEGUE_RETURN_IF_ERROR(CreateFts5Tables(&database));
  CorpusStream corpus;
  std::vector<Doomed> doomed;
  SEGUE_RETURN_IF_ERROR(AddAll(&database, delete_percent, &corpus, &doomed));
  SEGUE_RETURN_IF_ERROR(
      database.Execute("INSERT INTO docs(docs) VALUES('optimize'); COMMIT; VACUUM; BEGIN;"));
  SEGUE_RETURN_IF_ERROR(Delete(&database, doomed));
  SEGUE_RETURN_IF_ERROR(database.Execute("COMMIT"));
  return corpus.documents();
}

}  // namespace segue::game
