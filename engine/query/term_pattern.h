// SPDX-License-Identifier: Apache-2.0
//
// TermPattern: which terms a prefix, wildcard, regular expression, fuzzy word or range of terms
// stands for.
#ifndef SEGUE_QUERY_TERM_PATTERN_H_
#define SEGUE_QUERY_TERM_PATTERN_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/automata/term_matcher.h"
#include "engine/format/dictionary_reader.h"
#include "engine/pattern/pattern_program.h"
#include "segue/limits.h"
#include "segue/query.h"

namespace segue {

// The edits of a fuzzy word whose number is left to its length, as documented at FuzzyOptions.
uint32_t EditsOf(std::string_view word, const FuzzyOptions& options);

// The terms of a range are those in [from, to); an empty `to`: up to the last. What bounds say that
// cannot be met gives from == to.
struct TermInterval {
  std::string from;
  std::string to;
};
TermInterval IntervalOf(const TermBounds& bounds);

// Immutable; any number of threads may use one.
class TermPattern {
 public:
  // `leaf` is of one of the five kinds and outlives this. `share`: so many patterns of a query
  // share the work that automata may take. Of the limits its states and work count. Errors: as
  // Query::Validate.
  static absl::StatusOr<TermPattern> Of(const Query& leaf, uint64_t share = 1,
                                        const QueryLimits& limits = {});

  // Called for each term, in ascending order. `closeness`: in (0, 1], 1 for what was asked for.
  using Visitor = std::function<void(std::string_view term, const TermMeta& meta, float closeness)>;

  // Visits the terms of a dictionary. `check` is asked every few hundred terms; what it returns, if
  // not OK, ends the walk. Errors: those of `check`, kDataLoss, kResourceExhausted (a pattern that
  // takes too many states).
  absl::Status Visit(const Dictionary& dictionary, const std::function<absl::Status()>& check,
                     const Visitor& visit) const;

  // The same for their metadata alone.
  absl::Status VisitMetas(const Dictionary& dictionary, const std::function<absl::Status()>& check,
                          const std::function<void(const TermMeta& meta)>& visit) const;

  // The same for terms that are told one by one, for a walk over something else.
  class Test {
   public:
    explicit Test(const TermPattern& pattern);
    // The closeness of a wanted term; nothing for another.
    std::optional<float> operator()(std::string_view term);
    absl::Status status() const;

   private:
    const TermPattern& pattern_;
    std::unique_ptr<TermMatcher> matcher_;  // nullptr: an interval
  };

 private:
  TermPattern(const Query& leaf, uint64_t share, const QueryLimits& limits)
      : leaf_(leaf), max_work_(limits.pattern_work / share), max_states_(limits.pattern_states) {}
  // Whether the terms are those of interval_.
  bool is_interval() const { return program_ == nullptr && leaf_.kind() != QueryKind::kFuzzy; }
  // nullptr: is_interval().
  std::unique_ptr<TermMatcher> NewMatcher() const;
  float ClosenessInInterval(std::string_view term) const;
  absl::Status VisitInterval(const Dictionary& dictionary,
                             const std::function<absl::Status()>& check,
                             const Visitor& visit) const;

  const Query& leaf_;
  uint64_t max_work_;
  uint64_t max_states_;
  TermInterval interval_;
  std::shared_ptr<const PatternProgram> program_;
};

}  // namespace segue

#endif  // SEGUE_QUERY_TERM_PATTERN_H_
