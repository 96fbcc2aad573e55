// SPDX-License-Identifier: Apache-2.0
//
// The `synonym` filter.
#ifndef SEGUE_TEXT_SYNONYM_FILTER_H_
#define SEGUE_TEXT_SYNONYM_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "engine/text/expanding_filter.h"
#include "engine/text/synonym_map.h"

namespace segue {

// At each place the longest sequence that has a rule is taken, and what it became is not looked at
// again. The words and their alternatives are a graph: all begin at one position and end where the
// next token begins; the words inside of each have positions of their own, so that position lengths
// tell which follows which. Offsets of an alternative are those of the whole sequence.
// A sequence has no gaps, and no tokens that lie on others or span several positions.
class SynonymFilter final : public ExpandingFilter {
 public:
  explicit SynonymFilter(std::shared_ptr<const SynonymMap> map) : map_(std::move(map)) {}
  void Start() override;

 protected:
  bool Expand(const TokenBatch& in, size_t i, TokenBatch* out) override;
  void Finish(TokenBatch* out) override;

 private:
  struct Match {
    size_t tokens = 0;
    const SynonymMap::Rule* rule = nullptr;
    bool is_open = false;  // tokens to come decide
  };

  Match FindMatch(bool is_end) const;
  bool MayApply(const Match& match, bool is_end, bool* is_open) const;
  void Decide(bool is_end, TokenBatch* out);
  void Give(const Match& match, TokenBatch* out);
  void Compact();

  const std::shared_ptr<const SynonymMap> map_;
  // Tokens of which it is open whether they begin a sequence: from first_ on.
  TokenBatch waiting_, spare_;
  size_t first_ = 0;
};

}  // namespace segue

#endif  // SEGUE_TEXT_SYNONYM_FILTER_H_
