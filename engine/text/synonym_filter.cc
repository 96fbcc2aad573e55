// SPDX-License-Identifier: Apache-2.0
//
// Nodes of the graph: 0 where all begin; then those inside the words, if they stay; then those
// inside each alternative; then the common end. Tokens are given in the order of their first nodes,
// and no node is left out, so that increments are 0 and 1 only.
#include "engine/text/synonym_filter.h"

#include <algorithm>

namespace segue {

void SynonymFilter::Start() {
  ExpandingFilter::Start();
  waiting_.Clear();
  first_ = 0;
}

SynonymFilter::Match SynonymFilter::FindMatch(bool is_end) const {
  Match match;
  if (waiting_[first_].position_increment == 0) return match;  // lies on another
  SynonymMap::Node node = SynonymMap::kRoot;
  for (size_t at = first_;; ++at) {
    if (at == waiting_.size()) {
      match.is_open = !is_end && map_->HasMore(node);
      return match;
    }
    const Token& token = waiting_[at];
    if (token.position_length != 1 || (at > first_ && token.position_increment != 1)) return match;
    node = map_->Step(node, waiting_.term(at));
    if (node == SynonymMap::kNone) return match;
    const SynonymMap::Rule* const rule = map_->RuleAt(node);
    if (rule != nullptr) {
      match.tokens = at + 1 - first_;
      match.rule = rule;
    }
  }
}

// Not where the token behind the sequence lies on its last one, if the graph has several positions:
// it would come to lie elsewhere.
bool SynonymFilter::MayApply(const Match& match, bool is_end, bool* is_open) const {
  const bool is_one_position =
      match.tokens == 1 &&
      std::all_of(match.rule->alternatives.begin(), match.rule->alternatives.end(),
                  [](const SynonymMap::Words& words) { return words.size() == 1; });
  if (is_one_position) return true;
  const size_t behind = first_ + match.tokens;
  if (behind < waiting_.size()) return waiting_[behind].position_increment != 0;
  *is_open = !is_end;
  return is_end;
}

void SynonymFilter::Give(const Match& match, TokenBatch* out) {
  const SynonymMap::Rule& rule = *match.rule;
  const uint32_t start_byte = waiting_[first_].start_byte;
  const uint32_t end_byte = std::max(start_byte, waiting_[first_ + match.tokens - 1].end_byte);
  uint32_t increment = waiting_[first_].position_increment;  // of the next token at node 0
  size_t end = 1;
  if (rule.keeps_words) end += match.tokens - 1;
  for (const auto& words : rule.alternatives) end += words.size() - 1;

  // The first word of each.
  size_t inside = 1;  // the first node inside
  const auto place_first = [&](Token* token, size_t words) {
    token->position_increment = increment;
    token->position_length = static_cast<uint16_t>(words == 1 ? end : inside);
    increment = 0;
    inside += words - 1;
  };
  if (rule.keeps_words) place_first(&out->AppendFrom(waiting_, first_), match.tokens);
  for (const auto& words : rule.alternatives) {
    Token& token = out->Append(words[0], start_byte, end_byte, TokenType::kSynonym);
    token.is_verbatim = 0;
    place_first(&token, words.size());
  }
  // The others, one a node.
  size_t node = 1;
  const auto place = [&](Token* token, bool is_last) {
    token->position_increment = 1;
    token->position_length = static_cast<uint16_t>(is_last ? end - node : 1);
    ++node;
  };
  for (size_t i = 1; rule.keeps_words && i < match.tokens; ++i) {
    place(&out->AppendFrom(waiting_, first_ + i), i + 1 == match.tokens);
  }
  for (const auto& words : rule.alternatives) {
    for (size_t i = 1; i < words.size(); ++i) {
      Token& token = out->Append(words[i], start_byte, end_byte, TokenType::kSynonym);
      token.is_verbatim = 0;
      place(&token, i + 1 == words.size());
    }
  }
  first_ += match.tokens;
}

void SynonymFilter::Decide(bool is_end, TokenBatch* out) {
  while (first_ < waiting_.size()) {
    Match match = FindMatch(is_end);
    if (!match.is_open && match.rule != nullptr && !MayApply(match, is_end, &match.is_open)) {
      match.rule = nullptr;
    }
    if (match.is_open) return;
    if (match.rule != nullptr) {
      Give(match, out);
    } else {
      out->AppendFrom(waiting_, first_++);
    }
  }
  waiting_.Clear();
  first_ = 0;
}

// Tokens that were given lie in front of first_.
void SynonymFilter::Compact() {
  spare_.Clear();
  for (size_t i = first_; i < waiting_.size(); ++i) spare_.AppendFrom(waiting_, i);
  std::swap(waiting_, spare_);
  first_ = 0;
}

bool SynonymFilter::Expand(const TokenBatch& in, size_t i, TokenBatch* out) {
  if (first_ >= TokenBatch::kTargetTokens) Compact();
  waiting_.AppendFrom(in, i);
  Decide(false, out);
  return true;
}

void SynonymFilter::Finish(TokenBatch* out) { Decide(true, out); }

}  // namespace segue
