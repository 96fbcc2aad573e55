// SPDX-License-Identifier: Apache-2.0
//
// The directory stays pinned: 32 bytes for 1024 documents say where a block is and which values it
// can hold. Everything else is read from the block itself (column_block.cc).
#include "engine/format/column_reader.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

struct Column::Directory {
  Section columns;
  ColumnMeta meta;
  PinnedBytes bytes;
  ValueOrder order;

  uint32_t block_count() const { return ColumnBlockCount(meta.doc_count); }
  ColumnBlockRecord Record(uint32_t block) const {
    return ColumnBlockRecord::Decode(bytes.data() + block * kColumnRecordBytes);
  }
  uint64_t Begin(uint32_t block) const { return block == 0 ? 0 : Record(block - 1).end; }
  uint32_t DocsInBlock(uint32_t block) const {
    return std::min<uint32_t>(kColumnBlockDocs, meta.doc_count - block * kColumnBlockDocs);
  }

  absl::Status Check() const;
  bool Fits(const ColumnBlockRecord& record, uint32_t docs_in_block) const;
  absl::Status Corrupt(uint32_t block, std::string_view what) const {
    return columns.Corrupt(meta.offset + Begin(block), Cat(what, " (block ", block, ")"));
  }
  absl::Status Open(uint32_t block, PinnedBytes* pinned, ColumnBlockView* view) const;
};

bool Column::Directory::Fits(const ColumnBlockRecord& record, uint32_t docs_in_block) const {
  const uint64_t most = meta.multi ? uint64_t{record.docs_with_value} * kMaxColumnValuesPerDoc
                                   : record.docs_with_value;
  if (record.docs_with_value > docs_in_block || record.value_count < record.docs_with_value ||
      record.value_count > most || record.min > record.max) {
    return false;
  }
  return meta.type != ValueType::kBool || (record.min >= 0 && record.max <= 1);
}

absl::Status Column::Directory::Check() const {
  uint64_t end = 0, docs_with_value = 0, value_count = 0;
  for (uint32_t block = 0; block < block_count(); ++block) {
    const ColumnBlockRecord record = Record(block);
    if (record.end < end || !Fits(record, DocsInBlock(block))) {
      return columns.Corrupt(meta.offset + meta.blocks_bytes + block * kColumnRecordBytes,
                             Cat("record ", block, " of a column contradicts itself"));
    }
    end = record.end;
    docs_with_value += record.docs_with_value;
    value_count += record.value_count;
  }
  if (end != meta.blocks_bytes || docs_with_value != meta.docs_with_value ||
      value_count != meta.value_count) {
    return columns.Corrupt(
        meta.offset + meta.blocks_bytes,
        Cat("found a column of ", end, " bytes with ", value_count, " values in ", docs_with_value,
            " documents, wanted ", meta.blocks_bytes, ", ", meta.value_count, " and ",
            meta.docs_with_value));
  }
  return absl::OkStatus();
}

absl::Status Column::Directory::Open(uint32_t block, PinnedBytes* pinned,
                                     ColumnBlockView* view) const {
  const ColumnBlockRecord record = Record(block);
  const uint64_t begin = Begin(block);
  SEGUE_ASSIGN_OR_RETURN(*pinned, columns.Pin(meta.offset + begin, record.end - begin));
  const char* problem = view->Open(pinned->span(), record, DocsInBlock(block));
  return problem == nullptr ? absl::OkStatus() : Corrupt(block, problem);
}

absl::StatusOr<Column> Column::Open(const Section& columns, const ColumnMeta& meta) {
  auto directory = std::make_shared<Directory>();
  directory->columns = columns;
  directory->meta = meta;
  const uint64_t wanted = uint64_t{directory->block_count()} * kColumnRecordBytes;
  if (meta.doc_count > kEndOfDocs || meta.directory_bytes != wanted ||
      meta.offset > UINT64_MAX - meta.blocks_bytes) {
    return columns.Corrupt(meta.offset, Cat("found a column directory of ", meta.directory_bytes,
                                            " bytes, wanted ", wanted));
  }
  SEGUE_RETURN_IF_ERROR(columns.Sub(meta.offset, meta.blocks_bytes).status());
  SEGUE_ASSIGN_OR_RETURN(directory->bytes,
                         columns.Pin(meta.offset + meta.blocks_bytes, meta.directory_bytes));
  SEGUE_RETURN_IF_ERROR(directory->Check());
  SEGUE_ASSIGN_OR_RETURN(
      directory->order,
      ValueOrder::Open(columns, meta.offset + meta.blocks_bytes + meta.directory_bytes,
                       meta.doc_count, meta.value_count));
  return Column(std::move(directory));
}

ValueType Column::type() const { return directory_->meta.type; }
bool Column::multi() const { return directory_->meta.multi; }
DocId Column::doc_count() const { return directory_->meta.doc_count; }
uint64_t Column::value_count() const { return directory_->meta.value_count; }
DocId Column::docs_with_value() const { return directory_->meta.docs_with_value; }
uint32_t Column::block_count() const { return directory_->block_count(); }

ColumnBlockRecord Column::BlockBounds(uint32_t block) const {
  SEGUE_DCHECK(block < block_count());
  return directory_->Record(block);
}

absl::Status Column::CheckDoc(DocId doc) const {
  if (doc < doc_count()) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument,
               Cat("document ", doc, " of a column of ", doc_count(), " documents"));
}

absl::StatusOr<std::optional<int64_t>> Column::Get(DocId doc) const {
  SEGUE_RETURN_IF_ERROR(CheckDoc(doc));
  const uint32_t block = doc / kColumnBlockDocs;
  PinnedBytes pinned;
  ColumnBlockView view;
  SEGUE_RETURN_IF_ERROR(directory_->Open(block, &pinned, &view));
  uint32_t begin = 0, end = 0;
  int64_t value = 0;
  if (!view.Find(doc % kColumnBlockDocs, &begin, &end)) {
    return directory_->Corrupt(block, "values out of their place");
  }
  if (begin == end) return std::nullopt;
  if (!view.Value(begin, &value)) {
    return directory_->Corrupt(block, "a value above the block's maximum");
  }
  return value;
}

absl::Status Column::GetAll(DocId doc, std::vector<int64_t>* values) const {
  values->clear();
  SEGUE_RETURN_IF_ERROR(CheckDoc(doc));
  const uint32_t block = doc / kColumnBlockDocs;
  PinnedBytes pinned;
  ColumnBlockView view;
  SEGUE_RETURN_IF_ERROR(directory_->Open(block, &pinned, &view));
  uint32_t begin = 0, end = 0;
  if (!view.Find(doc % kColumnBlockDocs, &begin, &end)) {
    return directory_->Corrupt(block, "values out of their place");
  }
  values->resize(end - begin);
  for (uint32_t i = begin; i < end; ++i) {
    if (!view.Value(i, &(*values)[i - begin])) {
      return directory_->Corrupt(block, "a value above the block's maximum");
    }
  }
  return absl::OkStatus();
}

absl::Status Column::DecodeBlock(uint32_t block, ColumnBlock* out) const {
  SEGUE_DCHECK(block < block_count());
  PinnedBytes pinned;
  ColumnBlockView view;
  SEGUE_RETURN_IF_ERROR(directory_->Open(block, &pinned, &view));
  out->first_doc = block * kColumnBlockDocs;
  const char* problem = view.Decode(out);
  return problem == nullptr ? absl::OkStatus() : directory_->Corrupt(block, problem);
}

absl::Status Column::VisitValues(uint32_t block, const ColumnBlockMask& docs,
                                 absl::FunctionRef<void(uint32_t, int64_t)> fn) const {
  SEGUE_DCHECK(block < block_count());
  PinnedBytes pinned;
  ColumnBlockView view;
  SEGUE_RETURN_IF_ERROR(directory_->Open(block, &pinned, &view));
  const uint32_t doc_count = directory_->DocsInBlock(block);
  uint32_t visited = 0;  // values up to here belong to documents before; forged ones may overlap
  for (uint32_t word = 0; word < docs.size(); ++word) {
    for (uint64_t bits = docs[word]; bits != 0; bits &= bits - 1) {
      const uint32_t i = word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
      uint32_t begin = 0, end = 0;
      if (i >= doc_count) return absl::OkStatus();
      if (!view.Find(i, &begin, &end) || (begin < end && begin < visited)) {
        return directory_->Corrupt(block, "values out of their place");
      }
      visited = std::max(visited, end);
      for (int64_t value = 0; begin < end; ++begin) {
        if (!view.Value(begin, &value)) {
          return directory_->Corrupt(block, "a value above the block's maximum");
        }
        fn(i, value);
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Column::Select(uint32_t block, const ValueRanges& wanted,
                            ColumnBlockMask* docs) const {
  SEGUE_DCHECK(block < block_count());
  const ColumnBlockRecord record = directory_->Record(block);
  if (record.value_count == 0 || wanted.Within(record.min, record.max).empty()) {
    docs->fill(0);
    return absl::OkStatus();
  }
  PinnedBytes pinned;
  ColumnBlockView view;
  SEGUE_RETURN_IF_ERROR(directory_->Open(block, &pinned, &view));
  const char* problem = view.Select(wanted, docs);
  return problem == nullptr ? absl::OkStatus() : directory_->Corrupt(block, problem);
}

// ---- By value ----

const ValueOrder& Column::order() const { return directory_->order; }

// The first entry that is not less than `value`, as far as it is known.
absl::StatusOr<EntryRun> Column::LowerBound(int64_t value) const {
  const ValueOrder& order = directory_->order;
  EntryRun run = order.AroundLowerBound(value);
  if (!single() || run.size() == 0) return run;
  SEGUE_ASSIGN_OR_RETURN(const EntryDocs docs, order.Pin(run));
  const uint64_t first = run.begin;
  while (run.size() > 0) {
    const uint64_t middle = run.begin + run.size() / 2;
    const DocId doc = docs[middle - first];
    if (doc >= doc_count()) return order.Corrupt("an entry that is no document");
    SEGUE_ASSIGN_OR_RETURN(const std::optional<int64_t> found, Get(doc));
    if (!found.has_value()) return order.Corrupt("an entry without a value");
    (*found < value ? run.begin : run.end) = *found < value ? middle + 1 : middle;
  }
  return run;
}

absl::StatusOr<ValueRun> Column::FindRun(const ValueRange& range) const {
  SEGUE_DCHECK(!order().empty() && range.low <= range.high);
  SEGUE_ASSIGN_OR_RETURN(const EntryRun low, LowerBound(range.low));
  EntryRun high{order().entry_count(), order().entry_count()};
  if (range.high != INT64_MAX) {
    SEGUE_ASSIGN_OR_RETURN(high, LowerBound(range.high + 1));
  }
  // Whatever the entries are: the greater value is never found before the lesser one.
  SEGUE_DCHECK_LE(low.begin, high.end);
  const uint64_t sure_end = std::max(low.end, high.begin);  // else they lie in one leaf
  return ValueRun{.all = {low.begin, high.end}, .sure = {low.end, sure_end}};
}

absl::Status Column::AddDocs(const ValueRun& run, const ValueRange& range,
                             std::vector<DocId>* docs) const {
  const auto is_wanted = [&](int64_t value) { return range.low <= value && value <= range.high; };
  if (run.sure.size() == 0) return AddDocsWith(run.all, is_wanted, docs);  // its ends may overlap
  SEGUE_RETURN_IF_ERROR(AddDocsWith({run.all.begin, run.sure.begin}, is_wanted, docs));
  SEGUE_RETURN_IF_ERROR(AddSure(run.sure, docs));
  return AddDocsWith({run.sure.end, run.all.end}, is_wanted, docs);
}

absl::Status Column::AddSure(const EntryRun& run, std::vector<DocId>* docs) const {
  SEGUE_ASSIGN_OR_RETURN(const EntryDocs entries, order().Pin(run));
  const size_t before = docs->size();
  docs->resize(before + run.size());
  DocId* const out = docs->data() + before;
  DocId greatest = 0;
  for (uint64_t i = 0; i < run.size(); ++i) {
    out[i] = entries[i];
    greatest = std::max(greatest, out[i]);
  }
  if (greatest < doc_count()) return absl::OkStatus();
  docs->resize(before);
  return order().Corrupt("an entry that is no document");
}

absl::Status Column::AddDocsWith(const EntryRun& run, absl::FunctionRef<bool(int64_t)> is_wanted,
                                 std::vector<DocId>* docs) const {
  SEGUE_ASSIGN_OR_RETURN(const EntryDocs entries, order().Pin(run));
  std::vector<int64_t> values;
  for (uint64_t i = 0; i < run.size(); ++i) {
    const DocId doc = entries[i];
    if (doc >= doc_count()) return order().Corrupt("an entry that is no document");
    SEGUE_RETURN_IF_ERROR(GetAll(doc, &values));
    if (std::any_of(values.begin(), values.end(), is_wanted)) docs->push_back(doc);
  }
  return absl::OkStatus();
}

}  // namespace segue
