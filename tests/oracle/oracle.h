// SPDX-License-Identifier: Apache-2.0
//
// Oracle: what a search must return, computed the slow way.
//
// It keeps the documents as lists of words and looks at every document for every query: no
// postings, no blocks, no bounds, no windows. Scores are written out again here from the formula
// (BM25 as Lucene computes it, decision D3), so a mistake in engine/rank or engine/exec cannot
// hide in both places. Queries are taken after Rewrite(), which has its own tests.
#ifndef SEGUE_TESTS_ORACLE_ORACLE_H_
#define SEGUE_TESTS_ORACLE_ORACLE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "segue/query.h"
#include "segue/search.h"
#include "segue/types.h"

namespace segue {

struct OracleDocument {
  std::map<std::string, std::vector<std::string>> words;  // by field, in order
  std::map<std::string, int64_t> numbers;                 // by field
  std::map<std::string, std::vector<double>> decimals;    // by field
  std::string key;                                        // of the field "id"; a world gives one
  bool live = true;
};

struct OracleResult {
  std::vector<Hit> hits;  // all matches, best first
  uint64_t total() const { return hits.size(); }
};

class Oracle {
 public:
  float k1 = 1.2f;
  float b = 0.75f;

  std::vector<OracleDocument>& documents() { return documents_; }
  // Counts again what scores depend on. Call after documents changed.
  void CollectStatistics();

  OracleResult Search(const Query& rewritten) const;

 private:
  struct FieldTotals {
    uint64_t doc_count = 0;
    uint64_t tokens = 0;
  };

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
                              std::vector<uint64_t>* doc_freqs) const;
  std::optional<float> Near(const Query& query, float boost, const OracleDocument& doc) const;
  std::optional<float> Boolean(const Query& query, float boost, const OracleDocument& doc) const;
  // What a pattern stands for, found by looking at every term.
  struct Terms {
    std::map<std::string, float> weights;  // of the scored ones: closeness
    std::set<std::string> others;          // that match without a score
    uint64_t doc_freq = 0;                 // the greatest of the scored ones
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
  float IdfOf(const std::string& field, const std::string& term) const;
  float IdfOfCount(const std::string& field, uint64_t with_term) const;
  float NormInverse(const std::string& field, size_t length) const;
  float Bm25(const std::string& field, float weight, float freq, size_t length) const;

  std::vector<OracleDocument> documents_;
  std::map<std::string, FieldTotals> totals_;
  std::map<std::string, std::map<std::string, uint64_t>> doc_freqs_;
  mutable std::map<const void*, Terms> terms_;  // of the search that is being made
};

}  // namespace segue

#endif  // SEGUE_TESTS_ORACLE_ORACLE_H_
