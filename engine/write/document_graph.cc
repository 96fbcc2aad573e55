// SPDX-License-Identifier: Apache-2.0
//
// Lists are by term, the graph is by document. They are read twice: to count the postings of each
// bucket of documents, then to write them down by bucket; in a bucket, which fits a cache, they are
// sorted by document. Sorted ones take half the room, so that all of it is done in one array.
#include "engine/write/document_graph.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
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

class GraphMaker {
 public:
  GraphMaker(Inputs inputs, const MergeMap& map) : inputs_(inputs), map_(map) {}

  absl::StatusOr<DocumentGraph> Make(uint64_t max_entries) {
    SEGUE_RETURN_IF_ERROR(ChooseTerms());
    NumberTerms(max_entries);
    DocumentGraph graph;
    graph.term_count = static_cast<uint32_t>(terms_.size());
    SEGUE_ASSIGN_OR_RETURN(const std::vector<uint64_t> ends, WriteBuckets(&graph.terms));
    SortBuckets(ends, &graph);
    return graph;
  }

 private:
  // One input's list of a term.
  struct List {
    size_t input;
    const SegmentField* field;
    TermMeta meta;
  };
  struct Term {
    uint64_t doc_freq;
    size_t first_list, last_list;  // in lists_, the last one not among them
  };

  absl::Status ChooseTerms() {
    std::set<FieldId> fields;
    for (const auto& input : inputs_) {
      for (const SegmentField& field : input->fields()) fields.insert(field.id());
    }
    for (const FieldId field : fields) {
      MergedTerms terms(inputs_, field);
      SEGUE_RETURN_IF_ERROR(terms.SeekToFirst());
      while (terms.valid()) {
        Choose(terms);
        SEGUE_RETURN_IF_ERROR(terms.Next());
      }
    }
    return absl::OkStatus();
  }

  void Choose(const MergedTerms& terms) {
    const uint64_t docs = map_.doc_count();
    uint64_t doc_freq = 0;
    for (const size_t holder : terms.holders()) {
      doc_freq += terms.inputs()[holder].terms.meta().doc_freq;
    }
    if (doc_freq < std::clamp<uint64_t>(docs / kRarest, 2, kEnough)) return;
    if (doc_freq > docs / kMostFrequent) return;
    const size_t first = lists_.size();
    for (const size_t holder : terms.holders()) {
      const MergedTerms::Input& input = terms.inputs()[holder];
      lists_.push_back({input.index, input.field, input.terms.meta()});
    }
    terms_.push_back({doc_freq, first, lists_.size()});
  }

  // The most frequent terms have neighbouring numbers: their entries stay in the cache.
  void NumberTerms(uint64_t max_entries) {
    std::stable_sort(terms_.begin(), terms_.end(),
                     [](const Term& a, const Term& b) { return a.doc_freq > b.doc_freq; });
    if (terms_.size() > kMaxGraphTerms) terms_.resize(kMaxGraphTerms);
    uint64_t entries = 0;
    for (const Term& term : terms_) entries += term.doc_freq;
    auto first = terms_.begin();
    for (; entries > max_entries; ++first) entries -= first->doc_freq;
    terms_.erase(terms_.begin(), first);
  }

  // Postings of bucket after bucket, each as two words: the document within the bucket, the term.
  // Tells where buckets end.
  absl::StatusOr<std::vector<uint64_t>> WriteBuckets(std::vector<uint16_t>* words) const {
    std::vector<uint64_t> ends((uint64_t{map_.doc_count()} >> kBucketBits) + 1);
    SEGUE_RETURN_IF_ERROR(
        ForEachPosting([&](uint32_t /*term*/, DocId doc) { ++ends[doc >> kBucketBits]; }));
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    words->resize(2 * ends.back());
    std::vector<uint64_t> next = {0};
    next.insert(next.end(), ends.begin(), ends.end() - 1);
    SEGUE_RETURN_IF_ERROR(ForEachPosting([&](uint32_t term, DocId doc) {
      uint16_t* const word = words->data() + 2 * next[doc >> kBucketBits]++;
      word[0] = static_cast<uint16_t>(doc & (kBucketDocs - 1));
      word[1] = static_cast<uint16_t>(term);
    }));
    return ends;
  }

  void SortBuckets(const std::vector<uint64_t>& ends, DocumentGraph* graph) const {
    graph->starts.assign(size_t{map_.doc_count()} + 1, ends.back());
    std::vector<uint16_t> bucket;
    std::array<uint64_t, kBucketDocs + 1> next;
    uint64_t begin = 0;
    for (size_t b = 0; b < ends.size(); ++b) {
      bucket.assign(graph->terms.data() + 2 * begin, graph->terms.data() + 2 * ends[b]);
      next.fill(0);
      for (size_t i = 0; i < bucket.size(); i += 2) ++next[bucket[i] + 1u];
      next[0] = begin;
      std::partial_sum(next.begin(), next.end(), next.begin());
      const size_t first_doc = b << kBucketBits;
      const size_t docs = std::min<size_t>(kBucketDocs, map_.doc_count() - first_doc);
      std::copy_n(next.begin(), docs, graph->starts.begin() + static_cast<ptrdiff_t>(first_doc));
      for (size_t i = 0; i < bucket.size(); i += 2) {
        graph->terms[next[bucket[i]]++] = bucket[i + 1];
      }
      begin = ends[b];
    }
    graph->terms.resize(ends.back());
  }

  template <typename Fn>
  absl::Status ForEachPosting(Fn fn) const {
    for (uint32_t term = 0; term < terms_.size(); ++term) {
      for (size_t i = terms_[term].first_list; i < terms_[term].last_list; ++i) {
        SEGUE_RETURN_IF_ERROR(ForEachDoc(lists_[i], [&](DocId doc) { fn(term, doc); }));
      }
    }
    return absl::OkStatus();
  }

  template <typename Fn>
  absl::Status ForEachDoc(const List& list, Fn fn) const {
    SEGUE_ASSIGN_OR_RETURN(
        const PostingList postings,
        PostingList::Open(list.field->postings(), list.meta, list.field->has_positions()));
    std::array<DocId, kBlockPostings> docs;
    for (uint32_t block = 0; block < postings.block_count(); ++block) {
      const uint32_t count = postings.DecodeDocs(block, docs.data());
      if (count == 0) return postings.status();
      for (uint32_t i = 0; i < count; ++i) {
        SEGUE_RETURN_IF_ERROR(map_.CheckDoc(list.input, docs[i], list.field->name()));
        const DocId doc = map_.Map(list.input, docs[i]);
        if (doc != kEndOfDocs) fn(doc);
      }
    }
    return absl::OkStatus();
  }

  const Inputs inputs_;
  const MergeMap& map_;
  std::vector<List> lists_;
  std::vector<Term> terms_;
};

}  // namespace

absl::StatusOr<DocumentGraph> MakeDocumentGraph(Inputs inputs, const MergeMap& map,
                                                uint64_t memory_bytes) {
  constexpr uint64_t kEntryBytes = 2 * sizeof(uint16_t);
  return GraphMaker(inputs, map).Make(std::min(kMaxGraphEntries, memory_bytes / 2 / kEntryBytes));
}

}  // namespace segue
