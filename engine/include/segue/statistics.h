// SPDX-License-Identifier: Apache-2.0
//
// Collection statistics of a query's terms: collected from one index, merged over several, given
// to a search, so that every shard scores as one big index would (decision D2).
#ifndef SEGUE_STATISTICS_H_
#define SEGUE_STATISTICS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "segue/export.h"

namespace segue {

struct FieldStatistics {
  uint64_t doc_count = 0;       // documents with at least one token in the field
  uint64_t sum_total_freq = 0;  // tokens in the field

  friend bool operator==(const FieldStatistics&, const FieldStatistics&) = default;
};

struct TermStatistics {
  uint64_t doc_freq = 0;    // documents that hold the term
  uint64_t total_freq = 0;  // occurrences in them; below doc_freq: not known, and taken as that

  friend bool operator==(const TermStatistics&, const TermStatistics&) = default;
};

// A value. Deleted documents count until they are merged away.
class SEGUE_EXPORT Statistics {
 public:
  void AddField(std::string_view field, FieldStatistics statistics);
  // Of the similarities only language models and DPH look at `total_freq`.
  void AddTerm(std::string_view field, std::string_view term, uint64_t doc_freq,
               uint64_t total_freq = 0);
  // Adds another shard's numbers. Commutative and associative.
  void Merge(const Statistics& other);

  // Zero where nothing is known.
  FieldStatistics Field(std::string_view field) const;
  uint64_t DocFreq(std::string_view field, std::string_view term) const;
  TermStatistics Term(std::string_view field, std::string_view term) const;

  // Each term of a field, ascending.
  void VisitTerms(
      std::string_view field,
      const std::function<void(std::string_view term, const TermStatistics& statistics)>& fn) const;

  // A self-describing byte string; Parse refuses damaged or foreign ones (kInvalidArgument).
  std::string Serialize() const;
  static absl::StatusOr<Statistics> Parse(std::string_view bytes);

  friend bool operator==(const Statistics&, const Statistics&) = default;

 private:
  std::map<std::string, FieldStatistics, std::less<>> fields_;
  std::map<std::pair<std::string, std::string>, TermStatistics> terms_;
};

}  // namespace segue

#endif  // SEGUE_STATISTICS_H_
