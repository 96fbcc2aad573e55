// SPDX-License-Identifier: Apache-2.0
#include "engine/text/synonym_map.h"

#include <algorithm>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

using Words = SynonymMap::Words;

absl::Status Wrong(std::string_view line, std::string_view why) {
  return Error(ErrorCode::kInvalidArgument, Cat("the synonym rule ", Quoted(line), " ", why));
}

// The sides of a Solr line: of equals, or of both ends of an arrow.
struct SolrLine {
  std::vector<Words> left, right;
  bool has_arrow = false;
};

absl::Status ParseSolr(std::string_view line, SolrLine* parsed) {
  std::vector<Words>* sides = &parsed->left;
  Words words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  const auto end_side = [&]() -> absl::Status {
    end_word();
    if (words.empty()) return Wrong(line, "has a side without words");
    if (words.size() > kMaxSynonymWords) {
      return Wrong(line, Cat("has a side of more than ", kMaxSynonymWords, " words"));
    }
    sides->push_back(std::move(words));
    words.clear();
    return absl::OkStatus();
  };
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      word += line[++i];
    } else if (line[i] == ',') {
      SEGUE_RETURN_IF_ERROR(end_side());
    } else if (line.substr(i, 2) == "=>") {
      if (parsed->has_arrow) return Wrong(line, "has two arrows");
      SEGUE_RETURN_IF_ERROR(end_side());
      parsed->has_arrow = true;
      sides = &parsed->right;
      ++i;
    } else if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
      end_word();
    } else {
      word += line[i];
    }
  }
  return end_side();
}

// The number and the word of "s(100000002,1,'dog',n,1,0)."
bool ParseWordNet(std::string_view line, std::string_view* number, std::string* word) {
  if (!line.starts_with("s(")) return false;
  const size_t comma = line.find(',');
  const size_t quote = line.find('\'');
  if (comma == line.npos || quote == line.npos || comma > quote) return false;
  *number = line.substr(2, comma - 2);
  for (size_t i = quote + 1; i < line.size(); ++i) {
    if (line[i] != '\'') {
      *word += line[i];
    } else if (line.substr(i, 2) == "''") {
      *word += line[i++];
    } else {
      return true;
    }
  }
  return false;
}

}  // namespace

absl::Status SynonymMap::AddSolrLine(std::string_view line, bool expand) {
  const size_t first = line.find_first_not_of(" \t\r");
  if (first == line.npos || line[first] == '#') return absl::OkStatus();
  SolrLine parsed;
  SEGUE_RETURN_IF_ERROR(ParseSolr(line, &parsed));
  if (!parsed.has_arrow) return AddEqual(parsed.left, expand);
  for (const Words& from : parsed.left) SEGUE_RETURN_IF_ERROR(Add(from, parsed.right));
  return absl::OkStatus();
}

absl::Status SynonymMap::AddWordNetLines(const std::vector<std::string>& lines, bool expand) {
  std::map<std::string, std::vector<Words>, std::less<>> sets;
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    std::string_view number;
    std::string word;
    if (!ParseWordNet(line, &number, &word)) {
      return Wrong(line, "is no line of WordNet's Prolog file, s(NUMBER,1,'WORD',...)");
    }
    // Commas and arrows are part of words here.
    Words words;
    for (size_t at = 0; at < word.size();) {
      const size_t blank = std::min(word.find_first_of(" _", at), word.size());
      if (blank > at) words.push_back(word.substr(at, blank - at));
      at = blank + 1;
    }
    if (words.empty() || words.size() > kMaxSynonymWords) {
      return Wrong(line, Cat("must have 1 to ", kMaxSynonymWords, " words"));
    }
    sets[std::string(number)].push_back(std::move(words));
  }
  for (const auto& [number, words] : sets) SEGUE_RETURN_IF_ERROR(AddEqual(words, expand));
  return absl::OkStatus();
}

absl::Status SynonymMap::AddEqual(const std::vector<Words>& sides, bool expand) {
  if (sides.size() > kMaxSynonymsOfOne) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("a synonym rule makes more than ", kMaxSynonymsOfOne, " words equal"));
  }
  const std::vector<Words> first(sides.begin(), sides.begin() + 1);
  for (const Words& side : sides) SEGUE_RETURN_IF_ERROR(Add(side, expand ? sides : first));
  return absl::OkStatus();
}

absl::Status SynonymMap::Add(const Words& from, const std::vector<Words>& to) {
  Node at = kRoot;
  for (const std::string& word : from) {
    auto next = nodes_[at].next.find(word);
    if (next == nodes_[at].next.end()) {
      nodes_.emplace_back();  // moves them all
      next = nodes_[at].next.emplace(word, static_cast<Node>(nodes_.size() - 1)).first;
    }
    at = next->second;
  }
  if (nodes_[at].rule == kNone) {
    nodes_[at].rule = static_cast<uint32_t>(rules_.size());
    rules_.emplace_back();
  }
  Rule& rule = rules_[nodes_[at].rule];
  for (const Words& words : to) {
    if (words == from) {
      rule.keeps_words = true;
    } else if (std::find(rule.alternatives.begin(), rule.alternatives.end(), words) ==
               rule.alternatives.end()) {
      rule.alternatives.push_back(words);
    }
  }
  if (rule.alternatives.size() > kMaxSynonymsOfOne) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat(Quoted(from[0]), from.size() > 1 ? " (and what follows)" : "",
                     " has more than ", kMaxSynonymsOfOne, " synonyms"));
  }
  return absl::OkStatus();
}

SynonymMap::Node SynonymMap::Step(Node from, std::string_view word) const {
  const auto found = nodes_[from].next.find(word);
  return found == nodes_[from].next.end() ? kNone : found->second;
}

const SynonymMap::Rule* SynonymMap::RuleAt(Node node) const {
  return nodes_[node].rule == kNone ? nullptr : &rules_[nodes_[node].rule];
}

}  // namespace segue
