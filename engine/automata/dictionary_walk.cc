// SPDX-License-Identifier: Apache-2.0
//
// Terms are front-coded: how much one shares with the one before tells without a look at it whether
// it goes on with what the matcher refused there. Most of the others are refused at their first
// byte behind what they share, as one before them was: those are passed over together. Of the rest,
// their own bytes are taken from the state at the place where they differ.
//
// UTF-8 sorts as its code points do, so the next character that a matcher may take gives the least
// term that can come next: blocks below it are passed over. Bytes that are no UTF-8 stand anywhere
// in that order and all read as U+FFFD; where that one is wanted, or has been met, the walk passes
// over less than it might.
#include "engine/automata/dictionary_walk.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "engine/pattern/pattern_program.h"

namespace segue {
namespace {

constexpr char32_t kFirstSurrogate = 0xd800;
constexpr char32_t kAfterSurrogates = 0xe000;
constexpr size_t kCopiedAtOnce = 16;

constexpr TermMatcher::AsciiSet kNone = {};

bool IsAscii(uint8_t byte) { return byte < 0x80; }

// Most copies are short, and of no known length: pins have slack, as the term has.
void Copy(const uint8_t* from, size_t bytes, uint8_t* to) {
  if (bytes <= kCopiedAtOnce) {
    std::memcpy(to, from, kCopiedAtOnce);
  } else {
    std::memcpy(to, from, bytes);
  }
}

}  // namespace

DictionaryWalk::DictionaryWalk(const Dictionary& dictionary, TermMatcher* matcher)
    : blocks_(dictionary), matcher_(matcher) {}

DictionaryWalk::Outcome DictionaryWalk::Next() {
  while (status_.ok()) {
    if (next_ == terms_in_block_) {
      const uint64_t block = started_ ? BlockBehind() : 0;
      started_ = true;
      if (block >= blocks_.block_count() || !LoadBlock(block)) break;
      if (terms_seen_ >= pause_at_) {
        pause_at_ = terms_seen_ + kTermsPerStep;
        return Outcome::kPaused;
      }
    }
    const bool found = FindInBlock();
    if (status_.ok()) status_ = matcher_->status();
    if (found && status_.ok()) status_ = ReadMeta();
    if (found && status_.ok()) return Outcome::kFound;
  }
  return Outcome::kEnd;
}

bool DictionaryWalk::LoadBlock(uint64_t number) {
  status_ = blocks_.Load(number);
  if (!status_.ok()) return false;
  block_ = number;
  next_ = 0;
  found_in_block_ = 0;
  terms_in_block_ = blocks_.block().term_count();
  terms_seen_ += terms_in_block_;
  cursor_ = blocks_.block().Terms();
  has_table_ = table_.Fill(blocks_.block());
  MakeRoom(FrontCodeTable::kMostTermBytes);
  return true;
}

// Goes on to the next term of the block that is wanted; false if there is none.
bool DictionaryWalk::FindInBlock() {
  if (next_ == 0) {
    TakeFirst();
    if (IsWanted()) return true;
  }
  if (!has_table_) return FindByCursor();
  if (const TermEnds* ends = matcher_->ends(); ends != nullptr) return FindByEnd(*ends);
  while (next_ != terms_in_block_) {
    const uint32_t number = NextInTable();
    if (number == terms_in_block_) {
      next_ = number;
      return false;
    }
    next_ = number + 1;
    if (!TakeAscii(number)) Take(table_.term(number));
    if (IsWanted()) return true;
  }
  return false;
}

bool DictionaryWalk::FindByCursor() {
  FrontCodedTerm term;
  while (NextUnrefused(&term)) {
    Take(term);
    if (IsWanted()) return true;
  }
  return false;
}

// Has the matcher take a term of the table, if all that matters of it is ASCII, as it is of nearly
// all.
bool DictionaryWalk::TakeAscii(uint32_t number) {
  uint8_t* const bytes = term_.data();
  TermMatcher::State* const states = states_.data();
  size_t at = table_.shared_bytes(number);
  if (matcher_->is_large() || (at > 0 && !IsAscii(bytes[at - 1]))) return false;
  const size_t size = at + 1 + table_.rest_bytes(number);
  const uint8_t* rest = table_.rest(number);
  uint8_t byte = table_.next(number);
  TermMatcher::State state = states[at];
  for (; IsAscii(byte); byte = *rest++) {
    bytes[at] = byte;
    const TermMatcher::State next = matcher_->Step(state, byte);
    if (next == TermMatcher::kDead) {
      length_ = size;
      Refuse(at, at + 1, byte, /*ill_formed=*/false);
      return true;
    }
    states[++at] = state = next;
    if (at == size) {
      length_ = size;
      state_ = state;
      refused_shared_ = kNothingRefused;
      return true;
    }
  }
  return false;
}

// The same for a table, where no beginning rules a term out: no more of most terms is looked at
// than their last bytes.
bool DictionaryWalk::FindByEnd(const TermEnds& ends) {
  while (next_ != terms_in_block_) {
    const uint32_t number = table_.NextEndingIn(ends, next_);
    next_ = std::min(number + 1, terms_in_block_);
    if (number == terms_in_block_) return false;
    const size_t taken = WriteShared(number);
    Append(table_.term(number));
    if (!ends.Have(term_.data() + length_, length_)) {
      known_ = std::min(known_, taken);
      continue;
    }
    written_ = number;
    TakeFrom(taken);
    if (IsWanted()) return true;
  }
  return false;
}

// Writes down what the term of the table shares with the one before it, from the nearest terms
// behind the last one written that have it. Returns how much of it has stood there since that one.
size_t DictionaryWalk::WriteShared(uint32_t number) {
  size_t missing = table_.shared_bytes(number);
  for (uint32_t before = number - 1; before > written_ && missing > 0; --before) {
    const size_t shared = table_.shared_bytes(before);
    if (shared >= missing) continue;
    uint8_t* const target = term_.data() + shared;
    *target = table_.next(before);
    std::memcpy(target + 1, table_.rest(before), missing - shared - 1);
    missing = shared;
  }
  return missing;
}

// The next term of the table that neither shares what was refused nor is known to be refused at the
// first byte behind what it shares; terms_in_block_: there is none, and the last one that was
// refused for that byte counts as read.
uint32_t DictionaryWalk::NextInTable() {
  if (refused_shared_ == kNothingRefused) return next_;
  uint32_t left = ~uint32_t{0} << (next_ - 1);
  if (refused_shared_ != refused_begin_ + 1) {  // a character that is not ASCII
    left &= table_.SharingAtMost(refused_shared_ - 1, kNone.data()).sharing;
    return left == 0 ? terms_in_block_ : static_cast<uint32_t>(std::countr_zero(left)) + 1;
  }
  size_t shared = refused_begin_;
  uint32_t refused = 0;
  while (true) {
    const FrontCodeTable::Terms terms = table_.SharingAtMost(shared, DeadBehind(shared).data());
    const uint32_t going_on = terms.going_on & left;
    if (going_on == 0) {
      // All that share as much are refused, and nobody shares less.
      const uint32_t others = terms.sharing & left;
      if (others != 0) refused = static_cast<uint32_t>(std::bit_width(others));
      break;
    }
    const auto number = static_cast<uint32_t>(std::countr_zero(going_on)) + 1;
    const size_t less = table_.shared_bytes(number);
    if (less == shared || !TermMatcher::Has(DeadBehind(less), table_.next(number))) {
      return number;
    }
    shared = less;
    refused = number;
    left &= ~uint32_t{1} << (number - 1);
  }
  if (refused != 0) {
    length_ = shared + 1 + table_.rest_bytes(refused);
    term_[shared] = table_.next(refused);
    Refuse(shared, shared + 1, term_[shared], /*ill_formed=*/false);
  }
  return terms_in_block_;
}

// The bytes that are known to be refused where a term goes on behind so many of the bytes taken.
const TermMatcher::AsciiSet& DictionaryWalk::DeadBehind(size_t shared) const {
  // Behind another byte than ASCII there may be no state.
  if (shared > 0 && !IsAscii(term_[shared - 1])) return kNone;
  return matcher_->KnownDead(states_[shared]);
}

// Goes on to the first term of the block, which stands there as a whole.
void DictionaryWalk::TakeFirst() {
  const std::string_view first = blocks_.block().first_term();
  const size_t shared = SharedWithTaken(first);
  length_ = first.size();
  MakeRoom(length_);
  const auto* const bytes = reinterpret_cast<const uint8_t*>(first.data());
  Copy(bytes + shared, length_ - shared, term_.data() + shared);
  next_ = 1;
  written_ = 0;
  TakeFrom(shared);
}

// So many bytes of a block's first term the matcher has taken as those of the term before.
size_t DictionaryWalk::SharedWithTaken(std::string_view first) const {
  const size_t taken = refused_shared_ == kNothingRefused ? length_ : refused_begin_;
  const size_t most = std::min({taken, first.size(), known_});
  size_t shared = 0;
  while (shared < most && term_[shared] == static_cast<uint8_t>(first[shared])) ++shared;
  return shared;
}

// The next term at the cursor that does not share what was refused; false: there is none, or it
// cannot be a term.
bool DictionaryWalk::NextUnrefused(FrontCodedTerm* term) {
  do {
    if (next_ == terms_in_block_) return false;
    if (!cursor_.Next(term)) {
      status_ = blocks_.Corrupt(cursor_.rest, "a dictionary term is longer than its block");
      return false;
    }
    ++next_;
  } while (term->shared_bytes >= refused_shared_);
  // What it shares has been written down: all terms between the last one that was taken and this
  // share what was refused there, which is more.
  if (term->shared_bytes > length_) {
    status_ = blocks_.Corrupt(term->rest, "a dictionary term shares more than there is");
    return false;
  }
  if (term->size() > kMaxTermBytes) {
    status_ = blocks_.Corrupt(term->rest, "a dictionary term is longer than terms can be");
    return false;
  }
  return true;
}

// For a term of so many bytes.
void DictionaryWalk::MakeRoom(size_t bytes) {
  if (states_.size() > bytes) return;
  states_.resize(bytes + 1);
  term_.resize(bytes + 1 + kCopiedAtOnce);
}

// Writes down the term's own bytes.
void DictionaryWalk::Append(const FrontCodedTerm& term) {
  length_ = term.size();
  MakeRoom(length_);
  uint8_t* const target = term_.data() + term.shared_bytes;
  *target = term.next;
  Copy(term.rest, term.rest_bytes, target + 1);
}

void DictionaryWalk::Take(const FrontCodedTerm& term) {
  Append(term);
  TakeFrom(term.shared_bytes);
}

// Has the matcher take the term that is written down, whose first bytes `at` were taken with those
// before.
void DictionaryWalk::TakeFrom(size_t at) {
  known_ = kAllKnown;
  if (matcher_->is_large()) {
    matcher_->Forget();
    at = 0;
  }
  // What an ill-formed piece is depends on the byte behind it; behind ASCII nothing is open.
  while (at > 0 && !IsAscii(term_[at - 1])) --at;
  TermMatcher::State state = states_[at];
  while (at < length_) {
    char32_t character = term_[at];
    size_t end = at + 1;
    if (!IsAscii(term_[at])) {
      end = at + DecodeUtf8(term_.data() + at, term_.data() + length_, &character);
    }
    const TermMatcher::State next = matcher_->Step(state, character);
    if (next == TermMatcher::kDead) {
      const std::string_view piece(reinterpret_cast<const char*>(term_.data()) + at, end - at);
      const bool ill_formed = character == kReplacementCharacter && piece != "\xef\xbf\xbd";
      return Refuse(at, end, character, ill_formed);
    }
    state = states_[end] = next;
    at = end;
  }
  state_ = state;
  refused_shared_ = kNothingRefused;
}

void DictionaryWalk::Refuse(size_t begin, size_t end, char32_t character, bool ill_formed) {
  refused_ = character;
  refused_begin_ = begin;
  refused_end_ = end;
  refused_ill_formed_ = ill_formed;
  refused_shared_ = end + (ill_formed ? 1 : 0);
}

// The next block in which a term may be wanted.
uint64_t DictionaryWalk::BlockBehind() const {
  if (refused_shared_ == kNothingRefused || refused_ill_formed_) return block_ + 1;
  if (block_ + 1 < blocks_.block_count() &&
      blocks_.IsBehind(block_ + 1, {reinterpret_cast<const char*>(term_.data()), refused_end_})) {
    return block_ + 1;
  }
  const std::string key = LeastBehind();
  if (key.empty()) return blocks_.block_count();
  return std::max(block_ + 1, blocks_.FindBehind(block_, key));
}

// No term between the one whose character was refused and this is wanted; empty: none behind it.
std::string DictionaryWalk::LeastBehind() const {
  const std::string_view term(reinterpret_cast<const char*>(term_.data()), refused_end_);
  size_t begin = refused_begin_, end = refused_end_;
  char32_t refused = refused_;
  while (true) {
    const TermMatcher::State state = states_[begin];
    // What seems an ill-formed piece may begin a character in a term further on.
    const bool path_may_change = begin > 0 && !IsAscii(term_[begin - 1]);
    if (path_may_change || matcher_->MayTakeReplacement(state)) {
      return PrefixEnd(term.substr(0, end));
    }
    std::optional<char32_t> next;
    if (refused < kLastCharacter) next = matcher_->NextLiveOf(state, refused + 1);
    if (next.has_value() && *next >= kFirstSurrogate && *next < kAfterSurrogates) {
      next = matcher_->NextLiveOf(state, kAfterSurrogates);
    }
    if (next.has_value()) {
      std::string key(term.substr(0, begin));
      AppendUtf8(*next, &key);
      AppendForced(matcher_->Step(state, *next), &key);
      return key;
    }
    if (begin == 0) return {};
    end = begin--;
    refused = term_[begin];
  }
}

// Goes on with what a wanted term must at least have behind what led to the state.
void DictionaryWalk::AppendForced(TermMatcher::State state, std::string* key) const {
  constexpr int kMostCharacters = 16;
  for (int i = 0; i < kMostCharacters && state != TermMatcher::kDead; ++i) {
    // Where U+FFFD may be taken, so may bytes that are no UTF-8.
    if (matcher_->Accepts(state) || matcher_->MayTakeReplacement(state)) return;
    const std::optional<char32_t> least = matcher_->NextLiveOf(state, 0);
    if (!least.has_value() || *least == 0) return;
    const bool is_surrogate = *least >= kFirstSurrogate && *least < kAfterSurrogates;
    if (is_surrogate) return;
    AppendUtf8(*least, key);
    state = matcher_->Step(state, *least);
  }
}

// Of a block of which one term is wanted, that of this; of several, that of all at once.
absl::Status DictionaryWalk::ReadMeta() {
  const uint32_t position = next_ - 1;
  if (++found_in_block_ == 1) return blocks_.ReadMeta(position, &meta_);
  if (found_in_block_ == 2) {
    if (absl::Status status = blocks_.ReadAllMeta(&metas_); !status.ok()) return status;
  }
  meta_ = metas_[position];
  return absl::OkStatus();
}

}  // namespace segue
