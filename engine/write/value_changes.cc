// SPDX-License-Identifier: Apache-2.0
#include "engine/write/value_changes.h"

#include <algorithm>

namespace segue {
namespace {

// Leaves of each document the last change, by ascending document.
void Settle(std::vector<ValueChange>* log) {
  const auto by_doc = [](const ValueChange& a, const ValueChange& b) { return a.doc < b.doc; };
  std::stable_sort(log->begin(), log->end(), by_doc);
  size_t kept = 0;
  for (size_t i = 0; i < log->size(); ++i) {
    if (i + 1 < log->size() && (*log)[i + 1].doc == (*log)[i].doc) continue;
    (*log)[kept++] = (*log)[i];
  }
  log->resize(kept);
}

}  // namespace

void ValueChanges::Set(FieldId field, DocId doc, std::optional<int64_t> value) {
  std::vector<ValueChange>& log = logs_[field];
  if (log.size() == log.capacity()) {
    Settle(&log);
    if (log.size() >= log.capacity() / 2) {
      const size_t before = log.capacity();
      log.reserve(std::max(kFirstChanges, 2 * log.size()));
      memory_bytes_ += (log.capacity() - before) * sizeof(ValueChange);
    }
  }
  log.push_back({doc, value.has_value(), value.value_or(0)});
}

std::vector<FieldId> ValueChanges::fields() const {
  std::vector<FieldId> fields;
  for (const auto& [field, log] : logs_) fields.push_back(field);
  return fields;
}

std::vector<ValueChange> ValueChanges::Of(FieldId field) const {
  const auto found = logs_.find(field);
  if (found == logs_.end()) return {};
  std::vector<ValueChange> settled = found->second;
  Settle(&settled);
  return settled;
}

std::optional<int64_t> ChangedColumn::Get(DocId doc) {
  while (!changes_.empty() && changes_.front().doc < doc) changes_ = changes_.subspan(1);
  if (changes_.empty() || changes_.front().doc != doc) return Before(doc);
  return changes_.front().has_value ? std::optional(changes_.front().value) : std::nullopt;
}

std::optional<int64_t> ChangedColumn::Before(DocId doc) {
  if (column_ == nullptr || !status_.ok()) return std::nullopt;
  if (doc - block_.first_doc >= block_.doc_count) {
    status_ = column_->DecodeBlock(doc / kColumnBlockDocs, &block_);
    if (!status_.ok()) return std::nullopt;
  }
  const uint32_t at = doc - block_.first_doc;
  const uint32_t begin = block_.value_starts[at];
  if (begin == block_.value_starts[at + 1]) return std::nullopt;
  return block_.values[begin];
}

}  // namespace segue
