// SPDX-License-Identifier: Apache-2.0
//
// For one term the inputs come in document order, so that their postings follow each other in the
// new list; where documents are put in another order they are sorted. Blocks are decoded and
// encoded again: bounds and block boundaries change, and the result must not depend on how the
// inputs were cut. Decoding and sorting is half of the work, and other threads do it for the next
// terms while this one encodes: what is written is what one thread would have written.
#include "engine/write/term_merger.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status.h"

namespace segue {
namespace {

// Memory for one posting or position while they are sorted, with room for ranges that hold more
// than others.
constexpr uint64_t kBytesToSort = 128;
constexpr uint64_t kLeastSortedAtOnce = 1024;

// Postings and positions of a batch, if no more fit one piece: enough to be worth waking a thread
// for, and they stay in a cache.
constexpr uint64_t kBatchSize = 1 << 16;
// Reading takes about as long as encoding: more readers would only wait, and each takes memory.
constexpr size_t kMostReaders = 2;
// A long list that keeps its order goes in pieces of so many blocks.
constexpr uint32_t kBlocksInPiece = 256;

}  // namespace

TermMerger::TermMerger(std::span<const std::shared_ptr<const Segment>> inputs, const MergeMap& map,
                       const SegmentFieldSpec& spec, const MergeOptions& options)
    : segments_(inputs), map_(map), spec_(spec), terms_(inputs, spec.id), pool_(options.pool) {
  if (map.drops_documents()) seen_ = Bitset(map.doc_count());
  const size_t readers = pool_ == nullptr ? 1 : std::min(pool_->threads(), kMostReaders);
  for (std::vector<MergeBatch>& batches : batches_) {
    for (size_t i = 0; i < readers; ++i) batches.emplace_back(&map_, &spec_);
    if (pool_ == nullptr) break;
  }
  sorted_at_once_ =
      std::max(options.memory_bytes / kBytesToSort / (pool_ == nullptr ? 1 : 2 * readers),
               kLeastSortedAtOnce);
}

std::vector<uint8_t> TermMerger::MergeNorms() const {
  std::vector<uint8_t> norms;
  // Keywords: every document has norm 1, which the builder knows.
  if (!spec_.freqs) return norms;
  norms.assign(map_.doc_count(), 0);
  for (const Input& input : terms_.inputs()) {
    input.field->ForEachNorm([&](DocId doc, uint8_t norm) {
      const DocId mapped = map_.Map(input.index, doc);
      if (mapped != kEndOfDocs) norms[mapped] = norm;
    });
  }
  return norms;
}

float TermMerger::AverageLength() const {
  // Where documents are dropped this is a little off; derived bounds say what
  // they were computed with, and readers check.
  uint64_t docs = 0, tokens = 0;
  for (const Input& input : terms_.inputs()) {
    docs += input.field->statistics().doc_count;
    tokens += input.field->statistics().sum_total_freq;
  }
  if (docs == 0) return 1;
  return static_cast<float>(static_cast<double>(tokens) / static_cast<double>(docs));
}

SegmentFieldLengths TermMerger::Lengths() const {
  SegmentFieldLengths lengths;
  lengths.min_length = ~0u;
  for (const Input& input : terms_.inputs()) {
    const FieldStatistics& statistics = input.field->statistics();
    if (statistics.doc_count == 0) continue;
    lengths.doc_count += static_cast<DocId>(statistics.doc_count);
    lengths.min_length = std::min(lengths.min_length, input.field->min_length());
    lengths.max_length = std::max(lengths.max_length, input.field->max_length());
  }
  if (map_.drops_documents()) {
    lengths.doc_count = static_cast<DocId>(seen_.Count());
  }
  if (lengths.doc_count == 0) lengths.min_length = lengths.max_length = 0;
  return lengths;
}

absl::Status TermMerger::WritePosting(DocId doc, uint32_t freq, std::span<const uint32_t> positions,
                                      SegmentBuilder* builder) {
  if (!term_started_) {
    builder->StartTerm();
    term_started_ = true;
  }
  if (map_.drops_documents()) seen_.Set(doc);
  return builder->Add(doc, freq, positions);
}

// The term's lists in pieces, which are planned one after the other.
void TermMerger::CutTerm() {
  MergePiece whole;
  uint64_t size = 0;
  for (const size_t holder : terms_.holders()) {
    const Input& input = terms_.inputs()[holder];
    const TermMeta& meta = input.terms.meta();
    whole.lists.push_back({input.index, input.field, meta});
    whole.postings += meta.doc_freq;
    // A position takes a bit at least, so that a damaged count does not make too many pieces.
    if (spec_.positions) size += std::min(meta.total_freq, 8 * meta.pos_bytes);
  }
  whole.size = size + whole.postings;
  whole.ends_term = true;
  whole.term = terms_.term();
  if (map_.reorders()) {
    CutByDocuments(std::move(whole));
  } else if (whole.size <= kBatchSize) {
    pieces_.push_back(std::move(whole));
  } else {
    CutByBlocks(std::move(whole));
  }
}

// Range by range, so that one range's postings fit the sorter.
void TermMerger::CutByDocuments(MergePiece whole) {
  const uint64_t ranges = whole.size / sorted_at_once_ + 1;
  for (uint64_t range = 0; range + 1 < ranges; ++range) {
    MergePiece& piece = pieces_.emplace_back();
    piece.lists = whole.lists;
    piece.first_doc = static_cast<DocId>(map_.doc_count() * range / ranges);
    piece.last_doc = static_cast<DocId>(map_.doc_count() * (range + 1) / ranges);
    piece.size = whole.size / ranges;
    whole.first_doc = piece.last_doc;
  }
  whole.size /= ranges;
  pieces_.push_back(std::move(whole));
}

void TermMerger::CutByBlocks(MergePiece whole) {
  for (const MergeList& list : whole.lists) {
    const uint32_t blocks =
        list.meta.doc_freq == 0 ? 0 : (list.meta.doc_freq - 1) / kBlockPostings + 1;
    const uint64_t size = whole.size * list.meta.doc_freq / std::max<uint64_t>(whole.postings, 1);
    for (uint32_t block = 0; block < blocks; block += kBlocksInPiece) {
      MergePiece& piece = pieces_.emplace_back();
      piece.lists = {list};
      piece.first_block = block;
      piece.last_block = std::min(block + kBlocksInPiece, blocks);
      piece.size = size * (piece.last_block - block) / blocks;
    }
  }
  whole.lists.clear();
  whole.size = 0;
  pieces_.push_back(std::move(whole));
}

absl::Status TermMerger::Plan(std::vector<MergeBatch>* batches) {
  const uint64_t full = std::min(kBatchSize, sorted_at_once_);
  for (MergeBatch& batch : *batches) {
    batch.Clear();
    while (batch.size() < full) {
      if (pieces_.empty()) {
        if (!terms_.valid()) break;
        CutTerm();
        SEGUE_RETURN_IF_ERROR(terms_.Next());
        continue;
      }
      batch.Add(std::move(pieces_.front()));
      pieces_.pop_front();
    }
  }
  return absl::OkStatus();
}

void TermMerger::StartReading(std::vector<MergeBatch>* batches) {
  pool_->Start(batches->size(),
               [batches](size_t /*worker*/, size_t item) { (*batches)[item].Read(); });
}

absl::Status TermMerger::WriteBatch(const MergeBatch& batch, SegmentBuilder* builder,
                                    MergeProgress* progress) {
  return batch.Write(
      [&](DocId doc, uint32_t freq, std::span<const uint32_t> positions) {
        return WritePosting(doc, freq, positions, builder);
      },
      [&](const MergePiece& piece) -> absl::Status {
        if (term_started_) SEGUE_RETURN_IF_ERROR(builder->FinishTerm(piece.term));
        term_started_ = false;
        return progress->Advance(piece.postings);
      });
}

absl::Status TermMerger::WriteAllTerms(SegmentBuilder* builder, MergeProgress* progress) {
  std::vector<MergeBatch>* current = &batches_[0];
  if (pool_ == nullptr) {
    for (;;) {
      SEGUE_RETURN_IF_ERROR(Plan(current));
      if (current->front().empty()) return absl::OkStatus();
      current->front().Read();
      SEGUE_RETURN_IF_ERROR(WriteBatch(current->front(), builder, progress));
    }
  }
  const WaitAtEnd nobody_reads_afterwards(pool_);
  std::vector<MergeBatch>* next = &batches_[1];
  SEGUE_RETURN_IF_ERROR(Plan(current));
  StartReading(current);
  while (!current->front().empty()) {
    SEGUE_RETURN_IF_ERROR(Plan(next));
    pool_->Wait();
    StartReading(next);
    for (const MergeBatch& batch : *current) {
      SEGUE_RETURN_IF_ERROR(WriteBatch(batch, builder, progress));
    }
    std::swap(current, next);
  }
  pool_->Wait();
  return absl::OkStatus();
}

absl::Status TermMerger::WriteTerms(SegmentBuilder* builder, MergeProgress* progress) {
  if (terms_.inputs().empty()) return absl::OkStatus();
  for (const Input& input : terms_.inputs()) {
    if (input.field->has_freqs() != spec_.freqs ||
        input.field->has_positions() != spec_.positions) {
      return Error(ErrorCode::kDataLoss,
                   Cat("segment ", segments_[input.index]->id().ToString(), ", field '", spec_.name,
                       "': its postings are of another kind than those of the "
                       "other segments"));
    }
  }
  const std::vector<uint8_t> norms = MergeNorms();
  SEGUE_RETURN_IF_ERROR(builder->StartTerms(spec_.id, norms, AverageLength()));
  SEGUE_RETURN_IF_ERROR(terms_.SeekToFirst());
  SEGUE_RETURN_IF_ERROR(WriteAllTerms(builder, progress));
  return builder->FinishTerms(Lengths());
}

}  // namespace segue
