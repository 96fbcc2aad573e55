// SPDX-License-Identifier: Apache-2.0
#include "engine/write/memory_index.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

// What a document takes beside its values.
constexpr size_t kBytesOfDocument = 64;

}  // namespace

MemoryIndex::MemoryIndex(std::shared_ptr<const IndexingPlan> plan, size_t budget_bytes)
    : plan_(std::move(plan)), budget_bytes_(std::max(budget_bytes, kMinWriterMemoryBytes)) {
  fields_.reserve(plan_->fields().size());
  for (const PlannedField& field : plan_->fields()) {
    field_bytes_ += fields_.emplace_back(field).memory_bytes();
  }
}

size_t MemoryIndex::reserved_bytes() const {
  // An eighth to sort postings in: the log is then read eight times or so,
  // one or two nanoseconds a token each.
  return std::min(kFlushBufferBytes, budget_bytes_ / 4) + budget_bytes_ / 8;
}

size_t MemoryIndex::held_bytes() const {
  const size_t bytes = stored_.memory_bytes() + key_terms_.memory_bytes() +
                       key_docs_.memory_bytes() + deleted_.memory_bytes() + field_bytes_;
  // Norm bytes of the flush, and where each document goes if some are dropped, as any with a key
  // may be.
  return bytes + size_t{doc_count_} * (plan_->key_field() < 0 ? 1 : 5);
}

size_t MemoryIndex::memory_bytes() const {
  return doc_count_ == 0 ? held_bytes() : held_bytes() + reserved_bytes();
}

size_t MemoryIndex::inversion_bytes() const {
  const size_t used = held_bytes() + std::min(kFlushBufferBytes, budget_bytes_ / 4);
  return std::max(budget_bytes_ / 8, used < budget_bytes_ ? budget_bytes_ - used : 0);
}

uint64_t MemoryIndex::dropped_tokens() const {
  uint64_t tokens = 0;
  for (const MemoryField& field : fields_) tokens += field.dropped_tokens();
  return tokens;
}

void MemoryIndex::Cancel(std::span<const uint32_t> fields) {
  for (const uint32_t i : fields) {
    field_bytes_ -= fields_[i].memory_bytes();
    fields_[i].CancelDocument();
    field_bytes_ += fields_[i].memory_bytes();
  }
}

absl::StatusOr<bool> MemoryIndex::AddField(PreparedDocument* document, size_t i, size_t limit) {
  MemoryField& field = fields_[i];
  field.StartDocument(doc_count_);
  field_bytes_ -= field.memory_bytes();
  const size_t others = held_bytes() + kBytesOfDocument;
  MemoryField::Budget budget;
  budget.limit_bytes = limit > others ? limit - others : 0;
  absl::Status status;
  for (const PreparedDocument::FieldInput& input : document->inputs(i)) {
    status = field.Add(document, input, &budget);
    if (!status.ok() || budget.exceeded) break;
  }
  field_bytes_ += field.memory_bytes();
  if (!status.ok()) return status;
  return !budget.exceeded;
}

absl::StatusOr<MemoryIndex::AddResult> MemoryIndex::AddFields(PreparedDocument* document) {
  // Alone in the index, a document may take half of the budget: a flush for
  // every document or two would be no way to build an index.
  const size_t limit = (doc_count_ == 0 ? budget_bytes_ / 2 : budget_bytes_) - reserved_bytes();
  const std::span<const uint32_t> fields = document->fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    const absl::StatusOr<bool> fits = AddField(document, fields[i], limit);
    if (!fits.ok() || !*fits) {
      Cancel(fields.first(i + 1));
      if (!fits.ok()) return fits.status();
      return AddResult::kFull;
    }
  }
  const size_t bytes = held_bytes() + kBytesOfDocument +
                       stored_.BytesToAdd(document->stored().size()) + key_terms_.BytesToAdd(1) +
                       key_docs_.BytesToAdd(1) + deleted_.BytesToAdd(1);
  if (bytes > limit) {
    Cancel(fields);
    return AddResult::kFull;
  }
  return AddResult::kAdded;
}

absl::StatusOr<MemoryIndex::AddResult> MemoryIndex::Add(PreparedDocument* document) {
  if (doc_count_ == kMaxDocsInSegment) return AddResult::kFull;
  SEGUE_ASSIGN_OR_RETURN(AddResult result, AddFields(document));
  if (result == AddResult::kFull) {
    if (doc_count_ != 0) return AddResult::kFull;
    return Error(ErrorCode::kResourceExhausted,
                 Cat("a document with ", document->text_bytes(),
                     " bytes of text needs more than half of the writer's ", budget_bytes_,
                     " bytes of memory; give it more"));
  }
  if (plan_->stores_anything()) stored_.Append(document->stored());
  if (plan_->key_field() >= 0) {
    const uint32_t term = fields_[static_cast<size_t>(plan_->key_field())].last_term();
    key_terms_.push_back(term);
    while (key_docs_.size() <= term) key_docs_.push_back(kEndOfDocs);
    if (key_docs_[term] != kEndOfDocs) {
      deleted_.push_back(key_docs_[term]);
      result = AddResult::kReplaced;
    }
    key_docs_[term] = doc_count_;
  }
  ++doc_count_;
  return result;
}

bool MemoryIndex::HasKey(std::string_view key) const {
  const uint32_t term = fields_[static_cast<size_t>(plan_->key_field())].terms().Find(key);
  return term < key_docs_.size() && key_docs_[term] != kEndOfDocs;
}

bool MemoryIndex::DeleteKey(std::string_view key) {
  const uint32_t term = fields_[static_cast<size_t>(plan_->key_field())].terms().Find(key);
  if (term >= key_docs_.size() || key_docs_[term] == kEndOfDocs) return false;
  deleted_.push_back(key_docs_[term]);
  key_docs_[term] = kEndOfDocs;
  return true;
}

bool MemoryIndex::SetValue(std::string_view key, FieldId id, std::optional<int64_t> value) {
  const uint32_t term = fields_[static_cast<size_t>(plan_->key_field())].terms().Find(key);
  SEGUE_DCHECK(term < key_docs_.size() && key_docs_[term] != kEndOfDocs);
  const auto field =
      std::find_if(fields_.begin(), fields_.end(),
                   [id](const MemoryField& candidate) { return candidate.plan().id == id; });
  if (memory_bytes() + field->BytesToSetValue() > budget_bytes_) return false;
  field_bytes_ -= field->memory_bytes();
  field->SetValue(key_docs_[term], value);
  field_bytes_ += field->memory_bytes();
  return true;
}

std::string_view MemoryIndex::key_of(DocId doc) const {
  return fields_[static_cast<size_t>(plan_->key_field())].terms().term(key_terms_[doc]);
}

}  // namespace segue
