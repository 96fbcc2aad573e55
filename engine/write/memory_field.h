// SPDX-License-Identifier: Apache-2.0
//
// MemoryField: what the memory index holds of one field: its terms, the log of
// its tokens, the values of its column. Nothing is sorted before the flush.
//
// CancelDocument takes back all that was added since StartDocument (terms that
// only that document had stay in the table, unused).
// One thread at a time.
#ifndef SEGUE_WRITE_MEMORY_FIELD_H_
#define SEGUE_WRITE_MEMORY_FIELD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/types.h"
#include "engine/write/gentle_vector.h"
#include "engine/write/indexing_plan.h"
#include "engine/write/prepared_document.h"
#include "engine/write/term_table.h"
#include "engine/write/token_log.h"
#include "engine/write/value_changes.h"
#include "segue/analysis.h"

namespace segue {

class MemoryField {
 public:
  // `plan` must outlive the field.
  explicit MemoryField(const PlannedField& plan);
  MemoryField(MemoryField&&) noexcept = default;

  const PlannedField& plan() const { return *plan_; }
  const TermTable& terms() const { return terms_; }
  TermTable& terms() { return terms_; }
  TokenLog& log() { return log_; }

  // Tells a field whether it may use that many bytes more.
  struct Budget {
    size_t limit_bytes = 0;  // for this field
    bool exceeded = false;
  };

  void StartDocument(DocId doc);
  // Adds a value. Stops early, with budget->exceeded set, before the field's
  // memory passes the limit. Errors: kResourceExhausted for a value with
  // positions beyond kMaxPosition.
  absl::Status Add(PreparedDocument* document, const PreparedDocument::FieldInput& input,
                   Budget* budget);
  void CancelDocument();

  // Sets the value of a document that was added, or takes it away.
  // REQUIRES: a single-valued field with a column.
  void SetValue(DocId doc, std::optional<int64_t> value) { set_.Set(plan_->id, doc, value); }
  // Memory that this could take in addition.
  size_t BytesToSetValue() const { return set_.BytesToSet(); }

  // Number of the last term added; for the key.
  uint32_t last_term() const { return last_term_; }
  // Tokens that were left out because their terms were too long.
  uint64_t dropped_tokens() const { return dropped_tokens_; }

  const GentleVector<DocId>& column_docs() const { return column_docs_; }
  const GentleVector<int64_t>& column_values() const { return column_values_; }
  // By ascending document, what replaces those values.
  std::vector<ValueChange> set_values() const { return set_.Of(plan_->id); }

  // What is held, and the two counters a term that a flush needs besides.
  size_t memory_bytes() const;

 private:
  absl::Status AddText(std::string_view text, Budget* budget);
  absl::Status AddPreTokens(const std::vector<PreToken>& tokens, Budget* budget);
  absl::Status AddBatch(TokenBatch* batch, BatchExtremes extremes, Budget* budget);
  void DropLongTerms(TokenBatch* batch);
  void AddToken(uint32_t term, uint32_t increment);
  absl::Status CheckPosition() const;
  bool Fits(size_t tokens, size_t term_bytes, Budget* budget) const;

  const PlannedField* plan_;
  std::unique_ptr<AnalysisStream> stream_;  // null until a text comes: of many fields few have one
  TermTable terms_;
  TokenLog log_;
  GentleVector<DocId> column_docs_;
  GentleVector<int64_t> column_values_;
  ValueChanges set_;

  // The document being added.
  DocId doc_ = 0;
  bool doc_in_log_ = false;
  bool any_value_ = false;
  uint64_t position_ = 0;  // of the next token, were its increment 1
  uint64_t skip_ = 0;      // positions to skip before the next token
  TokenLog::Mark mark_;
  size_t column_mark_ = 0;
  uint64_t dropped_mark_ = 0;
  uint32_t last_term_ = TermTable::kNoTerm;
  uint64_t dropped_tokens_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_MEMORY_FIELD_H_
