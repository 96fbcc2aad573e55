// SPDX-License-Identifier: Apache-2.0
//
// Lists are read twice: to count each document's terms, and to write them down.
#include "engine/write/document_graph.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <set>
#include <vector>

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

class GraphMaker {
 public:
  GraphMaker(Inputs inputs, const MergeMap& map) : inputs_(inputs), map_(map) {}

  absl::StatusOr<DocumentGraph> Make(uint64_t memory_bytes) {
    SEGUE_RETURN_IF_ERROR(ChooseTerms());
    LeaveOutRarest(memory_bytes / sizeof(uint32_t));
    NumberTerms();
    DocumentGraph graph;
    graph.term_count = static_cast<uint32_t>(terms_.size());
    graph.starts.assign(size_t{map_.doc_count()} + 1, 0);
    SEGUE_RETURN_IF_ERROR(
        ForEachPosting([&](uint32_t /*term*/, DocId doc) { ++graph.starts[doc + 1]; }));
    std::partial_sum(graph.starts.begin(), graph.starts.end(), graph.starts.begin());
    graph.terms.resize(graph.starts.back());
    std::vector<uint64_t> next(graph.starts.begin(), graph.starts.end() - 1);
    SEGUE_RETURN_IF_ERROR(
        ForEachPosting([&](uint32_t term, DocId doc) { graph.terms[next[doc]++] = term; }));
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

  // By powers of two of the document frequency, so that terms alike have the same fate.
  void LeaveOutRarest(uint64_t max_postings) {
    std::array<uint64_t, 65> postings = {};
    for (const Term& term : terms_) {
      postings[static_cast<size_t>(std::bit_width(term.doc_freq))] += term.doc_freq;
    }
    uint64_t sum = std::accumulate(postings.begin(), postings.end(), uint64_t{0});
    size_t least = 0;
    for (; least + 1 < postings.size() && sum > max_postings; ++least) sum -= postings[least];
    std::erase_if(terms_, [&](const Term& term) {
      return static_cast<size_t>(std::bit_width(term.doc_freq)) < least;
    });
  }

  // The most frequent terms have neighbouring numbers: their entries stay in the cache.
  void NumberTerms() {
    std::stable_sort(terms_.begin(), terms_.end(),
                     [](const Term& a, const Term& b) { return a.doc_freq > b.doc_freq; });
  }

  template <typename Fn>
  absl::Status ForEachPosting(Fn fn) {
    for (uint32_t term = 0; term < terms_.size(); ++term) {
      for (size_t i = terms_[term].first_list; i < terms_[term].last_list; ++i) {
        SEGUE_RETURN_IF_ERROR(ForEachDoc(lists_[i], [&](DocId doc) { fn(term, doc); }));
      }
    }
    return absl::OkStatus();
  }

  template <typename Fn>
  absl::Status ForEachDoc(const List& list, Fn fn) {
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
  return GraphMaker(inputs, map).Make(memory_bytes);
}

}  // namespace segue
