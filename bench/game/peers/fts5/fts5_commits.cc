// SPDX-License-Identifier: Apache-2.0
#include "bench/game/peers/fts5/fts5_commits.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "bench/game/peers/fts5/fts5_index.h"
#include "bench/game/peers/fts5/sqlite.h"
#include "engine/base/status.h"

namespace segue::game {
namespace {

class Fts5Commits final : public CommittingIndex {
 public:
  explicit Fts5Commits(Database database) : database_(std::move(database)) {}

  absl::Status Prepare() {
    SEGUE_RETURN_IF_ERROR(
        database_.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"));
    SEGUE_RETURN_IF_ERROR(CreateFts5Tables(&database_));
    SEGUE_ASSIGN_OR_RETURN(Fts5Inserter inserter, Fts5Inserter::Make(&database_));
    inserter_.emplace(std::move(inserter));
    return database_.Execute("BEGIN");
  }

  absl::Status Add(const CorpusDocument& document) override {
    return inserter_->Insert(line_++, document);
  }
  absl::Status Commit() override { return database_.Execute("COMMIT; BEGIN"); }

 private:
  Database database_;
  std::optional<Fts5Inserter> inserter_;
  int64_t line_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CommittingIndex>> NewFts5Commits(const std::string& folder) {
  SEGUE_ASSIGN_OR_RETURN(Database database, CreateDatabase(folder));
  auto index = std::make_unique<Fts5Commits>(std::move(database));
  SEGUE_RETURN_IF_ERROR(index->Prepare());
  return index;
}

}  // namespace segue::game
