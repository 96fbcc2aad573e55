// SPDX-License-Identifier: Apache-2.0
//
// Two ways to the same tokens.
//
// The exact one (Mixed) runs the automaton at each place: longest match, or skip a character. A
// match depends on nothing before it, so any place behind a match or a skip is a fresh start. No
// match contains a separator (an ASCII byte such as a space), so the text falls into independent
// pieces at separators.
//
// Pieces that are all ASCII take the fast way (Ascii): 64 bytes at a time become bit masks of
// letters, digits, underscores and signs that join; a word is a run of the first three, with single
// joining signs that have a letter (or a digit) on both sides. Shifts find these, and the places
// where the word mask changes are the tokens' bounds. Words over the length limit, and those not
// begun by a letter, get a closer look.
//
// The batch's storage takes a plain copy of the region's bytes, with each token at its place: one
// memcpy, and filters may then change letters for all tokens at once.
#include "engine/text/standard_tokenizer.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/check.h"
#include "engine/text/utf8_inline.h"
#include "engine/text/word_automaton.h"

namespace segue {
namespace {

inline bool IsAsciiLetter(uint8_t c) { return static_cast<uint8_t>((c | 0x20) - 'a') < 26; }
// Separators all, and the most frequent.
inline bool IsSpaceOrControl(uint8_t c) { return c <= ' '; }
inline bool IsAsciiDigit(uint8_t c) { return static_cast<uint8_t>(c - '0') < 10; }

}  // namespace

void StandardTokenizer::Start(std::string_view text) {
  text_ = reinterpret_cast<const uint8_t*>(text.data());
  text_bytes_ = text.size();
  at_ = 0;
}

bool StandardTokenizer::Next(TokenBatch* batch) {
  while (at_ < text_bytes_ && batch->size() < TokenBatch::kTargetTokens) {
    Region(batch);
  }
  return at_ < text_bytes_;
}

void StandardTokenizer::Region(TokenBatch* batch) {
  region_ = text_ + at_;
  const bool to_the_end = text_bytes_ - at_ <= kRegionBytes;
  size_t bytes = Classify(std::min(text_bytes_ - at_, kRegionBytes));
  // A region ends behind a separator, at the end of the text, or (without separators) where the
  // automaton is after so many bytes.
  bool separated = true;
  if (!to_the_end) {
    const size_t last = FindLastSeparator(0, bytes);
    separated = last < bytes;
    if (separated) bytes = last + 1;
  }

  // Every other byte a token is as many as there can be; Mixed() may pass the region's end.
  const size_t bytes_beyond = 4 * max_token_units_;
  batch->Reserve(bytes + 1, bytes + bytes_beyond);
  out_ = batch->tokens() + batch->size();
  term_base_ = static_cast<uint32_t>(batch->bytes_used());
  non_ascii_ = false;
  done_ = 0;
  if (!separated || MostlyNotAscii(bytes)) {
    Mixed(0, bytes);
  } else {
    Pieces(bytes);
    done_ = bytes;
  }
  std::memcpy(batch->bytes() + term_base_, region_, done_);
  batch->Commit(static_cast<size_t>(out_ - (batch->tokens() + batch->size())), done_);
  if (non_ascii_) batch->set_may_have_non_ascii(true);
  at_ += done_;
}

// Each piece between separators the way that suits it.
void StandardTokenizer::Pieces(size_t bytes) {
  FindWords(bytes);
  size_t from = 0;
  for (;;) {
    const size_t high = FindHigh(from, bytes);
    if (high == bytes) break;
    const size_t before = FindLastSeparator(from, high);
    const size_t mixed_from = before == high ? from : before + 1;
    if (mixed_from > from) Ascii(from, mixed_from);
    from = FindSeparator(high, bytes);
    Mixed(mixed_from, from);
  }
  if (from < bytes) Ascii(from, bytes);
}

// Whether pieces would be too small to be worth telling apart.
bool StandardTokenizer::MostlyNotAscii(size_t bytes) const {
  size_t high = 0;
  for (size_t block = 0; block * 64 < bytes; ++block) high += std::popcount(blocks_[block].high);
  return high > bytes / 4;
}

// Classifies the region's bytes; behind them the masks say separator. Returns `bytes`.
size_t StandardTokenizer::Classify(size_t bytes) {
  const size_t whole = bytes / 64;
  kernels_.classify(region_, whole, blocks_);
  if (bytes % 64 != 0) {
    uint8_t tail[64] = {};
    std::memcpy(tail, region_ + 64 * whole, bytes % 64);
    kernels_.classify(tail, 1, blocks_ + whole);
  }
  return bytes;
}

// The first separator in [from, limit), or `limit`.
size_t StandardTokenizer::FindSeparator(size_t from, size_t limit) const {
  for (size_t block = from / 64; block * 64 < limit; ++block) {
    uint64_t mask = blocks_[block].separators;
    if (block == from / 64) mask &= ~uint64_t{0} << (from % 64);
    if (mask != 0) return std::min<size_t>(limit, block * 64 + std::countr_zero(mask));
  }
  return limit;
}

// The last separator in [from, limit), or `limit`.
size_t StandardTokenizer::FindLastSeparator(size_t from, size_t limit) const {
  for (size_t block = (limit + 63) / 64; block-- > from / 64;) {
    uint64_t mask = blocks_[block].separators;
    if (limit < block * 64 + 64) mask &= ~(~uint64_t{0} << (limit % 64));
    if (mask != 0) {
      const size_t found = block * 64 + 63 - std::countl_zero(mask);
      return found >= from ? found : limit;
    }
  }
  return limit;
}

size_t StandardTokenizer::FindHigh(size_t from, size_t limit) const {
  for (size_t block = from / 64; block * 64 < limit; ++block) {
    uint64_t mask = blocks_[block].high;
    if (block == from / 64) mask &= ~uint64_t{0} << (from % 64);
    if (mask != 0) return std::min<size_t>(limit, block * 64 + std::countr_zero(mask));
  }
  return limit;
}

// Fills words_: the bytes of ASCII words, where all neighbours are ASCII.
void StandardTokenizer::FindWords(size_t bytes) {
  const size_t count = (bytes + 63) / 64;
  uint64_t letters_before = 0, digits_before = 0;  // bit 0: the last byte of the block before
  for (size_t i = 0; i < count; ++i) {
    const AsciiWordBlock& block = blocks_[i];
    uint64_t words = block.letters | block.digits | block.connectors;
    if ((block.between_letters | block.between_digits) != 0) {
      const bool last = i + 1 == count;
      const uint64_t letters_after = last ? 0 : blocks_[i + 1].letters & 1;
      const uint64_t digits_after = last ? 0 : blocks_[i + 1].digits & 1;
      words |= block.between_letters & (block.letters << 1 | letters_before) &
               (block.letters >> 1 | letters_after << 63);
      words |= block.between_digits & (block.digits << 1 | digits_before) &
               (block.digits >> 1 | digits_after << 63);
    }
    letters_before = block.letters >> 63;
    digits_before = block.digits >> 63;
    words_[i] = words;
  }
}

// Tokens of [from, to), which is ASCII, follows a fresh start and ends behind a separator or with
// the region.
void StandardTokenizer::Ascii(size_t from, size_t to) {
  uint16_t* bound = bounds_;
  uint64_t inside = 0;  // bit 0: the byte before is in a word
  const size_t last_block = (to - 1) / 64;
  for (size_t block = from / 64; block <= last_block; ++block) {
    uint64_t words = words_[block];
    const size_t base = block * 64;
    if (base < from) words &= ~uint64_t{0} << (from - base);
    if (to - base < 64) words &= ~(~uint64_t{0} << (to - base));
    uint64_t changes = words ^ (words << 1 | inside);
    inside = words >> 63;
    const int count = std::popcount(changes);
    uint16_t* next = bound;
    // Eight at a time without asking; what is too many is written over.
    for (int done = 0; done < count; done += 8) {
      for (int i = 0; i < 8; ++i) {
        next[i] = static_cast<uint16_t>(base + std::countr_zero(changes));
        changes &= changes - 1;
      }
      next += 8;
    }
    bound += count;
  }
  if (inside != 0) *bound++ = static_cast<uint16_t>(to);

  for (const uint16_t* pair = bounds_; pair < bound; pair += 2) {
    const size_t begin = pair[0], end = pair[1];
    if (IsAsciiLetter(region_[begin]) && end - begin <= max_token_units_) [[likely]] {
      Emit(begin, end, TokenType::kAlphanum, true);
    } else {
      AsciiToken(begin, end);
    }
  }
}

// An ASCII word that is too long or may be a number, or nothing but underscores.
void StandardTokenizer::AsciiToken(size_t from, size_t to) {
  if (to - from > max_token_units_) {
    Mixed(from, to);
    return;
  }
  bool digits = false, letters = false;
  for (size_t i = from; i < to; ++i) {
    digits |= IsAsciiDigit(region_[i]);
    letters |= IsAsciiLetter(region_[i]);
  }
  if (letters || digits) Emit(from, to, letters ? TokenType::kAlphanum : TokenType::kNum, true);
}

// Tokens of any text from a fresh start at `from` until a fresh start at or beyond `to`, which goes
// to done_.
void StandardTokenizer::Mixed(size_t from, size_t to) {
  const uint8_t* const end = text_ + text_bytes_;
  size_t at = from;
  while (at < to) {
    if (IsSpaceOrControl(region_[at])) {
      ++at;
      continue;
    }
    const WordMatch match = MatchWord(region_ + at, end, max_token_units_);
    if (match.bytes != 0) {
      Emit(at, at + match.bytes, match.type, false);
      at += match.bytes;
      continue;
    }
    if (region_[at] == '_') {
      // Of a long run only the last underscores can be part of a token. Without this each one would
      // cost a look at all the others within the limit.
      size_t run = 1;
      while (at + run < to && region_[at + run] == '_') ++run;
      at += run > max_token_units_ ? run - max_token_units_ + 1 : 1;
      continue;
    }
    char32_t ignored;
    at += DecodeUtf8Inline(region_ + at, end, &ignored);
  }
  done_ = at;
}

inline void StandardTokenizer::Emit(size_t from, size_t to, TokenType type, bool ascii) {
  Token& token = *out_++;
  token.term_begin = term_base_ + static_cast<uint32_t>(from);
  token.term_bytes = static_cast<uint32_t>(to - from);
  token.start_byte = static_cast<uint32_t>(region_ - text_ + from);
  token.end_byte = static_cast<uint32_t>(region_ - text_ + to);
  token.position_increment = 1;
  token.position_length = 1;
  token.type = type;
  token.may_be_non_ascii = !ascii;
  token.is_keyword = 0;
  token.is_verbatim = 1;
  if (!ascii) non_ascii_ = true;
}

}  // namespace segue
