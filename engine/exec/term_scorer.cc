// SPDX-License-Identifier: Apache-2.0
//
// A window is loaded once: the blocks that overlap it are decoded and their documents set as
// bits. Everything after that - which of some candidates match, their frequencies, their scores -
// is bit tests and ranks, the same for sparse and dense lists. What this leaves out: probing a
// long sparse list for a handful of candidates without decoding its window.
#include "engine/exec/term_scorer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"
#include "engine/exec/freq_reader.h"

namespace segue::exec {
namespace {

// Loading a window takes about as long as going through so many postings.
constexpr uint64_t kPostingsToLoadWindow = 64;

}  // namespace

TermScorer::TermScorer(TermSource source, const TermScoring* scoring, float weight,
                       SearchContext* context)
    : source_(std::move(source)),
      scoring_(scoring),
      similarity_(weight, scoring->norms),
      context_(context),
      kernels_(ActiveKernels()),
      last_doc_(source_.list.last_doc()) {
  if (source_.HasUsableMap(similarity_)) {
    map_bounds_.emplace(similarity_, source_.bounds_built_with, source_.tf_range());
  }
  context_->counters().postings += source_.list.doc_freq();
}

bool TermScorer::DecodeBlock(uint32_t block) {
  if (docs_block_ == block) return true;
  docs_in_block_ = source_.list.DecodeDocs(block, docs_.data());
  if (docs_in_block_ == 0) {
    docs_block_ = kNoBlock;
    context_->Fail(source_.list.status());
    return false;
  }
  docs_block_ = block;
  ++context_->counters().blocks_decoded;
  return true;
}

// The block that holds `target` if any does.
uint32_t TermScorer::BlockAt(DocId target) {
  const bool forward = docs_block_ != kNoBlock && source_.list.first_doc(docs_block_) <= target;
  return source_.list.FindBlock(target, forward ? docs_block_ : 0);
}

DocId TermScorer::NextCandidate(DocId from) {
  if (from > last_doc_) return kEndOfDocs;
  if (from < window_.end && from >= window_.begin) {
    const uint32_t offset = from - window_.begin;
    for (uint32_t w = offset / 64; w < kWindowWords; ++w) {
      const uint64_t mask = w == offset / 64 ? ~uint64_t{0} << (offset % 64) : ~uint64_t{0};
      if (const uint64_t word = members_[w] & mask; word != 0) {
        return window_.begin + w * 64 + static_cast<uint32_t>(std::countr_zero(word));
      }
    }
    if (window_.end > last_doc_) return kEndOfDocs;
    return NextCandidate(window_.end);
  }
  if (source_.list.dense()) return std::max(from, source_.list.first_doc(0));
  const uint32_t block = BlockAt(from);
  if (source_.list.first_doc(block) >= from) return source_.list.first_doc(block);
  if (!DecodeBlock(block)) return kEndOfDocs;
  const DocId* begin = docs_.data();
  const DocId* end = begin + docs_in_block_;
  const DocId* found = std::lower_bound(begin, end, from);
  if (found != end) return *found;
  return block + 1 < source_.list.block_count() ? source_.list.first_doc(block + 1) : kEndOfDocs;
}

const DocMask& TermScorer::Members(const Window& window) {
  if (!(window == window_)) LoadWindow(window);
  return members_;
}

void TermScorer::LoadWindow(const Window& window) {
  window_ = window;
  ranks_ready_ = false;
  // A window of a thousand lists takes milliseconds.
  if (!context_->KeepGoingAfter(kPostingsToLoadWindow)) {
    members_.Clear();
    first_rank_ = 0;
    return;
  }
  if (source_.list.dense()) {
    LoadDense(window);
  } else {
    LoadSparse(window);
  }
}

void TermScorer::LoadDense(const Window& window) {
  const uint64_t* words = source_.list.dense_words();
  const uint32_t first = window.begin / 64;
  const uint32_t count = (window.end + 63) / 64 - first;
  std::copy_n(words + first, count, members_.data());
  std::fill(members_.data() + count, members_.data() + kWindowWords, 0);
  first_rank_ = source_.list.DenseRank(window.begin);
}

void TermScorer::LoadSparse(const Window& window) {
  members_.Clear();
  first_rank_ = 0;
  if (window.begin > last_doc_) return;
  uint32_t block = BlockAt(window.begin);
  bool first = true;
  for (; block < source_.list.block_count(); ++block) {
    if (source_.list.first_doc(block) >= window.end) break;
    if (!DecodeBlock(block)) return;
    const DocId* doc = docs_.data();
    const DocId* end = docs_.data() + docs_in_block_;
    if (*doc < window.begin) doc = std::lower_bound(doc, end, window.begin);
    if (first) {
      first_rank_ = block * kBlockPostings + static_cast<uint32_t>(doc - docs_.data());
      first = false;
    }
    if (*(end - 1) >= window.end) end = std::lower_bound(doc, end, window.end);
    kernels_.set_bits(members_.data(), window.begin, doc, static_cast<size_t>(end - doc));
    if (end != docs_.data() + docs_in_block_) break;
  }
}

void TermScorer::LoadRanks() {
  constexpr uint32_t kWords = kRankWindowDocs / kWordDocs;
  uint32_t rank = first_rank_;
  for (uint32_t i = 0; i < ranks_.size(); ++i) {
    ranks_[i] = rank;
    rank += static_cast<uint32_t>(kernels_.count_words(members_.data() + i * kWords, kWords));
  }
  ranks_ready_ = true;
}

void TermScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  const DocMask& members = Members(window);
  for (uint32_t w = 0; w < kWindowWords; ++w) (*out)[w] = members[w] & among[w];
}

size_t TermScorer::LoadFreqs(const Window& window, const DocMask& docs) {
  Members(window);
  if (!ranks_ready_) LoadRanks();
  ScoreColumns& columns = context_->scratch().columns();
  const size_t count = kernels_.bits_to_docs(docs.data(), kWindowWords, 0, columns.offsets.data());
  if (!context_->KeepGoingAfter(count)) return 0;
  kernels_.ranks(members_.data(), reinterpret_cast<const uint8_t*>(ranks_.data()),
                 columns.offsets.data(), count, columns.ranks.data());
  ReadFreqs(source_.list, columns.ranks.data(), count, columns.freqs.data());
  context_->counters().documents_scored += count;
  ReportDamage();
  return count;
}

void TermScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  const size_t count = LoadFreqs(window, docs);
  ScoreColumns& columns = context_->scratch().columns();
  kernels_.score_bm25(columns.offsets.data(), columns.freqs.data(), count,
                      source_.norms + window.begin, similarity_.norm_inverse(),
                      similarity_.weight(), columns.scores.data());
  for (size_t i = 0; i < count; ++i) (*scores)[columns.offsets[i]] = columns.scores[i];
}

// A damaged block reads as ones; the list remembers, and the search must end.
void TermScorer::ReportDamage() {
  if (absl::Status status = source_.list.status(); !status.ok()) context_->Fail(std::move(status));
}

PostingPlace TermScorer::Locate(const Window& window, uint32_t offset) {
  Members(window);
  if (!ranks_ready_) LoadRanks();
  const uint32_t rank = std::min(
      kernels_.rank(members_.data(), reinterpret_cast<const uint8_t*>(ranks_.data()), offset),
      source_.list.doc_freq() - 1);
  PostingPlace posting{rank / kBlockPostings, rank % kBlockPostings, 0};
  ReadFreqs(source_.list, &rank, 1, &posting.freq);
  return posting;
}

void TermScorer::Bound(const Window& window, WordBounds* bounds) {
  if (map_bounds_.has_value()) {
    BoundByWindowMap(window, bounds);
    return;
  }
  const float bound = WindowMaxScore(window);
  const DocMask& members = Members(window);
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    (*bounds)[w] = members[w] != 0 ? bound : kNoMatch;
  }
}

void TermScorer::BoundByWindowMap(const Window& window, WordBounds* bounds) {
  const std::span<const uint8_t> map = source_.bounds->windows();
  const uint32_t shift = source_.bounds->window_shift();
  const uint32_t words = (window.size() + kWordDocs - 1) / kWordDocs;
  for (uint32_t w = 0; w < words; ++w) {
    const DocId begin = window.begin + w * kWordDocs;
    const DocId last = std::min(window.end, begin + kWordDocs) - 1;
    uint8_t value = 0;
    for (size_t i = begin >> shift; i <= last >> shift && i < map.size(); ++i) {
      value = std::max(value, map[i]);
    }
    (*bounds)[w] = value == 0 ? kNoMatch : map_bounds_->Bound(value);
  }
  for (uint32_t w = words; w < kWindowWords; ++w) (*bounds)[w] = kNoMatch;
}

// The frontier of the window's superblock bounds it under any statistics.
float TermScorer::WindowMaxScore(const Window& window) {
  static_assert(kSuperblockDocs == kWindowDocs);
  const uint32_t superblock = window.begin / kSuperblockDocs;
  if (source_.bounds.has_value() && superblock < source_.bounds->superblock_count()) {
    Impact frontier[kMaxFrontier];
    absl::StatusOr<uint32_t> count = source_.bounds->ReadFrontier(superblock, frontier);
    if (!count.ok()) {
      context_->Fail(count.status());
      return similarity_.MaxScore();
    }
    return FrontierMaxScore(similarity_, std::span<const Impact>(frontier, *count));
  }
  return ListMaxScore();
}

float TermScorer::ListMaxScore() {
  if (list_max_score_ >= 0) return list_max_score_;
  list_max_score_ = similarity_.MaxScore();
  if (source_.bounds.has_value() && !source_.bounds->empty()) {
    list_max_score_ = FrontierMaxScore(similarity_, source_.bounds->list_frontier());
  } else if (source_.list.block_count() == 1 && DecodeBlock(0)) {
    const FreqBlock freqs = source_.list.OpenFreqs(0);
    float best = 0;
    for (uint32_t i = 0; i < docs_in_block_; ++i) {
      best = std::max(best, ScoreOf(freqs.At(i), docs_[i]));
    }
    list_max_score_ = best;
  }
  return list_max_score_;
}

// Pairs that dominate all postings.
std::vector<Impact> TermScorer::ListImpacts() {
  if (source_.bounds.has_value() && !source_.bounds->empty()) {
    const std::span<const Impact> frontier = source_.bounds->list_frontier();
    return {frontier.begin(), frontier.end()};
  }
  if (source_.list.block_count() != 1 || !DecodeBlock(0)) return {{.freq = UINT32_MAX, .norm = 0}};
  const FreqBlock freqs = source_.list.OpenFreqs(0);
  std::vector<Impact> impacts(docs_in_block_);
  for (uint32_t i = 0; i < docs_in_block_; ++i) {
    impacts[i] = {.freq = freqs.At(i), .norm = source_.norms[docs_[i]]};
  }
  return impacts;
}

Impact TermScorer::ListImpact() {
  Impact all{.freq = 0, .norm = UINT8_MAX};
  for (const Impact& impact : ListImpacts()) {
    all.freq = std::max(all.freq, impact.freq);
    all.norm = std::min(all.norm, impact.norm);
  }
  return all;
}

void TermScorer::Freqs(const Window& window, const DocMask& docs, WindowScores* freqs) {
  const size_t count = LoadFreqs(window, docs);
  const ScoreColumns& columns = context_->scratch().columns();
  for (size_t i = 0; i < count; ++i) {
    (*freqs)[columns.offsets[i]] = static_cast<float>(columns.freqs[i]);
  }
}

float TermScorer::MaxScoreBy(const TermSimilarity& similarity, const Window& window) {
  const uint32_t superblock = window.begin / kSuperblockDocs;
  if (source_.bounds.has_value() && superblock < source_.bounds->superblock_count()) {
    Impact frontier[kMaxFrontier];
    const absl::StatusOr<uint32_t> count = source_.bounds->ReadFrontier(superblock, frontier);
    if (count.ok()) {
      return FrontierMaxScore(similarity, std::span<const Impact>(frontier, *count));
    }
    context_->Fail(count.status());
  }
  if (list_max_score_by_ < 0) {
    list_max_score_by_ = FrontierMaxScore(similarity, std::span<const Impact>(ListImpacts()));
  }
  return list_max_score_by_;
}

Explanation TermScorer::ExplainFreq(float freq) const {
  return ExplainTermFreq(static_cast<uint32_t>(freq));
}

Explanation TermScorer::Explain(const Window& window, DocId doc) {
  if (!Matches(*this, window, doc)) return NoMatch(Cat("no matching term: ", scoring_->name));
  const PostingPlace posting = Locate(window, doc - window.begin);
  return ExplainScoring(*scoring_, doc, ExplainTermFreq(posting.freq), source_.norms[doc],
                        similarity_);
}

void TermScorer::CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) {
  if (!source_.list.has_positions()) return;
  const PostingPlace posting = Locate(window, doc - window.begin);
  std::vector<uint32_t> positions;
  const uint32_t count = source_.list.ReadPositions(posting.block, posting.index, &positions);
  for (uint32_t i = 0; i < count; ++i) {
    spans->push_back({scoring_->field, scoring_->name, positions[i], positions[i] + 1});
  }
  ReportDamage();
}

}  // namespace segue::exec
