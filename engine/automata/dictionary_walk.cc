// SPDX-License-Identifier: Apache-2.0
//
// Terms are front-coded: how much one shares with the one before tells without a look at it whether
// it goes on with what the matcher refused there. Else its own bytes are taken from the state at
// the place where it differs.
//
// UTF-8 sorts as its code points do, so the next character that a matcher may take gives the least
// term that can come next: blocks below it are passed over. Bytes that are no UTF-8 stand anywhere
// in that order and all read as U+FFFD; where that one is wanted, or has been met, the walk passes
// over less than it might.
#include "engine/automata/dictionary_walk.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "engine/pattern/pattern_program.h"

namespace segue {
namespace {

constexpr char32_t kFirstSurrogate = 0xd800;
constexpr char32_t kAfterSurrogates = 0xe000;
constexpr size_t kAllTaken = ~size_t{0};
constexpr size_t kCopiedAtOnce = 16;

bool IsAscii(uint8_t byte) { return byte < 0x80; }

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
  has_table_ = table_.Fill(cursor_, terms_in_block_);
  MakeRoom(FrontCodeTable::kMostTermBytes);
  return true;
}

// Goes on to the next term of the block that is wanted; false if there is none.
bool DictionaryWalk::FindInBlock() {
  const bool in_table = has_table_ && !matcher_->rules_out_ends();
  Continuation term;
  while (true) {
    if (in_table && FindInTable()) return true;
    if (!NextUnrefused(&term) || !SetLength(term)) return false;
    if (PassOver(term)) continue;
    Read(term);
    if (refused_shared_ == kNothingRefused && matcher_->Accepts(state_)) return true;
  }
}

// The same for terms of a table that are ASCII as far as they matter, which nearly all are: what
// the functions below do term by term, in one loop. False before the first other one.
bool DictionaryWalk::FindInTable() {
  uint8_t* const bytes = term_.data();
  TermMatcher::State* const states = states_.data();
  while (next_ != 0 && !matcher_->is_large()) {
    const uint32_t number = NextInTable();
    if (number == terms_in_block_) return false;
    size_t at = table_.shared_bytes(number);
    if (at > length_ || (at > 0 && !IsAscii(bytes[at - 1]))) return false;
    const uint8_t* byte = table_.suffix(number);
    const uint8_t* const end = byte + table_.suffix_bytes(number);
    TermMatcher::State state = states[at], next = state;
    for (; byte != end && IsAscii(*byte); ++byte) {
      bytes[at] = *byte;
      next = matcher_->Step(state, *byte);
      if (next == TermMatcher::kDead) break;
      states[++at] = state = next;
    }
    if (next != TermMatcher::kDead && byte != end) return false;
    next_ = number + 1;
    length_ = at + static_cast<size_t>(end - byte);
    if (next == TermMatcher::kDead) {
      Refuse(at, at + 1, *byte, /*ill_formed=*/false);
      continue;
    }
    state_ = state;
    refused_shared_ = kNothingRefused;
    if (matcher_->Accepts(state)) return true;
  }
  return false;
}

// Goes on to the next term of the block that does not share what was refused.
bool DictionaryWalk::NextUnrefused(Continuation* term) {
  if (next_ == 0) {
    const std::string_view first = blocks_.block().first_term();
    const auto shared = static_cast<uint32_t>(SharedWithTaken(first));
    *term = {shared, static_cast<uint32_t>(first.size()) - shared,
             reinterpret_cast<const uint8_t*>(first.data()) + shared};
    next_ = 1;
    refused_shared_ = kNothingRefused;
    return true;
  }
  if (has_table_) {
    const uint32_t at = NextInTable();
    next_ = std::min(at + 1, terms_in_block_);
    if (at == terms_in_block_) return false;
    *term = {table_.shared_bytes(at), table_.suffix_bytes(at), table_.suffix(at)};
    return true;
  }
  while (next_ < terms_in_block_) {
    if (!cursor_.Next(&term->shared, &term->suffix, &term->suffix_bytes)) {
      status_ = blocks_.Corrupt(cursor_.suffix, "a dictionary term is longer than its block");
      return false;
    }
    ++next_;
    if (term->shared < refused_shared_) return true;
  }
  return false;
}

// So many bytes of a block's first term the matcher has taken as those of the term before.
size_t DictionaryWalk::SharedWithTaken(std::string_view first) const {
  const size_t taken = refused_shared_ == kNothingRefused ? length_ : refused_begin_;
  const size_t most = std::min({taken, first.size(), known_});
  size_t shared = 0;
  while (shared < most && term_[shared] == static_cast<uint8_t>(first[shared])) ++shared;
  return shared;
}

// The next term of the table that does not share what was refused; terms_in_block_: none does.
uint32_t DictionaryWalk::NextInTable() const {
  return table_.NextSharingLess(refused_shared_, next_);
}

// What the term shares has been written down: all terms between the last one that was read and this
// share what was refused there, which is more. Makes room for the rest. False: it cannot be a term.
bool DictionaryWalk::SetLength(const Continuation& term) {
  if (term.shared > length_) {
    status_ = blocks_.Corrupt(term.suffix, "a dictionary term shares more than there is");
    return false;
  }
  length_ = size_t{term.shared} + term.suffix_bytes;
  if (length_ > kMaxTermBytes) {
    status_ = blocks_.Corrupt(term.suffix, "a dictionary term is longer than terms can be");
    return false;
  }
  MakeRoom(length_);
  return true;
}

// For a term of so many bytes.
void DictionaryWalk::MakeRoom(size_t bytes) {
  if (states_.size() > bytes) return;
  states_.resize(bytes + 1);
  term_.resize(bytes + 1 + kCopiedAtOnce);
}

// Passes over a term that ends as no wanted one does. Not the last of a block: what is refused of
// it tells which blocks can be passed over.
bool DictionaryWalk::PassOver(const Continuation& term) {
  if (!matcher_->rules_out_ends() || term.suffix_bytes == 0 || next_ == terms_in_block_)
    return false;
  if (matcher_->MayEndWith(term.suffix[term.suffix_bytes - 1])) return false;
  Append(term, 0);
  known_ = std::min<size_t>(known_, term.shared);
  refused_shared_ = kNothingRefused;
  return true;
}

// Writes down the term's own bytes, from one of them on.
void DictionaryWalk::Append(const Continuation& term, size_t from) {
  const uint8_t* const source = term.suffix + from;
  uint8_t* const target = term_.data() + term.shared + from;
  // Pins have slack, as the term has.
  if (term.suffix_bytes <= kCopiedAtOnce) {
    std::memcpy(target, source, kCopiedAtOnce);
  } else {
    std::memcpy(target, source, term.suffix_bytes - from);
  }
}

// Has the matcher take the term, from where it differs from those that were taken before.
void DictionaryWalk::Read(const Continuation& term) {
  const bool begins_anew = matcher_->is_large();
  if (begins_anew) matcher_->Forget();
  size_t at = std::min<size_t>(term.shared, std::exchange(known_, kAllKnown));
  // What an ill-formed piece is depends on the byte behind it; behind ASCII nothing is open.
  const bool is_open = at > 0 && !IsAscii(term_[at - 1]);
  size_t written = 0;
  if (at == term.shared && !begins_anew && !is_open) {
    at = TakeAscii(term);
    if (at == kAllTaken) return;
    written = at - term.shared;
  }
  Append(term, written);
  if (begins_anew) at = 0;
  while (at > 0 && !IsAscii(term_[at - 1])) --at;
  Take(at);
}

// From where the term differs on, as far as its bytes are ASCII: most terms are refused within a
// byte or two, and the rest of them is never touched. Returns the place of the first other byte, or
// kAllTaken if there is none or one before was refused.
size_t DictionaryWalk::TakeAscii(const Continuation& term) {
  uint8_t* const bytes = term_.data();
  TermMatcher::State* const states = states_.data();
  size_t at = term.shared;
  TermMatcher::State state = states[at];
  for (uint32_t i = 0; i < term.suffix_bytes; ++i) {
    const uint8_t byte = term.suffix[i];
    if (!IsAscii(byte)) return at;
    bytes[at] = byte;
    const TermMatcher::State next = matcher_->Step(state, byte);
    if (next == TermMatcher::kDead) {
      Refuse(at, at + 1, byte, false);
      return kAllTaken;
    }
    states[++at] = state = next;
  }
  state_ = state;
  refused_shared_ = kNothingRefused;
  return kAllTaken;
}

// From the character that begins at byte `at` on.
void DictionaryWalk::Take(size_t at) {
  TermMatcher::State state = states_[at];
  while (at < length_) {
    char32_t character = 0;
    const size_t end = at + DecodeUtf8(term_.data() + at, term_.data() + length_, &character);
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
    if (path_may_change ||
        matcher_->NextLive(state, kReplacementCharacter) == kReplacementCharacter) {
      return PrefixEnd(term.substr(0, end));
    }
    std::optional<char32_t> next;
    if (refused < kLastCharacter) next = matcher_->NextLive(state, refused + 1);
    if (next.has_value() && *next >= kFirstSurrogate && *next < kAfterSurrogates) {
      next = matcher_->NextLive(state, kAfterSurrogates);
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
    const std::optional<char32_t> least = matcher_->NextLive(state, 0);
    if (matcher_->Accepts(state) || !least.has_value() || *least == 0) return;
    const bool is_surrogate = *least >= kFirstSurrogate && *least < kAfterSurrogates;
    const bool may_be_ill_formed =
        matcher_->NextLive(state, kReplacementCharacter) == kReplacementCharacter;
    if (is_surrogate || may_be_ill_formed) return;
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
