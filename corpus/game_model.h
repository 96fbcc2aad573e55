// SPDX-License-Identifier: Apache-2.0
//
// A comparison's corpus in memory, as numbers: what imitations and queries are drawn from.
#ifndef SEGUE_CORPUS_GAME_MODEL_H_
#define SEGUE_CORPUS_GAME_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/arena.h"

namespace segue {

// Numbers for words, in the order of their first occurrence.
class WordNumbers {
 public:
  WordNumbers();
  WordNumbers(WordNumbers&&) = default;
  WordNumbers& operator=(WordNumbers&&) = default;

  // The number of a word, a new one if it has none.
  uint32_t Add(std::string_view word);
  // The number of a word, or kNone.
  static constexpr uint32_t kNone = 0xffffffff;
  uint32_t Find(std::string_view word) const;

  size_t size() const { return words_.size(); }
  // REQUIRES: number < size().
  std::string_view Word(uint32_t number) const { return words_[number]; }

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t number = kNone;
  };
  size_t SlotOf(std::string_view word, uint32_t hash) const;
  void Grow();

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::vector<std::string_view> words_;
  std::unique_ptr<Arena> arena_;  // the words' bytes; may move while views stay
};

// Immutable once read; thread-safe. Takes about 4 bytes a word of text, and the vocabulary.
class GameModel {
 public:
  // Behind the last word of each document in tokens().
  static constexpr uint32_t kEnd = 0xffffffff;

  // Reads corpus files (corpus/game_line.h). A line that is not of that form is an error, and so
  // is a corpus without documents.
  static absl::StatusOr<GameModel> Read(const std::vector<std::string>& inputs);

  size_t documents() const { return begins_.size() - 1; }
  // REQUIRES: number < documents(). At least one word.
  std::span<const uint32_t> Document(size_t number) const {
    return std::span(tokens_).subspan(begins_[number], begins_[number + 1] - begins_[number] - 1);
  }
  // All documents, each followed by kEnd, and where each begins (and a last one ends).
  std::span<const uint32_t> tokens() const { return tokens_; }
  std::span<const uint32_t> begins() const { return begins_; }

  const WordNumbers& words() const { return words_; }
  // In how many documents a word occurs.
  uint32_t DocumentFrequency(uint32_t word) const { return frequencies_[word]; }

 private:
  absl::Status Add(std::string_view text);

  WordNumbers words_;
  std::vector<uint32_t> tokens_;
  std::vector<uint32_t> begins_ = {0};
  std::vector<uint32_t> frequencies_;
  std::vector<uint32_t> last_document_;  // per word; while reading
};

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_MODEL_H_
