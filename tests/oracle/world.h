// SPDX-License-Identifier: Apache-2.0
//
// A world: the same documents in the oracle and in an index of several segments, and searches that
// compare the two, bit for bit.
#ifndef SEGUE_TESTS_ORACLE_WORLD_H_
#define SEGUE_TESTS_ORACLE_WORLD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "segue/index.h"
#include "tests/oracle/oracle.h"
#include "tests/support/seeded_random.h"

namespace segue {

// Fields "a" and "b" (text, whitespace analyzer), "n" and "p" (int64), "d" (float64, several
// values), "g" (points, several), key "id".
Schema WorldSchema(const OracleSimilarity& a = {}, const OracleSimilarity& b = {});

// The document as the index gets it.
Document IndexedDocument(std::string_view key, const OracleDocument& document);

class World {
 public:
  // Over a snapshot of such an index, however it came about: document i is the one of documents[i],
  // deleted ones included.
  World(std::shared_ptr<const Snapshot> snapshot, std::vector<OracleDocument> documents);
  // Makes an index of `documents`, committed in `segments` runs, in memory.
  World(std::vector<OracleDocument> documents, uint32_t segments,
        const Schema& schema = WorldSchema());
  ~World();

  // Deletes these documents, in the index and in the oracle. A segment without a live document
  // goes at once, as if merged away.
  void Delete(const std::vector<size_t>& documents);
  // Deletes what the query matches, if that is at most half of the live documents; false if it is
  // not done, or refused because the query has to be guessed at.
  bool DeleteMatching(const Query& query);
  // Merges everything into one segment, in this order (by a field: by "n"); deleted documents go.
  void Merge(DocumentOrder order = DocumentOrder::kAsAdded);

  const Snapshot& snapshot() const { return *snapshot_; }
  const Oracle& oracle() const { return oracle_; }

  // The query as the engine evaluates it.
  Query Rewritten(const Query& query) const;
  Query Rewritten(const Query& query, std::vector<Diagnostic>* diagnostics) const;

  // Whether it asks for fields as one whose similarities cannot be combined.
  bool IsRefused(const Query& query) const;

  // Compares one search with the oracle: hits, scores, total. Returns what differs, or nothing.
  std::string Compare(const Query& query, const SearchOptions& options) const;
  // Compares many: several k, all count modes, exhaustive too; and explanations of some hits.
  std::string CompareAll(const Query& query) const;

 private:
  std::string CompareWith(const OracleResult& expected, const Query& query,
                          const SearchOptions& options) const;
  void TakeSimilarities(const Schema& schema);
  void Reopen();
  void DropEmptySegments();
  void TakeOrderOfIndex();
  template <typename Keep>
  void KeepDocuments(Keep&& keep);

  std::unique_ptr<Env> env_;
  std::unique_ptr<Index> index_;
  std::shared_ptr<const Snapshot> snapshot_;
  Oracle oracle_;
  // By oracle document.
  std::vector<std::string> keys_;
  std::vector<size_t> segment_of_;
};

// Documents over a small vocabulary whose words range from everywhere to nearly nowhere.
std::vector<OracleDocument> RandomDocuments(SeededRandom& random, size_t count);
// The same with some thousand rare words, which begin with x, in field "a": more than a pattern is
// scored by.
std::vector<OracleDocument> MotleyDocuments(SeededRandom& random, size_t count);
// A prefix, pattern, fuzzy word or range over the words of either.
Query RandomPattern(SeededRandom& random);
// A place: mostly in one region, some near the poles or the date line.
GeoPoint RandomPoint(SeededRandom& random);
// A box or a circle, around a random point in most cases.
Query RandomArea(SeededRandom& random);
// A range or set of values, an area, existence, or keys.
Query RandomValues(SeededRandom& random);
// Words, some of them repeated, and patterns near each other.
Query RandomNear(SeededRandom& random);
// Such that contain or lie within others, or do not.
Query RandomRelated(SeededRandom& random);
// Words of several fields as if they were one, or several words of one.
Query RandomCombined(SeededRandom& random);
// Documents like a text, or like some words.
Query RandomLike(SeededRandom& random);
// A query around `inner` that changes its scores by numbers of the documents.
Query RandomFunction(SeededRandom& random, Query inner);
// Several words of one field as if they were one.
Query RandomSynonyms(SeededRandom& random);
// A query of any kind over those words, at most `depth` levels deep. Not `across_fields`: none that
// searches several fields as one.
Query RandomQuery(SeededRandom& random, int depth, bool across_fields = true);

}  // namespace segue

#endif  // SEGUE_TESTS_ORACLE_WORLD_H_
