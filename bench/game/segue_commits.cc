// SPDX-License-Identifier: Apache-2.0
#include "bench/game/segue_commits.h"

#include <filesystem>
#include <utility>

#include "bench/game/game_schema.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "segue/index.h"

namespace segue::game {
namespace {

class SegueCommits final : public CommittingIndex {
 public:
  explicit SegueCommits(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}

  absl::Status Add(const CorpusDocument& document) override {
    Fill(document, &document_);
    return writer_->Add(document_);
  }
  absl::Status Commit() override { return writer_->Commit().status(); }

 private:
  const std::unique_ptr<Writer> writer_;
  Document document_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CommittingIndex>> NewCommittingIndex(const std::string& folder) {
  if (std::filesystem::exists(folder)) {
    return Error(ErrorCode::kInvalidArgument, Cat(folder, " exists"));
  }
  SEGUE_ASSIGN_OR_RETURN(const Schema schema, GameSchema(/*with_key=*/false));
  SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Create(folder, schema));
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<Writer> writer, index.OpenWriter());
  return std::make_unique<SegueCommits>(std::move(writer));
}

}  // namespace segue::game
