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

// More than the rounding of a sum of 1,024 doubles can take away.
constexpr double kSumMargin = 1.0 + 1.0 / (uint64_t{1} << 40);

bool HasMap(const FlatList& list) {
  const auto& bounds = list.source().bounds;
  return bounds.has_value() && bounds->has_windows();
}

// The lists that bound a clause: a document has all of them, and each of their scores bounds its.
std::vector<FlatList*> ListsOf(const FlatClause& clause) {
  std::vector<FlatList*> lists;
  if (clause.phrase == nullptr) return {clause.list.get()};
  for (const auto& term : clause.phrase->terms()) lists.push_back(term.get());
  return lists;
}

}  // namespace

FlatBounds::FlatBounds(const std::vector<FlatClause>& clauses, uint32_t doc_count,
                       SearchScratch* scratch)
    : kernels_(ActiveKernels()),
      words_((doc_count + kWordDocs - 1) / kWordDocs),
      padded_words_((words_ + 63) / 64 * 64),
      scratch_(scratch),
      sums_(scratch->TakeBytes(padded_words_)),
      row_(scratch->TakeBytes(padded_words_)),
      scaled_(scratch->TakeBytes(0)) {
  bool filtered = false, must = false;
  std::vector<std::vector<ListBound>> bounds;  // of each scored clause, of each of its lists
  std::vector<const FlatClause*> scored;
  double total = 0, greatest_step = 0;
  for (const FlatClause& clause : clauses) {
    filtered = filtered || clause.kind == ClauseKind::kFilter;
    must = must || clause.kind == ClauseKind::kMust;
    if (!IsScored(clause.kind)) continue;
    scored.push_back(&clause);
    std::vector<ListBound>& of_lists = bounds.emplace_back();
    double least = std::numeric_limits<double>::infinity(), offset = 0;
    for (FlatList* list : ListsOf(clause)) {
      of_lists.push_back(BoundOf(list));
      least = std::min(least, of_lists.back().greatest);
      offset = std::max(offset, of_lists.back().offset);
      greatest_step = std::max(greatest_step, of_lists.back().step);
    }
    total += least;
    offset_ += offset;
  }
  base_ = filtered && !must ? 1 : 0;
  // Each list may round up by one; with so many that this fills the byte, sums saturate.
  const double steps = std::max(64.0, 254.0 - static_cast<double>(scored.size()));
  unit_ = std::max({total / steps, greatest_step, 1e-30});
  std::fill_n(sums_->begin(), words_, base_);
  std::fill(sums_->begin() + words_, sums_->end(), uint8_t{0});
  for (size_t i = 0; i < scored.size(); ++i) {
    parts_.push_back(scratch_->TakeBytes(padded_words_));
    AddPart(ListsOf(*scored[i]), bounds[i], parts_.back());
    kernels_.add_saturated_u8(sums_->data(), parts_.back()->data(), padded_words_);
    if (scored[i]->kind == ClauseKind::kMust) {
      kernels_.keep_where_nonzero_u8(sums_->data(), parts_.back()->data(), padded_words_);
    }
  }
  for (const FlatClause& clause : clauses) {
    if (clause.kind != ClauseKind::kFilter) continue;
    std::fill(row_->begin(), row_->end(), uint8_t{0});
    AddPresence(clause.list.get(), 1, row_);
    kernels_.keep_where_nonzero_u8(sums_->data(), row_->data(), padded_words_);
  }
}

FlatBounds::ListBound FlatBounds::BoundOf(FlatList* list) {
  ListBound bound;
  const Bm25Scorer& similarity = list->similarity();
  const TermSource& source = list->source();
  const BoundStatistics query{similarity.parameters(), similarity.average_length()};
  if (HasMap(*list) && WindowBoundsUsable(source.bounds_built_with, query)) {
    const LinearBound linear =
        LinearWindowBound(similarity, source.bounds_built_with, source.bounds->max_tf_norm());
    return {.linear = true,
            .step = linear.step,
            .offset = linear.offset,
            .greatest = 255 * linear.step};
  }
  bound.greatest = list->MaxScore();
  return bound;
}

// The least of the lists' bytes.
void FlatBounds::AddPart(const std::vector<FlatList*>& lists, const std::vector<ListBound>& bounds,
                         std::vector<uint8_t>* part) {
  for (size_t i = 0; i < lists.size(); ++i) {
    std::vector<uint8_t>* row = i == 0 ? part : row_;
    std::fill(row->begin(), row->end(), uint8_t{0});
    if (bounds[i].linear) {
      const double scale = std::ceil(256 * bounds[i].step / unit_);
      Spread(lists[i], static_cast<uint32_t>(std::min(scale, 256.0)), row);
    } else {
      const double value = std::clamp(std::ceil(bounds[i].greatest / unit_), 1.0, 255.0);
      AddPresence(lists[i], static_cast<uint8_t>(value), row);
    }
    for (size_t w = 0; i > 0 && w < padded_words_; ++w) {
      (*part)[w] = std::min((*part)[w], (*row)[w]);
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

uint8_t FlatBounds::ByteOfBest(uint32_t count) const {
  std::vector<uint64_t> mask(padded_words_ / 64);
  const auto reached_by = [&](uint8_t byte) {
    kernels_.mask_at_least_u8(sums_->data(), padded_words_, byte, mask.data());
    return kernels_.count_words(mask.data(), mask.size());
  };
  uint32_t low = 0, high = 256;  // low: reached often enough (0: given), high: not
  while (high - low > 1) {
    const uint32_t middle = (low + high) / 2;
    (reached_by(static_cast<uint8_t>(middle)) >= count ? low : high) = middle;
  }
  return static_cast<uint8_t>(low);
}

}  // namespace segue::exec
