// SPDX-License-Identifier: Apache-2.0
//
// The `mapping` char filter: replaces strings by others before the text is tokenized.
#ifndef SEGUE_TEXT_MAPPING_CHAR_FILTER_H_
#define SEGUE_TEXT_MAPPING_CHAR_FILTER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/analysis.h"

namespace segue {

// What to replace by what: a trie over the bytes of the keys. Immutable, thread-safe.
class StringMapping {
 public:
  // REQUIRES: no key is empty. Of equal keys the last counts.
  explicit StringMapping(const std::map<std::string, std::string>& pairs);

  // The longest key that `text` begins with; its length, or 0 if there is none.
  size_t Match(std::string_view text, std::string_view* replacement) const;
  // Whether some key begins with this byte.
  bool MayBegin(uint8_t byte) const { return first_[byte] != 0; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Node {
    uint32_t first_edge = 0;
    uint32_t edges = 0;
    uint32_t replacement = kNone;
  };
  struct Edge {
    uint8_t byte;
    uint32_t node;
  };
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<std::string> replacements_;
  uint32_t first_[256] = {};  // node of one-byte prefixes; 0: none
};

class MappingCharFilter final : public CharFilter {
 public:
  explicit MappingCharFilter(std::shared_ptr<const StringMapping> mapping)
      : mapping_(std::move(mapping)) {}
  void Filter(std::string_view text, std::string* out, OffsetMap* map) override;

 private:
  const std::shared_ptr<const StringMapping> mapping_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_MAPPING_CHAR_FILTER_H_
