// SPDX-License-Identifier: Apache-2.0
//
// TermMatcher: decides, character by character, whether terms are wanted.
//
// It is a deterministic automaton that is built as far as the terms go: states have a row of what
// follows, by class of characters, which is filled when it is first asked for. A character is a
// code point; bytes that are no UTF-8 count as U+FFFD, each maximal ill-formed piece as one
// (engine/base/utf8.h).
#ifndef SEGUE_AUTOMATA_TERM_MATCHER_H_
#define SEGUE_AUTOMATA_TERM_MATCHER_H_

#include <array>
#include <bit>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "engine/format/term_ends.h"

namespace segue {

// One walk, one thread.
class TermMatcher {
 public:
  using State = uint32_t;
  static constexpr State kStart = 0;
  static constexpr State kDead = ~0u;  // no wanted term goes on so; not a state to go on from

  virtual ~TermMatcher() = default;

  State Step(State from, char32_t character) {
    const uint32_t which =
        character < ascii_classes_.size() ? ascii_classes_[character] : ClassOf(character);
    const State next = follow_[from * class_count_ + which];
    return next != kUnknown ? next : Follow(from, which, character);
  }
  // ASCII characters: bit h of byte l stands for 16 h + l.
  using AsciiSet = std::array<uint8_t, 16>;
  // Those of which Step is known to give kDead. Others may, too: nobody has asked yet.
  const AsciiSet& KnownDead(State state) const { return dead_[state]; }
  static bool Has(const AsciiSet& set, uint8_t byte) {
    return (set[byte % 16] >> (byte / 16) & 1) != 0;
  }
  // Whether what led to the state is a wanted term.
  bool Accepts(State state) const { return accepts_[state] != 0; }
  // How near that is to what was asked for, in (0, 1]; 1: it is just that. REQUIRES: Accepts().
  virtual float Closeness(State) const { return 1; }
  // The least character at or above `from` with which Step might succeed; nothing if there is
  // none. It may name one with which it fails.
  virtual std::optional<char32_t> NextLive(State state, char32_t from) const = 0;

  // NextLive(), remembered for each state: whether it names U+FFFD itself, and if it does not, what
  // it names from `from` on.
  bool MayTakeReplacement(State state) { return LiveOf(state).replacement; }
  std::optional<char32_t> NextLiveOf(State state, char32_t from) {
    const Live& live = LiveOf(state);
    for (char32_t word = from / 64; word < 2; from = 64 * ++word) {
      const uint64_t rest = live.ascii[word] >> (from % 64);
      if (rest != 0) return from + static_cast<char32_t>(std::countr_zero(rest));
    }
    return live.is_ascii ? std::nullopt : NextLive(state, from);
  }

  // What a wanted term must end with, where no beginning rules one out (Step never gives kDead) and
  // some ends do; else nullptr.
  const TermEnds* ends() const { return ends_.get(); }

  // Whether there are so many states that it is time to Forget(). That leaves kStart alone.
  bool is_large() const { return accepts_.size() > max_states_; }
  void Forget();

  // kResourceExhausted: the matcher would have grown over its limits; its answers mean nothing.
  virtual absl::Status status() const { return absl::OkStatus(); }

  // ---- A path of characters, for whoever has terms one by one ----

  // One character further. False, and nothing changes: no wanted term goes on so.
  bool Push(char32_t character);
  // Back to the first `depth` characters. REQUIRES: depth <= depth().
  void Cut(size_t depth);
  size_t depth() const { return path_.size() - 1; }
  bool Accepts() const { return Accepts(path_.back()); }
  float Closeness() const { return Closeness(path_.back()); }

 protected:
  // `class_count`: characters of one class are alike in every state. `max_states`: see is_large().
  void SetClasses(const std::array<uint32_t, 128>& ascii_classes, size_t class_count,
                  size_t max_states);
  // Where Step never gives kDead: the ASCII characters that a wanted term may have as the last one,
  // the one before, and so on.
  void SetAsciiEnds(const std::array<std::bitset<128>, TermEnds::kBytes>& ends) {
    if (!ends[0].all()) ends_ = std::make_unique<const TermEnds>(ends);
  }
  // The number of a new state. The first is kStart.
  State AddState(bool accepts);
  size_t state_count() const { return accepts_.size(); }

  // The class of a character that is not ASCII.
  virtual uint32_t ClassOf(char32_t character) const = 0;
  // The state behind a character, a known one or a new one, or kDead.
  virtual State Make(State from, char32_t character) = 0;
  // Forgets all states, and adds the first.
  virtual void Begin() = 0;

 private:
  static constexpr State kUnknown = kDead - 1;

  struct Live {
    bool is_known = false;
    bool replacement = false;
    bool is_ascii = false;               // there are no others, and
    std::array<uint64_t, 2> ascii = {};  // these are known, if !replacement
  };

  State Follow(State from, uint32_t which, char32_t character);
  const Live& LiveOf(State state) {
    if (!live_[state].is_known) FindLive(state);
    return live_[state];
  }
  void FindLive(State state);

  std::array<uint32_t, 128> ascii_classes_{};
  std::unique_ptr<const TermEnds> ends_;
  size_t class_count_ = 0;
  size_t max_states_ = 0;
  std::vector<AsciiSet> of_class_;  // the ASCII characters of each class
  std::vector<State> follow_;       // by state, then class
  std::vector<AsciiSet> dead_;      // by state
  std::vector<Live> live_;          // by state
  std::vector<uint8_t> accepts_;    // by state
  std::vector<State> path_ = {kStart};
};

}  // namespace segue

#endif  // SEGUE_AUTOMATA_TERM_MATCHER_H_
