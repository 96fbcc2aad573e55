// SPDX-License-Identifier: Apache-2.0
//
// DictionaryWalk: the terms of a dictionary that a matcher wants, in ascending order, without
// looking at all of them: a term that shares with the one before what the matcher has refused there
// is passed over unseen, one that ends as no wanted term does with no look at the rest, and where
// no term of a block can go on, the walk seeks the next one in which some can.
//
//   DictionaryWalk walk(dictionary, &matcher);
//   while (walk.Next() != DictionaryWalk::Outcome::kEnd) {
//     if (found) … walk.term(), walk.meta() …; else look at the clock
//   }
//   return walk.status();
#ifndef SEGUE_AUTOMATA_DICTIONARY_WALK_H_
#define SEGUE_AUTOMATA_DICTIONARY_WALK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/automata/term_matcher.h"
#include "engine/format/dictionary_blocks.h"
#include "engine/format/front_code_table.h"

namespace segue {

class DictionaryWalk {
 public:
  enum class Outcome : uint8_t {
    kFound,   // term() is wanted
    kPaused,  // kTermsPerStep terms or more have been looked at; call again
    kEnd,     // no more terms, or an error
  };
  static constexpr uint32_t kTermsPerStep = 1024;

  // `matcher`, fresh, outlives the walk.
  DictionaryWalk(const Dictionary& dictionary, TermMatcher* matcher);

  Outcome Next();

  // REQUIRES for all below: Next() gave kFound. Views last until the next call.
  std::string_view term() const { return {reinterpret_cast<const char*>(term_.data()), length_}; }
  const TermMeta& meta() const { return meta_; }
  float closeness() const { return matcher_->Closeness(state_); }

  // kDataLoss of the dictionary, kResourceExhausted of the matcher.
  const absl::Status& status() const { return status_; }
  // Terms in the blocks that were looked into; for tests.
  uint64_t terms_seen() const { return terms_seen_; }

 private:
  bool LoadBlock(uint64_t number);
  bool FindInBlock();
  bool FindByCursor();
  bool FindByEnd(const TermEnds& ends);
  uint32_t NextInTable();
  const TermMatcher::AsciiSet& DeadBehind(size_t shared) const;
  void TakeFirst();
  size_t SharedWithTaken(std::string_view first) const;
  bool NextUnrefused(FrontCodedTerm* term);
  void MakeRoom(size_t bytes);
  size_t WriteShared(uint32_t number);
  void Append(const FrontCodedTerm& term);
  void Take(const FrontCodedTerm& term);
  bool TakeAscii(uint32_t number);
  void TakeFrom(size_t at);
  bool IsWanted() const { return refused_shared_ == kNothingRefused && matcher_->Accepts(state_); }
  void Refuse(size_t begin, size_t end, char32_t character, bool ill_formed);
  uint64_t BlockBehind() const;
  std::string LeastBehind() const;
  void AppendForced(TermMatcher::State state, std::string* key) const;
  absl::Status ReadMeta();

  Dictionary::Blocks blocks_;
  TermMatcher* matcher_;
  absl::Status status_;
  uint64_t terms_seen_ = 0;
  uint64_t pause_at_ = kTermsPerStep;

  bool started_ = false;
  uint64_t block_ = 0;  // its number
  uint32_t next_ = 0;   // place in it of the next term
  uint32_t terms_in_block_ = 0;
  FrontCodeCursor cursor_;
  FrontCodeTable table_;
  bool has_table_ = false;  // the cursor is for blocks that a table cannot hold
  uint32_t written_ = 0;    // FindByEnd: the term of the block that term_ is

  // The term, up to what was refused of it, and its whole length. states_[i]: what the matcher has
  // made of its first i bytes, where a character begins behind them.
  std::vector<uint8_t> term_;
  size_t length_ = 0;
  std::vector<TermMatcher::State> states_ = {TermMatcher::kStart};
  // Bytes of the term that the states are of, where it was written down and not taken.
  static constexpr size_t kAllKnown = ~size_t{0};
  size_t known_ = kAllKnown;
  TermMatcher::State state_ = TermMatcher::kStart;  // of the whole term, if none was refused

  // The character that was not taken. A term that shares so many bytes is not taken either;
  // kNothingRefused: the whole term was taken.
  static constexpr size_t kNothingRefused = ~size_t{0};
  size_t refused_shared_ = kNothingRefused;
  size_t refused_begin_ = 0;
  size_t refused_end_ = 0;
  char32_t refused_ = 0;
  bool refused_ill_formed_ = false;

  TermMeta meta_;
  uint32_t found_in_block_ = 0;
  std::array<TermMeta, kTermsPerBlock> metas_;  // if there were several
};

}  // namespace segue

#endif  // SEGUE_AUTOMATA_DICTIONARY_WALK_H_
