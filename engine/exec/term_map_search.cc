// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/term_map_search.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "engine/exec/freq_reader.h"
#include "engine/exec/nth_greatest.h"

namespace segue::exec {
namespace {

// So many documents are scored together, or one block more.
constexpr size_t kMapRows = RowFilter::kRows - kBlockPostings;

// Where more documents than these may not pass, no floor is worth its search; the first windows are
// then this share more than k, and, while k documents are not found, so many times as many follow.
constexpr uint64_t kFewDropped = 1024;
constexpr uint32_t kSpare = 4;
constexpr uint64_t kMoreWindows = 4;

}  // namespace

TermMapSearch::TermMapSearch(const TermSource& source, const Bm25Scorer& similarity,
                             const SearchedSegment& segment, RowFilter* filter, uint64_t dropped,
                             SearchContext* context, uint32_t k)
    : source_(source),
      list_(source.list),
      similarity_(similarity),
      segment_(segment),
      filter_(filter),
      context_(context),
      kernels_(ActiveKernels()),
      columns_(context->scratch().columns()),
      bound_(LinearWindowBound(similarity, source.bounds_built_with, source.tf_range())),
      mask_((source.bounds->windows().size() + 63) / 64),
      wanted_(k + (dropped <= kFewDropped ? dropped : k / kSpare)),
      byte_(NthByte(wanted_)) {
  // Each of k windows that lose no document to the filter has one that scores so much; who ties
  // with it may come before.
  if (dropped <= kFewDropped && byte_ > 0) {
    floor_ = std::nextafter(source.ReachedInWindow(similarity, static_cast<uint8_t>(byte_)),
                            kNoThreshold);
  }
  first_windows_ = byte_ == 0 ? kAll : Mask(byte_);
}

// The byte that so many windows reach; 0 if there are not so many with a document.
uint32_t TermMapSearch::NthByte(uint64_t windows) const {
  const std::span<const uint8_t> map = source_.bounds->windows();
  return windows > map.size() ? 0 : NthGreatest(map, static_cast<uint32_t>(windows), 1);
}

// Selects the windows with at least this byte; returns how many.
uint32_t TermMapSearch::Mask(uint32_t least) {
  const std::span<const uint8_t> map = source_.bounds->windows();
  if (least > 255) {
    std::fill(mask_.begin(), mask_.end(), uint64_t{0});
    return 0;
  }
  kernels_.mask_at_least_u8(map.data(), map.size(), static_cast<uint8_t>(least), mask_.data());
  return static_cast<uint32_t>(kernels_.count_words(mask_.data(), mask_.size()));
}

// To that of a window that may have a score of the k best, 256 if none has. Documents that score as
// much as the k-th may come before it.
void TermMapSearch::RaiseLeastByte(const TopK& top_k) {
  const double least = std::nextafter(top_k.threshold(), kNoThreshold);
  const uint32_t first =
      FirstByte([&](uint8_t byte) { return byte * bound_.step + bound_.offset > least; });
  least_byte_ = std::max(first, 1u);
}

void TermMapSearch::Run(TopK* top_k) {
  RaiseLeastByte(*top_k);
  for (uint32_t done = 256; done > least_byte_ && context_->ok();) {
    const uint32_t from = std::max(byte_, least_byte_);
    if (from < done && Mask(from) > 0) LookAt(done, top_k);
    done = std::min(done, from);
    top_k->UpdateThreshold();
    RaiseLeastByte(*top_k);
    // Once there is a threshold, it alone tells what is left.
    wanted_ *= kMoreWindows;
    byte_ = top_k->missing() > 0 ? NthByte(wanted_) : 0;
  }
  if (absl::Status status = list_.status(); !status.ok()) context_->Fail(std::move(status));
}

// Looks at the windows of the mask with bytes below `below`.
void TermMapSearch::LookAt(uint32_t below, TopK* top_k) {
  const uint8_t* const map = source_.bounds->windows().data();
  const uint32_t shift = source_.bounds->window_shift();
  block_ = 0;
  for (uint32_t i = 0; i < mask_.size(); ++i) {
    for (uint64_t rest = mask_[i]; rest != 0; rest &= rest - 1) {
      const uint32_t window = i * 64 + static_cast<uint32_t>(std::countr_zero(rest));
      if (map[window] >= below || map[window] < least_byte_) continue;
      const uint64_t begin = uint64_t{window} << shift;
      const uint64_t end = std::min<uint64_t>(begin + (uint64_t{1} << shift), source_.doc_count);
      if (begin < end && !Gather(static_cast<DocId>(begin), static_cast<DocId>(end), top_k)) return;
    }
  }
  Offer(top_k);
}

// Takes the list's documents in [begin, end) for rows. False: the search is over.
bool TermMapSearch::Gather(DocId begin, DocId end, TopK* top_k) {
  __builtin_prefetch(source_.norms + begin);
  return list_.dense() ? GatherDense(begin, end, top_k) : GatherSparse(begin, end, top_k);
}

bool TermMapSearch::GatherDense(DocId begin, DocId end, TopK* top_k) {
  uint32_t* const docs = columns_.offsets.data();
  for (uint32_t word = begin / kWordDocs; word <= (end - 1) / kWordDocs; ++word) {
    uint64_t bits = list_.dense_words()[word];
    if (word == begin / kWordDocs) bits &= ~uint64_t{0} << (begin % kWordDocs);
    if (word == (end - 1) / kWordDocs) bits &= ~uint64_t{0} >> (63 - (end - 1) % kWordDocs);
    const DocId first = word * kWordDocs;
    for (; bits != 0; bits &= bits - 1) {
      docs[rows_++] = first + static_cast<uint32_t>(std::countr_zero(bits));
    }
    if (rows_ >= kMapRows) {
      Offer(top_k);
      if (!context_->KeepGoing()) return false;
    }
  }
  return true;
}

bool TermMapSearch::GatherSparse(DocId begin, DocId end, TopK* top_k) {
  block_ = list_.FindBlock(begin, block_);
  for (uint32_t block = block_; block < list_.block_count() && list_.first_doc(block) < end;
       ++block) {
    if (!Enter(block)) return false;
    const DocId* const docs = docs_.data();
    const DocId* const last = docs + docs_in_block_;
    for (const DocId* doc = std::lower_bound(docs, last, begin); doc != last && *doc < end; ++doc) {
      columns_.offsets[rows_] = *doc;
      columns_.ranks[rows_++] = block * kBlockPostings + static_cast<uint32_t>(doc - docs);
    }
    if (rows_ >= kMapRows) {
      Offer(top_k);
      if (!context_->KeepGoing()) return false;
    }
  }
  return true;
}

bool TermMapSearch::Enter(uint32_t block) {
  if (block == decoded_) return true;
  docs_in_block_ = list_.DecodeDocs(block, docs_.data());
  decoded_ = docs_in_block_ == 0 ? kNoBlock : block;
  ++context_->counters().blocks_decoded;
  return docs_in_block_ != 0;
}

// Scores the rows and offers them.
void TermMapSearch::Offer(TopK* top_k) {
  ScoreColumns& c = columns_;
  const size_t count = std::exchange(rows_, 0);
  if (count == 0) return;
  if (list_.dense()) {
    kernels_.ranks(list_.dense_words(), list_.dense_ranks(), c.offsets.data(), count,
                   c.ranks.data());
  }
  const uint64_t first = segment_.base + c.offsets[0];
  ReadFreqs(list_, c.ranks.data(), count, c.freqs.data());
  kernels_.score_bm25(c.offsets.data(), c.freqs.data(), count, source_.norms,
                      similarity_.norm_inverse(), similarity_.weight(), c.scores.data());
  context_->counters().documents_scored += count;
  const float threshold = std::max(floor_, top_k->ThresholdFrom(first));
  filter_->Offer(c.offsets.data(), c.scores.data(), count, threshold, segment_.base, &c, top_k);
  RaiseLeastByte(*top_k);
}

}  // namespace segue::exec
