// SPDX-License-Identifier: Apache-2.0
//
// MemoryIndex: the documents that are not in a segment yet, within a budget.
//
// The budget covers all that is held here and what the flush will need besides:
// counters, the buffer in which postings are sorted, file buffers. Add never
// passes it: it answers kFull instead and takes back the document, which then
// goes into the next, empty memory index.
//
// Deleted documents are dropped by the flush: they never reach a file.
// One thread at a time.
#ifndef SEGUE_WRITE_MEMORY_INDEX_H_
#define SEGUE_WRITE_MEMORY_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/write/byte_log.h"
#include "engine/write/gentle_vector.h"
#include "engine/write/indexing_plan.h"
#include "engine/write/memory_field.h"
#include "engine/write/prepared_document.h"

namespace segue {

// The smallest budget; smaller ones count as this.
inline constexpr size_t kMinWriterMemoryBytes = size_t{1} << 20;
// Buffers of the files that a flush writes (kWriteBufferBytes each), and what
// the format writers hold; at most a quarter of the budget is set aside for it.
inline constexpr size_t kFlushBufferBytes = size_t{12} << 20;

class MemoryIndex {
 public:
  MemoryIndex(std::shared_ptr<const IndexingPlan> plan, size_t budget_bytes);

  enum class AddResult { kAdded, kReplaced, kFull };
  // Adds a document that was prepared for this plan; one with the same key is
  // deleted (kReplaced). kFull: nothing changed.
  // kResourceExhausted: it would not fit an empty memory index of half the
  // budget either, or its positions pass the limit. After any error nothing has
  // changed.
  absl::StatusOr<AddResult> Add(PreparedDocument* document);

  // REQUIRES for both: the plan has a key field.
  bool HasKey(std::string_view key) const;
  // Deletes the document with that key; false if there is none.
  bool DeleteKey(std::string_view key);
  // Sets a value of an updatable field in the document with that key. False: no room; nothing has
  // changed. REQUIRES: there is such a document.
  bool SetValue(std::string_view key, FieldId field, std::optional<int64_t> value);

  const IndexingPlan& plan() const { return *plan_; }
  // Documents added, deleted ones included, and deleted ones.
  DocId doc_count() const { return doc_count_; }
  const GentleVector<DocId>& deleted() const { return deleted_; }
  DocId live_count() const { return doc_count_ - static_cast<DocId>(deleted_.size()); }
  uint64_t dropped_tokens() const;

  // Memory in use, with what is set aside for the flush once anything is held.
  size_t memory_bytes() const;
  // The memory that a flush may use to sort postings: what is left.
  size_t inversion_bytes() const;

  // For the flush.
  std::vector<MemoryField>& fields() { return fields_; }
  const ByteLog& stored() const { return stored_; }
  // REQUIRES: the plan has a key field. Valid also while terms are sorted.
  std::string_view key_of(DocId doc) const;

 private:
  size_t held_bytes() const;
  size_t reserved_bytes() const;
  absl::StatusOr<AddResult> AddFields(PreparedDocument* document);
  // Adds the document's values of one field; true: within the limit.
  absl::StatusOr<bool> AddField(PreparedDocument* document, size_t field, size_t limit);
  void Cancel(std::span<const uint32_t> fields);

  std::shared_ptr<const IndexingPlan> plan_;
  const size_t budget_bytes_;
  std::vector<MemoryField> fields_;  // beside plan_->fields()
  size_t field_bytes_ = 0;           // what they hold
  ByteLog stored_;
  GentleVector<uint32_t> key_terms_;  // by document: its key's term number
  GentleVector<DocId> key_docs_;      // by that number: the live document
  GentleVector<DocId> deleted_;
  DocId doc_count_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_MEMORY_INDEX_H_
