// SPDX-License-Identifier: Apache-2.0
//
// Lists are by term, the graph is by document. They are read twice: to count the postings of each
// bucket of documents, then to write them down by bucket; in a bucket, which fits a cache, they are
// sorted by document. Sorted ones take half the room, so that all of it is done in one array.
//
// Where the lists are is not kept: of a hundred segments that would take more than the graph. The
// dictionaries are walked once more instead.
#include "engine/write/document_graph.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/format/postings_reader.h"
#include "engine/write/merged_terms.h"

namespace segue {
namespace {

using Inputs = std::span<const std::shared_ptr<const Segment>>;

// Terms of fewer documents are left out: one in kRarest of all, at most kEnough.
constexpr uint64_t kRarest = 2048;
constexpr uint64_t kEnough = 64;
// And those of more than one in kMostFrequent.
constexpr uint64_t kMostFrequent = 8;

// Documents of a bucket: their terms fit a second-level cache.
constexpr int kBucketBits = 12;
constexpr size_t kBucketDocs = size_t{1} << kBucketBits;

// Of the memory one part in so many is left for all else that a writer holds, with what its
// allocator has kept of the documents before.
constexpr uint64_t kShareForOthers = 4;
// And one in so many is for entries, however much goes into documents.
constexpr uint64_t kShareForEntries = 8;

class GraphMaker {
 public:
  GraphMaker(Inputs inputs, const MergeMap& map) : inputs_(inputs), map_(map) {}

  absl::StatusOr<DocumentGraph> Make(uint64_t max_entries) {
    SEGUE_RETURN_IF_ERROR(ChooseTerms());
    NumberTerms(max_entries);
    DocumentGraph graph;
    graph.term_count = static_cast<uint32_t>(terms_.size());
    graph.counts = HugeArray<uint16_t>(map_.doc_count());
    SEGUE_ASSIGN_OR_RETURN(const std::vector<uint64_t> ends, WriteBuckets(&graph.terms));
    SortBuckets(ends, &graph);
    return graph;
  }

 private:
  struct Term {
    uint64_t doc_freq;
    uint64_t place;  // among all terms of its field
    FieldId field;
    uint16_t number;
  };
  static bool IsMoreFrequent(const Term& a, const Term& b) {
    return a.doc_freq != b.doc_freq ? a.doc_freq > b.doc_freq : IsBefore(a, b);
  }
  static bool IsBefore(const Term& a, const Term& b) {
    return std::tie(a.field, a.place) < std::tie(b.field, b.place);
  }

  absl::Status ChooseTerms() {
    std::set<FieldId> fields;
    for (const auto& input : inputs_) {
      for (const SegmentField& field : input->fields()) fields.insert(field.id());
    }
    for (const FieldId field : fields) {
      MergedTerms terms(inputs_, field);
      SEGUE_RETURN_IF_ERROR(terms.SeekToFirst());
      for (uint64_t place = 0; terms.valid(); ++place) {
        Choose(terms, field, place);
        SEGUE_RETURN_IF_ERROR(terms.Next());
      }
    }
    KeepMostFrequent();
    return absl::OkStatus();
  }

  void Choose(const MergedTerms& terms, FieldId field, uint64_t place) {
    const uint64_t docs = map_.doc_count();
    uint64_t doc_freq = 0;
    for (const size_t holder : terms.holders()) {
      doc_freq += terms.inputs()[holder].terms.meta().doc_freq;
    }
    if (doc_freq < std::clamp<uint64_t>(docs / kRarest, 2, kEnough)) return;
    if (doc_freq > docs / kMostFrequent) return;
    if (terms_.size() == 2 * size_t{kMaxGraphTerms}) KeepMostFrequent();
    terms_.push_back({doc_freq, place, field, 0});
  }

  void KeepMostFrequent() {
    if (terms_.size() <= kMaxGraphTerms) return;
    std::nth_element(terms_.begin(), terms_.begin() + kMaxGraphTerms, terms_.end(), IsMoreFrequent);
    terms_.resize(kMaxGraphTerms);
  }

  // The most frequent terms have neighbouring numbers: their entries stay in the cache.
  void NumberTerms(uint64_t max_entries) {
    std::sort(terms_.begin(), terms_.end(), IsMoreFrequent);
    uint64_t entries = 0;
    for (const Term& term : terms_) entries += term.doc_freq;
    auto first = terms_.begin();
    for (; entries > max_entries; ++first) entries -= first->doc_freq;
    terms_.erase(terms_.begin(), first);
    for (size_t i = 0; i < terms_.size(); ++i) terms_[i].number = static_cast<uint16_t>(i);
    std::sort(terms_.begin(), terms_.end(), IsBefore);
  }

  // Postings of bucket after bucket, each as two words: the document within the bucket, the term.
  // Tells where buckets end.
  absl::StatusOr<std::vector<uint64_t>> WriteBuckets(HugeArray<uint16_t>* words) const {
    std::vector<uint64_t> ends((uint64_t{map_.doc_count()} >> kBucketBits) + 1);
    SEGUE_RETURN_IF_ERROR(
        ForEachPosting([&](uint16_t /*term*/, DocId doc) { ++ends[doc >> kBucketBits]; }));
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    *words = HugeArray<uint16_t>(2 * ends.back());
    std::vector<uint64_t> next = {0};
    next.insert(next.end(), ends.begin(), ends.end() - 1);
    SEGUE_RETURN_IF_ERROR(ForEachPosting([&](uint16_t term, DocId doc) {
      uint16_t* const word = words->data() + 2 * next[doc >> kBucketBits]++;
      word[0] = static_cast<uint16_t>(doc & (kBucketDocs - 1));
      word[1] = term;
    }));
    return ends;
  }

  void SortBuckets(const std::vector<uint64_t>& ends, DocumentGraph* graph) const {
    std::vector<uint16_t> bucket;
    std::array<uint64_t, kBucketDocs + 1> next;
    uint64_t begin = 0;
    for (size_t b = 0; b < ends.size(); ++b) {
      bucket.assign(graph->terms.data() + 2 * begin, graph->terms.data() + 2 * ends[b]);
      next.fill(0);
      for (size_t i = 0; i < bucket.size(); i += 2) ++next[bucket[i] + 1u];
      const size_t first_doc = b << kBucketBits;
      const size_t docs = std::min<size_t>(kBucketDocs, map_.doc_count() - first_doc);
      std::copy_n(next.begin() + 1, docs, graph->counts.begin() + first_doc);
      next[0] = begin;
      std::partial_sum(next.begin(), next.end(), next.begin());
      for (size_t i = 0; i < bucket.size(); i += 2) {
        graph->terms[next[bucket[i]]++] = bucket[i + 1];
      }
      begin = ends[b];
    }
  }

  // Term by term as they are in the dictionaries.
  template <typename Fn>
  absl::Status ForEachPosting(Fn fn) const {
    for (auto term = terms_.begin(); term != terms_.end();) {
      const auto end = std::find_if(
          term, terms_.end(), [field = term->field](const Term& t) { return t.field != field; });
      MergedTerms terms(inputs_, term->field);
      SEGUE_RETURN_IF_ERROR(terms.SeekToFirst());
      for (uint64_t place = 0; terms.valid() && term != end; ++place) {
        if (term->place == place) {
          SEGUE_RETURN_IF_ERROR(ForEachDoc(terms, [&](DocId doc) { fn(term->number, doc); }));
          ++term;
        }
        SEGUE_RETURN_IF_ERROR(terms.Next());
      }
      term = end;
    }
    return absl::OkStatus();
  }

  template <typename Fn>
  absl::Status ForEachDoc(const MergedTerms& terms, Fn fn) const {
    for (const size_t holder : terms.holders()) {
      SEGUE_RETURN_IF_ERROR(ForEachDocOf(terms.inputs()[holder], fn));
    }
    return absl::OkStatus();
  }

  template <typename Fn>
  absl::Status ForEachDocOf(const MergedTerms::Input& input, Fn& fn) const {
    SEGUE_ASSIGN_OR_RETURN(const PostingList postings,
                           PostingList::Open(input.field->postings(), input.terms.meta(),
                                             input.field->has_positions()));
    std::array<DocId, kBlockPostings> docs;
    for (uint32_t block = 0; block < postings.block_count(); ++block) {
      const uint32_t count = postings.DecodeDocs(block, docs.data());
      if (count == 0) return postings.status();
      for (uint32_t i = 0; i < count; ++i) {
        SEGUE_RETURN_IF_ERROR(map_.CheckDoc(input.index, docs[i], input.field->name()));
        const DocId doc = map_.Map(input.index, docs[i]);
        if (doc != kEndOfDocs) fn(doc);
      }
    }
    return absl::OkStatus();
  }

  const Inputs inputs_;
  const MergeMap& map_;
  std::vector<Term> terms_;
};

}  // namespace

absl::StatusOr<DocumentGraph> MakeDocumentGraph(Inputs inputs, const MergeMap& map,
                                                uint64_t memory_bytes) {
  const uint64_t taken =
      kGraphDocumentBytes * map.doc_count() + map.memory_bytes() + memory_bytes / kShareForOthers;
  const uint64_t left = memory_bytes - std::min(taken, memory_bytes);
  const uint64_t bytes =
      std::min(memory_bytes / 2, std::max(left, memory_bytes / kShareForEntries));
  return GraphMaker(inputs, map).Make(std::min(kMaxGraphEntries, bytes / kGraphEntryBytes));
}

}  // namespace segue
