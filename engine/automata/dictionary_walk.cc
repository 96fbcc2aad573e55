// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 sorts as its code points do, so the next character that a matcher may take gives the least
// term that can come next: all between is passed over by one seek. Bytes that are no UTF-8 stand
// anywhere in that order and all read as U+FFFD; where that one is wanted, or has been met, the
// walk passes over less than it might.
#include "engine/automata/dictionary_walk.h"

#include <algorithm>

#include "engine/automata/pattern_program.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

constexpr char32_t kFirstSurrogate = 0xd800;
constexpr char32_t kAfterSurrogates = 0xe000;
// A seek costs as much as so many steps.
constexpr int kStepsBeforeSeek = 12;

}  // namespace

DictionaryWalk::DictionaryWalk(const Dictionary& dictionary, TermMatcher* matcher)
    : it_(dictionary), matcher_(matcher) {}

DictionaryWalk::Outcome DictionaryWalk::Next() {
  if (!started_) {
    it_.SeekToFirst();
    started_ = true;
    ++terms_seen_;
  } else if (it_.valid()) {
    Leave();
  }
  for (const uint64_t pause = terms_seen_ + kTermsPerStep; it_.valid(); Leave()) {
    const bool taken = Take();
    if (status_ = matcher_->status(); !status_.ok()) return Outcome::kEnd;
    if (taken && matcher_->Accepts()) return Outcome::kFound;
    if (terms_seen_ >= pause) return Outcome::kPaused;
  }
  status_ = it_.status();
  return Outcome::kEnd;
}

// Has the matcher take the term, from where it differs from the one before. Whether it took it all.
bool DictionaryWalk::Take() {
  const std::string_view term = it_.term();
  const size_t common = static_cast<size_t>(
      std::mismatch(path_.begin(), path_.end(), term.begin(), term.end()).first - path_.begin());
  // An ill-formed piece ends where it does because of the byte behind it.
  while (!characters_.empty() &&
         (characters_.back().end > common ||
          (characters_.back().end == common && characters_.back().ill_formed))) {
    characters_.pop_back();
  }
  matcher_->Cut(characters_.size());
  size_t at = characters_.empty() ? 0 : characters_.back().end;
  path_.resize(at);
  const auto* bytes = reinterpret_cast<const uint8_t*>(term.data());
  while (at < term.size()) {
    char32_t character = 0;
    const size_t end = at + DecodeUtf8(bytes + at, bytes + term.size(), &character);
    const bool ill_formed = character == kReplacementCharacter &&
                            term.substr(at, end - at) != std::string_view("\xef\xbf\xbd");
    if (!matcher_->Push(character)) {
      refused_ = character;
      refused_end_ = end;
      refused_ill_formed_ = ill_formed;
      return false;
    }
    path_.append(term, at, end - at);
    characters_.push_back({end, ill_formed});
    at = end;
  }
  return true;
}

// Goes on from a term that has been taken, or refused, to the next that may be wanted.
void DictionaryWalk::Leave() {
  const std::string_view term = it_.term();
  if (path_.size() == term.size()) return Advance();
  if (refused_ill_formed_) return Advance();
  const std::optional<char32_t> ill_formed = matcher_->NextLive(kReplacementCharacter);
  // What seems an ill-formed piece may begin a character in a term further on.
  const bool path_may_change = !characters_.empty() && characters_.back().ill_formed;
  if (ill_formed == kReplacementCharacter || path_may_change) {
    return Skip(PrefixEnd(term.substr(0, refused_end_)));
  }
  std::optional<char32_t> next;
  if (refused_ < kLastCharacter) next = matcher_->NextLive(refused_ + 1);
  if (next.has_value() && *next >= kFirstSurrogate && *next < kAfterSurrogates) {
    next = matcher_->NextLive(kAfterSurrogates);
  }
  if (next.has_value()) {
    std::string key = path_;
    AppendUtf8(*next, &key);
    return Skip(key);
  }
  Skip(PrefixEnd(path_));
}

void DictionaryWalk::Advance() {
  ++terms_seen_;
  it_.Next();
}

// To the first term at or above `key`, which is above this one; an empty key is above all.
void DictionaryWalk::Skip(std::string_view key) {
  if (key.empty()) {
    it_.SeekOrdinal(UINT64_MAX);
    return;
  }
  for (int step = 0; step < kStepsBeforeSeek; ++step) {
    Advance();
    if (!it_.valid() || it_.term() >= key) return;
  }
  ++terms_seen_;
  it_.Seek(key);
}

}  // namespace segue
