// SPDX-License-Identifier: Apache-2.0
//
// Oracle: what a search must return, computed the slow way.
//
// It keeps the documents as lists of words and looks at every document for every query: no
// postings, no blocks, no bounds, no windows. Scores are written out again here from the formula
// (oracle_similarity.h; decision D3), so a mistake in engine/rank or engine/exec cannot
// hide in both places. Queries are taken after Rewrite(), which has its own tests.
#ifndef SEGUE_TESTS_ORACLE_ORACLE_H_
#define SEGUE_TESTS_ORACLE_ORACLE_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "segue/query.h"
#include "segue/search.h"
#include "segue/statistics.h"
#include "segue/types.h"
#include "tests/oracle/oracle_similarity.h"

namespace segue {

struct OracleDocument {
  std::map<std::string, std::vector<std::string>> words;  // by field, in order
  std::map<std::string, int64_t> numbers;                 // by field
  std::map<std::string, std::vector<double>> decimals;    // by field
  std::map<std::string, std::vector<GeoPoint>> points;    // by field
  std::string key;                                        // of the field "id"; a world gives one
  bool live = true;
};

struct OracleResult {
  std::vector<Hit> hits;  // all matches, best first
  uint64_t total() const { return hits.size(); }
};

class Oracle {
 public:
  std::map<std::string, OracleSimilarity> similarities;  // by field; that of others is BM25

  std::vector<OracleDocument>& documents() { return documents_; }
  const std::vector<OracleDocument>& documents() const { return documents_; }
  // Counts again what scores depend on. Call after documents changed.
  void CollectStatistics();

  OracleResult Search(const Query& rewritten) const;

 private:
  std::optional<float> Evaluate(const Query& query, float boost, const OracleDocument& doc) const;
  std::optional<float> Term(const std::string& field, const std::string& term, float boost,
                            const OracleDocument& doc) const;
  std::optional<float> Phrase(const Query& query, float boost, const OracleDocument& doc) const;
  // Where words stand near each other in a document: its first and last place.
  struct Place {
    int64_t first = 0, last = 0;
    int64_t excess = 0;
  };
  std::vector<Place> PlacesOf(const Query& near, const std::vector<std::string>& words,
                              std::vector<TermStatistics>* of_parts) const;
  std::optional<float> Near(const Query& query, float boost, const OracleDocument& doc) const;
  std::optional<float> Boolean(const Query& query, float boost, const OracleDocument& doc) const;
  // What a pattern stands for, found by looking at every term.
  struct Terms {
    std::map<std::string, float> weights;  // of the scored ones: closeness
    std::set<std::string> others;          // that match without a score
    TermStatistics greatest = {};          // of the scored ones, each of its numbers
    uint64_t occurrences = 0;              // of all of those

    void Raise(const TermStatistics& of_term) {
      greatest.doc_freq = std::max(greatest.doc_freq, of_term.doc_freq);
      greatest.total_freq = std::max(greatest.total_freq, of_term.total_freq);
    }
  };
  const Terms& TermsOf(const Query& pattern) const;
  void AddPart(const Query& part, const std::string& field, Terms* terms) const;
  std::optional<float> Pattern(const Query& query, float boost, const OracleDocument& doc) const;
  bool HasValue(const Query& query, const OracleDocument& doc) const;
  std::optional<float> Max(const Query& query, float boost, const OracleDocument& doc) const;
  std::optional<float> Combined(const Query& query, float boost, const OracleDocument& doc) const;
  Query LikeWords(const Query& query) const;
  std::optional<float> Function(const Query& query, float boost, const OracleDocument& doc) const;
  std::optional<float> Demote(const Query& query, float boost, const OracleDocument& doc) const;
  TermStatistics StatisticsOf(const std::string& field, const std::string& term) const;
  FieldStatistics TotalsOf(const std::string& field) const;
  OracleSimilarity SimilarityOf(const std::string& field) const;
  // Of `words`, one or a phrase, in a document with `length` words.
  float Scored(const std::string& field, float boost, const std::vector<TermStatistics>& words,
               float freq, size_t length) const;

  std::vector<OracleDocument> documents_;
  std::map<std::string, FieldStatistics> totals_;
  std::map<std::string, std::map<std::string, TermStatistics>> terms_of_;
  mutable std::map<const void*, Terms> terms_;  // of the search that is being made
};

}  // namespace segue

#endif  // SEGUE_TESTS_ORACLE_ORACLE_H_
