// SPDX-License-Identifier: Apache-2.0
//
// From left to right: at each place the longest key is replaced, and what it became is not looked
// at again. The trie is laid out breadth first, so that the edges of a node lie together.
#include "engine/text/mapping_char_filter.h"

#include <algorithm>

namespace segue {

StringMapping::StringMapping(const std::map<std::string, std::string>& pairs) {
  // A node is a range of the sorted keys that share its prefix.
  struct Range {
    size_t begin, end, depth;
  };
  std::vector<const std::pair<const std::string, std::string>*> sorted;
  for (const auto& pair : pairs) sorted.push_back(&pair);
  std::vector<Range> ranges = {{0, sorted.size(), 0}};
  for (size_t i = 0; i < ranges.size(); ++i) {
    const Range range = ranges[i];
    Node node;
    size_t at = range.begin;
    if (at < range.end && sorted[at]->first.size() == range.depth) {
      node.replacement = static_cast<uint32_t>(replacements_.size());
      replacements_.push_back(sorted[at]->second);
      ++at;
    }
    node.first_edge = static_cast<uint32_t>(edges_.size());
    while (at < range.end) {
      const char byte = sorted[at]->first[range.depth];
      size_t last = at;
      while (last < range.end && sorted[last]->first[range.depth] == byte) ++last;
      edges_.push_back({static_cast<uint8_t>(byte), static_cast<uint32_t>(ranges.size())});
      ranges.push_back({at, last, range.depth + 1});
      at = last;
    }
    node.edges = static_cast<uint32_t>(edges_.size()) - node.first_edge;
    nodes_.push_back(node);
  }
  for (uint32_t e = 0; e < nodes_[0].edges; ++e) first_[edges_[e].byte] = edges_[e].node;
}

size_t StringMapping::Match(std::string_view text, std::string_view* replacement) const {
  size_t matched = 0;
  uint32_t at = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const Edge* const begin = edges_.data() + nodes_[at].first_edge;
    const Edge* const end = begin + nodes_[at].edges;
    const Edge* const edge =
        std::find_if(begin, end, [&](const Edge& e) { return e.byte == uint8_t(text[i]); });
    if (edge == end) break;
    at = edge->node;
    if (nodes_[at].replacement != kNone) {
      matched = i + 1;
      *replacement = replacements_[nodes_[at].replacement];
    }
  }
  return matched;
}

void MappingCharFilter::Filter(std::string_view text, std::string* out, OffsetMap* map) {
  size_t copied = 0;
  for (size_t at = 0; at < text.size();) {
    if (out->size() > Analyzer::kMaxValueBytes) return;  // the stream reports it
    std::string_view replacement;
    const size_t bytes = mapping_->MayBegin(static_cast<uint8_t>(text[at]))
                             ? mapping_->Match(text.substr(at), &replacement)
                             : 0;
    if (bytes == 0) {
      ++at;
      continue;
    }
    out->append(text, copied, at - copied);
    const size_t out_begin = out->size();
    out->append(replacement);
    map->Add(static_cast<uint32_t>(at), static_cast<uint32_t>(at + bytes),
             static_cast<uint32_t>(out_begin), static_cast<uint32_t>(out->size()));
    at += bytes;
    copied = at;
  }
  out->append(text, copied, text.size() - copied);
}

}  // namespace segue
