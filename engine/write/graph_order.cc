// SPDX-License-Identifier: Apache-2.0
//
// With l of a term's documents on the left and r on the right, about l * log2(l + 1) +
// r * log2(r + 1) bits of gaps are saved. A document that changes sides changes that by differences
// of growth, for each of its terms; the sum is how much it is drawn to the right. At each round the
// half with the least pull becomes the left side.
//
// A half is a graph of its own: its lists are written down anew, one after the other, with its
// terms numbered from 0. So every pass reads ahead in memory, and the tables by term soon fit a
// cache. A term of one document saves nothing on either side, there and in all ranges within; such
// terms are left out. There are two copies of all lists: each cut reads one and writes the other.
#include "engine/write/graph_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <future>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/write/graph_growth.h"

namespace segue {
namespace {

// So many documents are not cut further: score bounds are of as many.
constexpr size_t kLeafDocs = 64;

// Fewer documents are not worth a thread.
constexpr size_t kDocsForThread = 4096;

constexpr uint32_t kNoTerm = kMaxGraphTerms;

// Documents one after the other, at places.
struct Lists {
  HugeArray<DocId> docs;       // by place
  HugeArray<uint16_t> counts;  // of terms, by place
  uint16_t* terms = nullptr;   // place by place
};

// A graph within the lists.
struct Range {
  size_t begin;  // places
  size_t end;
  uint64_t first_edge;
  uint64_t edge_count;
  uint32_t term_count;
  size_t copy;  // of the lists

  size_t doc_count() const { return end - begin; }
  size_t middle() const { return begin + doc_count() / 2; }
};

// The `count` least keys: those below `bound`, and the first `ties` that equal it.
struct Least {
  int32_t bound;
  size_t ties;
};

class LeastFinder {
 public:
  // REQUIRES: count < keys.size(), every key in [least, greatest].
  Least Find(std::span<const int32_t> keys, size_t count, int32_t least, int32_t greatest) {
    const auto above = [least](int32_t key) {
      return static_cast<uint32_t>(key) - static_cast<uint32_t>(least);
    };
    const int wanted_bits = std::clamp(static_cast<int>(std::bit_width(keys.size())) - 2, 5, 11);
    const int shift = std::max(static_cast<int>(std::bit_width(above(greatest))) - wanted_bits, 0);
    std::fill_n(buckets_.begin(), size_t{1} << wanted_bits, 0u);
    for (const int32_t key : keys) ++buckets_[above(key) >> shift];
    uint32_t bucket = 0;
    while (buckets_[bucket] <= count) count -= buckets_[bucket++];
    // Of the keys in the bucket `count` are among the least.
    HugeArray<int32_t> candidates(buckets_[bucket] + size_t{1});
    size_t size = 0;
    for (const int32_t key : keys) {
      candidates[size] = key;
      size += above(key) >> shift == bucket;
    }
    int32_t *const begin = candidates.begin(), *const end = begin + size;
    std::nth_element(begin, begin + count, end);
    const int32_t bound = candidates[count];
    const auto below = std::count_if(begin, end, [bound](int32_t key) { return key < bound; });
    return {bound, count - static_cast<size_t>(below)};
  }

 private:
  std::array<uint32_t, 1 << 11> buckets_;
};

class Bisection {
 public:
  Bisection(DocumentGraph graph, const GraphOrderOptions& options)
      : options_(options),
        graph_(std::move(graph)),
        is_left_(graph_.doc_count()),
        keys_(graph_.doc_count()) {
    const size_t documents = graph_.doc_count();
    for (Lists& lists : lists_) {
      lists.docs = HugeArray<DocId>(documents);
      lists.counts = HugeArray<uint16_t>(documents);
    }
    std::iota(lists_[0].docs.begin(), lists_[0].docs.end(), DocId{0});
    std::copy(graph_.counts.begin(), graph_.counts.end(), lists_[0].counts.begin());
    whole_ = {0, documents, 0, graph_.entry_count(), graph_.term_count, 0};
    lists_[0].terms = graph_.terms.data();
    lists_[1].terms = graph_.terms.data() + graph_.entry_count();
  }

  HugeArray<DocId> Run() {
    Worker(this, whole_.term_count).Cut(whole_, std::max(options_.threads, 1u));
    return std::move(lists_[0].docs);
  }

 private:
  // What one thread needs; threads work on ranges of places and edges apart from each other.
  class Worker {
   public:
    Worker(Bisection* all, uint32_t term_count)
        : all_(*all),
          docs_(term_count),
          docs_left_(term_count),
          pulls_(term_count),
          new_terms_(term_count) {}

    void Cut(const Range& range, uint32_t threads) {
      if (range.doc_count() <= kLeafDocs || all_.Cancelled()) return all_.FinishLeaf(range);
      uint8_t* const sides = all_.is_left_.data();
      std::fill(sides + range.begin, sides + range.middle(), uint8_t{1});
      std::fill(sides + range.middle(), sides + range.end, uint8_t{0});
      CountDocs(range);
      for (uint32_t round = 0; round < all_.options_.rounds; ++round) {
        if (!ChangeSides(range) || all_.Cancelled()) break;
      }
      Range left, right;
      NumberTerms(range, &left, &right);
      WriteHalves(range, left, right);
      CutHalves(left, right, threads);
    }

   private:
    void CutHalves(const Range& left, const Range& right, uint32_t threads) {
      if (threads < 2 || left.doc_count() + right.doc_count() < kDocsForThread) {
        Cut(left, 1);
        Cut(right, 1);
        return;
      }
      std::future<void> other = std::async(std::launch::async, [this, right, threads] {
        Worker(&all_, right.term_count).Cut(right, threads / 2);
      });
      Cut(left, threads - threads / 2);
      other.get();
    }

    void CountDocs(const Range& range) {
      const Lists& lists = all_.lists_[range.copy];
      const uint16_t* term = lists.terms + range.first_edge;
      const uint16_t* const end = term + range.edge_count;
      const uint16_t* const middle = std::accumulate(lists.counts.data() + range.begin,
                                                     lists.counts.data() + range.middle(), term);
      std::fill_n(docs_left_.begin(), range.term_count, 0u);
      uint32_t* const left = docs_left_.data();
      for (; term < middle; ++term) ++left[*term];
      std::copy_n(left, range.term_count, docs_.begin());
      uint32_t* const docs = docs_.data();
      for (; term < end; ++term) ++docs[*term];
    }

    // False if no document did.
    bool ChangeSides(const Range& range) {
      ComputePulls(range.term_count);
      int32_t least, greatest;
      ComputeKeys(range, &least, &greatest);
      const std::span<const int32_t> keys(all_.keys_.data() + range.begin, range.doc_count());
      return Move(range, finder_.Find(keys, range.doc_count() / 2, least, greatest));
    }

    // How much a term draws a document to the right, by the side that the document is on: two sums
    // are then one addition.
    static uint64_t Pair(int32_t if_left, int32_t if_right) {
      return (static_cast<uint64_t>(int64_t{if_right}) << 32) +
             static_cast<uint64_t>(int64_t{if_left});
    }
    static int32_t IfLeft(uint64_t pair) { return static_cast<int32_t>(pair); }
    static int32_t IfRight(uint64_t pair) {
      return static_cast<int32_t>((pair - static_cast<uint64_t>(int64_t{IfLeft(pair)})) >> 32);
    }

    void ComputePulls(uint32_t term_count) {
      const GraphGrowth& growth = all_.growth_;
      for (uint32_t term = 0; term < term_count; ++term) {
        const uint32_t left = docs_left_[term], right = docs_[term] - left;
        pulls_[term] = Pair(left > 0 ? growth(right) - growth(left - 1) : 0,
                            right > 0 ? growth(right - 1) - growth(left) : 0);
      }
    }

    // A document's key is twice its pull to the right, and one more if it is there already, so that
    // of equals those that are on the left stay. Sums run over all documents, in steps of so many
    // edges, and a document's is the difference: a loop for each would cost more to end than to
    // run.
    void ComputeKeys(const Range& range, int32_t* least, int32_t* greatest) {
      const Lists& lists = all_.lists_[range.copy];
      const uint16_t* const terms = lists.terms + range.first_edge;
      *least = std::numeric_limits<int32_t>::max();
      *greatest = std::numeric_limits<int32_t>::min();
      size_t place = range.begin;
      uint64_t doc_end = lists.counts[place];  // of its edges
      uint64_t sum = 0, sum_before = 0;        // up to the edge, up to the document
      for (uint64_t first = 0;; first += kEdgesInStep) {
        const size_t edges = std::min<uint64_t>(kEdgesInStep, range.edge_count - first);
        sums_[0] = sum;
        for (size_t i = 0; i < edges; ++i) {
          sum += pulls_[terms[first + i]];
          sums_[i + 1] = sum;
        }
        while (doc_end <= first + edges) {
          const uint64_t pull = sums_[doc_end - first] - sum_before;
          sum_before += pull;
          const int32_t key = all_.is_left_[place] ? 2 * IfLeft(pull) : 2 * IfRight(pull) + 1;
          all_.keys_[place] = key;
          *least = std::min(*least, key);
          *greatest = std::max(*greatest, key);
          if (++place == range.end) return;
          doc_end += lists.counts[place];
        }
      }
    }

    bool Move(const Range& range, Least left) {
      const Lists& lists = all_.lists_[range.copy];
      const uint16_t* term = lists.terms + range.first_edge;
      bool any = false;
      for (size_t place = range.begin; place < range.end; ++place) {
        const uint16_t* const end = term + lists.counts[place];
        bool goes_left = all_.keys_[place] < left.bound;
        if (all_.keys_[place] == left.bound && left.ties > 0) {
          goes_left = true;
          --left.ties;
        }
        if (goes_left != all_.is_left_[place]) {
          any = true;
          all_.is_left_[place] = goes_left;
          const uint32_t change = goes_left ? 1 : -1u;
          for (; term < end; ++term) docs_left_[*term] += change;
        }
        term = end;
      }
      return any;
    }

    void NumberTerms(const Range& range, Range* left, Range* right) {
      *left = {range.begin, range.middle(), range.first_edge, 0, 0, 1 - range.copy};
      *right = {range.middle(), range.end, 0, 0, 0, 1 - range.copy};
      for (uint32_t term = 0; term < range.term_count; ++term) {
        const auto number = [](Range* half, uint32_t docs) {
          if (docs < 2) return kNoTerm;
          half->edge_count += docs;
          return half->term_count++;
        };
        new_terms_[term] =
            number(left, docs_left_[term]) | number(right, docs_[term] - docs_left_[term]) << 16;
      }
      right->first_edge = left->first_edge + left->edge_count;
    }

    void WriteHalves(const Range& range, const Range& left, const Range& right) {
      const Lists& from = all_.lists_[range.copy];
      Lists& to = all_.lists_[left.copy];
      size_t places[] = {right.begin, left.begin};
      uint16_t* outs[] = {to.terms + right.first_edge, to.terms + left.first_edge};
      const uint16_t* term = from.terms + range.first_edge;
      for (size_t place = range.begin; place < range.end; ++place) {
        const size_t side = all_.is_left_[place];
        const int shift = side == 1 ? 0 : 16;
        uint16_t* out = outs[side];
        for (const uint16_t* const end = term + from.counts[place]; term < end; ++term) {
          const auto new_term = static_cast<uint16_t>(new_terms_[*term] >> shift);
          if (new_term != kNoTerm) *out++ = new_term;
        }
        to.docs[places[side]] = from.docs[place];
        to.counts[places[side]] = static_cast<uint16_t>(out - outs[side]);
        outs[side] = out;
        ++places[side];
      }
    }

    static constexpr size_t kEdgesInStep = 1024;

    Bisection& all_;
    // By term of the range: its documents, those of them on the left, what Pair() says, and the
    // term's number in the left half and, 16 bits up, in the right one.
    std::vector<uint32_t> docs_;
    std::vector<uint32_t> docs_left_;
    std::vector<uint64_t> pulls_;
    std::vector<uint32_t> new_terms_;
    std::array<uint64_t, kEdgesInStep + 1> sums_;
    LeastFinder finder_;
  };

  bool Cancelled() const {
    return options_.cancel != nullptr && options_.cancel->load(std::memory_order_relaxed);
  }

  // Orders it by length. The result is in the first copy.
  void FinishLeaf(const Range& range) {
    const auto places = [&](Lists& lists) { return lists.docs.data() + range.begin; };
    if (range.copy != 0) std::copy_n(places(lists_[1]), range.doc_count(), places(lists_[0]));
    std::stable_sort(places(lists_[0]), places(lists_[0]) + range.doc_count(),
                     [this](DocId a, DocId b) { return graph_.counts[a] < graph_.counts[b]; });
  }

  const GraphOrderOptions& options_;
  const GraphGrowth growth_;
  DocumentGraph graph_;  // both copies of the lists, and the counts of the documents as given
  std::array<Lists, 2> lists_;
  HugeArray<uint8_t> is_left_;  // by place
  HugeArray<int32_t> keys_;     // by place
  Range whole_;
};

}  // namespace

HugeArray<DocId> GraphOrder(DocumentGraph graph, const GraphOrderOptions& options) {
  SEGUE_DCHECK(graph.term_count <= kMaxGraphTerms);
  return Bisection(std::move(graph), options).Run();
}

}  // namespace segue
