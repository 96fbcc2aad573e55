// SPDX-License-Identifier: Apache-2.0
//
// A list's bytes come from its window map if that was built for statistics near the query's; else
// every word that may hold the list gets the list's greatest score. Where the list is present is
// known from the map (0 means absent under any statistics) or from the documents of a short list.
#include "engine/exec/flat_bounds.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/rank/score_bound.h"

namespace segue::exec {
namespace {

constexpr uint32_t kWordShift = 6;
static_assert(1u << kWordShift == kWordDocs);

// A threshold rises while documents come in: so much above the one at hand is still told apart.
constexpr double kHeadroom = 1.5;

bool HasMap(const FlatList& list) {
  const auto& bounds = list.source().bounds;
  return bounds.has_value() && bounds->has_windows();
}

// The greatest byte from `first` on that at least `count` of them reach, 0 if none is.
uint8_t ByteReachedBy(std::span<const uint8_t> bytes, uint32_t count, uint8_t first) {
  const Kernels& kernels = ActiveKernels();
  std::vector<uint64_t> mask((bytes.size() + 63) / 64);
  const auto reached = [&](uint32_t byte) {
    kernels.mask_at_least_u8(bytes.data(), bytes.size(), static_cast<uint8_t>(byte), mask.data());
    return kernels.count_words(mask.data(), mask.size()) >= count;
  };
  if (first > 0 && !reached(first)) return 0;
  uint32_t low = first, high = 256;  // low is reached, high is not
  while (high - low > 1) {
    const uint32_t middle = (low + high) / 2;
    (reached(middle) ? low : high) = middle;
  }
  return static_cast<uint8_t>(low);
}

}  // namespace

FlatBounds::FlatBounds(const std::vector<FlatClause>& clauses, uint32_t doc_count, float threshold,
                       SearchScratch* scratch)
    : kernels_(ActiveKernels()),
      words_((doc_count + kWordDocs - 1) / kWordDocs),
      padded_words_((words_ + 63) / 64 * 64),
      sums_(scratch->TakeBytes(padded_words_)),
      row_(scratch->TakeBytes(padded_words_)),
      scaled_(scratch->TakeBytes(0)) {
  bool must = false;
  for (const FlatClause& clause : clauses) {
    if (clause.kind == ClauseKind::kFilter) filters_.push_back(clause.list.get());
    if (!IsScored(clause.kind)) continue;
    ScoredClause& scored = scored_.emplace_back(BoundsOf(clause));
    scored.part = scratch->TakeBytes(padded_words_);
    must = must || scored.must;
    total_ += scored.greatest - scored.offset;
    offset_ += scored.offset;
  }
  base_ = !filters_.empty() && !must ? 1 : 0;
  unit_ = UnitFor(threshold);
  Fill();
}

// Each window has a document that is as good as its byte says.
float FlatBounds::ReachedBy(const FlatList& list, uint32_t k, float above) {
  if (!HasMap(list) || k == 0) return above;
  const BoundList& bounds = *list.source().bounds;
  const auto score_of = [&](uint8_t byte) {
    const double least = LeastBestOfWindow(list.similarity(), list.source().bounds_built_with,
                                           bounds.max_tf_norm(), byte);
    // Rounding to a float must not take it above a score that is reached.
    return static_cast<float>(least * (1 - 0x1p-22));
  };
  uint32_t first = 0, last = 256;
  while (first < last) {
    const uint32_t middle = (first + last) / 2;
    if (middle < 256 && score_of(static_cast<uint8_t>(middle)) <= std::max(above, 0.0f)) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  if (first > 255) return above;
  const uint8_t byte = ByteReachedBy(bounds.windows(), k, static_cast<uint8_t>(first));
  return byte == 0 ? above : score_of(byte);
}

FlatBounds::ListBound FlatBounds::BoundOf(FlatList* list) {
  ListBound bound{.list = list};
  const Bm25Scorer& similarity = list->similarity();
  const TermSource& source = list->source();
  const BoundStatistics query{similarity.parameters(), similarity.average_length()};
  if (HasMap(*list) && WindowBoundsUsable(source.bounds_built_with, query)) {
    const LinearBound linear =
        LinearWindowBound(similarity, source.bounds_built_with, source.bounds->max_tf_norm());
    bound.linear = true;
    bound.step = linear.step;
    bound.offset = linear.offset;
    bound.greatest = 255 * linear.step;
    return bound;
  }
  bound.greatest = list->MaxScore();
  return bound;
}

FlatBounds::ScoredClause FlatBounds::BoundsOf(const FlatClause& clause) {
  ScoredClause scored{.must = clause.kind == ClauseKind::kMust};
  if (clause.phrase == nullptr) {
    scored.lists.push_back(BoundOf(clause.list.get()));
  } else {
    for (const auto& term : clause.phrase->terms()) scored.lists.push_back(BoundOf(term.get()));
  }
  scored.greatest = std::numeric_limits<double>::infinity();
  for (const ListBound& bound : scored.lists) {
    scored.greatest = std::min(scored.greatest, bound.greatest);
    scored.offset = std::max(scored.offset, bound.offset);
  }
  scored.greatest += scored.offset;
  return scored;
}

double FlatBounds::UnitFor(float threshold) const {
  // Each list may round up by one; with so many that this fills the byte, sums saturate.
  const double steps = std::max(64.0, 254.0 - static_cast<double>(scored_.size()));
  const double wanted = threshold > 0 ? std::min(total_, kHeadroom * threshold) : total_;
  return std::max(wanted / steps, 1e-30);
}

void FlatBounds::Refine(float threshold) {
  const double unit = UnitFor(threshold);
  if (unit > 0.8 * unit_) return;
  unit_ = unit;
  Fill();
}

void FlatBounds::Fill() {
  std::fill_n(sums_->begin(), words_, base_);
  std::fill(sums_->begin() + words_, sums_->end(), uint8_t{0});
  for (const ScoredClause& clause : scored_) {
    FillPart(clause);
    kernels_.add_saturated_u8(sums_->data(), clause.part->data(), padded_words_);
    if (clause.must) {
      kernels_.keep_where_nonzero_u8(sums_->data(), clause.part->data(), padded_words_);
    }
  }
  for (FlatList* filter : filters_) {
    std::fill(row_->begin(), row_->end(), uint8_t{0});
    AddPresence(filter, 1, row_);
    kernels_.keep_where_nonzero_u8(sums_->data(), row_->data(), padded_words_);
  }
}

// The least of the lists' bytes.
void FlatBounds::FillPart(const ScoredClause& clause) {
  for (size_t i = 0; i < clause.lists.size(); ++i) {
    const ListBound& bound = clause.lists[i];
    std::vector<uint8_t>* row = i == 0 ? clause.part : row_;
    std::fill(row->begin(), row->end(), uint8_t{0});
    if (bound.linear) {
      const double scale = std::ceil(256 * bound.step / unit_);
      Spread(bound.list, static_cast<uint32_t>(std::min(scale, 65535.0)), row);
    } else {
      const double value = std::clamp(std::ceil(bound.greatest / unit_), 1.0, 255.0);
      AddPresence(bound.list, static_cast<uint8_t>(value), row);
    }
    for (size_t w = 0; i > 0 && w < padded_words_; ++w) {
      (*clause.part)[w] = std::min((*clause.part)[w], (*row)[w]);
    }
  }
}

// `value` in each word where the list may have documents.
void FlatBounds::AddPresence(FlatList* list, uint8_t value, std::vector<uint8_t>* row) const {
  if (list->is_short()) {
    for (const DocId doc : list->ShortDocs()) (*row)[doc >> kWordShift] = value;
    return;
  }
  if (HasMap(*list)) {
    Spread(list, 256, row);
    for (uint8_t& byte : *row) byte = byte == 0 ? 0 : value;
    return;
  }
  std::fill_n(row->begin(), words_, value);
}

// The map's bytes times scale / 256, rounded up, the greatest of each word.
void FlatBounds::Spread(FlatList* list, uint32_t scale, std::vector<uint8_t>* row) const {
  const std::span<const uint8_t> map = list->source().bounds->windows();
  const uint32_t shift = list->source().bounds->window_shift();
  if (shift == kWordShift) {
    kernels_.add_scaled_u8(row->data(), map.data(), scale, std::min<size_t>(map.size(), words_));
    return;
  }
  std::vector<uint8_t>& scaled = *scaled_;
  scaled.assign(map.size(), 0);
  kernels_.add_scaled_u8(scaled.data(), map.data(), scale, map.size());
  if (shift < kWordShift) {
    static_assert(kMinWindowShift + 1 == kWordShift);
    for (size_t w = 0; w < words_; ++w) {
      const uint8_t second = 2 * w + 1 < scaled.size() ? scaled[2 * w + 1] : uint8_t{0};
      (*row)[w] = std::max(scaled[2 * w], second);
    }
    return;
  }
  const size_t run = size_t{1} << (shift - kWordShift);
  for (size_t window = 0; window * run < words_; ++window) {
    std::memset(row->data() + window * run, scaled[window],
                std::min<size_t>(run, words_ - window * run));
  }
}

uint8_t FlatBounds::Least(float threshold) const {
  if (!(threshold >= 0)) return 1;
  const auto above = [&](double sum) {
    return static_cast<float>((sum * unit_ + offset_) * kSumMargin) > threshold;
  };
  double sum = std::floor((threshold / kSumMargin - offset_) / unit_) - 1;
  sum = std::clamp(sum, 1.0, 255.0);
  while (sum > 1 && above(sum - 1)) --sum;
  while (sum < 255 && !above(sum)) ++sum;
  return static_cast<uint8_t>(sum);
}

uint8_t FlatBounds::ByteOfBest(uint32_t count) const { return ByteReachedBy(*sums_, count, 0); }

}  // namespace segue::exec
