// SPDX-License-Identifier: Apache-2.0
//
// A heap of dictionary iterators gives the terms in order and, for one term, the
// inputs in document order; their postings follow each other in the new list.
// Blocks are decoded and encoded again: bounds and block boundaries change, and
// the result must not depend on how the inputs were cut.
#include "engine/write/term_merger.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/format/position_reader.h"

namespace segue {

TermMerger::TermMerger(std::span<const std::shared_ptr<const Segment>> inputs, const MergeMap& map,
                       const SegmentFieldSpec& spec)
    : segments_(inputs), map_(map), spec_(spec) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    const SegmentField* field = inputs[i]->field(spec.id);
    if (field == nullptr || field->dictionary() == nullptr) continue;
    inputs_.push_back({i, field, Dictionary::Iterator(*field->dictionary())});
  }
  if (map.drops_documents()) seen_ = Bitset(map.doc_count());
}

bool TermMerger::After(size_t a, size_t b) const {
  const int order = inputs_[a].terms.term().compare(inputs_[b].terms.term());
  return order != 0 ? order > 0 : a > b;
}

absl::Status TermMerger::Push(size_t input) {
  if (!inputs_[input].terms.valid()) return inputs_[input].terms.status();
  heap_.push_back(input);
  std::push_heap(heap_.begin(), heap_.end(), [this](size_t a, size_t b) { return After(a, b); });
  return absl::OkStatus();
}

size_t TermMerger::Pop() {
  std::pop_heap(heap_.begin(), heap_.end(), [this](size_t a, size_t b) { return After(a, b); });
  const size_t input = heap_.back();
  heap_.pop_back();
  return input;
}

std::vector<uint8_t> TermMerger::MergeNorms() const {
  std::vector<uint8_t> norms;
  // Keywords: every document has norm 1, which the builder knows.
  if (!spec_.freqs) return norms;
  norms.assign(map_.doc_count(), 0);
  for (const Input& input : inputs_) {
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
  for (const Input& input : inputs_) {
    docs += input.field->statistics().doc_count;
    tokens += input.field->statistics().sum_total_freq;
  }
  if (docs == 0) return 1;
  return static_cast<float>(static_cast<double>(tokens) / static_cast<double>(docs));
}

SegmentFieldLengths TermMerger::Lengths() const {
  SegmentFieldLengths lengths;
  lengths.min_length = ~0u;
  for (const Input& input : inputs_) {
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

absl::Status TermMerger::AddPosting(DocId doc, uint32_t freq, std::span<const uint32_t> positions,
                                    SegmentBuilder* builder) {
  if (!term_started_) {
    builder->StartTerm();
    term_started_ = true;
  }
  if (map_.drops_documents()) seen_.Set(doc);
  return builder->Add(doc, freq, positions);
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
  for (uint32_t i = 0; i < count; ++i) {
    if (docs[i] >= segments_[input.index]->doc_count()) {
      return Error(ErrorCode::kDataLoss,
                   Cat("segment ", segments_[input.index]->id().ToString(), ", field '", spec_.name,
                       "': document ", docs[i], " of ", segments_[input.index]->doc_count()));
    }
    const DocId doc = map_.Map(input.index, docs[i]);
    if (doc == kEndOfDocs) continue;
    size_t position_count = 0;
    if (spec_.positions) {
      position_count = reader.Read(i, &positions_);
      if (position_count == 0) return list.status();
    }
    SEGUE_RETURN_IF_ERROR(
        AddPosting(doc, freqs[i], std::span(positions_.data(), position_count), builder));
  }
  return absl::OkStatus();
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

absl::Status TermMerger::WriteTerm(SegmentBuilder* builder, MergeProgress* progress) {
  term_started_ = false;
  uint64_t postings = 0;
  for (const size_t input : current_) {
    SEGUE_RETURN_IF_ERROR(AddPostings(inputs_[input], builder));
    postings += inputs_[input].terms.meta().doc_freq;
  }
  if (term_started_) SEGUE_RETURN_IF_ERROR(builder->FinishTerm(term_));
  return progress->Advance(postings);
}

absl::Status TermMerger::WriteTerms(SegmentBuilder* builder, MergeProgress* progress) {
  if (inputs_.empty()) return absl::OkStatus();
  for (const Input& input : inputs_) {
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
  for (size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i].terms.SeekToFirst();
    SEGUE_RETURN_IF_ERROR(Push(i));
  }
  while (!heap_.empty()) {
    current_.clear();
    term_ = inputs_[heap_.front()].terms.term();
    do {
      current_.push_back(Pop());
    } while (!heap_.empty() && inputs_[heap_.front()].terms.term() == term_);
    SEGUE_RETURN_IF_ERROR(WriteTerm(builder, progress));
    for (const size_t input : current_) {
      inputs_[input].terms.Next();
      SEGUE_RETURN_IF_ERROR(Push(input));
    }
  }
  return builder->FinishTerms(Lengths());
}

}  // namespace segue
