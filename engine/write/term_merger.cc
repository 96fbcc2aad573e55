// SPDX-License-Identifier: Apache-2.0
//
// For one term the inputs come in document order, so that their postings follow each other in the
// new list; where documents are put in another order they are sorted. Blocks are decoded and
// encoded again: bounds and block boundaries change, and the result must not depend on how the
// inputs were cut.
#include "engine/write/term_merger.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status.h"

namespace segue {
namespace {

// Memory for one posting or position while they are sorted, with room for ranges that hold more
// than others.
constexpr uint64_t kBytesToSort = 64;
constexpr uint64_t kLeastSortedAtOnce = 1024;

// Positions of a block that are decoded together; documents with thousands of a word are rare.
constexpr uint64_t kMostPositionsAtOnce = 16384;
// What PositionReader::ReadSums() may write beyond them.
constexpr size_t kRoomForSums = 16;

}  // namespace

TermMerger::TermMerger(std::span<const std::shared_ptr<const Segment>> inputs, const MergeMap& map,
                       const SegmentFieldSpec& spec, const MergeOptions& options)
    : segments_(inputs),
      map_(map),
      spec_(spec),
      terms_(inputs, spec.id),
      sorted_at_once_(std::max(options.memory_bytes / kBytesToSort, kLeastSortedAtOnce)) {
  if (map.drops_documents()) seen_ = Bitset(map.doc_count());
}

std::vector<uint8_t> TermMerger::MergeNorms() const {
  std::vector<uint8_t> norms;
  // Keywords: every document has norm 1, which the builder knows.
  if (!spec_.freqs) return norms;
  norms.assign(map_.doc_count(), 0);
  for (const Input& input : terms_.inputs()) {
    const Segment& segment = *segments_[input.index];
    for (DocId doc = 0; doc < segment.doc_count(); ++doc) {
      const DocId mapped = map_.Map(input.index, doc);
      if (mapped != kEndOfDocs) norms[mapped] = input.field->norms()[doc];
    }
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

absl::Status TermMerger::AddPosting(DocId doc, uint32_t freq, std::span<const uint32_t> positions,
                                    SegmentBuilder* builder) {
  if (!map_.reorders()) return WritePosting(doc, freq, positions, builder);
  sorter_.Add(doc, freq, positions);
  return absl::OkStatus();
}

absl::Status TermMerger::AddBlock(const Input& input, const PostingList& list, uint32_t block,
                                  SegmentBuilder* builder) {
  DocId docs[kBlockPostings];
  uint32_t freqs[kBlockPostings];
  const uint32_t count = list.DecodeDocs(block, docs);
  if (count == 0) return list.status();
  if (spec_.freqs) {
    if (!list.DecodeFreqs(block, freqs)) return list.status();
  } else {
    std::fill_n(freqs, count, 1u);
  }
  PositionReader reader(&list);
  if (spec_.positions && !reader.EnterBlock(block)) return list.status();
  const bool all_read = spec_.positions && ReadPositions({freqs, count}, &reader);
  uint64_t end = 0;  // of the document's positions
  for (uint32_t i = 0; i < count; ++i) {
    const uint64_t begin = std::exchange(end, end + freqs[i]);
    SEGUE_RETURN_IF_ERROR(map_.CheckDoc(input.index, docs[i], spec_.name));
    const DocId doc = map_.Map(input.index, docs[i]);
    // A deleted document's number is beyond every range.
    if (doc < range_begin_ || doc >= range_end_) continue;
    std::span<const uint32_t> positions;
    if (all_read) {
      positions = std::span(positions_).subspan(begin, freqs[i]);
    } else if (spec_.positions) {
      const uint32_t position_count = reader.Read(i, &positions_);
      if (position_count == 0) return list.status();
      positions = std::span(positions_).first(position_count);
    }
    SEGUE_RETURN_IF_ERROR(AddPosting(doc, freqs[i], positions, builder));
  }
  return absl::OkStatus();
}

// Positions of all documents of the block, one after the other, into positions_: one pass instead
// of one for each. False if that cannot be: they are many, or plain, or damaged.
bool TermMerger::ReadPositions(std::span<const uint32_t> freqs, PositionReader* reader) {
  const uint64_t count = std::accumulate(freqs.begin(), freqs.end(), uint64_t{0});
  if (count > kMostPositionsAtOnce || count > reader->positions().capacity()) return false;
  sums_.resize(kMostPositionsAtOnce + kRoomForSums);
  if (positions_.size() < count) positions_.resize(count);
  if (!reader->ReadSums(0, static_cast<uint32_t>(count), sums_.data())) return false;
  size_t at = 0;
  uint32_t before = reader->positions().step();  // what is to be taken off a document's sums
  for (const uint32_t freq : freqs) {
    for (const size_t end = at + freq; at < end; ++at) positions_[at] = sums_[at] - before;
    before = sums_[at - 1] + reader->positions().step();
  }
  return true;
}

absl::Status TermMerger::AddPostings(const Input& input, SegmentBuilder* builder) {
  SEGUE_ASSIGN_OR_RETURN(
      const PostingList list,
      PostingList::Open(input.field->postings(), input.terms.meta(), spec_.positions));
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    SEGUE_RETURN_IF_ERROR(AddBlock(input, list, block, builder));
  }
  return absl::OkStatus();
}

// Range by range, so that one range's postings fit the sorter.
absl::Status TermMerger::AddReordered(SegmentBuilder* builder) {
  uint64_t size = 0;
  for (const size_t holder : terms_.holders()) {
    const TermMeta& meta = terms_.inputs()[holder].terms.meta();
    size += meta.doc_freq;
    // A position takes a bit at least, so that a damaged count does not make too many ranges.
    if (spec_.positions) size += std::min(meta.total_freq, 8 * meta.pos_bytes);
  }
  const uint64_t ranges = size / sorted_at_once_ + 1;
  for (uint64_t range = 0; range < ranges; ++range) {
    range_begin_ = static_cast<DocId>(map_.doc_count() * range / ranges);
    range_end_ = static_cast<DocId>(map_.doc_count() * (range + 1) / ranges);
    for (const size_t holder : terms_.holders()) {
      SEGUE_RETURN_IF_ERROR(AddPostings(terms_.inputs()[holder], builder));
    }
    SEGUE_RETURN_IF_ERROR(
        sorter_.Take([&](DocId doc, uint32_t freq, std::span<const uint32_t> positions) {
          return WritePosting(doc, freq, positions, builder);
        }));
  }
  return absl::OkStatus();
}

absl::Status TermMerger::WriteTerm(SegmentBuilder* builder, MergeProgress* progress) {
  term_started_ = false;
  uint64_t postings = 0;
  for (const size_t holder : terms_.holders()) {
    const Input& input = terms_.inputs()[holder];
    postings += input.terms.meta().doc_freq;
    if (!map_.reorders()) SEGUE_RETURN_IF_ERROR(AddPostings(input, builder));
  }
  if (map_.reorders()) SEGUE_RETURN_IF_ERROR(AddReordered(builder));
  if (term_started_) SEGUE_RETURN_IF_ERROR(builder->FinishTerm(terms_.term()));
  return progress->Advance(postings);
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
  while (terms_.valid()) {
    SEGUE_RETURN_IF_ERROR(WriteTerm(builder, progress));
    SEGUE_RETURN_IF_ERROR(terms_.Next());
  }
  return builder->FinishTerms(Lengths());
}

}  // namespace segue
