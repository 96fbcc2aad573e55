// SPDX-License-Identifier: Apache-2.0
//
// One character is held back until the next one is seen. A position without a token (the last of a
// row, without unigrams) goes to the token behind it, so that both kinds of chains count alike.
#include "engine/text/cjk_bigram_filter.h"

#include "engine/base/limits.h"

namespace segue {

void CjkBigramFilter::Start() {
  ExpandingFilter::Start();
  held_.is_held = false;
  at_ = 0;
}

// Gives the held character, which nothing follows.
void CjkBigramFilter::Give(TokenBatch* out) {
  if (!held_.is_held) return;
  held_.is_held = false;
  skipped_ += held_.token.position_increment;
  if (!unigrams_ && held_.is_paired) return;
  Token& token =
      out->Append(held_.term, held_.token.start_byte, held_.token.end_byte, held_.token.type);
  token.position_increment = skipped_;
  skipped_ = 0;
}

// Gives the held character and its pair with the next one.
void CjkBigramFilter::GivePair(std::string_view next, const Token& next_token, TokenBatch* out) {
  const Token& held = held_.token;
  skipped_ += held.position_increment;
  if (unigrams_) {
    out->Append(held_.term, held.start_byte, held.end_byte, held.type).position_increment =
        skipped_;
    skipped_ = 0;
  }
  pair_.assign(held_.term);
  pair_ += next;
  Token& pair = out->Append(pair_, held.start_byte, next_token.end_byte, held.type);
  pair.position_increment = skipped_;
  pair.position_length = unigrams_ ? 2 : 1;
  pair.is_verbatim = 0;
  skipped_ = 0;
}

bool CjkBigramFilter::Expand(const TokenBatch& in, size_t i, TokenBatch* out) {
  const Token& token = in[i];
  const std::string_view term = in.term(i);
  if ((types_ >> static_cast<uint32_t>(token.type) & 1) == 0 || token.is_keyword ||
      term.size() > kMaxTermBytes) {
    Give(out);
    out->AppendFrom(in, i).position_increment += skipped_;
    skipped_ = 0;
    return true;
  }
  while (at_ < term.size()) {
    if (out->size() >= TokenBatch::kTargetTokens) return false;
    const size_t end = EndOfCluster(term, at_);
    Token next = token;
    if (token.is_verbatim) {
      next.start_byte = token.start_byte + static_cast<uint32_t>(at_);
      next.end_byte = token.start_byte + static_cast<uint32_t>(end);
    }
    if (at_ > 0) next.position_increment = 1;
    const bool adjoins = held_.is_held && next.position_increment == 1 &&
                         (at_ > 0 || held_.token.end_byte == next.start_byte);
    const std::string_view character = term.substr(at_, end - at_);
    if (adjoins) {
      GivePair(character, next, out);
    } else {
      Give(out);
    }
    held_.is_paired = adjoins;
    held_.is_held = true;
    held_.term.assign(character);
    held_.token = next;
    at_ = end;
  }
  at_ = 0;
  return true;
}

}  // namespace segue
