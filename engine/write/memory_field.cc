// SPDX-License-Identifier: Apache-2.0
//
// Batches of tokens go into the log: their terms are numbered, 64 at a time.
// Increments that a token cannot have there, gaps between values and positions
// skipped at a value's end go through Skip.
#include "engine/write/memory_field.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

static_assert(TermTable::kMaxTerms <= TokenLog::kMaxTerm + 1);
static_assert(TermTable::kBatch <= TokenLog::kMaxReserved);

MemoryField::MemoryField(const PlannedField& plan) : plan_(&plan) {}

size_t MemoryField::memory_bytes() const {
  return terms_.memory_bytes() + size_t{terms_.size()} * 8 + log_.memory_bytes() +
         column_docs_.memory_bytes() + column_values_.memory_bytes() + set_.memory_bytes();
}

bool MemoryField::Fits(size_t tokens, size_t term_bytes, Budget* budget) const {
  if (!terms_.CanHold(tokens)) {
    budget->exceeded = true;
    return false;
  }
  const size_t bytes = memory_bytes() - terms_.memory_bytes() +
                       terms_.MemoryBytesToAdd(tokens, term_bytes) + tokens * 8 +
                       log_.BytesToAdd(tokens);
  budget->exceeded = bytes > budget->limit_bytes;
  return !budget->exceeded;
}

void MemoryField::StartDocument(DocId doc) {
  doc_ = doc;
  doc_in_log_ = false;
  any_value_ = false;
  position_ = 0;
  skip_ = 0;
  mark_ = log_.mark();
  column_mark_ = column_docs_.size();
  dropped_mark_ = dropped_tokens_;
}

void MemoryField::CancelDocument() {
  log_.TruncateTo(mark_);
  column_docs_.Truncate(column_mark_);
  column_values_.Truncate(column_mark_);
  dropped_tokens_ = dropped_mark_;
}

absl::Status MemoryField::Add(PreparedDocument* document, const PreparedDocument::FieldInput& input,
                              Budget* budget) {
  if (plan_->has_column) {
    if (memory_bytes() + column_docs_.BytesToAdd(1) + column_values_.BytesToAdd(1) >
        budget->limit_bytes) {
      budget->exceeded = true;
      return absl::OkStatus();
    }
    column_docs_.push_back(doc_);
    column_values_.push_back(input.number);
  }
  if (!plan_->has_terms) return absl::OkStatus();
  if (any_value_) skip_ += kPositionGap;
  any_value_ = true;
  if (!plan_->has_freqs) {
    if (!Fits(1, input.text.size(), budget)) return absl::OkStatus();
    last_term_ = terms_.NumberOne(input.text);
    AddToken(last_term_, 1);
    return absl::OkStatus();
  }
  if (input.tokens != nullptr) return AddPreTokens(*input.tokens, budget);
  if (!input.analysed) return AddText(input.text, budget);
  for (PreparedDocument::AnalysedBatch& batch : document->batches(input)) {
    SEGUE_RETURN_IF_ERROR(AddBatch(&batch.tokens, batch.extremes, budget));
    if (budget->exceeded) return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status MemoryField::AddText(std::string_view text, Budget* budget) {
  if (stream_ == nullptr) stream_ = plan_->analyzer->NewStream();
  SEGUE_RETURN_IF_ERROR(stream_->Start(text));
  while (TokenBatch* batch = stream_->Next()) {
    SEGUE_RETURN_IF_ERROR(AddBatch(batch, BatchExtremes(*batch), budget));
    if (budget->exceeded) return absl::OkStatus();
  }
  return absl::OkStatus();
}

void MemoryField::AddToken(uint32_t term, uint32_t increment) {
  if (!doc_in_log_) {
    log_.StartDocument(doc_);
    doc_in_log_ = true;
    // The first token of a document cannot lie on top of another.
    if (increment == 0 && skip_ == 0) increment = 1;
  }
  uint64_t skip = skip_;
  if (increment > TokenLog::kMaxIncrement) {
    skip += increment - 1;
    increment = 1;
  }
  position_ += skip + increment;
  for (; skip != 0; skip -= std::min<uint64_t>(skip, ~0u)) {
    log_.Skip(static_cast<uint32_t>(std::min<uint64_t>(skip, ~0u)));
  }
  skip_ = 0;
  log_.Add(term, increment);
}

absl::Status MemoryField::CheckPosition() const {
  if (position_ + skip_ <= kMaxPosition) return absl::OkStatus();
  return Error(ErrorCode::kResourceExhausted,
               Cat("field '", plan_->name, "': a token would be at position ", position_ + skip_,
                   "; the limit is ", kMaxPosition));
}

void MemoryField::DropLongTerms(TokenBatch* batch) {
  const size_t size = batch->size();
  size_t kept = 0;
  uint32_t carried = 0;  // positions of dropped tokens go to the next one
  for (size_t i = 0; i < size; ++i) {
    Token token = (*batch)[i];
    if (token.term_bytes > kMaxTermBytes) {
      carried += token.position_increment;
      ++dropped_tokens_;
      continue;
    }
    token.position_increment += carried;
    carried = 0;
    (*batch)[kept++] = token;
  }
  batch->Truncate(kept);
  batch->set_trailing_increment(batch->trailing_increment() + carried);
}

absl::Status MemoryField::AddBatch(TokenBatch* batch, BatchExtremes extremes, Budget* budget) {
  const Token* tokens = batch->tokens();
  if (extremes.longest_term > kMaxTermBytes) {
    DropLongTerms(batch);
    extremes = BatchExtremes(*batch);  // increments may have become greater
  }
  if (!Fits(batch->size(), batch->bytes_used(), budget)) {
    return absl::OkStatus();
  }
  uint32_t numbers[TermTable::kBatch];
  for (size_t begin = 0; begin < batch->size();) {
    const size_t end = std::min(begin + TermTable::kBatch, batch->size());
    terms_.Number(*batch, begin, end, numbers);
    size_t i = begin;
    if (!doc_in_log_ || skip_ != 0) {
      AddToken(numbers[0], tokens[begin].position_increment);
      ++i;
    }
    if (extremes.greatest_increment <= TokenLog::kMaxIncrement) [[likely]] {
      uint16_t* out = log_.Reserve(end - i);
      const size_t count = end - i;
      uint64_t advance = 0;
      for (const uint32_t* number = numbers + (i - begin); i < end; ++i) {
        const uint32_t increment = tokens[i].position_increment;
        out = TokenLog::WriteToken(*number++, increment, out);
        advance += increment;
      }
      log_.Commit(out, count);
      position_ += advance;
    } else {
      for (; i < end; ++i) {
        AddToken(numbers[i - begin], tokens[i].position_increment);
      }
    }
    begin = end;
  }
  skip_ += batch->trailing_increment();
  return CheckPosition();
}

absl::Status MemoryField::AddPreTokens(const std::vector<PreToken>& tokens, Budget* budget) {
  for (const PreToken& token : tokens) {
    if (!Fits(1, token.term.size(), budget)) return absl::OkStatus();
    AddToken(terms_.NumberOne(token.term), token.position_increment);
    SEGUE_RETURN_IF_ERROR(CheckPosition());
  }
  return absl::OkStatus();
}

}  // namespace segue
