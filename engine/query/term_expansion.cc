// SPDX-License-Identifier: Apache-2.0
#include "engine/query/term_expansion.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/status.h"

namespace segue {
namespace {

bool RanksBefore(float a_closeness, std::string_view a, float b_closeness, std::string_view b) {
  if (a_closeness != b_closeness) return a_closeness > b_closeness;
  if (a.size() != b.size()) return a.size() < b.size();
  return a < b;
}

// Keeps the best terms of one source.
class BestTerms {
 public:
  struct Entry {
    std::string term;
    float closeness = 1;
    TermStatistics statistics = {};
    TermMeta meta = {};
  };

  explicit BestTerms(uint64_t most) : most_(most) {}

  void Offer(std::string_view term, float closeness, const TermStatistics& statistics,
             const TermMeta& meta) {
    if (entries_.size() == most_) {
      cut_ = true;
      const Entry& worst = entries_.front();
      if (!RanksBefore(closeness, term, worst.closeness, worst.term)) return;
      std::pop_heap(entries_.begin(), entries_.end(), Before);
      entries_.pop_back();
    }
    entries_.push_back({std::string(term), closeness, statistics, meta});
    std::push_heap(entries_.begin(), entries_.end(), Before);
  }

  bool cut() const { return cut_; }
  // Best first.
  std::vector<Entry> Take() {
    std::sort_heap(entries_.begin(), entries_.end(), Before);
    return std::move(entries_);
  }

 private:
  static bool Before(const Entry& a, const Entry& b) {
    return RanksBefore(a.closeness, a.term, b.closeness, b.term);
  }

  const uint64_t most_;
  std::vector<Entry> entries_;  // a heap, the worst on top
  bool cut_ = false;
};

// Merges the best terms of a source into those of the sources before. `segment`: whose metadata
// they bring, if it is one. `most`: how many stay.
void Merge(std::vector<BestTerms::Entry> more, std::optional<size_t> segment, uint64_t most,
           TermExpansions* expansions) {
  std::vector<TermExpansion> merged;
  merged.reserve(expansions->terms.size() + more.size());
  auto old = expansions->terms.begin();
  const auto old_end = expansions->terms.end();
  for (BestTerms::Entry& entry : more) {
    for (; old != old_end && RanksBefore(old->closeness, old->term, entry.closeness, entry.term);
         ++old) {
      merged.push_back(std::move(*old));
    }
    const bool known = old != old_end && old->term == entry.term;
    TermExpansion& expansion =
        known ? merged.emplace_back(std::move(*old++)) : merged.emplace_back();
    if (!known) {
      expansion.term = std::move(entry.term);
      expansion.closeness = entry.closeness;
    }
    expansion.statistics.doc_freq += entry.statistics.doc_freq;
    expansion.statistics.total_freq += entry.statistics.total_freq;
    if (!segment.has_value()) continue;
    expansion.metas.resize(*segment + 1);
    expansion.metas.back() = entry.meta;
  }
  std::move(old, old_end, std::back_inserter(merged));
  if (merged.size() > most) {
    merged.resize(most);
    expansions->cut = true;
  }
  expansions->terms = std::move(merged);
}

}  // namespace

absl::StatusOr<TermExpansions> ExpandTerms(const TermPattern& pattern, std::string_view field,
                                           uint64_t most, Segments segments,
                                           const Statistics* statistics,
                                           const std::function<absl::Status()>& check) {
  TermExpansions expansions;
  if (statistics != nullptr) {
    BestTerms best(most);
    TermPattern::Test test(pattern);
    statistics->VisitTerms(field, [&](std::string_view term, const TermStatistics& of_term) {
      const std::optional<float> closeness = test(term);
      if (closeness.has_value() && of_term.doc_freq > 0) best.Offer(term, *closeness, of_term, {});
    });
    SEGUE_RETURN_IF_ERROR(test.status());
    expansions.cut = best.cut();
    Merge(best.Take(), std::nullopt, most, &expansions);
  }
  for (size_t i = 0; i < segments.size(); ++i) {
    const SegmentField* in_segment = segments[i]->field(field);
    if (in_segment == nullptr || in_segment->dictionary() == nullptr) continue;
    BestTerms best(most);
    SEGUE_RETURN_IF_ERROR(pattern.Visit(
        *in_segment->dictionary(), check,
        [&](std::string_view term, const TermMeta& meta, float closeness) {
          best.Offer(term, closeness,
                     statistics == nullptr ? TermStatistics{meta.doc_freq, meta.total_freq}
                                           : TermStatistics{},
                     meta);
        }));
    expansions.cut = expansions.cut || best.cut();
    Merge(best.Take(), i, most, &expansions);
  }
  return expansions;
}

}  // namespace segue
