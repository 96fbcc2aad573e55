// SPDX-License-Identifier: Apache-2.0
#include "tests/exec/flat_query.h"

#include <algorithm>
#include <memory>

#include "engine/base/strings.h"
#include "engine/exec/flat_list.h"
#include "engine/exec/flat_phrase.h"

namespace segue::exec {
namespace {

// How often the phrase stands in a document.
uint32_t PhraseFreq(const FlatQuery& query, const SmallSegment& segment, DocId doc) {
  std::vector<const TestPosting*> postings;
  for (const PhraseWord& word : query.phrase) {
    postings.push_back(segment.Find(word.term, doc));
    if (postings.back() == nullptr) return 0;
  }
  uint32_t freq = 0;
  for (const uint32_t place : postings[0]->positions) {
    if (place < query.phrase[0].position) continue;
    const uint32_t start = place - query.phrase[0].position;
    bool all = true;
    for (size_t i = 0; all && i < postings.size(); ++i) {
      const std::vector<uint32_t>& places = postings[i]->positions;
      all = std::binary_search(places.begin(), places.end(), start + query.phrase[i].position);
    }
    freq += all;
  }
  return freq;
}

// What is known of each document while the clauses are gone through.
struct Rows {
  Rows(uint32_t doc_count, double start)
      : sums(doc_count, start), required(doc_count), shoulds(doc_count) {}
  std::vector<double> sums;
  std::vector<uint32_t> required;  // clauses that it has
  std::vector<uint32_t> shoulds;
};

}  // namespace

std::vector<FlatClause> FlatQuery::Clauses(const SmallSegment& segment,
                                           const TermScoring& phrase_scoring,
                                           SearchContext* context) const {
  std::vector<FlatClause> clauses;
  for (const auto& [kind, term] : terms) {
    clauses.push_back({kind, std::make_unique<FlatList>(segment.Source(term), segment.scoring(term),
                                                        segment.weight(term), context)});
  }
  if (phrase.empty()) return clauses;
  // The distinct terms, and the words by their numbers among these.
  std::vector<size_t> distinct;
  std::vector<std::unique_ptr<FlatList>> lists;
  std::vector<PhraseWord> words;
  for (const PhraseWord& word : phrase) {
    const auto at = std::find(distinct.begin(), distinct.end(), word.term);
    words.push_back({static_cast<uint32_t>(at - distinct.begin()), word.position});
    if (at != distinct.end()) continue;
    distinct.push_back(word.term);
    lists.push_back(std::make_unique<FlatList>(segment.Source(word.term), phrase_scoring,
                                               phrase_weight, context));
  }
  clauses.push_back({ClauseKind::kMust, nullptr,
                     std::make_unique<FlatPhrase>(std::move(lists), std::move(words), context)});
  return clauses;
}

std::string FlatQuery::Text() const {
  constexpr const char* kSigns[] = {"+", "", "-", "#"};
  std::string text = needs_should ? "any of" : "";
  for (const auto& [kind, term] : terms) text += Cat(" ", kSigns[static_cast<int>(kind)], term);
  for (const PhraseWord& word : phrase) text += Cat(" \"", word.term, "@", word.position, "\"");
  return text;
}

std::vector<DocId> FlatMatches::Docs(const Bitset* live) const {
  std::vector<DocId> docs;
  for (DocId doc = 0; doc < match.size(); ++doc) {
    if (match[doc] && (live == nullptr || live->Test(doc))) docs.push_back(doc);
  }
  return docs;
}

std::vector<Hit> FlatMatches::Best(const SearchedSegment& segment, uint32_t k) const {
  std::vector<Hit> hits;
  for (const DocId doc : Docs(segment.live)) hits.push_back({segment.base + doc, score[doc]});
  const auto end = hits.begin() + static_cast<ptrdiff_t>(std::min<size_t>(k, hits.size()));
  std::partial_sort(hits.begin(), end, hits.end(), [](const Hit& a, const Hit& b) {
    return a.score != b.score ? a.score > b.score : a.doc < b.doc;
  });
  hits.erase(end, hits.end());
  return hits;
}

FlatMatches MatchesOf(const FlatQuery& query, const SmallSegment& segment, double start) {
  const uint32_t doc_count = segment.doc_count();
  Rows rows(doc_count, start);
  std::vector<bool> prohibited(doc_count);
  uint32_t required = 0;
  for (const auto& [kind, term] : query.terms) {
    required += IsRequired(kind);
    for (const TestPosting& posting : segment.list(term)) {
      const DocId doc = posting.doc;
      if (IsScored(kind)) {
        rows.sums[doc] +=
            double{segment.Bm25(segment.weight(term), static_cast<float>(posting.freq), doc)};
      }
      rows.required[doc] += IsRequired(kind);
      rows.shoulds[doc] += kind == ClauseKind::kShould;
      if (kind == ClauseKind::kMustNot) prohibited[doc] = true;
    }
  }
  FlatMatches matches{std::vector<bool>(doc_count), std::vector<float>(doc_count)};
  const bool needs_should = query.needs_should || (required == 0 && query.phrase.empty());
  for (DocId doc = 0; doc < doc_count; ++doc) {
    if (rows.required[doc] < required || prohibited[doc]) continue;
    if (needs_should && rows.shoulds[doc] == 0) continue;
    if (!query.phrase.empty()) {
      const uint32_t freq = PhraseFreq(query, segment, doc);
      if (freq == 0) continue;
      rows.sums[doc] += double{segment.Bm25(query.phrase_weight, static_cast<float>(freq), doc)};
    }
    matches.match[doc] = true;
    matches.score[doc] = static_cast<float>(rows.sums[doc]);
  }
  return matches;
}

FlatQuery RandomFlatQuery(SeededRandom* random, const SmallSegment& segment) {
  FlatQuery query;
  const uint64_t count = random->Between(1, random->OneIn(6) ? 9 : 4);
  const bool only_shoulds = random->OneIn(2);
  query.needs_should = !only_shoulds && random->OneIn(6);
  bool any_scored = false;
  for (uint64_t i = 0; i < count; ++i) {
    ClauseKind kind =
        only_shoulds ? ClauseKind::kShould : static_cast<ClauseKind>(random->Below(4));
    if (random->OneIn(8)) kind = ClauseKind::kMustNot;
    // What is required is not scored beside should clauses of which one is needed.
    if (query.needs_should && kind == ClauseKind::kMust) kind = ClauseKind::kFilter;
    any_scored = any_scored || IsScored(kind);
    query.terms.emplace_back(kind, random->Below(segment.term_count()));
  }
  const bool needs_scored = query.needs_should || !any_scored;
  if (needs_scored) {
    query.terms.emplace_back(ClauseKind::kShould, random->Below(segment.term_count()));
  }
  return query;
}

SmallSegment SegmentOf(SeededRandom* random, const SegmentShape& shape,
                       const std::vector<uint32_t>& abouts) {
  std::vector<TestList> lists;
  for (const uint32_t about : abouts) {
    lists.push_back(ListOf(RandomDocs(random, shape.doc_count, about), random,
                           static_cast<uint32_t>(random->Between(1, 12)), shape.positions));
  }
  SmallSegment segment(shape, std::move(lists), random);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    segment.SetBoost(term, static_cast<float>(random->Between(1, 24)) / 8);
  }
  return segment;
}

Bitset RandomLive(SeededRandom* random, uint32_t doc_count, uint64_t one_in) {
  Bitset live(doc_count, true);
  for (DocId doc = 0; doc < doc_count; ++doc) {
    if (random->OneIn(one_in)) live.Clear(doc);
  }
  return live;
}

}  // namespace segue::exec
