// SPDX-License-Identifier: Apache-2.0
//
// A batch is two growing arrays, tokens and bytes. The bytes have slack on both sides so that
// whoever reads terms may load full vectors; growing keeps contents and slack.
#include <algorithm>
#include <cstring>

#include "engine/base/check.h"
#include "engine/text/unicode.h"
#include "segue/analysis.h"

namespace segue {
namespace {

constexpr std::string_view kTypeNames[] = {"ALPHANUM", "NUM",      "SOUTHEAST_ASIAN", "IDEOGRAPHIC",
                                           "HIRAGANA", "KATAKANA", "HANGUL",          "EMOJI",
                                           "SHINGLE",  "SYNONYM"};

size_t Grown(size_t capacity, size_t wanted) {
  if (capacity == 0) return wanted;
  return std::max({wanted, capacity * 2, TokenBatch::kTargetTokens});
}

}  // namespace

std::string_view TokenTypeName(TokenType type) {
  const size_t i = static_cast<size_t>(type);
  return i < std::size(kTypeNames) ? kTypeNames[i] : std::string_view("UNKNOWN");
}

// Room for a query; a document's batch grows to kTargetTokens at once, and keeps that.
TokenBatch::TokenBatch() {
  GrowTokens(32);
  try {
    GrowBytes(512);
  } catch (...) {
    // No destructor runs for what is half made.
    delete[] tokens_;
    throw;
  }
}

TokenBatch::~TokenBatch() {
  delete[] tokens_;
  if (bytes_ != nullptr) delete[](bytes_ - kSlackBytes);
}

TokenBatch::TokenBatch(TokenBatch&& other) noexcept { *this = std::move(other); }

TokenBatch& TokenBatch::operator=(TokenBatch&& other) noexcept {
  std::swap(tokens_, other.tokens_);
  std::swap(bytes_, other.bytes_);
  std::swap(size_, other.size_);
  std::swap(bytes_used_, other.bytes_used_);
  std::swap(token_capacity_, other.token_capacity_);
  std::swap(byte_capacity_, other.byte_capacity_);
  std::swap(trailing_increment_, other.trailing_increment_);
  std::swap(may_have_non_ascii_, other.may_have_non_ascii_);
  return *this;
}

void TokenBatch::GrowTokens(size_t wanted) {
  const size_t capacity = Grown(token_capacity_, wanted);
  Token* grown = new Token[capacity];
  if (tokens_ != nullptr) std::copy(tokens_, tokens_ + size_, grown);
  delete[] tokens_;
  tokens_ = grown;
  token_capacity_ = capacity;
}

void TokenBatch::GrowBytes(size_t wanted) {
  const size_t capacity = Grown(byte_capacity_, wanted);
  // Zeroed, so that a vector load in the slack never reads memory without a value.
  char* grown = new char[capacity + 2 * kSlackBytes]() + kSlackBytes;
  if (bytes_ != nullptr) {
    std::memcpy(grown, bytes_, bytes_used_);
    delete[](bytes_ - kSlackBytes);
  }
  bytes_ = grown;
  byte_capacity_ = capacity;
}

void TokenBatch::Clear() {
  size_ = 0;
  bytes_used_ = 0;
  trailing_increment_ = 0;
  may_have_non_ascii_ = false;
}

void TokenBatch::Reserve(size_t more_tokens, size_t more_bytes) {
  // A moved-from batch has no arrays and becomes usable here.
  if (size_ + more_tokens > token_capacity_) GrowTokens(size_ + more_tokens);
  if (bytes_used_ + more_bytes > byte_capacity_) GrowBytes(bytes_used_ + more_bytes);
}

Token& TokenBatch::Append(std::string_view term, uint32_t start_byte, uint32_t end_byte,
                          TokenType type) {
  Reserve(1, term.size());
  Token& token = tokens_[size_];
  token = Token();
  token.term_begin = static_cast<uint32_t>(bytes_used_);
  token.term_bytes = static_cast<uint32_t>(term.size());
  token.start_byte = start_byte;
  token.end_byte = end_byte;
  token.type = type;
  token.may_be_non_ascii = !IsAscii(term);
  token.is_verbatim = term.size() == end_byte - start_byte;
  may_have_non_ascii_ |= token.may_be_non_ascii != 0;
  if (!term.empty()) std::memcpy(bytes_ + bytes_used_, term.data(), term.size());
  Commit(1, term.size());
  return token;
}

Token& TokenBatch::AppendFrom(const TokenBatch& other, size_t i) {
  SEGUE_DCHECK(&other != this);
  const Token& from = other[i];
  Token& token = Append(other.term(i), from.start_byte, from.end_byte, from.type);
  token.position_increment = from.position_increment;
  token.position_length = from.position_length;
  token.is_keyword = from.is_keyword;
  token.is_verbatim = from.is_verbatim;
  return token;
}

void TokenBatch::SetTerm(size_t i, std::string_view term) {
  SEGUE_DCHECK_LT(i, size_);
  const bool ascii = IsAscii(term);
  if (term.size() <= tokens_[i].term_bytes) {
    if (!term.empty()) std::memmove(bytes_ + tokens_[i].term_begin, term.data(), term.size());
  } else if (bytes_used_ + term.size() <= byte_capacity_) {
    std::memmove(bytes_ + bytes_used_, term.data(), term.size());
    tokens_[i].term_begin = static_cast<uint32_t>(bytes_used_);
    bytes_used_ += term.size();
  } else {
    const std::string copy(term);  // growing would pull an alias away
    Reserve(0, copy.size());
    std::memcpy(bytes_ + bytes_used_, copy.data(), copy.size());
    tokens_[i].term_begin = static_cast<uint32_t>(bytes_used_);
    bytes_used_ += copy.size();
  }
  tokens_[i].term_bytes = static_cast<uint32_t>(term.size());
  tokens_[i].may_be_non_ascii = !ascii;
  tokens_[i].is_verbatim = 0;
  may_have_non_ascii_ |= !ascii;
}

void TokenBatch::Truncate(size_t n) {
  SEGUE_DCHECK_LE(n, size_);
  size_ = n;
}

}  // namespace segue
