// SPDX-License-Identifier: Apache-2.0
//
// QueriedField: what all terms of a field share in a plan. It depends on the segments and the
// parameters, not on the query, so a snapshot makes it once for all searches that give no
// statistics or parameters of their own.
#ifndef SEGUE_QUERY_PLANNED_FIELD_H_
#define SEGUE_QUERY_PLANNED_FIELD_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/rank/bm25.h"
#include "engine/rank/similarity.h"
#include "engine/segment/segment.h"
#include "segue/schema.h"
#include "segue/search.h"
#include "segue/statistics.h"

namespace segue {

using Segments = std::span<const std::shared_ptr<const Segment>>;

// Of all segments together. Deleted documents count until they are merged away (decision D2).
FieldStatistics CollectFieldStatistics(Segments segments, std::string_view field);

// Of terms one of which is enough, where they stand near others: the greatest.
void RaiseTo(const TermStatistics& term, TermStatistics* greatest);
// Terms that count as one: each as if it were in as many documents as the most frequent one, and
// stood wherever any of them does (Lucene's BlendedTermQuery and SynonymQuery).
void Blend(const TermStatistics& term, TermStatistics* blended);

// Whether the options have a similarity, or parameters of one.
bool HasParameters(const SearchOptions& options);
// Errors: kInvalidArgument, if such a one is out of its range.
absl::Status CheckParameters(const SearchOptions& options);

// The similarity of a field; the usual one if the schema does not know it. What the options have
// takes the place of what the schema has.
SimilarityParameters ParametersOf(const Schema& schema, std::string_view field,
                                  const SearchOptions& options = {});

// Immutable. The segments must outlive it.
struct QueriedField {
  QueriedField(Segments segments, std::string_view field_name, const FieldStatistics& collection,
               const SimilarityParameters& parameters);

  std::string name;
  FieldStatistics statistics;  // of the whole collection
  Bm25Norms norms;
  std::unique_ptr<const FieldSimilarity> similarity;  // nullptr: BM25
  std::vector<const SegmentField*> in_segments;       // nullptr where a segment has nothing of it
};

// The fields of a schema, with its parameters and the statistics of the segments. Thread-safe.
class PlannedFields {
 public:
  PlannedFields(Segments segments, const Schema& schema);

  // nullptr: the schema does not have it.
  const QueriedField* Find(std::string_view name) const;

 private:
  std::vector<std::unique_ptr<const QueriedField>> fields_;
};

}  // namespace segue

#endif  // SEGUE_QUERY_PLANNED_FIELD_H_
