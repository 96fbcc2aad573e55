// SPDX-License-Identifier: Apache-2.0
//
// With l of a term's documents on the left and r on the right, about l * log2(l + 1) +
// r * log2(r + 1) bits of gaps are saved. A document that changes sides changes that by differences
// of Growth(), for each of its terms; the sum is how much it is drawn to the right. At each round
// the half with the least pull becomes the left side.
//
// A term of one document in a range saves nothing on either side, there and in all ranges within.
// Such terms leave the document's list, which makes the many small ranges cheap.
#include "engine/write/graph_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <future>
#include <numeric>
#include <utility>

namespace segue {
namespace {

// So many documents are not cut further: score bounds are of as many.
constexpr size_t kLeafDocs = 64;

// Fewer documents are not worth a thread.
constexpr size_t kDocsForThread = 4096;

constexpr int kFractionBits = 16;

// log2(x) in units of 2^-32, exact but for the last few: the fraction bit by bit, by squaring.
uint64_t Log2(uint32_t x) {
  const int whole = std::bit_width(x) - 1;
  uint64_t result = static_cast<uint64_t>(whole);
  uint64_t mantissa = uint64_t{x} << (31 - whole);  // in [2^31, 2^32)
  for (int bit = 0; bit < 32; ++bit) {
    mantissa = mantissa * mantissa >> 31;
    result <<= 1;
    if (mantissa >> 32 != 0) {
      mantissa >>= 1;
      ++result;
    }
  }
  return result;
}

// Growth(x) = (x + 1) log2(x + 2) - x log2(x + 1): what the x-th document after the first saves.
class GrowthTable {
 public:
  GrowthTable() {
    for (uint32_t x = 0; x < kExact; ++x) {
      exact_[x] = static_cast<uint32_t>((uint64_t{x + 1} * Log2(x + 2) - x * Log2(x + 1)) >>
                                        (32 - kFractionBits));
    }
  }
  // Beyond the table it grows as the logarithm does.
  uint32_t operator()(uint32_t x) const {
    if (x < kExact) return exact_[x];
    const int shift = std::bit_width(x) - std::bit_width(kExact - 1);
    return exact_[x >> shift] + (static_cast<uint32_t>(shift) << kFractionBits);
  }

 private:
  static constexpr uint32_t kExact = 4096;
  std::array<uint32_t, kExact> exact_;
};

struct Pull {
  int64_t to_right = 0;
  DocId doc = 0;

  friend bool operator<(const Pull& a, const Pull& b) {
    return a.to_right != b.to_right ? a.to_right < b.to_right : a.doc < b.doc;
  }
};

// Documents with a term, of those that are being cut.
struct TermSides {
  uint32_t left = 0;
  uint32_t right = 0;
};

class Bisection {
 public:
  Bisection(DocumentGraph graph, const GraphOrderOptions& options)
      : graph_(std::move(graph)),
        options_(options),
        shared_(graph_.doc_count()),
        order_(graph_.doc_count()),
        moved_(graph_.doc_count()),
        pulls_(graph_.doc_count()),
        selection_(graph_.doc_count()) {
    std::iota(order_.begin(), order_.end(), DocId{0});
    for (DocId doc = 0; doc < graph_.doc_count(); ++doc) {
      shared_[doc] = static_cast<uint32_t>(graph_.TermsOf(doc).size());
    }
  }

  std::vector<DocId> Run() {
    Worker(this).Cut(0, order_.size(), std::max(options_.threads, 1u));
    return std::move(order_);
  }

 private:
  // What one thread needs; threads work on ranges of the order apart from each other.
  class Worker {
   public:
    explicit Worker(Bisection* all)
        : all_(*all),
          sides_(all->graph_.term_count),
          pull_left_(all->graph_.term_count),
          pull_right_(all->graph_.term_count) {}

    void Cut(size_t begin, size_t end, uint32_t threads) {
      if (all_.Cancelled()) return;
      if (end - begin <= kLeafDocs) return all_.SortByLength(begin, end);
      const size_t middle = begin + (end - begin) / 2;
      CountSides(begin, middle, end);
      LeaveOutSingles(begin, end);
      for (uint32_t round = 0; round < all_.options_.rounds; ++round) {
        if (!ChangeSides(begin, middle, end) || all_.Cancelled()) break;
      }
      for (const uint32_t term : touched_) sides_[term] = {};
      CutHalves(begin, middle, end, threads);
    }

   private:
    void CutHalves(size_t begin, size_t middle, size_t end, uint32_t threads) {
      if (threads < 2 || end - begin < kDocsForThread) {
        Cut(begin, middle, 1);
        Cut(middle, end, 1);
        return;
      }
      std::future<void> other = std::async(std::launch::async, [this, middle, end, threads] {
        Worker(&all_).Cut(middle, end, threads / 2);
      });
      Cut(begin, middle, threads - threads / 2);
      other.get();
    }

    void CountSides(size_t begin, size_t middle, size_t end) {
      touched_.clear();
      for (size_t i = begin; i < end; ++i) {
        for (const uint32_t term : all_.SharedTermsOf(all_.order_[i])) {
          TermSides& sides = sides_[term];
          if (sides.left + sides.right == 0) touched_.push_back(term);
          ++(i < middle ? sides.left : sides.right);
        }
      }
    }

    void LeaveOutSingles(size_t begin, size_t end) {
      const auto is_shared = [this](uint32_t term) {
        return sides_[term].left + sides_[term].right > 1;
      };
      for (size_t i = begin; i < end; ++i) {
        const DocId doc = all_.order_[i];
        const std::span<uint32_t> terms = all_.SharedTermsOf(doc);
        const auto kept = std::partition(terms.begin(), terms.end(), is_shared);
        all_.shared_[doc] = static_cast<uint32_t>(kept - terms.begin());
      }
      std::erase_if(touched_, [&](uint32_t term) {
        if (is_shared(term)) return false;
        sides_[term] = {};
        return true;
      });
    }

    void ComputePulls() {
      const GrowthTable& growth = all_.growth_;
      for (const uint32_t term : touched_) {
        const TermSides& sides = sides_[term];
        const auto pull = [&](uint32_t right, uint32_t left) {
          return static_cast<int32_t>(growth(right)) - static_cast<int32_t>(growth(left));
        };
        pull_left_[term] = sides.left > 0 ? pull(sides.right, sides.left - 1) : 0;
        pull_right_[term] = sides.right > 0 ? pull(sides.right - 1, sides.left) : 0;
      }
    }

    // False if no document did.
    bool ChangeSides(size_t begin, size_t middle, size_t end) {
      ComputePulls();
      Pull* const pulls = all_.pulls_.data();
      for (size_t i = begin; i < end; ++i) {
        const DocId doc = all_.order_[i];
        const int32_t* const pull = i < middle ? pull_left_.data() : pull_right_.data();
        int64_t sum = 0;
        for (const uint32_t term : all_.SharedTermsOf(doc)) sum += pull[term];
        pulls[i] = {sum, doc};
      }
      std::copy(pulls + begin, pulls + end, all_.selection_.data() + begin);
      Pull* const selection = all_.selection_.data();
      std::nth_element(selection + begin, selection + middle, selection + end);
      return Part(selection[middle], begin, middle, end);
    }

    // Who is drawn less than `first_right` goes left. Both sides keep their order, so that it does
    // not depend on how a library selects.
    bool Part(const Pull& first_right, size_t begin, size_t middle, size_t end) {
      DocId* const order = all_.order_.data();
      size_t left = begin, right = middle;
      for (size_t i = begin; i < end; ++i) {
        const Pull& pull = all_.pulls_[i];
        const bool was_left = i < middle, goes_left = pull < first_right;
        if (was_left != goes_left) Move(pull.doc, goes_left);
        if (goes_left) {
          order[left++] = pull.doc;
        } else {
          all_.moved_[right++] = pull.doc;
        }
      }
      const bool any = !std::equal(order + middle, order + end, all_.moved_.data() + middle);
      std::copy(all_.moved_.data() + middle, all_.moved_.data() + end, order + middle);
      return any;
    }

    void Move(DocId doc, bool to_left) {
      for (const uint32_t term : all_.SharedTermsOf(doc)) {
        TermSides& sides = sides_[term];
        sides.left += to_left ? 1 : -1u;
        sides.right += to_left ? -1u : 1;
      }
    }

    Bisection& all_;
    std::vector<TermSides> sides_;
    // How much a term draws a document to the right, by the side that the document is on.
    std::vector<int32_t> pull_left_;
    std::vector<int32_t> pull_right_;
    std::vector<uint32_t> touched_;
  };

  bool Cancelled() const {
    return options_.cancel != nullptr && options_.cancel->load(std::memory_order_relaxed);
  }

  void SortByLength(size_t begin, size_t end) {
    std::stable_sort(order_.begin() + static_cast<ptrdiff_t>(begin),
                     order_.begin() + static_cast<ptrdiff_t>(end), [&](DocId a, DocId b) {
                       return graph_.TermsOf(a).size() < graph_.TermsOf(b).size();
                     });
  }

  // The terms of a document that others in its range hold, too.
  std::span<uint32_t> SharedTermsOf(DocId doc) {
    return {graph_.terms.data() + graph_.starts[doc], shared_[doc]};
  }

  DocumentGraph graph_;
  const GraphOrderOptions& options_;
  std::vector<uint32_t> shared_;  // so many of a document's terms, the first ones
  const GrowthTable growth_;
  std::vector<DocId> order_;
  std::vector<DocId> moved_;
  std::vector<Pull> pulls_;
  std::vector<Pull> selection_;
};

}  // namespace

std::vector<DocId> GraphOrder(DocumentGraph graph, const GraphOrderOptions& options) {
  return Bisection(std::move(graph), options).Run();
}

}  // namespace segue
