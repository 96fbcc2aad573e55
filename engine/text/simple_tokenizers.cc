// SPDX-License-Identifier: Apache-2.0
//
// Character by character, but for `whitespace` in ASCII text: white space is found for 64 bytes at
// once there, and tokens by where it begins and ends.
#include "engine/text/simple_tokenizers.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/text/unicode.h"
#include "engine/text/utf8_inline.h"

namespace segue {

namespace {

// At the front of the text. They belong to runs of any kind, and most characters are such.
size_t CountAsciiLetters(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && static_cast<uint8_t>((text[count] | 0x20) - 'a') < 26) ++count;
  return count;
}

// Bytes that are ASCII and no white space.
uint64_t MembersOf(const uint8_t* block, const AsciiWordBlock& classes) {
  uint64_t members = ~(classes.separators | classes.high);
  for (uint64_t left = classes.separators & ~classes.blanks; left != 0; left &= left - 1) {
    const int bit = std::countr_zero(left);
    if (!IsWhitespace(block[bit])) members |= uint64_t{1} << bit;
  }
  return members;
}

}  // namespace

void RunTokenizer::Start(std::string_view text) {
  text_ = text;
  at_ = 0;
}

bool RunTokenizer::Belongs(char32_t cp) const {
  if ((cp | 0x20) - 'a' < 26) return true;
  if (cp < 0x80) return kind_ != Kind::kLowerLetters && !IsWhitespace(cp);
  if (cp == kReplacementCharacter) return false;
  return kind_ == Kind::kLowerLetters ? IsLetter(cp) : !IsWhitespace(cp);
}

// Adds the token in front, if one is, or passes one character.
void RunTokenizer::AddRun(TokenBatch* batch) {
  const uint8_t* const text = reinterpret_cast<const uint8_t*>(text_.data());
  const uint8_t* const end = text + text_.size();
  const size_t begin = at_;
  size_t units = 0;
  while (at_ < text_.size()) {
    const size_t room = max_token_units_ - std::min(units, max_token_units_);
    const size_t letters = CountAsciiLetters(text_.substr(at_, room));
    at_ += letters;
    units += letters;
    if (at_ == text_.size()) break;
    char32_t cp;
    const size_t bytes = DecodeUtf8Inline(text + at_, end, &cp);
    const size_t cp_units = cp >= 0x10000 ? 2 : 1;
    if (!Belongs(cp)) {
      if (units == 0) at_ += bytes;
      break;
    }
    if (units + cp_units > max_token_units_ && units > 0) break;
    units += cp_units;
    at_ += bytes;
  }
  if (units > 0) {
    batch->Append(text_.substr(begin, at_ - begin), static_cast<uint32_t>(begin),
                  static_cast<uint32_t>(at_));
  }
}

// Adds the tokens in front as long as they are ASCII and not too long; the first other one is left
// as a whole. Blocks of text are copied with what is between their tokens, which costs less than to
// copy each token, but for blocks without any: a batch's bytes stay in proportion to its tokens.
void RunTokenizer::AddAsciiRuns(TokenBatch* batch) {
  Run run;
  for (size_t at = at_;; at += kBlockBytes) {
    at_ = run.is_open ? run.begin : at;
    if (batch->size() >= TokenBatch::kTargetTokens) return;
    if (run.is_open && at - run.begin > max_token_units_) return;
    const size_t bytes = std::min(text_.size() - at, kBlockBytes);
    uint8_t block[kBlockBytes];
    if (bytes < kBlockBytes) std::memset(block, ' ', kBlockBytes);
    std::memcpy(block, text_.data() + at, bytes);
    AsciiWordBlock classes;
    kernels_.classify(block, 1, &classes);
    const bool all_taken = AddBlock(block, classes, at, &run, batch);
    at_ = run.is_open ? run.begin : at + static_cast<size_t>(std::countr_zero(classes.high));
    if (!all_taken || classes.high != 0) return;
    if (bytes < kBlockBytes) break;
  }
  at_ = text_.size();
}

// Adds the tokens that end in this block of text. False at one that is too long.
bool RunTokenizer::AddBlock(const uint8_t* block, const AsciiWordBlock& classes, size_t at,
                            Run* run, TokenBatch* batch) const {
  const uint64_t members = MembersOf(block, classes);
  batch->Reserve(kBlockBytes, kBlockBytes);
  const auto block_byte = static_cast<uint32_t>(batch->bytes_used());
  if (members != 0) std::memcpy(batch->bytes() + block_byte, block, kBlockBytes);
  Token* const tokens = batch->tokens() + batch->size();
  size_t count = 0;
  // Where runs begin and end, before the first byte that is not ASCII.
  const uint64_t before = members << 1 | (run->is_open ? 1u : 0u);
  const uint64_t ascii = (classes.high & -classes.high) - 1;
  uint64_t begins = members & ~before & ascii;
  uint64_t ends = before & ~members & ascii;
  const auto open_next = [&] {
    const auto bit = static_cast<uint32_t>(std::countr_zero(begins));
    *run = {true, at + bit, block_byte + bit};
    begins &= begins - 1;
  };
  bool is_short = true;
  for (; ends != 0; ends &= ends - 1) {
    if (!run->is_open) open_next();
    const size_t end = at + static_cast<size_t>(std::countr_zero(ends));
    const size_t length = end - run->begin;
    is_short = length <= max_token_units_;
    if (!is_short) break;
    tokens[count] = Token();
    tokens[count].term_begin = run->batch_byte;
    tokens[count].term_bytes = static_cast<uint32_t>(length);
    tokens[count].start_byte = static_cast<uint32_t>(run->begin);
    tokens[count].end_byte = static_cast<uint32_t>(end);
    tokens[count].may_be_non_ascii = 0;
    tokens[count].is_verbatim = 1;
    ++count;
    run->is_open = false;
  }
  if (is_short && begins != 0) open_next();
  batch->Commit(count, members != 0 ? kBlockBytes : 0);
  return is_short;
}

bool RunTokenizer::Next(TokenBatch* batch) {
  while (at_ < text_.size() && batch->size() < TokenBatch::kTargetTokens) {
    if (kind_ == Kind::kNonSpace) AddAsciiRuns(batch);
    AddRun(batch);
  }
  if (kind_ == Kind::kLowerLetters) lowercase_.Filter(batch, false);
  return at_ < text_.size();
}

bool KeywordTokenizer::Next(TokenBatch* batch) {
  if (!text_.empty()) batch->Append(text_, 0, static_cast<uint32_t>(text_.size()));
  text_ = {};
  return false;
}

}  // namespace segue
