// SPDX-License-Identifier: Apache-2.0
//
// Rules that say which words may stand for which, in the formats of Solr and of WordNet.
#ifndef SEGUE_TEXT_SYNONYM_MAP_H_
#define SEGUE_TEXT_SYNONYM_MAP_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace segue {

// A trie over sequences of words. Thread-safe once it is built.
class SynonymMap {
 public:
  using Words = std::vector<std::string>;
  // What a sequence may be replaced by.
  struct Rule {
    std::vector<Words> alternatives;  // each once, without the sequence itself
    bool keeps_words = false;         // the sequence stays beside them
  };
  using Node = uint32_t;
  static constexpr Node kRoot = 0, kNone = UINT32_MAX;

  // One line of Solr's format: "a, b c, d" (each may stand for each; without `expand`, the first
  // stands for all) or "a, b c => d, e f" (the right sides replace each left one). A backslash
  // before a comma, space, "=>" or itself makes it part of a word. Empty lines and those that begin
  // with # say nothing. kInvalidArgument: a side without words, one of more than kMaxSynonymWords,
  // or more than kMaxSynonymsOfOne for one sequence.
  absl::Status AddSolrLine(std::string_view line, bool expand);
  // Lines of WordNet's Prolog file: s(100000002,1,'dog',n,1,0). Words of one number are alike.
  absl::Status AddWordNetLines(const std::vector<std::string>& lines, bool expand);

  // Where `word` leads from a node; kNone: nowhere.
  Node Step(Node from, std::string_view word) const;
  bool HasMore(Node node) const { return !nodes_[node].next.empty(); }
  // Of the sequence that leads to a node; nullptr: none.
  const Rule* RuleAt(Node node) const;

 private:
  struct TrieNode {
    std::map<std::string, Node, std::less<>> next;
    uint32_t rule = kNone;
  };

  absl::Status AddEqual(const std::vector<Words>& sides, bool expand);
  absl::Status Add(const Words& from, const std::vector<Words>& to);

  std::vector<TrieNode> nodes_ = std::vector<TrieNode>(1);
  std::vector<Rule> rules_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_SYNONYM_MAP_H_
